"""The nudge policy, as properties: what never happens, and what back-off does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.balance.standing import Goal, Position, Tally, position_of
from coach.labels import Label
from coach.nudging.policy import (
    NudgePolicy,
    Shown,
    Silence,
    gap_after,
    silence,
    silence_beforehand,
)
from coach.settings import Balance

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULES = NudgePolicy(
    daily_cap=3,
    gap=timedelta(hours=4),
    patience=3,
    quiet_from=time(22),
    quiet_until=time(7),
    snoozed_until=None,
    zone=ZoneInfo("UTC"),
    day_ends_at=time(0),
)


def stand(content: int, conversation: int) -> Position:
    today = date(2026, 11, 20)
    return position_of({today: Tally(content, conversation)}, today, Goal(0.5, 0.15, 14), Balance())


BROADCASTER, CHATTERBOX, BALANCED = stand(12, 1), stand(1, 12), stand(6, 6)

positions = st.builds(stand, st.integers(0, 20), st.integers(0, 20))
labels = st.sampled_from(Label)
histories = st.lists(
    st.builds(
        Shown,
        st.integers(1, 100).map(lambda hours: NOON - timedelta(hours=hours)),
        st.sampled_from([True, False, None]),
    ),
    max_size=12,
).map(lambda shown: sorted(shown, key=lambda past: past.at, reverse=True))
moments = st.integers(0, 47).map(lambda half: NOON.replace(hour=0) + timedelta(minutes=30 * half))


def lacking(
    position: Position, label: Label, history: list[Shown], policy: NudgePolicy, now: datetime
) -> Label | None:
    return label.other if silence(position, label, history, policy, now) is None else None


def test_both_directions() -> None:
    assert lacking(BROADCASTER, Label.CONTENT, [], RULES, NOON) is Label.CONVERSATION
    assert lacking(CHATTERBOX, Label.CONVERSATION, [], RULES, NOON) is Label.CONTENT


def test_a_draft_with_the_lacking_label_gets_no_nudge() -> None:
    assert lacking(BROADCASTER, Label.CONVERSATION, [], RULES, NOON) is None
    assert lacking(CHATTERBOX, Label.CONTENT, [], RULES, NOON) is None


@given(st.integers(0, 20), st.integers(0, 20), labels, histories, moments)
def test_mirrored_authors_are_treated_alike(
    content: int, conversation: int, label: Label, history: list[Shown], now: datetime
) -> None:
    here = lacking(stand(content, conversation), label, history, RULES, now)
    there = lacking(stand(conversation, content), label.other, history, RULES, now)
    assert there is (here.other if here else None)


@given(positions, labels, histories, moments)
def test_never_inside_the_band_or_on_too_few_drafts(
    where: Position, label: Label, history: list[Shown], now: datetime
) -> None:
    if where in (Position.INSIDE, Position.TOO_FEW):
        assert lacking(where, label, history, RULES, now) is None


@given(positions, labels, histories, moments)
def test_never_in_quiet_hours(where: Position, label: Label, history: list[Shown], now: datetime) -> None:
    if now.hour >= 22 or now.hour < 7:
        assert lacking(where, label, history, RULES, now) is None


@given(positions, labels, histories)
def test_never_within_the_gap_or_above_the_cap(where: Position, label: Label, history: list[Shown]) -> None:
    today = [past for past in history if past.at.date() == NOON.date()]
    too_soon = bool(history) and NOON - history[0].at < RULES.gap
    if too_soon or len(today) >= RULES.daily_cap:
        assert lacking(where, label, history, RULES, NOON) is None


@given(positions, labels, histories, st.integers(1, 100))
def test_never_while_snoozed(where: Position, label: Label, history: list[Shown], hours: int) -> None:
    rules = replace(RULES, snoozed_until=NOON + timedelta(hours=hours))
    assert lacking(where, label, history, rules, NOON) is None


def past(*heeded: bool | None) -> list[Shown]:
    return [Shown(NOON - timedelta(hours=8 * (n + 1)), outcome) for n, outcome in enumerate(heeded)]


@pytest.mark.parametrize(
    ("history", "factor"),
    [
        (past(), 1),
        (past(False, False), 1),
        (past(False, False, False), 2),
        (past(None, False, False, False), 2),
        (past(*[False] * 6), 4),
        (past(True, *[False] * 6), 1),
        (past(False, True, *[False] * 6), 1),
        (past(*[False] * 50), 64),
        # Those held back are neither ignored nor heeded.
        (past(None, None, None), 1),
        (past(False, None, False, None, False), 2),
    ],
)
def test_ignored_nudges_double_the_gap_and_a_heeded_one_resets_it(history: list[Shown], factor: int) -> None:
    assert gap_after(history, RULES) == RULES.gap * factor


def test_one_that_is_held_back_starts_the_wait_and_counts_towards_the_cap() -> None:
    held = [Shown(NOON - timedelta(hours=hours), None) for hours in (3, 8, 9)]
    assert silence(BROADCASTER, Label.CONTENT, held[:1], RULES, NOON) is Silence.GAP
    assert silence(BROADCASTER, Label.CONTENT, held, replace(RULES, gap=timedelta()), NOON) is Silence.CAP


@given(positions, labels, histories, moments, st.floats(0, 1, exclude_max=True), st.floats(0, 0.5))
def test_only_a_nudge_that_is_due_is_held_back_and_by_its_lot_alone(
    where: Position, label: Label, history: list[Shown], now: datetime, lot: float, chance: float
) -> None:
    without = silence(where, label, history, RULES, now, lot)
    found = silence(where, label, history, replace(RULES, held_back=chance), now, lot)
    assert without is not Silence.HELD_BACK
    assert found is (Silence.HELD_BACK if without is None and lot < chance else without)


def test_each_silence_of_the_policy_comes_about() -> None:
    """Together with those that only the way of a draft can show: it joins another, is overtaken, or fails."""
    usual = {"live": True, "readable": True, "asked": False, "dm_refused": False}
    beforehand = [
        silence_beforehand("reply", **usual | {"live": False}),
        silence_beforehand("reply", **usual | {"readable": False}),
        silence_beforehand("reply", **usual | {"asked": True}),
        silence_beforehand("off", **usual),
        silence_beforehand("summary", **usual),
        silence_beforehand("summary", **usual | {"dm_refused": True}),
    ]
    assert [silence_beforehand(where, **usual) for where in ("reply", "dm")] == [None, None]

    def told(
        where: Position = BROADCASTER, label: Label = Label.CONTENT, *shown: Shown, **rules: object
    ) -> object:
        return silence(where, label, shown, replace(RULES, **rules), NOON, 0.05)  # type: ignore[arg-type]

    recent = Shown(NOON - timedelta(hours=3), None)
    by_balance = [
        told(Position.TOO_FEW),
        told(Position.INSIDE),
        told(Position.UNCERTAIN),
        told(BROADCASTER, Label.CONVERSATION),
        told(snoozed_until=NOON + timedelta(hours=1)),
        told(quiet_from=time(11)),
        told(BROADCASTER, Label.CONTENT, recent, daily_cap=1),
        told(BROADCASTER, Label.CONTENT, recent),
        told(held_back=0.1),
    ]
    assert told() is None
    late = {Silence.JOINED, Silence.ASKED_ENOUGH, Silence.OVERTAKEN, Silence.NOT_SENT, Silence.FAILED}
    assert {*beforehand, *by_balance, *late} == set(Silence)
    assert len(beforehand) + len(by_balance) + len(late) == len(Silence)
