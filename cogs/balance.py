"""Where a member stands: /balance, /check and /history."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording, wording_accounts, wording_choices, wording_drafts, wording_thoughts
from coach.balance.standing import Tally
from coach.corrections import Change
from coach.errors import Refused
from coach.labels import Label, Verdict
from coach.nudging.tips import Quote, Tip
from coach.reports import Report
from coach.settings import Reactions, Settings
from coach.store import InThought, StoredDraft
from cogs.support.accounts import account_meant, accounts_text, hidden_from, offer_accounts
from cogs.support.answers import (
    COLOUR,
    LABEL_COLOURS,
    answer,
    guild_of,
    literal,
    manages,
    safe_verdict,
    shown_name,
    slow_command,
    tip_text,
)
from cogs.support.bot import Context, SquareDeal
from cogs.support.charts import chart_file, files_of, may_attach
from cogs.support.corrections import correct, show
from cogs.support.errors import say_error
from cogs.support.messages import is_place_for_answers
from cogs.support.thoughts import move, place_parts, undo_button

log = logging.getLogger(__name__)

MOST_LISTED = 20
"""Drafts in one /history answer: the menu under it takes 25, an embed's text 4,096 characters."""


def balance_embed(
    settings: Settings,
    report: Report,
    name: str,
    paused: bool = False,
    by_account: Sequence[tuple[str, Tally]] = (),
) -> discord.Embed:
    """A member's standing, or a shared account's.

    Args:
        settings: the signs, and how many drafts a verdict takes.
        report: the standing.
        name: the member's name.
        paused: whether they have paused the bot.
        by_account: what they drafted for each account, if that is shown.
    """
    standing, account = report.standing, report.account
    title = wording.balance_title(shown_name(name))
    if account is not None:
        whose = shown_name(name) if report.member_id is not None else None
        title = wording_accounts.balance_title(literal(account.name), whose)
    embed = discord.Embed(
        colour=COLOUR,
        title=title,
        description=f"**{wording.share_line(standing)}**\n"
        f"{wording.position_line(standing, settings.balance.min_drafts)}"
        + (f"\n{wording_choices.PAUSED}" if paused else ""),
    )
    tally, signs = standing.tally, settings.reactions
    for label, sign, count in (
        (Label.CONTENT, signs.content, tally.content),
        (Label.CONVERSATION, signs.conversation, tally.conversation),
    ):
        head = wording.tally_head(sign, label, standing.goal)
        embed.add_field(name=head, value=str(count))
    embed.add_field(name=wording.GOAL, value=wording.goal_line(standing.goal), inline=False)
    embed.add_field(name=wording.CREDIT, value=wording.credit_line(standing), inline=False)
    embed.add_field(name=wording.STREAK, value=wording.streak_line(standing), inline=False)
    if report.people is not None:
        people = wording.breadth_line(report.people, standing.goal.window_days)
        embed.add_field(name=wording.BREADTH, value=people, inline=False)
    if by_account:
        embed.add_field(name=wording_accounts.BY_ACCOUNT, value=accounts_text(by_account), inline=False)
    return embed


def check_embed(
    signs: Reactions, verdict: Verdict, step: str | None, tip: Tip | None, quote: Quote | None
) -> discord.Embed:
    """What the labeller makes of a text, and how to tilt it if there is a step or a tip."""
    embed = discord.Embed(
        colour=LABEL_COLOURS[verdict.label],
        title=wording_drafts.verdict_title(verdict, signs.of(verdict.label)),
        description=wording_drafts.check_text(safe_verdict(verdict)),
    )
    if step is not None:
        embed.add_field(name=wording_drafts.tilt_head(verdict.label), value=literal(step), inline=False)
    if tip is not None:
        embed.add_field(name=wording.TIP, value=tip_text(tip, quote), inline=False)
    return embed


def history_embed(
    signs: Reactions, drafts: Sequence[StoredDraft], days: int, places: Mapping[int, InThought] = {}
) -> discord.Embed:
    """A member's drafts, newest first, each with its place, label and link."""
    lines: list[str] = []
    for place, draft in enumerate(drafts, 1):
        sign = signs.of(draft.label) if draft.label else "▫️"
        link = f"https://discord.com/channels/{draft.guild_id}/{draft.channel_id}/{draft.message_id}"
        when = discord.utils.format_dt(draft.posted_at, "f")
        lines.append(f"`{place}` {sign} {wording_drafts.history_line(draft)} [{when}]({link})")
        if draft.message_id in places:
            lines[-1] += f" · {wording_thoughts.history_note(places[draft.message_id])}"
    embed = discord.Embed(
        colour=COLOUR,
        title=wording_drafts.history_title(days),
        description="\n".join(lines) or wording_drafts.NO_DRAFTS,
    )
    if foot := wording_drafts.history_foot(drafts, MOST_LISTED):
        embed.set_footer(text=foot)
    return embed


def history_options(drafts: Sequence[StoredDraft]) -> list[discord.SelectOption]:
    """The entries of the menu below the list: what choosing a draft does to its label."""
    options: list[discord.SelectOption] = []
    for place, draft in enumerate(drafts, 1):
        wanted = draft.label.other if draft.label else draft.likely if draft.unlabelled else "counted"
        change = wording_drafts.change_of(draft)
        options.append(discord.SelectOption(label=f"{place}: {change}", value=f"{wanted}:{draft.message_id}"))
    return options


def thought_options(drafts: Sequence[StoredDraft], places: Mapping[int, InThought]) -> list[discord.SelectOption]:
    """The entries of the second menu below the list: what choosing a draft does to its thought."""
    options: list[discord.SelectOption] = []
    for number, draft in enumerate(drafts, 1):
        act = "own" if draft.message_id in places else "before"
        if act == "own" or number < len(drafts):
            label = f"{number}: {wording_thoughts.BUTTONS[act].lower()}"
            options.append(discord.SelectOption(label=label, value=f"{act}:{draft.message_id}"))
    return options


class BalanceCog(commands.Cog):
    """Answers /balance, /check and /history."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Make the menus of earlier runs work."""
        self.bot.add_dynamic_items(HistoryMenu, ThoughtMenu)

    async def cog_unload(self) -> None:
        """Let go of them."""
        self.bot.remove_dynamic_items(HistoryMenu, ThoughtMenu)

    @commands.hybrid_command()
    @slow_command
    @app_commands.describe(
        member="whose balance; others' only for those who manage the server",
        days="days to look back",
        account="only for this account; else that of the channel, if it has one",
    )
    @app_commands.autocomplete(account=offer_accounts)
    async def balance(
        self,
        ctx: Context,
        member: discord.Member | None = None,
        # discord.py takes an optional range for text in a hybrid command, so None stands as a bare default.
        days: commands.Range[int, 1, 90] = None,  # type: ignore[assignment]
        *,
        account: str | None = None,
    ) -> None:
        """Your counts, share, credit and streak, with a chart."""
        guild = guild_of(ctx)
        whose = member or ctx.author
        if whose.id != ctx.author.id and not manages(ctx.author):
            raise Refused(wording.OWN_BALANCE_ONLY)
        reports, about = self.bot.coach.reports, await account_meant(ctx, account)
        report = await reports.report(guild.id, whose.id, days, about, await hidden_from(ctx, about))
        paused = (await self.bot.coach.members.preferences(guild.id, whose.id)).paused
        by_account: list[tuple[str, Tally]] = []
        if about is None:
            first = report.today - timedelta(days=report.standing.goal.window_days - 1)
            by_account = await reports.by_account(guild.id, whose.id, first, report.today)
        embed = balance_embed(self.bot.settings, report, whose.display_name, paused, by_account)
        file = await chart_file(self.bot.drawing, report, embed) if may_attach(ctx) else None
        await answer(ctx, embed=embed, files=files_of(file))

    @commands.hybrid_command()
    @slow_command
    @app_commands.describe(text="the draft to look at; it is not counted and not stored")
    async def check(self, ctx: Context, *, text: commands.Range[str, 1, 4000]) -> None:
        """Label a text without counting it, and see why."""
        guild = guild_of(ctx)
        answering = is_place_for_answers(ctx.channel)
        verdict = await self.bot.coach.corrections.check(guild.id, ctx.author.id, text, answering)
        step, tip, quote = await self.bot.coach.tips.tilt(guild.id, ctx.author.id, text, verdict)
        await answer(ctx, embed=check_embed(self.bot.settings.reactions, verdict, step, tip, quote))

    @commands.hybrid_command()
    @app_commands.describe(
        days="days to look back, 7 unless you say otherwise",
        account="only for this account; else that of the channel, if it has one",
    )
    @app_commands.autocomplete(account=offer_accounts)
    async def history(
        self, ctx: Context, days: commands.Range[int, 1, 90] = 7, *, account: str | None = None
    ) -> None:
        """Your recent drafts with their labels; change a label from the menu."""
        guild, about = guild_of(ctx), await account_meant(ctx, account)
        account_id = about.account_id if about is not None else 0
        await answer(ctx, **await history_parts(self.bot, guild.id, ctx.author.id, days, account_id))


class HistoryMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"history:(?P<guild_id>\d+):(?P<user_id>\d+):(?P<days>\d+)(:(?P<account_id>\d+))?",
):
    """The menu below a member's recent drafts; carries whose list it is, so it works after a restart.

    `account_id` 0: for all accounts.
    """

    def __init__(
        self,
        guild_id: int,
        user_id: int,
        days: int,
        account_id: int = 0,
        options: Sequence[discord.SelectOption] = (),
    ) -> None:
        self.guild_id = guild_id
        self.user_id = user_id
        self.days = days
        self.account_id = account_id
        super().__init__(
            discord.ui.Select(
                placeholder=wording_drafts.CHANGE_A_LABEL,
                options=list(options),
                custom_id=f"history:{guild_id}:{user_id}:{days}:{account_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> HistoryMenu:
        """Rebuild the menu from a choice."""
        account_id = int(match["account_id"] or 0)
        return cls(int(match["guild_id"]), int(match["user_id"]), int(match["days"]), account_id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do to the chosen draft what the entry says, whatever has happened to it since the list was made."""
        bot: SquareDeal = interaction.client
        try:
            if interaction.user.id != self.user_id:
                raise Refused(wording_drafts.SOMEBODY_ELSES)
            wanted, _, message_id = self.item.values[0].rpartition(":")
            change = Label(wanted) if wanted in set(Label) else Change.COUNT_AGAIN
            corrected = await correct(interaction, int(message_id), change, guild_id=self.guild_id)
            if corrected is not None:
                parts = await history_parts(bot, self.guild_id, self.user_id, self.days, self.account_id)
                await show(bot, corrected.before, interaction.edit_original_response(**parts))
        except Exception as error:
            await say_error(interaction, error)


class ThoughtMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"thoughts:(?P<guild_id>\d+):(?P<user_id>\d+):(?P<days>\d+)(:(?P<account_id>\d+))?",
):
    """The second menu below a member's recent drafts: what counts together, and what on its own."""

    def __init__(
        self,
        guild_id: int,
        user_id: int,
        days: int,
        account_id: int = 0,
        options: Sequence[discord.SelectOption] = (),
    ) -> None:
        self.guild_id = guild_id
        self.user_id = user_id
        self.days = days
        self.account_id = account_id
        super().__init__(
            discord.ui.Select(
                placeholder=wording_thoughts.CHANGE_THOUGHTS,
                options=list(options),
                custom_id=f"thoughts:{guild_id}:{user_id}:{days}:{account_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ThoughtMenu:
        """Rebuild the menu from a choice."""
        account_id = int(match["account_id"] or 0)
        return cls(int(match["guild_id"]), int(match["user_id"]), int(match["days"]), account_id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, show the list again, and say what came of it with a button that undoes it."""
        bot: SquareDeal = interaction.client
        try:
            if interaction.user.id != self.user_id:
                raise Refused(wording_drafts.SOMEBODY_ELSES)
            act, _, message_id = self.item.values[0].rpartition(":")
            draft = await bot.coach.corrections.find(
                self.guild_id, int(message_id), self.user_id, author_only=True
            )
            await interaction.response.defer()
            moved = await move(bot, draft, act)
            parts = await history_parts(bot, self.guild_id, self.user_id, self.days, self.account_id)
            await interaction.edit_original_response(**parts)
            said = await place_parts(bot, draft, moved, undo_button(act, moved))
            await interaction.followup.send(**said, ephemeral=True)
        except Exception as error:
            await say_error(interaction, error)


async def history_parts(
    bot: SquareDeal, guild_id: int, user_id: int, days: int, account_id: int = 0
) -> dict[str, Any]:
    """A member's recent drafts with the menus beneath, fresh from the store, as arguments of `send` and `edit`.

    `account_id`: only those for this account; 0 for all.
    """
    account = (await bot.coach.accounts.book(guild_id)).accounts.get(account_id)
    drafts = await bot.coach.reports.history(guild_id, user_id, days, MOST_LISTED, account)
    places = await bot.coach.thoughts.places(guild_id, drafts)
    view = discord.ui.View(timeout=None)
    if drafts:
        view.add_item(HistoryMenu(guild_id, user_id, days, account_id, history_options(drafts)))
    if options := thought_options(drafts, places):
        view.add_item(ThoughtMenu(guild_id, user_id, days, account_id, options))
    embed = history_embed(bot.settings.reactions, drafts, days, places)
    if account is not None:
        embed.title = wording_accounts.history_title(literal(account.name), days)
    if (await bot.coach.members.preferences(guild_id, user_id)).paused:
        embed.description = f"{wording_choices.PAUSED}\n{embed.description}"
    return {"embed": embed, "view": view}


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(BalanceCog(bot))
