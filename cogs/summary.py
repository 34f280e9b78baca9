"""The daily summary: sent when due, and /summary to see it now or to choose time and place."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands, tasks

from coach import words
from coach.settings import Reactions
from coach.summary import Claim, Digest, Entry, LookBack
from cogs.balance import chart_file
from cogs.kit import COLOUR, NO_DM, CoachBot, Context, answer, guild_of, log_error
from cogs.refusals import NO_ANSWER, Refusal, meaning, permission, said

log = logging.getLogger(__name__)

SECONDS_TO_FINISH = 1.5
"""How long a shutdown waits for the summary in hand."""

WHERE = {
    "server": "You are listed in the server's daily summary.",
    "dm": "Your daily summary comes as a direct message; the server's leaves you out.",
    "off": "No daily summary for you; the server's leaves you out.",
}

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "never"]


class Summary(commands.Cog):
    """Once a day, how it went."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        self._sending = asyncio.Lock()

    async def cog_load(self) -> None:
        """Start looking at the clock."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop looking at the clock; the summary in hand is finished first, unless Discord keeps it waiting."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_FINISH):
                await self._sending.acquire()
        ticking = self.tick.get_task()
        self.tick.cancel()
        if ticking is not None:
            await asyncio.wait({ticking}, timeout=SECONDS_TO_FINISH)

    @tasks.loop(minutes=1)
    async def tick(self) -> None:
        """Send what has become due."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            due = self.bot.summaries.take_due()
            while True:
                async with self._sending:
                    claim = await anext(due, None)
                    if claim is None:
                        break
                    await self._deliver(claim)
        except Exception as error:
            log_error("the daily summaries", error)

    @tick.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _deliver(self, claim: Claim) -> None:
        guild_id, member_id = claim.due.guild_id, claim.due.member_id
        target = None
        try:
            target = await self._target(guild_id, member_id)
            if target is None:
                return
            # Where it was taken and only the answer got lost, Discord knows it again by its nonce.
            await target.send(**await claim_parts(self.bot, claim), silent=True, nonce=claim.nonce)
        except discord.Forbidden as error:
            # Closed DMs stay closed; a channel may be mended, which a later day will show.
            what = meaning(error)
            if member_id is not None and what is Refusal.PERSON:
                await self.bot.choices.dm_refused(guild_id, member_id)
            elif member_id is None and what is Refusal.PERMISSION:
                missing = permission(error, "Send Messages, Embed Links and Attach Files")
                await self.bot.report_missing(target, missing)
            log.warning("server %s: summary not sent: %s", guild_id, said(error))
        except asyncio.CancelledError:
            # The end came while Discord kept it waiting: the next start tries again.
            await self.bot.summaries.failed(claim)
            raise
        except NO_ANSWER as error:
            log.warning("server %s: summary not sent, trying again: %s", guild_id, said(error))
            await self.bot.summaries.failed(claim)
        else:
            await self.bot.summaries.sent(claim)

    async def _target(self, guild_id: int, member_id: int | None) -> Any:
        """Where a summary goes; None where there is no such place."""
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return None
        if member_id is not None:
            try:
                return await guild.fetch_member(member_id)
            except discord.NotFound:
                return None  # They have left: what goes on in the server is no longer for them.
        chosen = (await self.bot.coach.guild(guild.id)).summary_channel_id
        channel = guild.get_channel(chosen) if chosen else None
        return channel or next(
            (c for c in self.bot.watch.channels(guild) if isinstance(c, discord.abc.Messageable)), None
        )

    @commands.hybrid_group(fallback="show", case_insensitive=True)
    async def summary(self, ctx: Context) -> None:
        """Where and when your daily summary comes."""
        guild = guild_of(ctx)
        member = await self.bot.coach.store.members.get(guild.id, ctx.author.id)
        terms = await self.bot.coach.terms(guild.id, ctx.author.id if member.summary_where == "dm" else None)
        line = f"{WHERE[member.summary_where]} It comes at {terms.summary_at:%H:%M} ({terms.zone.key})."
        await answer(ctx, NO_DM if member.summary_where == "dm" and member.dm is not None else line)

    @summary.command()
    async def now(self, ctx: Context) -> None:
        """See today's summary now; the daily one still comes."""
        guild = guild_of(ctx)
        digest = await self.bot.summaries.compose(guild.id, None) or await self.bot.summaries.compose(
            guild.id, ctx.author.id
        )
        if digest is None:
            await answer(ctx, "Nothing has been drafted today, so there is no summary yet.")
        else:
            embed, file = await digest_parts(self.bot, digest)
            await answer(ctx, embed=embed, file=file)

    @summary.command()
    async def week(self, ctx: Context) -> None:
        """Look back on your last seven days."""
        week = await self.bot.summaries.look_back(guild_of(ctx).id, ctx.author.id)
        if week is None:
            await answer(ctx, "Nothing has been drafted in the last 7 days, so there is nothing to look back on.")
        else:
            embed, file = await week_parts(week)
            await answer(ctx, embed=embed, file=file)

    @summary.command()
    @app_commands.describe(day="the weekday on which a look-back comes by direct message, or never")
    async def weekly(self, ctx: Context, day: Weekday) -> None:
        """Choose the weekday of your weekly look-back."""
        weekday = None if day == "never" else WEEKDAYS.index(day)
        terms = await self.bot.choices.set_weekly(guild_of(ctx).id, ctx.author.id, weekday)
        when = f"every {day} at {terms.summary_at:%H:%M} ({terms.zone.key}), by direct message"
        await answer(ctx, "No weekly look-back." if weekday is None else f"Your week comes {when}.")

    @summary.command()
    @app_commands.describe(at="local time, such as 18:30")
    async def time(self, ctx: Context, at: str) -> None:
        """Choose when your own summary comes, by direct message."""
        terms = await self.bot.choices.set_summary(guild_of(ctx).id, ctx.author.id, where="dm", at=at)
        await answer(ctx, f"{WHERE['dm']} It comes at {terms.summary_at:%H:%M} ({terms.zone.key}).")

    @summary.command(name="where")
    @app_commands.describe(place="listed in the server's summary, as a direct message, or off")
    async def where_(self, ctx: Context, place: Literal["server", "dm", "off"]) -> None:
        """Choose where your daily summary goes."""
        await self.bot.choices.set_summary(guild_of(ctx).id, ctx.author.id, where=place)
        await answer(ctx, WHERE[place])

    @summary.command()
    async def off(self, ctx: Context) -> None:
        """No daily summary for you."""
        await self.bot.choices.set_summary(guild_of(ctx).id, ctx.author.id, where="off")
        await answer(ctx, WHERE["off"])


async def claim_parts(bot: CoachBot, claim: Claim) -> dict[str, Any]:
    """What a due summary sends, as arguments of `send`: the day, the week, or both."""
    parts: list[tuple[discord.Embed, discord.File]] = []
    if claim.digest is not None:
        parts.append(await digest_parts(bot, claim.digest))
    if claim.week is not None:
        parts.append(await week_parts(claim.week))
    return {"embeds": [embed for embed, _ in parts], "files": [file for _, file in parts]}


async def digest_parts(bot: CoachBot, digest: Digest) -> tuple[discord.Embed, discord.File]:
    """The embed of a day's summary with its chart."""
    names = [await bot.name_of(digest.guild_id, entry.member_id) for entry in digest.entries]
    embed = digest_embed(bot.settings.reactions, digest, names)
    return embed, await chart_file(digest.report, embed)


def digest_embed(signs: Reactions, digest: Digest, names: Sequence[str]) -> discord.Embed:
    """The words of a day's summary; `names` has the members' names in the order of its entries, safe to show."""
    embed = discord.Embed(
        colour=COLOUR,
        title=f"The day's summary: {digest.day:%A}, {digest.day.day} {digest.day:%B %Y}",
    )
    for name, entry in zip(names, digest.entries, strict=True):
        embed.add_field(name=name, value=_lines(signs, entry), inline=False)
    if digest.more:
        embed.set_footer(text=f"and {words.number(digest.more)} more who drafted today")
    step = "Next step" if digest.member_id is not None else "Next step, for all together"
    embed.add_field(name=step, value=words.next_step(digest.report.standing), inline=False)
    embed.add_field(name="Tip", value=words.tip_text(digest.tip, digest.quote), inline=False)
    return embed


async def week_parts(look_back: LookBack) -> tuple[discord.Embed, discord.File]:
    """The embed of a member's week with its chart."""
    embed = week_embed(look_back)
    return embed, await chart_file(look_back.report, embed, "week.png")


def week_embed(look_back: LookBack) -> discord.Embed:
    """The words of a member's week."""
    week, standing = look_back.week, look_back.report.standing
    embed = discord.Embed(
        colour=COLOUR,
        title=f"Your week up to {week.last:%A}, {week.last.day} {week.last:%B %Y}",
        description="\n".join(words.week_lines(week, standing)),
    )
    embed.add_field(name="One thing to try", value=words.tip_text(look_back.tip, look_back.quote), inline=False)
    return embed


def _lines(signs: Reactions, entry: Entry) -> str:
    standing = entry.report.standing
    today = (
        f"{signs.content} {entry.today.content} content, "
        f"{signs.conversation} {entry.today.conversation} conversation today"
    )
    credit = f"{words.credit_line(standing)} {words.streak_line(standing)}"
    return "\n".join((today, words.share_line(standing), credit))


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Summary(bot))
