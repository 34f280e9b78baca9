"""What members and servers choose for themselves, checked and kept: goal, zone, nudges, summary, privacy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Literal

from coach import wording_refusals
from coach.balance.presets import PRESETS
from coach.balance.standing import SLACK, Goal
from coach.errors import Refused
from coach.members.cache import MemberCache
from coach.members.preferences import Preferences, preferences_of
from coach.members.time_zones import checked_zone
from coach.members.typed import typed_time, typed_times
from coach.settings import Balance, NudgeWhere, QuestionWhere, Settings
from coach.store import Account, Guild, Member, OwnGoal, Store
from coach.store.keys import member_hash
from coach.store.people import SummaryWhere

SERVERS_GOAL = "server"
"""What members choose in place of a preset to have no goal of their own."""

FORGET_WITHIN = timedelta(minutes=10)
"""How long somebody who was asked whether to erase everything can say yes."""

RAREST_HOURS = 48.0
"""The most hours between nudges; for whoever wants them rarer, there is the daily summary."""


class Choices:
    """Changes the choices of a member, or of a whole server if `member_id` is None.

    Args:
        settings: the configuration.
        store: the open database.
        members: the cache of members.
        clock: gives the present, an aware time.
        secret: the key of the hashes, 1 to 64 bytes.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        members: MemberCache,
        clock: Callable[[], datetime],
        secret: bytes,
    ) -> None:
        self._settings = settings
        self._store = store
        self._members = members
        self._clock = clock
        self._secret = secret

    async def set_goal(
        self,
        guild_id: int,
        member_id: int | None,
        *,
        preset: str | None = None,
        share: int | None = None,
        band: int | None = None,
        window_days: int | None = None,
        account: Account | None = None,
    ) -> Goal:
        """Choose a goal by preset, or by its parts; a part left out stays as it is.

        Args:
            guild_id: the server.
            member_id: the member; None for the server's own goal, which holds for members who chose none.
            preset: name of a preset; parts given with it override it. A member's may be `SERVERS_GOAL`: without
                parts, they have no goal of their own any more.
            share: target share of conversation in per cent.
            band: how far the share may stray, in percentage points.
            window_days: local days.
            account: the account that a member chooses it for; None for all that has no goal of its own.

        Raises:
            Refused: an unknown preset, a value out of bounds, or an account whose balance is shared.
        """
        if account is not None and account.shared:
            raise Refused(wording_refusals.MANAGERS_SET_THIS_GOAL)
        as_server = member_id is not None and preset == SERVERS_GOAL
        before = await self._goal_before(guild_id, None if as_server else member_id, account)
        if as_server and share is None and band is None and window_days is None:
            if account is not None and member_id is not None:
                await self._store.accounts.set_goal(guild_id, member_id, account.account_id, None)
            else:
                await self._change(guild_id, member_id, target=None, band=None, window_days=None, preset=None)
            return before
        target, width, name = before.target, before.band, before.preset
        if preset is not None and not as_server:
            if preset not in PRESETS:
                known = [*PRESETS, *([] if member_id is None else [SERVERS_GOAL])]
                raise Refused(wording_refusals.no_such_preset(preset, known))
            target, width, name = PRESETS[preset].target, PRESETS[preset].band, preset
        goal = checked_goal(
            share / 100 if share is not None else target,
            band / 100 if band is not None else None,
            window_days if window_days is not None else before.window_days,
            kept=width,
        )
        # Another share is another rule.
        goal = replace(goal, preset=name if share is None else None)
        if account is not None and member_id is not None:
            own = OwnGoal(goal.target, goal.band, goal.window_days, goal.preset)
            await self._store.accounts.set_goal(guild_id, member_id, account.account_id, own)
            return goal
        await self._change(
            guild_id,
            member_id,
            target=goal.target,
            band=goal.band,
            window_days=goal.window_days,
            preset=goal.preset,
        )
        return goal

    async def _goal_before(self, guild_id: int, member_id: int | None, account: Account | None) -> Goal:
        """The goal in force, for an account or for what has no goal of its own."""
        if account is not None:
            return await self._members.goal(guild_id, member_id, account)
        return (await self._members.preferences(guild_id, member_id)).goal

    async def set_zone(self, guild_id: int, member_id: int | None, name: str) -> Preferences:
        """Choose a time zone by any name that `checked_zone` knows; the next summary keeps its local time.

        Raises:
            Refused: there is no such zone, or it could be one of several.
        """
        zone = checked_zone(name, self._clock())
        await self._change(guild_id, member_id, timezone=zone.key)
        return await self._members.preferences(guild_id, member_id)

    async def set_nudges(self, guild_id: int, member_id: int, where: NudgeWhere) -> None:
        """Choose where nudges go, and end a snooze; without nudges on drafts, questions on them end too."""

        def questions(_: Guild, before: Member, __: Member) -> dict[str, Any]:
            return (
                {"question_where": None} if before.question_where != "off" and where in ("summary", "off") else {}
            )

        await self._store.members.change(
            guild_id, member_id, questions, nudge_where=where, snoozed_until=None, dm=None
        )

    async def set_question_where(self, guild_id: int, member_id: int, where: QuestionWhere) -> Preferences:
        """Choose where a member is asked about drafts.

        That is about those that could be either and those in languages that the bot doesn't know. A member who
        wants to be asked is asked again about the latter where they were asked before.
        """
        await self._store.members.change(
            guild_id, member_id, question_where=where, **({"dm": None} if where == "dm" else {})
        )
        if where in ("reply", "dm"):
            await self._store.other_languages.ask_again(guild_id, member_id)
        return await self._members.preferences(guild_id, member_id)

    async def set_server_questions(self, guild_id: int, on: bool) -> None:
        """Choose whether the members of a server are asked about their drafts."""
        await self._change(guild_id, None, questions=on)

    async def set_trial(self, guild_id: int, member_id: int, on: bool) -> Preferences:
        """Choose whether nudges may be held back for the trial."""
        await self._store.members.change(guild_id, member_id, trial=on)
        return await self._members.preferences(guild_id, member_id)

    async def leave_languages(self, guild_id: int, message_id: int) -> None:
        """Ask the author of a draft no more about other languages in its channel."""
        await self._store.other_languages.leave(guild_id, message_id)

    async def languages_left_alone(self, guild_id: int, member_id: int) -> list[int]:
        """The channels in which a member's drafts in languages that the bot doesn't know are skipped."""
        return await self._store.other_languages.channels(guild_id, member_id)

    async def note_dm_refused(self, guild_id: int, member_id: int) -> None:
        """Record that Discord refuses direct messages to a member: none goes out until they choose one again."""
        await self._store.members.change(guild_id, member_id, dm="refused")

    async def note_told_of_refused_dm(self, guild_id: int, member_id: int) -> bool:
        """Record that a member is told that they get no direct messages.

        Returns:
            Whether they still have to be told: False if direct messages reach them, or if they know.
        """
        # Every command asks, and most members are not concerned: those cost no write.
        if (await self._store.members.get(guild_id, member_id)).dm != "refused":
            return False
        return await self._store.members.note_told_of_refused_dm(guild_id, member_id)

    async def snooze(self, guild_id: int, member_id: int, hours: float) -> datetime:
        """Stop nudges for some hours; return until when."""
        until = self._clock() + timedelta(hours=hours)
        await self._store.members.change(guild_id, member_id, snoozed_until=until)
        return until

    async def snooze_today(self, guild_id: int, member_id: int) -> datetime:
        """Stop nudges until the member's local day ends; return when that is."""
        preferences = await self._members.preferences(guild_id, member_id)
        until = preferences.end_of_day(self._clock())
        await self._store.members.change(guild_id, member_id, snoozed_until=until)
        return until

    async def nudge_less(self, guild_id: int, member_id: int) -> float | None:
        """Double the member's own time between nudges.

        Returns:
            The hours between two nudges from now on; None if that is more than `RAREST_HOURS`: nudges go
            to the daily summary instead.
        """
        hours = (await self._members.preferences(guild_id, member_id)).nudge_policy.gap.total_seconds() / 3600
        wider = max(1.0, hours) * 2
        if wider > RAREST_HOURS:
            await self._store.members.change(guild_id, member_id, nudge_where="summary")
            return None
        await self.set_nudge_gap(guild_id, member_id, wider)
        return wider

    async def set_nudge_gap(self, guild_id: int, member_id: int, hours: float) -> None:
        """Choose the time between two nudges."""
        await self._store.members.change(guild_id, member_id, nudge_gap_hours=hours)

    async def set_weekly(self, guild_id: int, member_id: int, weekday: int | None) -> Preferences:
        """Choose the weekday of a member's look-back, 0 for Monday; None for none."""
        await self._change(guild_id, member_id, weekly_on=weekday, dm=None)
        return await self._members.preferences(guild_id, member_id)

    async def set_quiet(self, guild_id: int, member_id: int, start: str, end: str = "") -> tuple[time, time]:
        """Choose the quiet hours by two local times such as "22:00" and "7am", or by one text with both.

        Raises:
            Refused: one of them is not a time, or there are not two.
        """
        quiet = typed_times(start, end)
        await self._store.members.change(guild_id, member_id, quiet_from=quiet[0], quiet_until=quiet[1])
        return quiet

    async def set_summary(
        self, guild_id: int, member_id: int, *, where: SummaryWhere | None = None, at: str | None = None
    ) -> Preferences:
        """Choose where a member's summary goes and its local time.

        Raises:
            Refused: `at` is not a time.
        """
        changes: dict[str, Any] = {"dm": None}
        if where is not None:
            changes["summary_where"] = where
        if at is not None:
            changes["summary_at"] = typed_time(at)
        await self._change(guild_id, member_id, **changes)
        return await self._members.preferences(guild_id, member_id)

    async def set_figures(self, guild_id: int, member_id: int, shown: bool) -> None:
        """Choose whether a member's figures may be shown to others."""
        await self._store.members.change(guild_id, member_id, shows_figures=shown)

    async def set_server_summary(
        self,
        guild_id: int,
        *,
        on: bool | None = None,
        channel_id: int | Literal["first"] | None = None,
        at: str | None = None,
    ) -> tuple[Guild, Preferences]:
        """Choose the channel and local time of a server's summary, or turn it on or off; None leaves it as it is.

        Args:
            guild_id: the server.
            on: whether there is a summary.
            channel_id: where it goes; "first" for the first watched channel, as if none had been chosen.
            at: its local time, as it was typed.

        Raises:
            Refused: `at` is not a time.
        """
        changes: dict[str, Any] = {}
        if on is not None:
            changes["summary_on"] = on
        if channel_id is not None:
            changes["summary_channel_id"] = channel_id if channel_id != "first" else None
        if at is not None:
            changes["summary_at"] = typed_time(at)
        if changes:
            await self._change(guild_id, None, **changes)
        return await self._members.guild(guild_id), await self._members.preferences(guild_id, None)

    async def pause(self, guild_id: int, member_id: int) -> None:
        """Stop reading a member's drafts."""
        await self._store.members.change(guild_id, member_id, paused=True)

    async def resume(self, guild_id: int, member_id: int, after: int) -> None:
        """Read a member's drafts again.

        Args:
            guild_id: the server.
            member_id: the member.
            after: the id of the message or click that asked for it. Discord's ids grow with time, so what they
                wrote before has smaller ones, and is not read.
        """
        await self._store.members.change(guild_id, member_id, paused=False, read_after=after)

    async def forget(self, guild_id: int, member_id: int, upto: int) -> bool:
        """Erase everything about a member in a server, and never again record what they wrote before.

        If they have paused the bot, that alone is kept, so that it keeps leaving them alone.

        Args:
            guild_id: the server.
            member_id: the member.
            upto: the id of the click that confirmed it. Discord's ids grow with time, so what they wrote before
                has smaller ones.

        Returns:
            False if traces stay in the database's files for now, as another program is reading them.
        """
        who = member_hash(guild_id, member_id, self._secret)
        return await self._store.members.forget(guild_id, member_id, who, upto)

    async def _change(self, guild_id: int, member_id: int | None, **changes: Any) -> None:
        """Store choices, and the time of the next summary that follows from them, as one write unit.

        The local day whose summary comes next stays the same, so that a new zone or time neither skips nor repeats
        one; if its time has passed by the new clock, it comes at once.
        """
        settings, now = self._settings, self._clock()

        def of_server(before: Guild, after: Guild) -> dict[str, Any]:
            preferences = preferences_of(settings, before), preferences_of(settings, after)
            return _next_summary(before, *preferences, now, wanted=after.summary_on)

        def of_member(guild: Guild, before: Member, after: Member) -> dict[str, Any]:
            preferences = preferences_of(settings, guild, before), preferences_of(settings, guild, after)
            wanted = after.summary_where == "dm" or after.weekly_on is not None
            return _next_summary(before, *preferences, now, wanted=wanted)

        if member_id is None:
            await self._store.guilds.change(guild_id, of_server, **changes)
        else:
            await self._store.members.change(guild_id, member_id, of_member, **changes)


def bounds_of(name: str) -> tuple[Any, Any]:
    """The least and the greatest value of a number in the configuration's `balance`."""
    limits = Balance.model_json_schema()["properties"][name]
    return limits["minimum"], limits["maximum"]


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
        raise Refused(wording_refusals.share_out_of_bounds(lowest, highest))
    narrowest, widest = bounds_of("band")
    widest = min(widest, target, 1 - target)
    if band is not None and not narrowest - SLACK <= band <= widest + SLACK:
        points = round(narrowest * 100), int((widest + SLACK) * 100)
        raise Refused(wording_refusals.band_out_of_bounds(target, *points))
    shortest, longest = bounds_of("window_days")
    if not shortest <= window_days <= longest:
        raise Refused(wording_refusals.window_out_of_bounds(shortest, longest))
    return Goal(target, min(kept, widest) if band is None else band, window_days)


def _next_summary(
    pending: Guild | Member, before: Preferences, after: Preferences, now: datetime, *, wanted: bool
) -> dict[str, Any]:
    """The local day and due time of the next summary once preferences have changed.

    Args:
        pending: the server or member, with the summary that comes next so far.
        before: the preferences until now.
        after: the new ones.
        now: aware time.
        wanted: whether any summaries are wanted.
    """
    if not wanted:
        return {"summary_due": None, "summary_day": None}
    if pending.summary_due is None:
        day, due = after.next_summary(now)
    else:
        day = pending.summary_day or before.day_of(pending.summary_due)
        due = max(now, after.summary_moment(day))
    return {"summary_due": due, "summary_day": day}
