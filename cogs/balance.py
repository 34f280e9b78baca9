"""Where a member stands: /balance, /check and /history."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import chart, words
from coach.drawing import Drawing, DrawingError
from coach.labels import Verdict
from coach.reports import MOST_ASKED, PER_SECONDS, Report
from coach.settings import Reactions, Settings
from coach.store import StoredDraft
from coach.terms import Refused
from coach.tips import Quote, Tip
from cogs.kit import COLOUR, LABEL_COLOURS, CoachBot, Context, View, answer, guild_of, manages, shown_name

log = logging.getLogger(__name__)

MOST_LISTED = 20
"""Drafts in one /history answer: the menu under it takes 25, an embed's text 4,096 characters."""


def balance_embed(settings: Settings, report: Report, name: str) -> discord.Embed:
    """A member's standing."""
    standing = report.standing
    embed = discord.Embed(
        colour=COLOUR,
        title=f"Balance of {shown_name(name)}",
        description=f"**{words.share_line(standing)}**\n"
        f"{words.position_line(standing, settings.balance.min_drafts)}",
    )
    signs = settings.reactions
    days = words.window_words(standing.goal)
    embed.add_field(name=f"{signs.content} Content, {days}", value=str(standing.tally.content))
    embed.add_field(name=f"{signs.conversation} Conversation, {days}", value=str(standing.tally.conversation))
    embed.add_field(name="Goal", value=words.goal_line(standing.goal), inline=False)
    embed.add_field(name="Credit", value=words.credit_line(standing), inline=False)
    embed.add_field(name="Streak", value=words.streak_line(standing), inline=False)
    if report.people is not None:
        people = words.breadth_line(report.people, standing.goal.window_days)
        embed.add_field(name="Breadth", value=people, inline=False)
    return embed


def check_embed(
    signs: Reactions, verdict: Verdict, step: str | None, tip: Tip | None, quote: Quote | None
) -> discord.Embed:
    """What the labeller makes of a text, and how to tilt it, if that's at hand."""
    embed = discord.Embed(
        colour=LABEL_COLOURS[verdict.label],
        title=f"{signs.of(verdict.label)} {verdict.label.capitalize()}",
        description=f"{words.verdict_line(verdict)}\n{words.reasons_line(verdict)}",
    )
    if step is not None:
        embed.add_field(name=f"To tilt it towards {verdict.label.other}", value=words.literal(step), inline=False)
    if tip is not None:
        embed.add_field(name="Tip", value=words.tip_text(tip, quote), inline=False)
    return embed


def history_embed(signs: Reactions, drafts: Sequence[StoredDraft], days: int) -> discord.Embed:
    """A member's drafts, newest first, each with its place, label and link."""
    lines: list[str] = []
    for place, draft in enumerate(drafts, 1):
        sign = signs.of(draft.label) if draft.label else "▫️"
        link = f"https://discord.com/channels/{draft.guild_id}/{draft.channel_id}/{draft.message_id}"
        when = discord.utils.format_dt(draft.posted_at, "f")
        lines.append(f"`{place}` {sign} {words.draft_line(draft)} [{when}]({link})")
    embed = discord.Embed(
        colour=COLOUR,
        title=f"Your drafts of the last {days} days" if days > 1 else "Your drafts of today",
        description="\n".join(lines) or "No drafts in these days.",
    )
    if len(drafts) == MOST_LISTED:
        embed.set_footer(text=f"The newest {MOST_LISTED} are listed.")
    return embed


def history_options(drafts: Sequence[StoredDraft]) -> list[discord.SelectOption]:
    """The entries of the menu below the list: what choosing a draft does to its label."""
    options: list[discord.SelectOption] = []
    for place, draft in enumerate(drafts, 1):
        if draft.label is None:
            change = "set aside → counted again"
        else:
            undo = " (take it back)" if draft.can_be_taken_back else ""
            change = f"{draft.label} → {draft.label.other}{undo}"
        options.append(discord.SelectOption(label=f"{place}: {change}", value=str(draft.message_id)))
    return options


async def chart_file(
    drawing: Drawing, report: Report, embed: discord.Embed, name: str = "balance.png"
) -> discord.File | None:
    """Draw a report's chart and make it the embed's picture; the file goes with the embed.

    None if it can't be drawn: the embed then says the same without a picture, and the log says why.
    """
    goal = report.standing.goal
    try:
        picture = await drawing.draw(report.days, report.today, goal)
    except DrawingError as error:
        log.warning("an answer goes without its chart: %s", error)
        return None
    embed.set_image(url=f"attachment://{name}")
    text = chart.alt_text(report.days, report.today, goal)
    return discord.File(io.BytesIO(picture), name, description=text)


def may_attach(ctx: Context) -> bool:
    """Whether a chart may go with an answer: without that permission the answer would be refused with it."""
    return ctx.bot_permissions.attach_files


def files_of(*files: discord.File | None) -> list[discord.File]:
    """What charts there are."""
    return [file for file in files if file is not None]


seldom = commands.cooldown(MOST_ASKED, PER_SECONDS, commands.BucketType.member)
"""For commands that draw or explain, which takes long enough to keep others waiting."""


class Balance(commands.Cog):
    """Numbers on demand."""

    def __init__(self, bot: CoachBot) -> None:
        self.bot = bot

    @commands.hybrid_command()
    @seldom
    @app_commands.describe(
        member="whose balance; others' only for those who manage the server", days="days to look back"
    )
    async def balance(
        self,
        ctx: Context,
        member: discord.Member | None = None,
        # discord.py takes an optional range for text in a hybrid command, so None stands as a bare default.
        days: commands.Range[int, 1, 90] = None,  # type: ignore[assignment]
    ) -> None:
        """Your counts, share, credit and streak, with a chart."""
        guild = guild_of(ctx)
        whose = member or ctx.author
        if whose.id != ctx.author.id and not manages(ctx.author):
            raise Refused("You can see your own balance; others' only if you manage the server.")
        await ctx.defer(ephemeral=True)
        report = await self.bot.coach.report(guild.id, whose.id, days)
        embed = balance_embed(self.bot.settings, report, whose.display_name)
        file = await chart_file(self.bot.drawing, report, embed) if may_attach(ctx) else None
        # After a typed command everybody could read how somebody else stands.
        await answer(ctx, embed=embed, private=whose.id != ctx.author.id, files=files_of(file))

    @commands.hybrid_command()
    @seldom
    @app_commands.describe(text="the draft to look at; it is not counted and not stored")
    async def check(self, ctx: Context, *, text: commands.Range[str, 1, 4000]) -> None:
        """Label a text without counting it, and see why."""
        guild = guild_of(ctx)
        await ctx.defer(ephemeral=True)
        verdict = await self.bot.coach.check(guild.id, ctx.author.id, text)
        step, tip, quote = await self.bot.coach.tilt(guild.id, ctx.author.id, text, verdict)
        await answer(ctx, embed=check_embed(self.bot.settings.reactions, verdict, step, tip, quote))

    @commands.hybrid_command()
    @app_commands.describe(days="days to look back, 7 unless you say otherwise")
    async def history(self, ctx: Context, days: commands.Range[int, 1, 90] = 7) -> None:
        """Your recent drafts with their labels; change a label from the menu."""
        guild = guild_of(ctx)
        view = History(self.bot, guild.id, ctx.author.id, days)
        await answer(ctx, private=True, **await view.parts())


class History(View):
    """A member's recent drafts, with a menu that gives the chosen one the other label."""

    def __init__(self, bot: CoachBot, guild_id: int, user_id: int, days: int) -> None:
        super().__init__(user_id)
        self.bot = bot
        self.guild_id = guild_id
        self.user_id = user_id
        self.days = days

    async def parts(self) -> dict[str, Any]:
        """The embed with the menu beneath, fresh from the store, as arguments of `send` and `edit`."""
        drafts = await self.bot.coach.history(self.guild_id, self.user_id, self.days, MOST_LISTED)
        self.clear_items()
        if drafts:
            self.choose.options = history_options(drafts)
            self.add_item(self.choose)
        return {"embed": history_embed(self.bot.settings.reactions, drafts, self.days), "view": self}

    @discord.ui.select(placeholder="Change a label")
    async def choose(self, interaction: discord.Interaction[Any], select: discord.ui.Select[Any]) -> None:
        """Give the chosen draft the other label."""
        # The menu chosen from may be older than the last list: what was drafted or deleted since has changed that.
        draft = await self.bot.corrections.find(self.guild_id, int(select.values[0]), self.user_id, manages=None)
        await interaction.response.defer()
        text = await self.bot.text_to_learn(draft, self.user_id)
        before, label = await self.bot.corrections.flip(
            self.guild_id, draft.message_id, self.user_id, text, manages=None
        )
        await interaction.edit_original_response(**await self.parts())
        channel = self.bot.get_partial_messageable(draft.channel_id, guild_id=self.guild_id)
        await self.bot.put_sign(channel.get_partial_message(draft.message_id), label, before.label)


async def setup(bot: CoachBot) -> None:
    """Load the cog."""
    await bot.add_cog(Balance(bot))
