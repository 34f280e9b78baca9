"""Summaries as Discord shows them: a day's accounts, names and figures, and a member's week, with their charts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import discord

from coach import wording, wording_accounts, wording_posted
from coach.balance.kinds import kinds_in
from coach.balance.week import WEEK
from coach.digests import AccountEntry, Digest, Entry, LookBack
from coach.settings import Reactions, Settings
from coach.text import cut
from cogs.support.accounts import accounts_text, shown_account
from cogs.support.answers import COLOUR, literal, tip_text
from cogs.support.bot import SquareDeal
from cogs.support.charts import chart_file

FIELD = 1024
"""Characters in a field of an embed."""


async def digest_parts(
    bot: SquareDeal, digest: Digest, *, may_attach: bool
) -> tuple[discord.Embed, discord.File | None]:
    """The embed of a day's summary, with its chart if there is one."""
    found = await asyncio.gather(
        *(bot.name_of(digest.guild_id, author) for author in digest.authors), return_exceptions=True
    )
    names = {
        author: None if isinstance(name, BaseException) else name
        for author, name in zip(digest.authors, found, strict=True)
    }
    embed = digest_embed(bot.settings.reactions, digest, names)
    if digest.report is None or not may_attach:
        return embed, None
    return embed, await chart_file(bot.drawing, digest.report, embed)


def digest_embed(signs: Reactions, digest: Digest, names: Mapping[int, str | None]) -> discord.Embed:
    """The words of a day's summary: accounts first, then who drafted, then those who let their figures be shown.

    Args:
        signs: the signs of the labels.
        digest: the day.
        names: the authors' names by id, safe to show; None for one that can't be had.
    """
    embed = discord.Embed(
        colour=COLOUR,
        title=wording.summary_title(digest.day),
    )
    for account in digest.accounts:
        name = shown_account(account.account.name) if digest.named else wording.ALL_TOGETHER
        embed.add_field(name=name, value="\n".join(_account_lines(signs, account)), inline=False)
    if digest.member_id is None:
        # By name, as who drafted most is nobody's business. A mention is shown as a name, and tells nobody.
        shown = sorted((names[author] or f"<@{author}>" for author in digest.authors), key=str.casefold)
        said = wording_accounts.who_drafted(shown, digest.more)
        embed.add_field(name=wording_accounts.WHO_DRAFTED, value=cut(said, FIELD), inline=False)
    for entry in digest.entries:
        lines, name = _lines(signs, entry), names[entry.member_id]
        if digest.member_id is None:
            # Each has a next step of their own: a step for all together would be an average of opposites.
            lines.append(wording.next_line(entry.report.standing))
        if name is None:
            lines.insert(0, f"<@{entry.member_id}>")
        embed.add_field(name=name or wording.A_MEMBER, value="\n".join(lines), inline=False)
    if digest.by_account:
        embed.add_field(name=wording_accounts.BY_ACCOUNT, value=accounts_text(digest.by_account), inline=False)
    if digest.member_id is not None and digest.report is not None:
        embed.add_field(name=wording.NEXT_STEP, value=wording.next_step(digest.report.standing), inline=False)
    if digest.tip is not None:
        embed.add_field(name=wording.TIP, value=tip_text(digest.tip, digest.quote), inline=False)
    charted = digest.report.account if digest.report is not None else None
    feet = [wording_accounts.chart_of(charted.name)] if charted is not None and len(digest.accounts) > 1 else []
    if digest.news:
        feet.append(wording_accounts.FIGURES_ARE_A_CHOICE)
    if feet:
        embed.set_footer(text=" ".join(feet))
    return embed


async def week_parts(
    bot: SquareDeal, look_back: LookBack, *, may_attach: bool
) -> tuple[discord.Embed, discord.File | None]:
    """The embed of a member's week, with its chart if there is one."""
    embed = week_embed(bot.settings, look_back)
    return embed, await chart_file(bot.drawing, look_back.report, embed, "week.png") if may_attach else None


def week_embed(settings: Settings, look_back: LookBack) -> discord.Embed:
    """The words of a member's week."""
    week, standing, signs = look_back.week, look_back.report.standing, settings.reactions
    account = literal(look_back.report.account.name) if look_back.report.account is not None else None
    embed = discord.Embed(
        colour=COLOUR,
        title=wording.week_title(week) if account is None else wording_accounts.week_title(week, account),
        description="\n".join(
            [*wording.week_lines(week, standing, settings.balance.min_drafts), *_posted(look_back)]
        ),
    )
    kinds = kinds_in(look_back.report.kinds, week.last, WEEK)
    if lines := wording.kinds_lines(standing.goal, kinds, signs.content, signs.conversation):
        embed.add_field(name=wording.KINDS, value=lines, inline=False)
    if look_back.by_account:
        embed.add_field(name=wording_accounts.BY_ACCOUNT, value=accounts_text(look_back.by_account), inline=False)
    if look_back.tip is not None:
        tip = tip_text(look_back.tip, look_back.quote)
        embed.add_field(name=wording.ONE_THING, value=tip, inline=False)
    return embed


def _posted(look_back: LookBack) -> list[str]:
    """How much of what a member drafted in a week was posted, if anything was, or if nothing else counts."""
    drafted, posted = look_back.went_out
    counts, shared = look_back.report.counts, look_back.report.member_id is None
    told = drafted and (posted or counts != "drafted")
    lines = [wording_posted.went_out(drafted, posted, shared=shared)] if told else []
    return [*lines, only] if (only := wording_posted.only_posted(counts)) else lines


def _account_lines(signs: Reactions, entry: AccountEntry) -> list[str]:
    """An account's day and where it stands, unless somebody's figures could be told from it."""
    if entry.report is None:
        return [wording_accounts.FIGURES_STAY]
    standing = entry.report.standing
    lines = [wording.share_line(standing)]
    if entry.today is not None:
        lines.insert(0, wording.today_line(entry.today, signs.content, signs.conversation))
    if only := wording_posted.only_posted(entry.report.counts):
        lines.append(only)
    if entry.opposed:
        return [*lines, wording_accounts.OPPOSITE, wording_accounts.SWAP]
    return [*lines, wording.next_line(standing)]


def _lines(signs: Reactions, entry: Entry) -> list[str]:
    standing = entry.report.standing
    today = wording.today_line(entry.today, signs.content, signs.conversation)
    credit = f"{wording.credit_line(standing)} {wording.streak_line(standing)}"
    return [today, wording.share_line(standing), credit]
