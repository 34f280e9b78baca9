"""What members and servers choose for themselves, checked and kept: goal, zone, nudges, summary, privacy."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from coach.balance import PRESETS, Goal
from coach.calendar import parse_time
from coach.coach import Coach
from coach.store.people import Guild, NudgeWhere, SummaryWhere
from coach.terms import Refused, Terms, checked_goal, checked_zone, terms_of


class Choices:
    """Changes the choices of a member, or of a whole server where `member_id` is None."""

    def __init__(self, coach: Coach) -> None:
        self._coach = coach
        self._store = coach.store

    async def set_goal(
        self,
        guild_id: int,
        member_id: int | None,
        *,
        preset: str | None = None,
        share: int | None = None,
        band: int | None = None,
        window_days: int | None = None,
    ) -> Goal:
        """Choose a goal by preset, or by its parts; a part left out stays as it is.

        Args:
            guild_id: the server.
            member_id: the member.
            preset: name of a preset; the parts given beside it go before it.
            share: target share of conversation in per cent.
            band: how far the share may stray, in per cent.
            window_days: local days.

        Raises:
            Refused: an unknown preset, or a value out of bounds.
        """
        goal = (await self._coach.terms(guild_id, member_id)).goal
        target, width = goal.target, goal.band
        if preset is not None:
            if preset not in PRESETS:
                raise Refused(f"There is no preset “{preset[:40]}”; choose one of {', '.join(PRESETS)}.")
            target, width = PRESETS[preset].target, PRESETS[preset].band
        target = share / 100 if share is not None else target
        width = band / 100 if band is not None else width
        goal = checked_goal(target, width, window_days if window_days is not None else goal.window_days)
        await self._change(guild_id, member_id, target=goal.target, band=goal.band, window_days=goal.window_days)
        return goal

    async def set_zone(self, guild_id: int, member_id: int | None, name: str) -> Terms:
        """Choose a time zone by its IANA name; the next summary keeps its local time.

        Raises:
            Refused: there is no such zone.
        """
        checked_zone(name)
        await self._change(guild_id, member_id, timezone=name)
        return await self._coach.terms(guild_id, member_id)

    async def set_nudges(self, guild_id: int, member_id: int, where: NudgeWhere) -> None:
        """Choose where nudges go; a snooze ends with it."""
        await self._store.members.change(guild_id, member_id, nudge_where=where, snoozed_until=None)

    async def snooze(self, guild_id: int, member_id: int, hours: float) -> datetime:
        """No nudges for some hours; returns until when."""
        until = self._coach.clock() + timedelta(hours=hours)
        await self._store.members.change(guild_id, member_id, snoozed_until=until)
        return until

    async def set_quiet(self, guild_id: int, member_id: int, start: str, end: str) -> tuple[time, time]:
        """Choose the quiet hours by two local times such as "22:00" and "7:00".

        Raises:
            Refused: one of them is no time.
        """
        quiet = _time(start), _time(end)
        await self._store.members.change(guild_id, member_id, quiet_from=quiet[0], quiet_until=quiet[1])
        return quiet

    async def set_summary(
        self, guild_id: int, member_id: int, *, where: SummaryWhere | None = None, at: str | None = None
    ) -> Terms:
        """Choose where a member's summary goes and its local time.

        Raises:
            Refused: `at` is no time.
        """
        changes: dict[str, Any] = {}
        if where is not None:
            changes["summary_where"] = where
        if at is not None:
            changes["summary_at"] = _time(at)
        await self._change(guild_id, member_id, **changes)
        return await self._coach.terms(guild_id, member_id)

    async def set_server_summary(
        self, guild_id: int, *, on: bool = True, channel_id: int | None = None, at: str | None = None
    ) -> tuple[Guild, Terms]:
        """Choose the channel and local time of a server's summary, or turn it off.

        Raises:
            Refused: `at` is no time.
        """
        changes: dict[str, Any] = {"summary_on": on}
        if channel_id is not None:
            changes["summary_channel_id"] = channel_id
        if at is not None:
            changes["summary_at"] = _time(at)
        await self._change(guild_id, None, **changes)
        return await self._coach.guild(guild_id), await self._coach.terms(guild_id, None)

    async def pause(self, guild_id: int, member_id: int, paused: bool) -> None:
        """Stop reading a member's drafts, or start again."""
        await self._store.members.change(guild_id, member_id, paused=paused)

    async def _change(self, guild_id: int, member_id: int | None, **changes: Any) -> None:
        """Store choices and put the next summary where they say; a time that has passed today is not repeated."""
        now = self._coach.clock()
        guild = await self._coach.guild(guild_id)
        if member_id is None:
            guild = await self._store.guilds.change(guild_id, **changes)
            due = terms_of(self._coach.settings, guild).next_summary(now) if guild.summary_on else None
            await self._store.guilds.change(guild_id, summary_due=due)
            return
        member = await self._store.members.change(guild_id, member_id, **changes)
        wants = member.summary_where == "dm"
        due = terms_of(self._coach.settings, guild, member).next_summary(now) if wants else None
        await self._store.members.change(guild_id, member_id, summary_due=due)


def _time(text: str) -> time:
    try:
        return parse_time(text)
    except ValueError:
        raise Refused(f"“{text[:20]}” is no time of day; write it like 18:30.") from None
