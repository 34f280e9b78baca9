"""The terms that hold for one member: their own choices, else the server's, else the configuration's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coach.balance.standing import SLACK, Goal
from coach.local_days import due_at, due_of_day, local_day
from coach.nudging.policy import NudgePolicy, NudgeWhere
from coach.settings import Balance, Settings
from coach.store.people import Guild, Member


class Refused(Exception):
    """The bot will not or cannot do it; the message is one plain sentence for the user, with what to do."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one member of a server, or for the server as a whole.

    Attributes:
        zone: their time zone.
        day_ends_at: local time at which their day ends.
        goal: target, band and window.
        nudge_where: where nudges go.
        questions: whether drafts that could be either are asked about.
        paused: whether they have paused the bot.
        rules: when nudges may come.
        summary_at: local time of their daily summary.
    """

    zone: ZoneInfo
    day_ends_at: time
    goal: Goal
    nudge_where: NudgeWhere
    questions: bool
    paused: bool
    rules: NudgePolicy
    summary_at: time

    def day_of(self, moment: datetime) -> date:
        """The local day that a moment belongs to."""
        return local_day(moment, self.zone, self.day_ends_at)

    def summary_moment(self, day: date) -> datetime:
        """When the summary of a local day is due; aware, in UTC."""
        return due_of_day(day, self.summary_at, self.zone, self.day_ends_at)

    def next_summary(self, after: datetime, past: date | None = None) -> tuple[date, datetime]:
        """The first local day whose summary is due later than `after`, and when.

        Args:
            after: aware time.
            past: a day that had its summary: neither this one nor one before it comes again.
        """
        day = self.day_of(after) - timedelta(days=1)
        if past is not None:
            day = max(day, past + timedelta(days=1))
        while (moment := self.summary_moment(day)) <= after:
            day += timedelta(days=1)
        return day, moment

    def end_of_day(self, moment: datetime) -> datetime:
        """When the local day of a moment ends; aware, in UTC."""
        return due_at(self.day_of(moment) + timedelta(days=1), self.day_ends_at, self.zone)


def terms_of(settings: Settings, guild: Guild, member: Member | None = None) -> Terms:
    """Put together the terms of a member, or of the server where `member` is None."""
    own = member or Member(guild.guild_id, 0)
    zone = ZoneInfo(own.timezone or guild.timezone or settings.timezone)
    nudges = settings.nudges
    nudge_where = own.nudge_where or nudges.where
    if nudge_where == "dm" and own.dm is not None:
        nudge_where = "summary"  # In the channel everybody would read what they wanted to hear by themselves.
    # Whoever wants no nudges on their drafts wants no questions on them either, unless they say so.
    wants_questions = own.questions if own.questions is not None else nudge_where in ("reply", "dm")
    return Terms(
        zone=zone,
        day_ends_at=settings.day_ends_at,
        goal=Goal(
            _first(own.target, guild.target, settings.balance.target),
            _first(own.band, guild.band, settings.balance.band),
            own.window_days or guild.window_days or settings.balance.window_days,
        ),
        nudge_where=nudge_where,
        questions=settings.ask_when_unsure and guild.questions is not False and wants_questions,
        paused=own.paused,
        rules=NudgePolicy(
            daily_cap=nudges.daily_cap,
            gap=timedelta(hours=own.nudge_gap_hours or nudges.gap_hours),
            patience=nudges.patience,
            quiet_from=own.quiet_from if own.quiet_from is not None else nudges.quiet_from,
            quiet_until=own.quiet_until if own.quiet_until is not None else nudges.quiet_until,
            snoozed_until=own.snoozed_until,
            zone=zone,
            day_ends_at=settings.day_ends_at,
        ),
        summary_at=own.summary_at or guild.summary_at or settings.summary.at,
    )


def _first(*shares: float | None) -> float:
    return next(share for share in shares if share is not None)


def checked_goal(target: float, band: float | None, window_days: int, *, kept: float) -> Goal:
    """A goal within the same bounds as the configuration's, whose band lies inside 0 to 100%.

    Args:
        target: target share of conversation, 0 to 1.
        band: how far the share may stray, 0 to 1; None for `kept`, narrowed if need be.
        window_days: local days.
        kept: the width of the band so far, 0 to 1.

    Raises:
        Refused: a value is out of bounds; the sentence names them in per cent, as people choose them.
    """
    lowest, highest = bounds_of("target")
    if not lowest <= target <= highest:
        raise Refused(f"That share will not do; choose {lowest:.0%} to {highest:.0%}.")
    narrowest, widest = bounds_of("band")
    widest = min(widest, target, 1 - target)
    if band is not None and not narrowest - SLACK <= band <= widest + SLACK:
        points = f"{narrowest * 100:.0f} to {int((widest + SLACK) * 100)} points"
        raise Refused(f"That band will not do around {target:.0%}; choose {points}.")
    shortest, longest = bounds_of("window_days")
    if not shortest <= window_days <= longest:
        raise Refused(f"That window will not do; choose {shortest} to {longest} days.")
    return Goal(target, min(kept, widest) if band is None else band, window_days)


def bounds_of(name: str) -> tuple[Any, Any]:
    """The least and the greatest value of a number in the configuration's `balance`."""
    limits = Balance.model_json_schema()["properties"][name]
    return limits["minimum"], limits["maximum"]
