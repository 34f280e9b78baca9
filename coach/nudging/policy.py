"""When the bot may nudge: a pure function of the author's history, the settings and the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from coach.balance.standing import LACKING, Position
from coach.labels import Label
from coach.local_days import local_day, within


@dataclass(frozen=True, slots=True)
class Shown:
    """A past nudge.

    Attributes:
        at: when it was shown, aware time.
        heeded: whether the author's next draft had the label it asked for; None until there is one.
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

    A nudge is due only if the evidence says that the author is outside their band, and the draft goes further in
    that direction. A draft with the lacking label gets silence, as it is already the next step.

    Args:
        position: where the evidence says the author is, this draft included.
        label: the draft's label.
        history: nudges shown to the author, newest first.
        policy: the author's nudge policy.
        now: aware time.

    Returns:
        The label that is lacking; None for silence.
    """
    wanted = LACKING.get(position)
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
    """The least time after the last nudge.

    Every `policy.patience` nudges ignored in a row double the gap, up to 64 times its length; a heeded one resets
    it.
    """
    ignored = 0
    for past in history:
        if past.heeded:
            break
        if past.heeded is False:
            ignored += 1
    return policy.gap * 2 ** min(6, ignored // policy.patience)
