"""When the bot may nudge: a pure function of the author's history, the settings and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from coach.balance.standing import Position
from coach.labels import Label
from coach.local_days import local_day, within
from coach.settings import NudgeWhere


class Silence(StrEnum):
    """Why a draft brought no nudge; the words are those on record."""

    READ_LATE = "read late"
    """It was read while catching up, or became a draft by an edit."""
    JOINED = "joined"
    """It counts together with an earlier draft."""
    UNKNOWN_LANGUAGE = "unknown language"
    """The labeller can't read it, and its author was not asked."""
    QUESTION = "question"
    """Its author was asked for its label instead."""
    ASKED_ENOUGH = "asked enough"
    """Its label was in doubt, and its author had been asked as often as may be that day."""
    OFF = "off"
    """Its author wants no nudges."""
    SUMMARY_ONLY = "summary only"
    """Its author wants to read what is due in the summary alone."""
    DM_REFUSED = "direct messages refused"
    """Nudges go by direct message, and Discord has refused those."""
    TOO_FEW = "too few"
    """There are too few drafts in the window for a verdict."""
    INSIDE = "inside"
    """The share is inside the band."""
    UNCERTAIN = "uncertain"
    """The share is outside the band, but not for certain."""
    IS_LACKING = "is lacking"
    """The draft itself has the label that is lacking."""
    SNOOZED = "snoozed"
    """Its author has put nudges off."""
    QUIET_HOURS = "quiet hours"
    """It came in its author's quiet hours."""
    CAP = "cap"
    """There were as many nudges that day as there may be."""
    GAP = "gap"
    """The last nudge was too short a while ago."""
    HELD_BACK = "held back"
    """A nudge was due, and was held back for the trial."""
    OVERTAKEN = "overtaken"
    """Another nudge came in the moment in which this one was made."""
    NOT_SENT = "not sent"
    """A nudge was due, and Discord did not accept it."""
    FAILED = "failed"
    """The decision failed; the log says why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A past nudge, one that was held back, or a reminder to come back and answer.

    Attributes:
        at: when it was shown or held back, aware time.
        heeded: whether the author's next draft had the label it asked for; None until there is one, if it was
            held back, as nobody can heed what they don't see, and for a reminder, which asks for no draft.
    """

    at: datetime
    heeded: bool | None


@dataclass(frozen=True, slots=True)
class NudgePolicy:
    """When one author may be nudged: the configured policy with what they chose for themselves.

    Attributes:
        daily_cap: how many nudges there may be in a local day.
        gap: least time between two nudges, before any back-off.
        patience: how many ignored in a row double the gap.
        quiet_from: local time at which quiet hours begin.
        quiet_until: local time at which they end.
        snoozed_until: aware time before which there are none; None if not snoozed.
        zone: the author's zone.
        day_ends_at: when their day ends.
        held_back: the share of nudges that are held back for the trial, 0 to 1.
    """

    daily_cap: int
    gap: timedelta
    patience: int
    quiet_from: time
    quiet_until: time
    snoozed_until: datetime | None
    zone: ZoneInfo
    day_ends_at: time
    held_back: float = 0.0


def silence_beforehand(
    where: NudgeWhere, *, live: bool, readable: bool, asked: bool, dm_refused: bool
) -> Silence | None:
    """Why a draft brings no nudge, as far as that shows before it is recorded; None if the balance decides.

    Args:
        where: where its author's nudges go.
        live: whether it is read as it comes, as a new message.
        readable: whether the labeller can read it.
        asked: whether its author is to be asked for its label.
        dm_refused: whether nudges go nowhere because Discord refused a direct message.
    """
    if not live:
        return Silence.READ_LATE
    if asked:
        return Silence.QUESTION
    if not readable:
        return Silence.UNKNOWN_LANGUAGE
    if dm_refused:
        return Silence.DM_REFUSED
    match where:
        case "off":
            return Silence.OFF
        case "summary":
            return Silence.SUMMARY_ONLY
        case "reply" | "dm":
            return None
        case _:
            assert_never(where)


def silence(
    position: Position,
    label: Label,
    history: Sequence[Shown],
    policy: NudgePolicy,
    now: datetime,
    draw: float = 1.0,
) -> Silence | None:
    """Why an author gets no nudge after a draft; None if they do get one.

    A nudge is due only if the evidence says that the author is outside their band, and the draft goes further in
    that direction. A draft with the lacking label gets silence, as it is already the next step. So what is lacking
    is always the label that the draft has not.

    Whether a nudge that is due is held back comes last. One that is held back starts the same waiting time and
    counts towards the same cap as one that is shown.

    Args:
        position: where the evidence says the author is, this draft included.
        label: the draft's label.
        history: nudges shown to the author or held back, newest first.
        policy: the author's nudge policy.
        now: aware time.
        draw: the draft's lot, 0 to 1; see `coach.nudging.trial.draw`.
    """
    match position:
        case Position.TOO_FEW:
            return Silence.TOO_FEW
        case Position.INSIDE:
            return Silence.INSIDE
        case Position.UNCERTAIN:
            return Silence.UNCERTAIN
        case Position.LACKS_CONVERSATION | Position.LACKS_CONTENT:
            wanted = Label.CONVERSATION if position is Position.LACKS_CONVERSATION else Label.CONTENT
        case _:
            assert_never(position)
    if wanted is label:
        return Silence.IS_LACKING
    if (hush := hushed(history, policy, now)) is not None:
        return hush
    if history and now - history[0].at < gap_after(history, policy):
        return Silence.GAP
    return Silence.HELD_BACK if draw < policy.held_back else None


def hushed(history: Sequence[Shown], policy: NudgePolicy, now: datetime) -> Silence | None:
    """Why nothing may be said to an author of the bot's own accord, whatever it is; None if something may.

    Args:
        history: what was said to the author so, newest first.
        policy: the author's nudge policy.
        now: aware time.
    """
    if policy.snoozed_until is not None and now < policy.snoozed_until:
        return Silence.SNOOZED
    if within(now.astimezone(policy.zone).time(), policy.quiet_from, policy.quiet_until):
        return Silence.QUIET_HOURS
    today = local_day(now, policy.zone, policy.day_ends_at)
    shown_today = sum(local_day(past.at, policy.zone, policy.day_ends_at) == today for past in history)
    if shown_today >= policy.daily_cap:
        return Silence.CAP
    return None


def gap_after(history: Sequence[Shown], policy: NudgePolicy) -> timedelta:
    """The least time after the last nudge.

    Every `policy.patience` nudges ignored in a row double the gap, up to 64 times its length; a heeded one resets
    it. Those held back are neither.
    """
    ignored = 0
    for past in history:
        if past.heeded:
            break
        if past.heeded is False:
            ignored += 1
    return policy.gap * 2 ** min(6, ignored // policy.patience)
