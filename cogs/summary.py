"""The daily summary: sent when due, and /summary to see it now or to choose time and place."""

from __future__ import annotations

import logging
from typing import Any, Literal, get_args

import discord
from discord import app_commands
from discord.ext import commands, tasks

from coach import wording, wording_accounts, wording_choices, wording_posted
from coach.errors import Hidden
from coach.store import Claim, Due
from coach.store.claims import BEGIN_WITHIN
from coach.store.people import SummaryWhere
from coach.summaries import Pending
from cogs.support.accounts import account_meant, hidden_from, offer_accounts
from cogs.support.answers import answer, guild_of, slow_command
from cogs.support.audience import places_of, unseen_by_member, unseen_by_readers
from cogs.support.bot import Context, SquareDeal
from cogs.support.charts import files_of, may_attach
from cogs.support.digests import digest_parts, week_parts
from cogs.support.ending import InProgress, stop_ticking
from cogs.support.errors import log_error
from cogs.support.http_timeout import begun_within
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning, permission
from cogs.support.sent import find_sent, was_deleted

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 1.5
"""How long a shutdown waits for a summary that is being sent."""

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "never"]


class SummaryCog(commands.Cog):
    """Sends the daily summaries, and answers /summary."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._in_progress = InProgress()

    async def cog_load(self) -> None:
        """Start looking at the clock."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop looking at the clock; a summary being sent is finished first, unless Discord keeps it waiting."""
        await stop_ticking(self.tick, self._in_progress, SECONDS_TO_FINISH)

    @tasks.loop(minutes=1)
    async def tick(self) -> None:
        """Send what has become due."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            for due in await self.bot.coach.summaries.due():
                # Nor may one server's failure stop the next: what failed is still due, and tried again.
                try:
                    await self._deliver(due)
                except Hidden:
                    log.warning(
                        "server %s: whether its summary was sent can't be seen; it isn't sent again", due.guild_id
                    )
                    await self.bot.coach.summaries.skip(due)
                except Exception as error:
                    log_error(f"the summary of server {due.guild_id}", error)
        except Exception as error:
            log_error("the daily summaries", error)

    @tick.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _deliver(self, due: Due) -> None:
        guild = self.bot.get_guild(due.guild_id)
        if guild is None or guild.unavailable:
            return  # Perhaps an outage: the summary stays due until its grace time is over.
        if due.member_id is None:
            channel = await self._channel(guild)
            if channel is None:
                await self.bot.coach.summaries.skip(due)
            elif _may(channel, "view_channel", "send_messages", "embed_links"):
                unseen = unseen_by_readers(guild, channel, await places_of(self.bot, guild))
                await self._send(due, await self.bot.coach.summaries.prepare(due, unseen), channel)
            else:
                await self.bot.report_missing(channel, "Send Messages and Embed Links")
        elif (pending := await self.bot.coach.summaries.prepare(due)) is not None:
            try:
                # Asked before anything of a server is sent: they may have left it.
                member = await guild.fetch_member(due.member_id)
                channel = await member.create_dm()
            except discord.NotFound as error:
                if not error.code:
                    raise  # A proxy says so, not Discord: the summary is still due.
                await self.bot.coach.summaries.skip(due)
            else:
                await self._send(due, pending, channel)

    async def _send(self, due: Due, pending: Pending | None, channel: Any) -> None:
        """Send a summary, unless an earlier attempt stands in its channel."""
        if pending is None:
            return
        summaries = self.bot.coach.summaries
        if pending.claim is not None:
            if await self._stands(pending, pending.claim):
                await summaries.note_sent(pending)
                return
            if not await summaries.give_back(pending):
                return
        # All that takes time comes first: from the claim to its end there is only the request.
        parts = await pending_parts(self.bot, pending, may_attach=_may(channel, "attach_files"))
        with self._in_progress.hold(), begun_within(BEGIN_WITHIN):
            claimed = await summaries.claim(pending, channel.id)
            if claimed is None:
                return
            try:
                await channel.send(**parts, silent=True, nonce=pending.nonce)
            except discord.HTTPException as error:
                log.warning("server %s: summary not sent: %s", due.guild_id, described(error))
                if was_deleted(error):
                    await summaries.note_sent(claimed)
                elif meaning(error) is not Refusal.PASSING:
                    await self._refused(claimed, channel, error)
            except NO_ANSWER as error:
                log.warning("server %s: no answer to its summary: %s", due.guild_id, described(error))
            else:
                await summaries.note_sent(claimed)

    async def _refused(self, pending: Pending, channel: Any, error: discord.HTTPException) -> None:
        """Discord has said no: that is final for this day, unless the channel has just been deleted."""
        await self.bot.coach.summaries.give_back(pending)
        if isinstance(error, discord.NotFound):
            return
        # Closed DMs stay closed; a channel may be mended, which a later day will show.
        due, what = pending.due, meaning(error)
        if due.member_id is not None and what is Refusal.PERSON:
            await self.bot.coach.choices.note_dm_refused(due.guild_id, due.member_id)
        elif due.member_id is None and what is Refusal.PERMISSION:
            await self.bot.report_missing(channel, permission(error, "Send Messages and Embed Links"))
        await self.bot.coach.summaries.skip(pending.due)

    async def _stands(self, pending: Pending, claim: Claim) -> bool:
        """Whether an earlier attempt without an answer stands in its channel.

        Raises:
            Hidden: that can't be seen.
        """
        if claim.channel_id is None:
            return False
        mark = mark_of(pending)

        def is_it(message: discord.Message) -> bool:
            # Nothing else that the bot says is without words of its own once its embeds are taken off by hand.
            bare = message.flags.suppress_embeds and not message.content
            return bare or any(embed.url == mark for embed in message.embeds)

        return await find_sent(self.bot, pending.due.guild_id, claim, is_it) is not None

    async def _channel(self, guild: discord.Guild) -> Any:
        """Where a server's summary goes; None if there is no such place."""
        chosen = (await self.bot.coach.members.guild(guild.id)).summary_channel_id
        channel = guild.get_channel(chosen) if chosen else None
        return channel or next(
            (c for c in self.bot.watch.channels(guild) if isinstance(c, discord.abc.Messageable)), None
        )

    @commands.hybrid_group(fallback="show", case_insensitive=True)
    async def summary(self, ctx: Context) -> None:
        """Where and when your daily summary comes."""
        guild = guild_of(ctx)
        member = (await self.bot.coach.members.get(guild.id, ctx.author.id)).member
        whose = ctx.author.id if member.summary_where == "dm" else None
        preferences = await self.bot.coach.members.preferences(guild.id, whose)
        if member.summary_where == "server" and not (await self.bot.coach.members.guild(guild.id)).summary_on:
            await answer(ctx, wording_choices.SERVER_SUMMARY_OFF)
        elif member.summary_where == "off":
            await answer(ctx, wording_choices.SUMMARY["off"])
        elif member.summary_where == "dm" and member.dm is not None:
            await answer(ctx, wording_choices.NO_DIRECT_MESSAGES)
        else:
            await answer(ctx, wording_choices.summary_comes(member.summary_where, preferences))

    @summary.command()
    @slow_command
    async def now(self, ctx: Context) -> None:
        """See today's summary now; the daily one still comes."""
        guild, summaries = guild_of(ctx), self.bot.coach.summaries
        assert isinstance(ctx.author, discord.Member)  # noqa: S101  # used in a server
        unseen = unseen_by_member(guild, ctx.author, await places_of(self.bot, guild))
        digest = await summaries.compose(guild.id, None, unseen, ctx.author.id) or await summaries.compose(
            guild.id, ctx.author.id
        )
        if digest is None:
            counts = await self.bot.coach.members.counts(guild.id, None)
            await answer(ctx, wording_posted.nothing_counts(wording.NOTHING_TODAY, counts))
        else:
            embed, file = await digest_parts(self.bot, digest, may_attach=may_attach(ctx))
            # After a typed command, people who may view less than its reader would see it.
            await answer(ctx, embed=embed, private=True, files=files_of(file))

    @summary.command()
    @slow_command
    @app_commands.describe(account="only for this account; else that of the channel, if it has one")
    @app_commands.autocomplete(account=offer_accounts)
    async def week(self, ctx: Context, *, account: str | None = None) -> None:
        """Look back on your last seven days."""
        about = await account_meant(ctx, account)
        hidden = await hidden_from(ctx, about)
        week = await self.bot.coach.summaries.look_back(
            guild_of(ctx).id, ctx.author.id, account=about, hidden=hidden
        )
        if week is None:
            counts = await self.bot.coach.members.counts(guild_of(ctx).id, about)
            await answer(ctx, wording_posted.nothing_counts(wording.NOTHING_THIS_WEEK, counts))
        else:
            embed, file = await week_parts(self.bot, week, may_attach=may_attach(ctx))
            await answer(ctx, embed=embed, private=True, files=files_of(file))

    @summary.command()
    @app_commands.describe(day="the weekday on which a look-back comes by direct message, or never")
    async def weekly(self, ctx: Context, day: Weekday) -> None:
        """Choose the weekday of your weekly look-back."""
        weekday = None if day == "never" else get_args(Weekday).index(day)
        preferences = await self.bot.coach.choices.set_weekly(guild_of(ctx).id, ctx.author.id, weekday)
        await answer(
            ctx, wording_choices.NO_WEEKLY if weekday is None else wording_choices.weekly_now(day, preferences)
        )

    @summary.command()
    @app_commands.describe(at="local time, such as 6:30 pm or 18:30")
    async def time(self, ctx: Context, *, at: str) -> None:
        """Choose when your own summary comes, by direct message."""
        preferences = await self.bot.coach.choices.set_summary(guild_of(ctx).id, ctx.author.id, where="dm", at=at)
        await answer(ctx, wording_choices.summary_comes("dm", preferences))

    @summary.command(name="where")
    @app_commands.describe(place="named in the server's summary, as a direct message, or off")
    async def where_(self, ctx: Context, place: SummaryWhere) -> None:
        """Choose where your daily summary goes."""
        guild = guild_of(ctx)
        await self.bot.coach.choices.set_summary(guild.id, ctx.author.id, where=place)
        listed = place != "server" or (await self.bot.coach.members.guild(guild.id)).summary_on
        await answer(ctx, wording_choices.SUMMARY[place] if listed else wording_choices.SERVER_SUMMARY_OFF)

    @summary.command()
    @app_commands.describe(choice="on: the server's summary and /team show them; off: you are only named")
    async def figures(self, ctx: Context, choice: Literal["on", "off"]) -> None:
        """Choose whether your figures are shown to others."""
        await self.bot.coach.choices.set_figures(guild_of(ctx).id, ctx.author.id, choice == "on")
        await answer(ctx, wording_accounts.FIGURES[choice == "on"])

    @summary.command()
    async def off(self, ctx: Context) -> None:
        """No daily summary for you."""
        await self.bot.coach.choices.set_summary(guild_of(ctx).id, ctx.author.id, where="off")
        await answer(ctx, wording_choices.SUMMARY["off"])


def mark_of(pending: Pending) -> str:
    """What a summary is known by in its channel, whatever its words: a link to its server that holds the day.

    It is the address of its title. Discord returns the address with the message, but never the nonce.
    """
    return f"https://discord.com/channels/{pending.due.guild_id}#{pending.day}"


async def pending_parts(bot: SquareDeal, pending: Pending, *, may_attach: bool) -> dict[str, Any]:
    """What a due summary sends, as arguments of `send`: the day, the week, or both."""
    parts: list[tuple[discord.Embed, discord.File | None]] = []
    if pending.digest is not None:
        parts.append(await digest_parts(bot, pending.digest, may_attach=may_attach))
    if pending.week is not None:
        parts.append(await week_parts(bot, pending.week, may_attach=may_attach))
    # Embeds with the same address would be shown as one with two pictures.
    first = parts[0][0]
    first.url = mark_of(pending)
    guild = bot.get_guild(pending.due.guild_id)
    if pending.due.member_id is not None and guild is not None:
        first.set_author(name=guild.name)  # a member may have a summary of each of several servers
    return {"embeds": [embed for embed, _ in parts], "files": files_of(*(file for _, file in parts))}


def _may(channel: Any, *permissions: str) -> bool:
    """Whether the bot has these permissions in a channel, as far as it knows; in direct messages it has."""
    if not isinstance(channel, discord.abc.GuildChannel):
        return True
    granted = channel.permissions_for(channel.guild.me)
    return all(getattr(granted, name) for name in permissions)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(SummaryCog(bot))
