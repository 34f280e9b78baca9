"""The daily summary: sent when due, and /summary to see it now or to choose time and place."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Literal

import discord
from discord import app_commands
from discord.ext import commands, tasks

from coach import words
from coach.summary import Claim, Digest, Entry
from cogs.balance import chart_file
from cogs.kit import COLOUR, CoachBot, Context, answer, guild_of

log = logging.getLogger(__name__)

WHERE = {
    "server": "You are listed in the server's daily summary.",
    "dm": "Your daily summary comes as a direct message; the server's leaves you out.",
    "off": "No daily summary for you; the server's leaves you out.",
}


class Summary(commands.Cog):
    """Once a day, how it went."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot
        self._sending = asyncio.Lock()

    async def cog_load(self) -> None:
        """Start looking at the clock."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop looking at the clock; a summary in hand is finished first."""
        async with self._sending:
            self.tick.cancel()

    @tasks.loop(minutes=1)
    async def tick(self) -> None:
        """Send what has become due."""
        # Nothing may end the loop: an exception that reaches discord.ext.tasks stops it for good.
        try:
            async with self._sending:
                for claim in await self.bot.summaries.take_due():
                    await self._deliver(claim)
        except Exception:
            log.exception("the daily summaries could not be sent")

    @tick.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _deliver(self, claim: Claim) -> None:
        digest = claim.digest
        target = await self._target(digest)
        if target is None:
            return
        try:
            await target.send(**await digest_parts(self.bot, digest), silent=True)
        except discord.Forbidden:
            # Closed DMs stay closed; a channel may be mended, which a later day will show.
            if digest.member_id is None:
                await self.bot.report_missing(target, "Send Messages, Embed Links and Attach Files")
        except (discord.HTTPException, OSError) as error:
            log.warning("server %s: summary not sent, trying again: %s", digest.guild_id, type(error).__name__)
            await self.bot.summaries.failed(claim)
        else:
            await self.bot.summaries.sent(claim)

    async def _target(self, digest: Digest) -> Any:
        """Where a summary goes; None where there is no such place."""
        if digest.member_id is not None:
            try:
                return await self.bot.fetch_user(digest.member_id)
            except discord.HTTPException:
                return None
        guild = self.bot.get_guild(digest.guild_id)
        if guild is None:
            return None
        chosen = (await self.bot.coach.guild(guild.id)).summary_channel_id
        channel = guild.get_channel(chosen) if chosen else None
        return channel or next(
            (c for c in self.bot.watch.channels(guild) if isinstance(c, discord.abc.Messageable)), None
        )

    @commands.hybrid_group(fallback="show")
    async def summary(self, ctx: Context) -> None:
        """Where and when your daily summary comes."""
        guild = guild_of(ctx)
        member = await self.bot.coach.store.members.get(guild.id, ctx.author.id)
        terms = await self.bot.coach.terms(guild.id, ctx.author.id if member.summary_where == "dm" else None)
        await answer(
            ctx, f"{WHERE[member.summary_where]} It comes at {terms.summary_at:%H:%M} ({terms.zone.key})."
        )

    @summary.command()
    async def now(self, ctx: Context) -> None:
        """See today's summary now; the daily one still comes."""
        guild = guild_of(ctx)
        await ctx.defer(ephemeral=True)
        digest = await self.bot.summaries.compose(guild.id, None) or await self.bot.summaries.compose(
            guild.id, ctx.author.id
        )
        if digest is None:
            await answer(ctx, "Nothing has been drafted today, so there is no summary yet.")
        else:
            await answer(ctx, **await digest_parts(self.bot, digest))

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


async def digest_parts(bot: CoachBot, digest: Digest) -> dict[str, Any]:
    """The embed of a summary with its chart, as arguments of `send`."""
    embed = discord.Embed(
        colour=COLOUR,
        title=f"The day's summary: {digest.day:%A}, {digest.day.day} {digest.day:%B %Y}",
    )
    for entry in digest.entries:
        name = await bot.name_of(digest.guild_id, entry.member_id)
        embed.add_field(name=name, value=_lines(bot, entry), inline=False)
    if digest.more:
        embed.set_footer(text=f"and {words.number(digest.more)} more who drafted today")
    embed.add_field(name="Next step", value=words.next_step(digest.report.standing), inline=False)
    embed.add_field(name="Tip", value=words.tip_text(digest.tip, digest.quote), inline=False)
    return {"embed": embed, "file": await chart_file(digest.report, embed)}


def _lines(bot: CoachBot, entry: Entry) -> str:
    signs, standing = bot.settings.reactions, entry.report.standing
    today = (
        f"{signs.content} {entry.today.content} content, "
        f"{signs.conversation} {entry.today.conversation} conversation today"
    )
    credit = f"{words.credit_line(standing)} {words.streak_line(standing)}"
    return "\n".join((today, words.share_line(standing), credit))


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Summary(bot))
