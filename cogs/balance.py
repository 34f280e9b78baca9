"""Where a member stands: /balance and /history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording, wording_accounts, wording_choices, wording_posted
from coach.balance.kinds import kinds_in
from coach.balance.standing import Tally
from coach.errors import Refused
from coach.labels import Label
from coach.reports import Report
from coach.settings import Settings
from cogs.support.accounts import account_meant, accounts_text, hidden_from, offer_accounts
from cogs.support.answers import (
    COLOUR,
    answer,
    guild_of,
    literal,
    manages,
    shown_name,
    slow_command,
)
from cogs.support.bot import Context, SquareDeal
from cogs.support.charts import chart_file, files_of, may_attach
from cogs.support.history import HistoryMenu, HistoryPage, HistoryUndo, Listed, ThoughtMenu, history_parts
from cogs.support.past import shown_past


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
        + (f"\n{only}" if (only := wording_posted.only_posted(report.counts)) else "")
        + (f"\n{wording_choices.PAUSED}" if paused else ""),
    )
    tally, signs = standing.tally, settings.reactions
    for label, sign, count in (
        (Label.CONTENT, signs.content, tally.content),
        (Label.CONVERSATION, signs.conversation, tally.conversation),
    ):
        head = wording.tally_head(sign, label, standing.goal)
        embed.add_field(name=head, value=str(count))
    kinds = kinds_in(report.kinds, report.today, standing.goal.window_days)
    if lines := wording.kinds_lines(standing.goal, kinds, signs.content, signs.conversation):
        embed.add_field(name=wording.KINDS, value=lines, inline=False)
    embed.add_field(name=wording.GOAL, value=wording.goal_line(standing.goal), inline=False)
    embed.add_field(name=wording.CREDIT, value=wording.credit_line(standing), inline=False)
    embed.add_field(name=wording.STREAK, value=wording.streak_line(standing), inline=False)
    if report.people is not None:
        people = wording.breadth_line(report.people, standing.goal.window_days)
        embed.add_field(name=wording.BREADTH, value=people, inline=False)
    if by_account:
        embed.add_field(name=wording_accounts.BY_ACCOUNT, value=accounts_text(by_account), inline=False)
    return embed


class BalanceCog(commands.Cog):
    """Answers /balance and /history."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Make the menus of earlier runs work."""
        self.bot.add_dynamic_items(HistoryMenu, ThoughtMenu, HistoryPage, HistoryUndo)

    async def cog_unload(self) -> None:
        """Let go of them."""
        self.bot.remove_dynamic_items(HistoryMenu, ThoughtMenu, HistoryPage, HistoryUndo)

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
        reports = self.bot.coach.reports
        if member is not None:
            # A member's own part, even of a balance that is shared.
            about = await account_meant(ctx, account) if account is not None else None
            [report] = await reports.reports(guild.id, [member.id], days, account=about)
        else:
            about = await account_meant(ctx, account)
            report = await reports.report(guild.id, whose.id, days, about, await hidden_from(ctx, about))
        paused = (await self.bot.coach.members.preferences(guild.id, whose.id)).paused
        by_account: list[tuple[str, Tally]] = []
        if about is None:
            first = report.today - timedelta(days=report.standing.goal.window_days - 1)
            by_account = await reports.by_account(guild.id, whose.id, first, report.today)
        embed = balance_embed(self.bot.settings, report, whose.display_name, paused, by_account)
        embeds, files = (
            [embed],
            files_of(await chart_file(self.bot.drawing, report, embed) if may_attach(ctx) else None),
        )
        # What somebody has brought of their past is for themselves alone.
        past = (
            await self.bot.coach.imports.report(guild.id, whose.id, about) if whose.id == ctx.author.id else None
        )
        if past is not None:
            shown = await shown_past(self.bot.drawing, past, about, may_attach=may_attach(ctx))
            embeds.append(shown.embed)
            files += shown.files()
        await answer(ctx, embeds=embeds, files=files)

    @commands.hybrid_command()
    @slow_command
    @app_commands.describe(
        days="days to look back, 7 unless you say otherwise",
        account="only for this account; else that of the channel, if it has one",
    )
    @app_commands.autocomplete(account=offer_accounts)
    async def history(
        self, ctx: Context, days: commands.Range[int, 1, 90] = 7, *, account: str | None = None
    ) -> None:
        """Your recent drafts with their labels; change a label, or say that one is not a draft."""
        guild, about = guild_of(ctx), await account_meant(ctx, account)
        account_id = about.account_id if about is not None else 0
        listed = Listed(guild.id, ctx.author.id, days, account_id=account_id)
        await answer(ctx, **await history_parts(self.bot, listed))


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(BalanceCog(bot))
