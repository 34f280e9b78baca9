"""Accounts in commands: which one is meant, and which ones somebody may know of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from coach import wording_accounts, wording_refusals
from coach.balance.standing import Tally
from coach.errors import Refused
from coach.reports import NOTHING_HIDDEN, HiddenTallies
from coach.store import Account, AccountBook
from coach.store.account_book import UNNAMED
from coach.text import cut
from cogs.support.answers import guild_of, home_of, manages, shown_name
from cogs.support.audience import places_of, unseen_by_member
from cogs.support.bot import Context, SquareDeal
from cogs.support.messages import tags_of

MOST_CHOICES = 25
MOST_CHARACTERS = 1_000


async def known_accounts(bot: SquareDeal, guild: discord.Guild, member: discord.Member) -> list[Account]:
    """The accounts of which somebody may view a channel; all of them if they manage the server."""
    book = await bot.coach.accounts.book(guild.id)
    if manages(member):
        return list(book.accounts.values())
    viewed = {
        channel_id
        for channel_id in {place.channel_id for place in book.places}
        if (channel := guild.get_channel(channel_id)) is not None and channel.permissions_for(member).view_channel
    }
    seen = {account_id for place, account_id in book.places.items() if place.channel_id in viewed}
    return [account for account_id, account in book.accounts.items() if account_id in seen]


async def offer_accounts(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    """Offer the accounts that somebody may know of by name, and all of them together."""
    bot: SquareDeal = interaction.client
    guild, member = home_of(interaction), interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return []
    names = [account.name for account in await known_accounts(bot, guild, member)]
    offered = [*names, wording_accounts.EVERYTHING] if names else []
    wanted = typed.strip().casefold()
    return [app_commands.Choice(name=name, value=name) for name in offered if wanted in name.casefold()][
        :MOST_CHOICES
    ]


async def offer_named_accounts(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Offer the accounts of a server to those who manage it."""
    guild, member = home_of(interaction), interaction.user
    if guild is None or not manages(member):
        return []
    book = await interaction.client.coach.accounts.book(guild.id)
    wanted = typed.strip().casefold()
    names = [one.name for one in book.accounts.values() if wanted in one.name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]


def shown_account(name: str) -> str:
    """An account's name, safe to show, or what stands for the unnamed one."""
    return shown_name(name) if name else wording_accounts.NO_ACCOUNT


def accounts_text(by_account: Sequence[tuple[str, Tally]]) -> str:
    """What somebody drafted for each account, by its name, as it stands in an embed."""
    lines = [wording_accounts.own_line(shown_account(name), tally) for name, tally in by_account]
    return cut("\n".join(lines), MOST_CHARACTERS)


def account_named(book: AccountBook, name: str) -> Account:
    """An account by its name.

    Raises:
        Refused: there is none with that name.
    """
    account = book.named(name)
    if account is None:
        raise Refused(wording_refusals.NO_SUCH_ACCOUNT)
    return account


async def account_meant(ctx: Context, name: str | None) -> Account | None:
    """The account that a command is about: by its name, else that of the channel; None for all together.

    Raises:
        Refused: its user knows of no account with that name.
    """
    bot, guild = ctx.bot, guild_of(ctx)
    if name is None:
        return await account_here(bot, guild, ctx.channel)
    if name.strip().casefold() == wording_accounts.EVERYTHING.casefold():
        return None
    assert isinstance(ctx.author, discord.Member)  # noqa: S101  # used in a server
    wanted = name.strip().casefold()
    for account in await known_accounts(bot, guild, ctx.author):
        if account.name.casefold() == wanted:
            return account
    raise Refused(wording_refusals.NO_SUCH_ACCOUNT)


async def account_here(bot: SquareDeal, guild: discord.Guild, channel: object) -> Account | None:
    """The account of a channel, thread or forum post; None if it has none."""
    book = await bot.coach.accounts.book(guild.id)
    if not book.accounts:
        return None
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    account = book.of(getattr(channel, "id", 0), parent, tags_of(channel))
    return account if account.account_id != UNNAMED else None


async def hidden_from(ctx: Context, account: Account | None) -> HiddenTallies:
    """What of a shared balance lies in channels that a command's user may not view."""
    if account is None or not account.shared:
        return NOTHING_HIDDEN
    guild, member = guild_of(ctx), ctx.author
    assert isinstance(member, discord.Member)  # noqa: S101  # used in a server
    unseen = unseen_by_member(guild, member, await places_of(ctx.bot, guild))
    today = ctx.bot.coach.clock().date()
    return await ctx.bot.coach.reports.hidden(guild.id, unseen, today)
