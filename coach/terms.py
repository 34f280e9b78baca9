"""The terms that hold for one member: their own choices, else the server's, else the configuration's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError

from coach.balance import Goal
from coach.calendar import due_at, due_of_day, local_day
from coach.nudge import Rules
from coach.settings import Balance, Settings
from coach.store.people import Guild, Member, NudgeWhere


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
        rules: when nudges may come.
        summary_at: local time of their daily summary.
    """

    zone: ZoneInfo
    day_ends_at: time
    goal: Goal
    nudge_where: NudgeWhere
    rules: Rules
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
    return Terms(
        zone=zone,
        day_ends_at=settings.day_ends_at,
        goal=Goal(
            _first(own.target, guild.target, settings.balance.target),
            _first(own.band, guild.band, settings.balance.band),
            own.window_days or guild.window_days or settings.balance.window_days,
        ),
        nudge_where=nudge_where,
        rules=Rules(
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


def checked_goal(target: float, band: float, window_days: int) -> Goal:
    """A goal within the same bounds as the configuration's.

    Raises:
        Refused: a value is out of bounds.
    """
    try:
        Balance(target=target, band=band, window_days=window_days)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        allowed = Balance.model_fields[name].description
        raise Refused(f"That {name.removesuffix('_days')} will not do; choose {allowed}.") from None
    return Goal(target, band, window_days)


def checked_zone(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        Refused: there is none.
    """
    if name not in available_timezones():
        raise Refused(f"There is no time zone “{name[:60]}”; pick one from the list, such as Europe/Berlin.")
    return ZoneInfo(name)


def search_zones(words: str, now: datetime, limit: int = 25) -> Iterator[tuple[str, str]]:
    """Zones whose name holds the words, cities first, each with its local time.

    Args:
        words: what was typed so far, such as "new y".
        now: aware time.
        limit: how many at most.

    Yields:
        Pairs of an IANA name and a text such as "America/New_York, now 14:05".
    """
    wanted = words.strip().lower().replace(" ", "_")
    # Names without a region are old aliases; Etc holds offsets with their signs turned round.
    names = sorted(
        (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))),
        key=lambda name: (not name.rsplit("/", 1)[-1].lower().startswith(wanted), name),
    )
    found = ["UTC"] if "utc".startswith(wanted) else []
    found += [name for name in names if wanted in name.lower()]
    for name in found[:limit]:
        yield name, f"{name}, now {now.astimezone(ZoneInfo(name)):%H:%M}"
