"""The trial of nudges: the lot, the looks, and how often it says that nudges help where they do and don't."""

from __future__ import annotations

import random
from itertools import accumulate, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.nudging.trial import (
    FIRST_LOOK,
    LEAST_AUTHORS,
    Counts,
    compare,
    draw,
    latest_look,
    level,
    next_look,
)
from tests.support.nudge_trial import alike, drafting, rate

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_tenth_of_the_drafts_draw_a_lot_below_a_tenth_and_only_the_key_tells_which() -> None:
    ids = range(1_500_000_000_000_000_000, 1_500_000_000_000_020_000)
    lots = [draw(one, KEY) for one in ids]
    assert min(lots) >= 0 and max(lots) < 1
    low = [lot < 0.1 for lot in lots]
    assert 0.09 < sum(low) / len(low) < 0.11
    assert lots == [draw(one, KEY) for one in ids]
    both = sum(drawn and draw(one, OTHER_KEY) < 0.1 for one, drawn in zip(ids, low, strict=True))
    assert both < 0.02 * len(low)


def test_looks_double_and_together_they_err_in_five_of_a_hundred_at_most() -> None:
    assert [latest_look(count) for count in (0, 374, 375, 749, 750, 1499, 1500, 10_000)] == [
        0,
        0,
        375,
        375,
        750,
        750,
        1500,
        6000,
    ]
    assert next_look(0) == FIRST_LOOK and next_look(375) == 750
    looks = accumulate(repeat(2, 40), lambda look, twice: look * twice, initial=FIRST_LOOK)
    assert 0.049 < sum(level(look) for look in looks) <= 0.05


def counted(shown: int, heeded: int, silent: int, silent_heeded: int) -> Counts:
    return Counts(shown, min(shown, heeded), silent, min(silent, silent_heeded))


authors = st.lists(
    st.builds(counted, st.integers(0, 60), st.integers(0, 60), st.integers(0, 10), st.integers(0, 10)).filter(
        lambda one: one.occasions > 0
    ),
    min_size=LEAST_AUTHORS,
    max_size=30,
)


@given(authors, st.floats(0.05, 0.5))
def test_the_interval_holds_the_difference_that_was_seen(counts: list[Counts], chance: float) -> None:
    scale = FIRST_LOOK  # As many occasions as a look takes, or more.
    counts = [*counts, Counts(scale, scale // 3, scale // 10, scale // 20)]
    finding = compare(counts, chance)
    assert finding is not None
    assert -1 <= finding.low <= finding.after_nudge - finding.without <= finding.high <= 1
    assert not (finding.helps and finding.hinders)


def test_nothing_is_said_about_a_few_authors_or_without_both_sides() -> None:
    few = [Counts(300, 90, 30, 6)] * (LEAST_AUTHORS - 1)
    assert compare(few, 0.1) is None
    assert compare([Counts(50, 20, 0, 0)] * 20, 0.1) is None
    assert compare([], 0.1) is None


def test_a_great_difference_holds_and_none_does_not() -> None:
    def found(shown_heeded: int, silent_heeded: int) -> tuple[bool, bool]:
        finding = compare([Counts(67, shown_heeded, 8, silent_heeded)] * 20, 0.1)
        assert finding is not None
        return finding.helps, finding.hinders

    assert found(32, 2) == (True, False)
    assert found(26, 3) == (False, False)
    assert found(10, 5) == (False, True)


def test_one_author_who_differs_from_the_rest_proves_nothing() -> None:
    rest = [Counts(60, 18, 7, 2)] * 10
    keen = Counts(700, 640, 70, 20)
    by_lot = compare([*rest, *[Counts(70, 64, 7, 2)] * 10], 0.1)
    by_author = compare([*rest, keen], 0.1)
    assert by_lot is not None and by_author is not None
    assert by_lot.helps and not by_author.helps


def test_false_claims_are_rare_and_an_effect_of_ten_points_is_mostly_found() -> None:
    # `python -m benchmarks.nudge_trial` does the same with more rounds.
    assert rate(alike(0.2), 0.0, 0.1, 120) <= 0.05
    assert rate(alike(0.2), 0.1, 0.1, 60) >= 0.75


@pytest.mark.slow
def test_it_is_so_for_authors_under_the_real_rules_too() -> None:
    assert rate(drafting, 0.0, 0.1, 20) <= 0.05
    assert rate(drafting, 0.1, 0.1, 20) >= 0.7


def test_occasions_come_by_the_setting_and_only_the_shown_ones_have_an_effect() -> None:
    occasions = alike(0.2)(0.5, 0.1, random.Random(1))
    held = [one.heeded for one in occasions if one.held_back]
    shown = [one.heeded for one in occasions if not one.held_back]
    assert 100 < len(held) < 200
    assert sum(held) / len(held) < 0.3 < 0.6 < sum(shown) / len(shown)
