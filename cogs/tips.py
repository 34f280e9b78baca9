"""Advice and its limits: /tip, and /nudges for when and where the bot may speak up."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording
from coach.nudging.tips import Quote, Tip
from coach.reports import Report
from cogs.support.answers import COLOUR, answer, guild_of
from cogs.support.bot import Context, SquareDeal

WHERE = {
    "reply": "Nudges come as a silent reply below the draft.",
    "dm": "Nudges come as a direct message.",
    "summary": "No nudges between; the daily summary says what is due.",
    "off": "No nudges at all.",
}
Switch = Literal["on", "off"]


class TipsCog(commands.Cog):
    """A word of advice."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    @commands.hybrid_command()
    async def tip(self, ctx: Context) -> None:
        """A tip for where you stand."""
        report, tip, quote = await self.bot.coach.tip(guild_of(ctx).id, ctx.author.id)
        await answer(ctx, embed=tip_embed(report, tip, quote))

    @commands.hybrid_group(fallback="show", case_insensitive=True)
    async def nudges(self, ctx: Context) -> None:
        """When and where you are nudged."""
        terms = await self.bot.coach.terms(guild_of(ctx).id, ctx.author.id)
        rules = terms.rules
        lines = [wording.PAUSED] if terms.paused else []
        lines.append(WHERE[terms.nudge_where])
        if terms.nudge_where in ("reply", "dm"):
            gap = wording.counted(rules.gap.total_seconds() / 3600, "hour")
            lines.append(
                f"At most {rules.daily_cap} a day and one in {gap}, none from {rules.quiet_from:%H:%M} to "
                f"{rules.quiet_until:%H:%M} ({terms.zone.key})."
            )
        if rules.snoozed_until is not None and rules.snoozed_until > self.bot.coach.clock():
            lines.append(f"Snoozed until {discord.utils.format_dt(rules.snoozed_until, 'f')}.")
        lines.append(wording.questions_line(terms))
        await answer(ctx, "\n".join(lines))

    @nudges.command(name="where")
    @app_commands.describe(place="reply below the draft, direct message, only in the daily summary, or off")
    async def where_(self, ctx: Context, place: Literal["reply", "dm", "summary", "off"]) -> None:
        """Choose where nudges go."""
        await self.bot.choices.set_nudges(guild_of(ctx).id, ctx.author.id, place)
        terms = await self.bot.coach.terms(guild_of(ctx).id, ctx.author.id)
        await answer(ctx, f"{WHERE[place]} {wording.questions_line(terms)}")

    @nudges.command()
    async def off(self, ctx: Context) -> None:
        """No nudges and no questions; your drafts are still counted."""
        await self.bot.choices.set_nudges(guild_of(ctx).id, ctx.author.id, "off")
        await answer(ctx, "No nudges and no questions. `/nudges where` brings them back.")

    @nudges.command()
    @app_commands.describe(choice="on: ask me about drafts that could be either; off: never ask")
    async def questions(self, ctx: Context, choice: Switch) -> None:
        """Choose whether you are asked about drafts that could be either."""
        terms = await self.bot.choices.set_questions(guild_of(ctx).id, ctx.author.id, choice == "on")
        if choice == "on" and not terms.questions:
            await answer(ctx, "Noted, but questions are turned off for this whole server.")
        else:
            await answer(ctx, wording.questions_line(terms))

    @nudges.command()
    @app_commands.describe(hours="for how long, 24 unless you say otherwise")
    async def snooze(self, ctx: Context, hours: commands.Range[int, 1, 720] = 24) -> None:
        """No nudges for some hours."""
        until = await self.bot.choices.snooze(guild_of(ctx).id, ctx.author.id, hours)
        await answer(ctx, f"No nudges until {discord.utils.format_dt(until, 'f')}.")

    @nudges.command()
    @app_commands.describe(hours="hours between two nudges at least")
    async def pace(self, ctx: Context, hours: commands.Range[int, 1, 48]) -> None:
        """Choose how often you may be nudged."""
        await self.bot.choices.set_pace(guild_of(ctx).id, ctx.author.id, hours)
        await answer(ctx, f"At most one nudge in {wording.counted(hours, 'hour')} from now on.")

    @nudges.command()
    @app_commands.describe(start="local time, such as 22:00", end="local time, such as 7:00")
    async def quiet(self, ctx: Context, start: str, end: str) -> None:
        """Choose your quiet hours."""
        first, last = await self.bot.choices.set_quiet(guild_of(ctx).id, ctx.author.id, start, end)
        await answer(ctx, f"No nudges from {first:%H:%M} to {last:%H:%M}, your time.")


def tip_embed(report: Report, tip: Tip, quote: Quote | None) -> discord.Embed:
    """A tip below the next step, with the share that it rests on."""
    embed = discord.Embed(
        colour=COLOUR, title=wording.next_step(report.standing), description=wording.tip_text(tip, quote)
    )
    embed.set_footer(text=wording.share_line(report.standing))
    return embed


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(TipsCog(bot))
