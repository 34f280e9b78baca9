"""What the bot says about numbers, and the tips and quotations that come with it."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coach.balance.kinds import KindCount, kinds_in
from coach.balance.standing import LACKING, Goal, Position, Standing, Tally, standing
from coach.balance.week import Week
from coach.errors import SettingsError
from coach.labels import CONVERSATION_KINDS, Kind, Label
from coach.nudging.policy import Silence
from coach.nudging.tips import FOLDER, Outcome, Tips
from coach.nudging.trial import Finding, Progress
from coach.settings import Balance
from coach.wording import (
    chart_text,
    credit_line,
    goal_line,
    kinds_lines,
    next_step,
    number,
    position_line,
    share_line,
    streak_line,
    week_lines,
)
from coach.wording_nudges import longer_wait, nudge_here, silence_line, trial_line, trial_result
from tests.support.examples import examples
from tests.support.verdicts import CONTENT_KINDS

TIPS = Tips.load()


def stand(content: int, conversation: int, position: Position = Position.INSIDE, streak: int = 0) -> Standing:
    return Standing(Tally(content, conversation), Goal(0.5, 0.15, 14), position, conversation - content, streak)


def judged(content: int, conversation: int, goal: Goal) -> Standing:
    day = date(2026, 11, 20)
    return standing({day: Tally(content, conversation)}, day, goal, Balance())


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (stand(1, 4), "Conversation in 14 days has earned three content posts."),
        (stand(3, 4), "Conversation in 14 days has earned one content post."),
        (stand(4, 2), "Two conversation drafts away from a square deal, over 14 days."),
        (stand(3, 3), "A square deal over 14 days."),
        (stand(0, 0), "None yet."),
        (judged(2, 1, Goal(0.33, 0.1, 14)), "Less than one draft away from a square deal, over 14 days."),
    ],
)
def test_credit_is_put_into_words(standing: Standing, says: str) -> None:
    assert credit_line(standing) == says


def test_every_share_is_told_with_its_window() -> None:
    assert share_line(stand(1, 3)) == "75% conversation over the last 14 days (four drafts)."
    assert share_line(stand(0, 0)) == "No drafts in the last 14 days."


def test_the_verdict_in_words_agrees_with_the_figure() -> None:
    below = judged(23, 9, Goal(0.5, 0.15, 14))
    assert share_line(below) == "28% conversation over the last 14 days (32 drafts)."
    assert position_line(below, 6) == "A little below the band of 35% to 65%; too early to be sure."
    assert next_step(below) == "A little below the band, too early to be sure; a reply or a question comes next."
    above = judged(9, 23, Goal(0.5, 0.15, 14))
    assert position_line(above, 6) == "A little above the band of 35% to 65%; too early to be sure."
    assert next_step(above).startswith("A little above the band, too early to be sure")
    assert position_line(judged(5, 1, Goal(0.5, 0.15, 14)), 6).startswith(
        "Below the band of 35% to 65%; too early"
    )
    assert position_line(judged(29, 3, Goal(0.5, 0.15, 14)), 6) == (
        "Below the band of 35% to 65%: more conversation is due."
    )
    assert position_line(judged(3, 29, Goal(0.5, 0.15, 14)), 6) == "Above the band of 35% to 65%: content is due."
    assert position_line(judged(1, 1, Goal(0.5, 0.15, 14)), 6) == "Too few drafts to tell: two of six."


whole = st.integers(5, 95).map(lambda share: share / 100)
whole_goals = st.builds(Goal, whole, st.integers(2, 45).map(lambda points: points / 100), st.just(14))
goals = st.one_of(whole_goals, st.builds(Goal, st.floats(0.05, 0.95), st.floats(0.02, 0.45), st.just(14)))
near_edges = st.integers(1, 2000).flatmap(lambda drafts: st.tuples(st.just(drafts), st.integers(-3, 3)))


def figures(text: str) -> list[float]:
    return [float(figure) for figure in re.findall(r"(\d+(?:\.\d+)?)%", text)]


@examples(10)
@given(st.integers(0, 400), st.integers(0, 400), goals)
def test_figures_chart_and_words_are_on_the_same_side_of_the_band(
    content: int, conversation: int, goal: Goal
) -> None:
    check_agreement(content, conversation, goal)


@examples(10)
@given(near_edges, goals, st.booleans())
def test_they_are_at_the_very_edges_of_the_band_too(near: tuple[int, int], goal: Goal, lower: bool) -> None:
    drafts, away = near
    conversation = min(drafts, max(0, round(drafts * (goal.low if lower else goal.high)) + away))
    check_agreement(drafts - conversation, conversation, goal)


def check_agreement(content: int, conversation: int, goal: Goal) -> None:
    """Whatever is printed about a standing, by itself or beside the chart, puts it on one side of the band."""
    there, day = judged(content, conversation, goal), date(2026, 11, 20)
    if not there.tally.drafts:
        return
    [shown] = figures(share_line(there))
    described = figures(chart_text({day: there.tally}, day, goal))
    week = figures(week_lines(Week(day, there.tally, Tally(), 1, None), there, 6)[0])
    assert described[0] == shown == week[0]
    edges = described[1:]
    # The band that is drawn is the one that is told, wherever it is.
    assert edges == figures(goal_line(goal))[1:] == pytest.approx([100 * goal.low, 100 * goal.high], abs=1e-6)
    low, high = edges
    verdict, step = position_line(there, 6), next_step(there)
    if there.position is Position.TOO_FEW:
        assert verdict.startswith("Too few drafts") and "band" not in step
        return
    assert figures(verdict) == edges
    sides = {
        "Inside": low <= shown <= high,
        "below": shown < low,
        "above": shown > high,
    }
    for word, holds in sides.items():
        assert (word.lower() in verdict.lower()) is holds, (verdict, shown)
        assert step.startswith("All square") or "band" not in step or (word.lower() in step.lower()) is holds
    # A nudge speaks only of what is sure, and only then do the words sound sure.
    assert (there.position in LACKING) is verdict.endswith("is due.")
    assert (there.position is Position.UNCERTAIN) is ("too early to be sure" in verdict)
    assert (there.position is Position.UNCERTAIN) is ("too early to be sure" in step)
    if there.position is Position.INSIDE:
        assert step.startswith(("Inside the band", "All square"))
    if there.wanted is Label.CONTENT:
        assert not credit_line(there).endswith(f"away from a square deal, over {goal.window_days} days.") or (
            credit_line(there).startswith("Less than one draft")
        )
    if there.wanted is Label.CONVERSATION:
        assert "away from a square deal" in credit_line(there)


def test_kinds_are_told_by_label_and_a_rule_that_speaks_of_them_is_compared_with_them() -> None:
    day, goal = date(2026, 11, 20), Goal(0.33, 0.1, 14, "thirds")
    counts = [
        KindCount(day, Label.CONVERSATION, Kind.APPRECIATE, 1),
        KindCount(day, Label.CONTENT, Kind.PROMOTE, 2),
        KindCount(day, Label.CONTENT, Kind.INFORM, 5),
        KindCount(day, Label.CONTENT, Kind.SHARE, 1),
    ]
    kinds = kinds_in(counts, day, 14)
    assert kinds_lines(goal, kinds, "📣", "💬") == (
        "📣 5 inform, 2 promote, 1 share; 💬 1 thank\n"
        "A third promotes you, a third shares others' ideas, a third is personal interaction: 2, 6 and 1 of your "
        "drafts."
    )
    assert kinds_lines(Goal(0.33, 0.1, 14), kinds, "📣", "💬") == "📣 5 inform, 2 promote, 1 share; 💬 1 thank"
    # Of a draft whose label its author changed, the kind is not known any more.
    by_hand = [
        *counts,
        KindCount(day, Label.CONTENT, Kind.ASK, 3),
        KindCount(day, Label.CONVERSATION, Kind.NONE, 4),
    ]
    assert kinds_lines(goal, kinds_in(by_hand, day, 14), "📣", "💬") == (
        "📣 5 inform, 2 promote, 1 share, 3 set by hand; 💬 1 thank, 4 set by hand\n"
        "A third promotes you, a third shares others' ideas, a third is personal interaction: 2, 6 and 5 of your "
        "drafts, beside 3 of no known kind."
    )
    assert kinds_lines(goal, kinds_in([], day, 14), "📣", "💬") == ""


def test_the_trend_is_the_difference_of_the_figures_beside_it() -> None:
    day = date(2026, 11, 20)
    week = Week(day, Tally(1, 2), Tally(2, 1), 1, None)
    assert "34 points more than in the seven days before (33% conversation)" in week_lines(week, stand(1, 2), 6)[1]
    week = Week(day, Tally(50, 50), Tally(51, 49), 1, None)
    assert "one point more than" in week_lines(week, stand(1, 2), 6)[1]


@pytest.mark.parametrize("position", Position)
@pytest.mark.parametrize(("content", "conversation"), [(0, 0), (30, 0), (0, 30), (7, 6), (6, 7), (5, 5)])
def test_there_is_a_next_step_in_every_position(position: Position, content: int, conversation: int) -> None:
    step = next_step(stand(content, conversation, position))
    assert step.endswith(".") and len(step) < 100 and step.count(".") == 1


def test_streaks_are_counted_in_days() -> None:
    assert streak_line(stand(1, 1, streak=0)) == "No streak yet."
    assert streak_line(stand(1, 1, streak=1)) == "One active day in the band."
    assert streak_line(stand(1, 1, streak=12)) == "12 active days in a row in the band."
    assert [number(count) for count in (0, 9, 10, 2.5)] == ["no", "nine", "10", "2.5"]


def test_there_are_tips_for_every_direction_and_kind_that_can_occur() -> None:
    for lacking, kinds in (("conversation", CONTENT_KINDS), ("content", CONVERSATION_KINDS)):
        for kind in kinds:
            assert sum(tip.lacking == lacking and kind in tip.kinds for tip in TIPS.tips) >= 8
    assert sum(tip.lacking == "neither" for tip in TIPS.tips) >= 8
    assert sum(tip.lacking == "comeback" for tip in TIPS.tips) >= 8


def test_a_tip_that_speaks_of_a_draft_as_this_is_shown_with_one_only() -> None:
    speaks = re.compile(r"\b(this|these|here)\b(?! (week|month))")
    for tip in TIPS.tips:
        if not tip.on_draft:
            assert speaks.search(f"{tip.advice} {tip.reason}") is None, tip.id
    for lacking, kinds in (("conversation", CONTENT_KINDS), ("content", CONVERSATION_KINDS)):
        for kind in kinds:
            alone = [tip for tip in TIPS.tips if tip.lacking == lacking and kind in tip.kinds and not tip.on_draft]
            assert len(alone) >= 4


def test_no_tip_returns_before_the_others_had_their_turn() -> None:
    rng = random.Random(1)
    shown: Counter[str] = Counter()
    for _ in range(40):
        tip = TIPS.choose("conversation", Kind.PROMOTE, shown, {}, rng, with_draft=True)
        assert shown[tip.id] == min(
            shown[other.id]
            for other in TIPS.tips
            if other.lacking == "conversation" and Kind.PROMOTE in other.kinds
        )
        shown[tip.id] += 1


def test_no_tip_comes_twice_in_a_row_when_its_turn_comes_round() -> None:
    rng = random.Random(1)
    tips = [tip.id for tip in TIPS.tips if tip.lacking == "conversation" and Kind.PROMOTE in tip.kinds]
    shown = dict.fromkeys(tips, 1)
    for latest in tips * 5:
        tip = TIPS.choose("conversation", Kind.PROMOTE, shown, {}, rng, with_draft=True, latest=latest)
        assert tip.id != latest
    only = dict.fromkeys(tips, 1) | {tips[0]: 0}
    assert TIPS.choose("conversation", Kind.PROMOTE, only, {}, rng, with_draft=True, latest=tips[0]).id == tips[0]


def test_tips_that_were_heeded_are_drawn_more_often_and_none_is_given_up() -> None:
    rng = random.Random(1)
    fitting = [tip.id for tip in TIPS.tips if tip.lacking == "conversation" and Kind.INFORM in tip.kinds]
    outcomes = {tip: Outcome(1, 3) for tip in fitting} | {fitting[0]: Outcome(6, 2)}
    drawn = Counter(
        TIPS.choose("conversation", Kind.INFORM, {}, outcomes, rng, with_draft=True).id for _ in range(2000)
    )
    assert drawn[fitting[0]] > 3 * max(drawn[tip] for tip in fitting[1:])
    assert set(drawn) == set(fitting)
    even = Counter(TIPS.choose("conversation", Kind.INFORM, {}, {}, rng, with_draft=True).id for _ in range(2000))
    assert max(even.values()) < 2 * min(even.values())


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_draft_finds_a_tip(kind: Kind) -> None:
    rng = random.Random(1)
    for lacking in ("conversation", "content", "neither", "comeback"):
        for with_draft in (True, False):
            tip = TIPS.choose(lacking, kind, {}, {}, rng, with_draft=with_draft)
            assert tip.lacking == lacking and (with_draft or not tip.on_draft)


def test_only_the_caring_line_is_unverified_and_says_so() -> None:
    unverified = [quote for quote in TIPS.quotes.values() if not quote.verified]
    assert [quote.id for quote in unverified] == ["caring"]
    assert "ttributed to Theodore Roosevelt" in unverified[0].line
    for quote in TIPS.quotes.values():
        assert quote.source and (not quote.verified or quote.line.endswith(quote.source))


def test_tips_fit_into_a_message_and_follow_the_style() -> None:
    for tip in TIPS.tips:
        for sentence in (tip.advice, tip.reason):
            assert sentence.endswith((".", "?")) and "!" not in sentence and len(sentence) <= 140
            assert "follower" not in sentence.lower() and "folks" not in sentence.lower()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "blue"}, "colour"),
        ({"lacking": "luck"}, "lacking"),
        ({"quote": "nobody"}, "unknown quote nobody"),
    ],
)
def test_a_bad_tip_is_refused_by_name(tmp_path: Path, change: dict[str, str], says: str) -> None:
    tip: dict[str, object] = {"id": "x", "lacking": "content", "kinds": [], "advice": "Do.", "reason": "Because."}
    tip.update(change)
    (tmp_path / "tips.yaml").write_text(yaml.safe_dump({"tips": [tip]}))
    (tmp_path / "quotes.yaml").write_bytes((FOLDER / "quotes.yaml").read_bytes())
    with pytest.raises(SettingsError, match=says) as refusal:
        Tips.load(tmp_path)
    assert "tips.yaml" in str(refusal.value)


@pytest.mark.parametrize("why", [None, *Silence])
def test_each_silence_is_explained_in_a_sentence_of_its_own(why: Silence | None) -> None:
    sentence = silence_line(why)
    assert sentence.endswith(".") and len(sentence) < 150
    assert [other for other in (None, *Silence) if silence_line(other) == sentence] == [why]
    below = nudge_here(why)
    assert below == sentence if why is None else below.startswith("No nudge: ")


def test_the_trial_says_what_it_has_found_and_how_surely() -> None:
    assert trial_result(Progress(374, 0)) == "Too early to tell: 374 of 375 occasions to nudge so far."
    assert trial_result(Progress(400, 375)) == "Too few authors to tell: it takes 10."
    assert trial_result(Progress(1512, 1500, Finding(1500, 0.41, 0.38, -0.031, 0.0902))) == (
        "After a nudge, what was lacking followed in 41% of cases, without one in 38%: no proof yet. The "
        "difference lies between −3.1 and +9.0 points (90% interval, 1,500 occasions); I look again at 3,000."
    )
    helps = trial_result(Progress(1512, 1500, Finding(1500, 0.41, 0.3, 0.0001, 0.2)))
    assert "it holds, nudges help. The difference lies between +0.01 and +20.0 points" in helps
    assert "nudges do not help" in trial_result(Progress(1512, 1500, Finding(1500, 0.3, 0.41, -0.2, -0.01)))


def test_the_wait_is_told_in_hours() -> None:
    assert longer_wait(timedelta(hours=8)) == "For now I wait eight hours, as the last nudges led nowhere."
    assert trial_line(0.1).startswith("About 10% of the nudges that are due I hold back on purpose")
