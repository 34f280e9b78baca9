"""Accounts: /account to set them up with one form, and /team for who drafts for which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording_accounts
from coach.accounts import LONGEST_NAME, Form, goal_as_typed
from coach.labels import Label
from coach.store import Account, AccountBook, Place
from coach.store.account_book import UNNAMED
from coach.team import AccountTeam
from coach.text import cut
from cogs.support.accounts import account_named, offer_named_accounts
from cogs.support.answers import COLOUR, guild_of, literal
from cogs.support.audience import places_of, unseen_by_member
from cogs.support.bot import SquareDeal
from cogs.support.errors import say_error
from cogs.support.forms import HOLDS_DRAFTS, MOST_OPTIONS, ModalForm, channels, manages_here, one_of, short_text

SHARED, OWN = "shared", "own"
"""Whose balance an account has, as its form says it."""

FIELD = 1024
MOST_CHARACTERS = 800
"""For what an account has: the rest of the answer has room beside it."""


class AccountsCog(commands.Cog):
    """Answers /account and /team."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work."""
        self.bot.add_dynamic_items(MoveButton, RemoveMenu)

    async def cog_unload(self) -> None:
        """Let go of them."""
        self.bot.remove_dynamic_items(MoveButton, RemoveMenu)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """A forum post has other tags: its drafts follow them."""
        tags = payload.data.get("applied_tags")
        if tags is not None:
            await self.bot.coach.accounts.note_tags(
                payload.guild_id, payload.thread_id, [int(tag) for tag in tags]
            )

    account = app_commands.Group(
        name="account",
        description="The accounts that are drafted for here",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @account.command()
    @app_commands.checks.has_permissions(manage_guild=True)
    async def add(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Name an account that is drafted for here, such as a brand or a client."""
        guild = guild_of(interaction)
        book = await self.bot.coach.accounts.book(guild.id)
        await interaction.response.send_modal(AccountForm(guild, book, None))

    @account.command()
    @app_commands.describe(account="begin to type its name")
    @app_commands.autocomplete(account=offer_named_accounts)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def edit(self, interaction: discord.Interaction[SquareDeal], account: str) -> None:
        """Change an account's name, channels, goal, or whose balance it has."""
        guild = guild_of(interaction)
        book = await self.bot.coach.accounts.book(guild.id)
        await interaction.response.send_modal(AccountForm(guild, book, account_named(book, account)))

    @account.command()
    @app_commands.describe(account="begin to type its name")
    @app_commands.autocomplete(account=offer_named_accounts)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def remove(self, interaction: discord.Interaction[SquareDeal], account: str) -> None:
        """Remove an account; you say where its drafts go."""
        guild, accounts = guild_of(interaction), self.bot.coach.accounts
        await interaction.response.defer(ephemeral=True)
        book = await accounts.book(guild.id)
        found = account_named(book, account)
        drafts = await accounts.drafts_of(guild.id, found.account_id)
        view = discord.ui.View(timeout=None)
        view.add_item(RemoveMenu(guild.id, found.account_id, remove_options(book, found)))
        text = wording_accounts.really_remove(literal(found.name), drafts)
        await interaction.followup.send(text, view=view, ephemeral=True)

    @account.command(name="list")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def list_(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """The accounts of this server, with their channels and goals."""
        guild, coach = guild_of(interaction), self.bot.coach
        await interaction.response.defer(ephemeral=True)
        book = await coach.accounts.book(guild.id)
        if not book.accounts:
            await interaction.followup.send(wording_accounts.NONE_YET, ephemeral=True)
            return
        embed = discord.Embed(colour=COLOUR, title=wording_accounts.ACCOUNTS_TITLE)
        room = 5_500 // len(book.accounts) - LONGEST_NAME * 2
        for account in book.accounts.values():
            goal = await coach.members.goal(guild.id, None, account)
            drafts = await coach.accounts.drafts_of(guild.id, account.account_id)
            text = wording_accounts.account_line(
                shown_places(guild, book.places_of(account.account_id)),
                goal,
                drafts,
                shared=account.shared,
                counts=account.counts,
            )
            embed.add_field(name=literal(account.name), value=cut(text, min(FIELD, room)), inline=False)
        await interaction.followup.send(embed=embed, ephemeral=True)

    @app_commands.command()
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def team(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Who drafted for which account this week, of those who agreed."""
        guild, coach = guild_of(interaction), self.bot.coach
        assert isinstance(interaction.user, discord.Member)  # noqa: S101  # used in a server
        await interaction.response.defer(ephemeral=True)
        unseen = unseen_by_member(guild, interaction.user, await places_of(self.bot, guild))
        teams = await coach.team.week(guild.id, await coach.reports.hidden(guild.id, unseen, coach.clock().date()))
        embed = discord.Embed(colour=COLOUR, title=wording_accounts.TEAM_TITLE)
        for team in teams[:MOST_OPTIONS]:
            named = [(await self.bot.name_of(guild.id, member) or f"<@{member}>", member) for member in team.shown]
            name = literal(team.account.name) or wording_accounts.NO_ACCOUNT
            lines = cut("\n".join(team_lines(team, sorted(named))), min(FIELD, 5_500 // len(teams) - 70))
            embed.add_field(name=name, value=lines, inline=False)
        if not teams:
            embed.description = wording_accounts.NOBODY_DRAFTED
        embed.set_footer(text=wording_accounts.TEAM_FOOT)
        await interaction.followup.send(embed=embed, ephemeral=True)


def team_lines(team: AccountTeam, named: Sequence[tuple[str, int]]) -> list[str]:
    """Who drafted for an account; `named` has the names of those who agreed, safe to show, each with the id."""
    lines = [wording_accounts.member_in_team(name, team.shown[member]) for name, member in named]
    by_label = {label: [name for name, member in named if team.shown[member] is label] for label in Label}
    if all(by_label.values()):
        lines.append(wording_accounts.covers(by_label[Label.CONVERSATION], by_label[Label.CONTENT]))
    if team.together is not None:
        lines.append(wording_accounts.together(team.together))
    if team.others:
        lines.append(wording_accounts.others_in_team(team.others, alone=not named))
    return lines


class AccountForm(ModalForm):
    """One form for all about an account; sent in, it answers whoever filled it in."""

    def __init__(self, guild: discord.Guild, book: AccountBook, account: Account | None) -> None:
        title = wording_accounts.EDIT_TITLE if account is not None else wording_accounts.ADD_TITLE
        super().__init__(title)
        self._account_id = account.account_id if account is not None else None
        places = book.places_of(account.account_id) if account is not None else []
        shown = [
            place for place in places if not place.tag_id and guild.get_channel(place.channel_id) is not None
        ][:MOST_OPTIONS]
        self.named = discord.ui.TextInput[Any](
            custom_id="name", default=account.name if account is not None else None, max_length=LONGEST_NAME
        )
        self.channels = channels("channels", HOLDS_DRAFTS, [place.channel_id for place in shown])
        self.goal = short_text("goal", goal_as_typed(account) if account is not None else "", required=False)
        shared = account is None or account.shared
        self.whose = one_of("whose", wording_accounts.WHOSE_OPTIONS, SHARED if shared else OWN)
        tags = tag_options(guild, places)
        offered = {*shown, *(place_of(option.value) for option in tags)}
        self._kept = {place for place in places if place not in offered}
        """What the form can't show, such as a channel that the bot doesn't see now, stays as it is."""
        self.tags = None
        if tags:
            self.tags = discord.ui.Select[Any](
                custom_id="tags", options=tags, min_values=0, max_values=len(tags), required=False
            )
        for text, hint, item in (
            (wording_accounts.NAME, wording_accounts.NAME_HINT, self.named),
            (wording_accounts.CHANNELS, wording_accounts.CHANNELS_HINT, self.channels),
            (wording_accounts.TAGS, wording_accounts.TAGS_HINT, self.tags),
            (wording_accounts.GOAL, wording_accounts.GOAL_HINT, self.goal),
            (wording_accounts.WHOSE, wording_accounts.WHOSE_HINT, self.whose),
        ):
            if item is not None:
                self.ask(text, hint, item)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Set the account up as the form says."""
        bot: SquareDeal = interaction.client
        manages_here(interaction)
        guild = guild_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        places = {Place(channel.id) for channel in self.channels.values} | self._kept
        places |= {place_of(value) for value in (self.tags.values if self.tags is not None else ())}
        form = Form(self.named.value, self.goal.value, self.whose.value == SHARED, frozenset(places))
        saved = await bot.coach.accounts.save(guild.id, self._account_id, form)
        said = wording_accounts.account_saved(
            literal(saved.account.name),
            shown_places(guild, sorted(places)),
            saved.goal,
            shared=saved.account.shared,
            new=self._account_id is None,
        )
        lines = [cut(said, MOST_CHARACTERS)]
        if saved.taken_from:
            names = [literal(name) for name in saved.taken_from]
            lines.append(cut(wording_accounts.taken_from(names), MOST_CHARACTERS // 2))
        chosen = {place.channel_id for place in places}
        unread = [one.mention for one in guild.channels if one.id in chosen and not bot.watch.includes(one)]
        if unread:
            lines.append(cut(wording_accounts.not_watched(unread), MOST_CHARACTERS // 2))
        view = discord.ui.View(timeout=None)
        if saved.astray:
            lines.append(wording_accounts.move_question(saved.astray))
            for act in ("move", "leave"):
                view.add_item(MoveButton(act, guild.id, saved.account.account_id))
        await interaction.followup.send("\n".join(lines), view=view, ephemeral=True)


class MoveButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"account:(?P<act>move|leave):(?P<guild_id>\d+):(?P<account_id>\d+)",
):
    """The answer to whether earlier drafts move along; carries the account, so it works after a restart."""

    def __init__(self, act: str, guild_id: int, account_id: int) -> None:
        self.act = act
        self.guild_id = guild_id
        self.account_id = account_id
        super().__init__(
            discord.ui.Button(
                label=wording_accounts.MOVE if act == "move" else wording_accounts.LEAVE,
                style=discord.ButtonStyle.secondary,
                custom_id=f"account:{act}:{guild_id}:{account_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> MoveButton:
        """Rebuild the button from a click."""
        return cls(match["act"], int(match["guild_id"]), int(match["account_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Move the drafts, or leave them."""
        bot: SquareDeal = interaction.client
        try:
            manages_here(interaction, self.guild_id)
            await interaction.response.defer()
            said = wording_accounts.LEFT
            if self.act == "move":
                said = wording_accounts.moved(await bot.coach.accounts.bring_home(self.guild_id, self.account_id))
            await interaction.edit_original_response(content=said, view=None)
        except Exception as error:
            await say_error(interaction, error)


class RemoveMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"account:remove:(?P<guild_id>\d+):(?P<account_id>\d+)",
):
    """Where the drafts of an account go that is removed; a choice removes it."""

    def __init__(self, guild_id: int, account_id: int, options: Sequence[discord.SelectOption] = ()) -> None:
        self.guild_id = guild_id
        self.account_id = account_id
        super().__init__(
            discord.ui.Select(
                placeholder=wording_accounts.WHERE_TO,
                options=list(options),
                custom_id=f"account:remove:{guild_id}:{account_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> RemoveMenu:
        """Rebuild the menu from a choice."""
        return cls(int(match["guild_id"]), int(match["account_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Remove the account and give its drafts to the one chosen."""
        bot: SquareDeal = interaction.client
        try:
            manages_here(interaction, self.guild_id)
            await interaction.response.defer()
            account, into, drafts = await bot.coach.accounts.remove(
                self.guild_id, self.account_id, int(self.item.values[0])
            )
            said = wording_accounts.removed(literal(account.name), drafts, literal(into.name) or None)
            await interaction.edit_original_response(content=said, view=None)
        except Exception as error:
            await say_error(interaction, error)


def remove_options(book: AccountBook, account: Account) -> list[discord.SelectOption]:
    """Where the drafts of an account may go."""
    others = [one for one in book.accounts.values() if one.account_id != account.account_id]
    return [
        discord.SelectOption(label=wording_accounts.goes_to(None), value=str(UNNAMED)),
        *(
            discord.SelectOption(label=wording_accounts.goes_to(one.name), value=str(one.account_id))
            for one in others
        ),
    ]


def shown_places(guild: discord.Guild, places: Sequence[Place]) -> list[str]:
    """Places as Discord shows them; those that are gone are left out."""
    shown: list[str] = []
    for place in places:
        channel = guild.get_channel(place.channel_id)
        if channel is not None and not place.tag_id:
            shown.append(channel.mention)
        elif isinstance(channel, discord.ForumChannel) and (tag := channel.get_tag(place.tag_id)) is not None:
            shown.append(f"{channel.mention} “{literal(tag.name)}”")
    return shown


def place_of(value: str) -> Place:
    """The forum tag that an option of the form stands for."""
    channel_id, _, tag_id = value.partition(":")
    return Place(int(channel_id), int(tag_id))


def tag_options(guild: discord.Guild, places: Sequence[Place]) -> list[discord.SelectOption]:
    """The tags of a server's forums to choose from, those that are among some places first."""
    options = [
        discord.SelectOption(
            label=f"{tag.name} ({forum.name})"[:100],
            value=f"{forum.id}:{tag.id}",
            default=Place(forum.id, tag.id) in places,
        )
        for forum in guild.forums
        for tag in forum.available_tags
    ]
    return sorted(options, key=lambda option: not option.default)[:MOST_OPTIONS]


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(AccountsCog(bot))
