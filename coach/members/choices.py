"""What members and servers choose for themselves, checked and kept: goal, zone, nudges, summary, privacy."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from coach.balance.presets import PRESETS
from coach.balance.standing import Goal
from coach.coach import Coach
from coach.local_days import parse_time
from coach.members.preferences import Refused, Terms, checked_goal, terms_of
from coach.members.time_zones import checked_zone
from coach.nudging.policy import NudgeWhere
from coach.store.people import Guild, Member, SummaryWhere

FORGET_WITHIN = timedelta(minutes=10)
"""How long somebody who was asked whether to erase everything can say yes."""

RAREST_HOURS = 48.0
"""Whoever wants nudges to be rarer than that is served by the daily summary."""


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
            band: how far the share may stray, in percentage points.
            window_days: local days.

        Raises:
            Refused: an unknown preset, or a value out of bounds.
        """
        before = (await self._coach.terms(guild_id, member_id)).goal
        target, width = before.target, before.band
        if preset is not None:
            if preset not in PRESETS:
                raise Refused(f"There is no preset “{preset[:40]}”; choose one of {', '.join(PRESETS)}.")
            target, width = PRESETS[preset].target, PRESETS[preset].band
        goal = checked_goal(
            share / 100 if share is not None else target,
            band / 100 if band is not None else None,
            window_days if window_days is not None else before.window_days,
            kept=width,
        )
        await self._change(guild_id, member_id, target=goal.target, band=goal.band, window_days=goal.window_days)
        return goal

    async def set_zone(self, guild_id: int, member_id: int | None, name: str) -> Terms:
        """Choose a time zone by any name that `checked_zone` knows; the next summary keeps its local time.

        Raises:
            Refused: there is no such zone, or several that it could be.
        """
        zone = checked_zone(name, self._coach.clock())
        await self._change(guild_id, member_id, timezone=zone.key)
        return await self._coach.terms(guild_id, member_id)

    async def set_nudges(self, guild_id: int, member_id: int, where: NudgeWhere) -> None:
        """Choose where nudges go; a snooze ends with it, and questions go on only with "reply" or "dm"."""
        changes: dict[str, Any] = {"nudge_where": where, "snoozed_until": None, "dm": None}
        if where not in ("reply", "dm") and (await self._store.members.get(guild_id, member_id)).questions:
            changes["questions"] = None
        await self._store.members.change(guild_id, member_id, **changes)

    async def set_questions(self, guild_id: int, member_id: int | None, on: bool) -> Terms:
        """Choose whether drafts that could be either are asked about, for a member or for a whole server."""
        await self._change(guild_id, member_id, questions=on)
        return await self._coach.terms(guild_id, member_id)

    async def dm_refused(self, guild_id: int, member_id: int) -> None:
        """Discord refuses direct messages to a member: none goes out until they choose one of them anew."""
        await self._store.members.change(guild_id, member_id, dm="refused")

    async def learns_of_refused_dm(self, guild_id: int, member_id: int) -> bool:
        """Whether a member is yet to be told that they get no direct messages; they count as told from now on."""
        if (await self._store.members.get(guild_id, member_id)).dm != "refused":
            return False
        await self._store.members.change(guild_id, member_id, dm="told")
        return True

    async def snooze(self, guild_id: int, member_id: int, hours: float) -> datetime:
        """No nudges for some hours; returns until when."""
        until = self._coach.clock() + timedelta(hours=hours)
        await self._store.members.change(guild_id, member_id, snoozed_until=until)
        return until

    async def snooze_today(self, guild_id: int, member_id: int) -> datetime:
        """No nudges until the member's local day ends; returns when that is."""
        terms = await self._coach.terms(guild_id, member_id)
        until = terms.end_of_day(self._coach.clock())
        await self._store.members.change(guild_id, member_id, snoozed_until=until)
        return until

    async def nudge_less(self, guild_id: int, member_id: int) -> float | None:
        """Double the member's own time between nudges.

        Returns:
            The hours between two nudges from now on; None where that would be more than `RAREST_HOURS`, and
            nudges go to the daily summary instead.
        """
        hours = (await self._coach.terms(guild_id, member_id)).rules.gap.total_seconds() / 3600
        wider = max(1.0, hours) * 2
        if wider > RAREST_HOURS:
            await self._store.members.change(guild_id, member_id, nudge_where="summary")
            return None
        await self.set_pace(guild_id, member_id, wider)
        return wider

    async def set_pace(self, guild_id: int, member_id: int, hours: float) -> None:
        """Choose the time between two nudges."""
        await self._store.members.change(guild_id, member_id, nudge_gap_hours=hours)

    async def set_weekly(self, guild_id: int, member_id: int, weekday: int | None) -> Terms:
        """Choose the weekday of a member's look-back, 0 for Monday; None for none."""
        await self._change(guild_id, member_id, weekly_on=weekday, dm=None)
        return await self._coach.terms(guild_id, member_id)

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
        changes: dict[str, Any] = {"dm": None}
        if where is not None:
            changes["summary_where"] = where
        if at is not None:
            changes["summary_at"] = _time(at)
        await self._change(guild_id, member_id, **changes)
        return await self._coach.terms(guild_id, member_id)

    async def set_server_summary(
        self, guild_id: int, *, on: bool | None = None, channel_id: int | None = None, at: str | None = None
    ) -> tuple[Guild, Terms]:
        """Choose the channel and local time of a server's summary, or turn it on or off; None leaves it as it is.

        Raises:
            Refused: `at` is no time.
        """
        changes: dict[str, Any] = {}
        if on is not None:
            changes["summary_on"] = on
        if channel_id is not None:
            changes["summary_channel_id"] = channel_id
        if at is not None:
            changes["summary_at"] = _time(at)
        if changes:
            await self._change(guild_id, None, **changes)
        return await self._coach.guild(guild_id), await self._coach.terms(guild_id, None)

    async def pause(self, guild_id: int, member_id: int) -> None:
        """Stop reading a member's drafts."""
        await self._store.members.change(guild_id, member_id, paused=True)

    async def resume(self, guild_id: int, member_id: int, after: int) -> None:
        """Read a member's drafts again.

        Args:
            guild_id: the server.
            member_id: the member.
            after: the id of what they asked it by; Discord's ids are made of its clock, so what they wrote until
                then has smaller ones, and is not read.
        """
        await self._store.members.change(guild_id, member_id, paused=False, read_after=after)

    async def forget(self, guild_id: int, member_id: int, upto: int) -> bool:
        """Erase everything about a member in a server, and let nothing be recorded of what they wrote before.

        If they have paused the bot, that alone is kept, so that it goes on to leave them alone.

        Args:
            guild_id: the server.
            member_id: the member.
            upto: the id of the click that confirmed it; Discord's ids are made of time, so what they wrote before
                has smaller ones.

        Returns:
            False if traces stay in the database's files for now, as another program is reading them.
        """
        who = self._coach.who(guild_id, member_id)
        return await self._store.members.forget(guild_id, member_id, who, upto)

    async def _change(self, guild_id: int, member_id: int | None, **changes: Any) -> None:
        """Store choices and put the next summary where they say.

        The local day whose summary comes next stays the same, so that a new zone or time skips none and repeats
        none; if its time has passed by the new clock, it comes at once.
        """
        settings, guild = self._coach.settings, await self._coach.guild(guild_id)
        if member_id is None:
            before = guild
            guild = await self._store.guilds.change(guild_id, **changes)
            due = self._due(terms_of(settings, before), terms_of(settings, guild), before, guild.summary_on)
            await self._store.guilds.change(guild_id, **due)
            return
        earlier = await self._store.members.get(guild_id, member_id)
        member = await self._store.members.change(guild_id, member_id, **changes)
        wants = member.summary_where == "dm" or member.weekly_on is not None
        due = self._due(terms_of(settings, guild, earlier), terms_of(settings, guild, member), earlier, wants)
        await self._store.members.change(guild_id, member_id, **due)

    def _due(self, before: Terms, terms: Terms, pending: Guild | Member, wants: bool) -> dict[str, Any]:
        if not wants:
            return {"summary_due": None, "summary_day": None}
        now = self._coach.clock()
        if pending.summary_due is None:
            day, due = terms.next_summary(now)
        else:
            day = pending.summary_day or before.day_of(pending.summary_due)
            due = max(now, terms.summary_moment(day))
        return {"summary_due": due, "summary_day": day}


def _time(text: str) -> time:
    try:
        return parse_time(text)
    except ValueError:
        raise Refused(f"“{text[:20]}” is no time of day; write it like 18:30.") from None
