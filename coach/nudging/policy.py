"""When the bot may speak up: the nudge policy, a pure function of history, settings and clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from coach.balance.standing import Position
from coach.labels import Label
from coach.local_days import local_day, within

NudgeWhere = Literal["reply", "dm", "summary", "off"]
"""Where a member gets nudges: as a reply to the draft, by direct message, in the summary alone, or nowhere."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge in the past; `heeded` is None until the author's next draft."""

    at: datetime
    heeded: bool | None


@dataclass(frozen=True, slots=True)
class NudgePolicy:
    """When one author may be nudged: the configured policy with what they chose for themselves.

    Attributes:
        daily_cap: nudges a local day at most.
        gap: time between two nudges, before any back-off.
        patience: so many ignored in a row double the gap.
        quiet_from: local time from which there are none.
        quiet_until: local time until which there are none.
        snoozed_until: none before this moment.
        zone: the author's zone.
        day_ends_at: when their day ends.
    """

    daily_cap: int
    gap: timedelta
    patience: int
    quiet_from: time
    quiet_until: time
    snoozed_until: datetime | None
    zone: ZoneInfo
    day_ends_at: time


def lacking(
    position: Position, label: Label, history: Sequence[Shown], policy: NudgePolicy, now: datetime
) -> Label | None:
    """What the author should be nudged towards after a draft, if anything.

    A nudge is due only when the evidence puts the author outside their band and the draft went further that
    way; a draft of the label that is lacking is answered with silence, as it already is the next step.

    Args:
        position: where the evidence puts the author, the draft included.
        label: the draft's label.
        history: nudges shown to the author, newest first.
        policy: the author's nudge policy.
        now: aware time.

    Returns:
        The label that is lacking, or None for silence.
    """
    wanted = position.lacking
    if wanted is None or wanted is label:
        return None
    if policy.snoozed_until is not None and now < policy.snoozed_until:
        return None
    if within(now.astimezone(policy.zone).time(), policy.quiet_from, policy.quiet_until):
        return None
    today = local_day(now, policy.zone, policy.day_ends_at)
    shown_today = sum(local_day(past.at, policy.zone, policy.day_ends_at) == today for past in history)
    if shown_today >= policy.daily_cap:
        return None
    if history and now - history[0].at < gap_after(history, policy):
        return None
    return wanted


def gap_after(history: Sequence[Shown], policy: NudgePolicy) -> timedelta:
    """The time that must pass after the last nudge: doubled for each full run of ignored ones.

    Every `policy.patience` nudges ignored in a row double the gap, up to 64 times; a heeded one resets it.
    """
    ignored = 0
    for past in history:
        if past.heeded:
            break
        if past.heeded is False:
            ignored += 1
    return policy.gap * 2 ** min(6, ignored // policy.patience)
