"""What a past counts as: known and judged apart, threads once, and how sure the judged part is."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from coach.labels import Kind, Label, Verdict
from coach.past.judging import CALIBRATION_ERROR, Balance, Judged, add_to_month, judge
from coach.past.posts import How, PastPost

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def post(how: How, text: str = "0.5", at: datetime = NOON) -> PastPost:
    return PastPost(at, text, how, f"{how}:{text}")


def verdict(probability: float) -> Verdict:
    label = Label.CONVERSATION if probability >= 0.5 else Label.CONTENT
    return Verdict(label, probability, Kind.ASK if probability >= 0.5 else Kind.INFORM, False, ())


def by_text(texts: Sequence[str]) -> list[Verdict]:
    """A labeller that finds the probability in the text; an empty text can't be read."""
    return [verdict(float(text)) if text else Verdict(Label.CONTENT, 0.5, Kind.NONE, True, ()) for text in texts]


@given(st.lists(st.tuples(st.sampled_from(How), st.floats(0, 1).map(str) | st.just("")), max_size=200))
def test_the_counts_are_those_of_the_posts_in_their_order(made: list[tuple[How, str]]) -> None:
    posts = [post(how, text) for how, text in made]
    judged = list(judge(posts, by_text))
    assert [one.post for one in judged] == posts
    balance = Balance()
    for one in judged:
        balance.add(one)
        assert (one.verdict is None) == (one.post.how is not How.POST)
    hows = [how for how, _ in made]
    read = [float(text) for how, text in made if how is How.POST and text]
    assert (balance.replies, balance.reposts) == (hows.count(How.REPLY), hows.count(How.REPOST))
    assert (balance.threads, balance.judged) == (hows.count(How.THREAD), len(read))
    assert balance.counted + balance.threads + balance.unread == len(made)
    assert math.isclose(balance.expected, sum(read), abs_tol=1e-9)
    low, high = balance.interval
    assert 0 <= low <= balance.expected + 1e-9 and balance.expected - 1e-9 <= high <= balance.judged
    assert balance.counted == sum(one.label is not None for one in judged)


def test_nine_in_ten_ranges_and_more_hold_the_true_number() -> None:
    rng = random.Random(7)
    held = 0
    for _ in range(400):
        chances = [rng.betavariate(0.4, 0.8) for _ in range(60)]
        off = rng.uniform(-CALIBRATION_ERROR, CALIBRATION_ERROR)
        balance = Balance()
        for chance in chances:
            balance.add(Judged(post(How.POST), verdict(chance)))
        low, high = balance.interval
        held += low <= sum(rng.random() < chance + off for chance in chances) <= high
    assert held / 400 > 0.93


def test_what_is_known_is_beyond_doubt_and_nothing_has_no_share() -> None:
    balance = Balance()
    assert balance.share is None
    for how in (How.REPLY, How.REPLY, How.REPLY, How.REPOST):
        balance.add(Judged(post(how), None))
    assert balance.share == (0.75, 0.75, 0.75)


def test_months_are_those_of_the_zone() -> None:
    months: dict[date, Balance] = {}
    late = post(How.REPLY, at=datetime(2023, 12, 31, 23, 30, tzinfo=UTC))
    for zone in ("UTC", "Europe/Berlin"):
        add_to_month(months, Judged(late, None), ZoneInfo(zone))
    assert {first: balance.replies for first, balance in months.items()} == {
        date(2023, 12, 1): 1,
        date(2024, 1, 1): 1,
    }
    assert sum(months.values(), Balance()).replies == 2
