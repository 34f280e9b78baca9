"""What /history shows: a page of a member's drafts, with menus for labels and thoughts, and other pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import discord

from coach import wording_accounts, wording_choices, wording_drafts, wording_posted, wording_thoughts
from coach.corrections import Change
from coach.errors import Refused
from coach.labels import Label
from coach.settings import Reactions
from coach.store import InThought, StoredDraft
from coach.store.tallies import WentOut
from cogs.support.answers import COLOUR, link_to, literal
from cogs.support.bot import SquareDeal
from cogs.support.corrections import change_id, correct, show, undo
from cogs.support.errors import say_error
from cogs.support.first_words import first_words
from cogs.support.thoughts import move, place_parts, undo_button

PAGE = 8
"""Drafts on a page: the menu below takes 25 entries, and a draft has three at most."""

ASIDE, COUNTED = "aside", "counted"
"""What can be done to a draft besides giving it a label, in the values of the menu."""


class Listed(NamedTuple):
    """Which drafts are listed: whose, of how many local days, which page of them, 0 for the newest, and for what.

    `account_id` 0: for all accounts.
    """

    guild_id: int
    user_id: int
    days: int
    page: int = 0
    account_id: int = 0


def history_embed(
    signs: Reactions,
    drafts: Sequence[StoredDraft],
    listed: Listed,
    words: Mapping[int, str] = {},
    places: Mapping[int, InThought] = {},
    *,
    asks: bool = True,
    went_out: WentOut | None = None,
) -> discord.Embed:
    """A page of a member's drafts, newest first, each with its place, label, link and first words.

    Args:
        signs: the sign of each label.
        drafts: the drafts.
        listed: which they are.
        words: first words by message id, as far as they are known.
        places: their places in thoughts by message id; without those that are thoughts of their own.
        asks: whether those of which the labeller was unsure are marked.
        went_out: how many of all these days were posted; None if nobody has to be told.
    """
    lines: list[str] = []
    for place, draft in enumerate(drafts, 1):
        sign = signs.of(draft.label) if draft.label else "▫️"
        link = link_to(draft.guild_id, draft.channel_id, draft.message_id)
        when = discord.utils.format_dt(draft.posted_at, "f")
        line = f"`{place}` {sign} {wording_drafts.history_line(draft, asks)} [{when}]({link})"
        if draft.out_at is not None:
            line += f" · {signs.posted} {wording_posted.POSTED}"
        if draft.message_id in places:
            line += f" · {wording_thoughts.history_note(places[draft.message_id])}"
        lines.append(line)
        if said := words.get(draft.message_id):
            lines.append(f"> {literal(said)}")
    embed = discord.Embed(
        colour=COLOUR,
        title=wording_drafts.history_title(listed.days, listed.page),
        description="\n".join(lines) or wording_drafts.NO_DRAFTS,
    )
    feet = [wording_posted.went_out(*went_out)] if went_out is not None else []
    if foot := wording_drafts.history_foot(drafts, asks):
        feet.append(foot)
    if feet:
        embed.set_footer(text=" ".join(feet))
    return embed


def history_options(
    drafts: Sequence[StoredDraft], words: Mapping[int, str] = {}, *, asks: bool = True
) -> list[discord.SelectOption]:
    """The entries of the menu below the list: what can be done to each draft; arguments as for `history_embed`."""
    options: list[discord.SelectOption] = []
    for place, draft in enumerate(drafts, 1):
        for value, says in _acts(draft, asks):
            options.append(
                discord.SelectOption(
                    label=f"{place}: {says}",
                    value=f"{value}:{draft.message_id}",
                    description=words.get(draft.message_id) or None,
                )
            )
    return options


def _acts(draft: StoredDraft, asks: bool) -> list[tuple[str, str]]:
    """What can be done to a draft: values of the menu, and what it says."""
    if draft.label is None and not draft.unlabelled:
        return [(COUNTED, wording_drafts.counts_again(draft))]
    if draft.unlabelled or (asks and draft.guessed):
        labels = list(Label)
    else:
        assert draft.label is not None  # noqa: S101
        labels = [draft.label.other]
    return [
        *((label.value, wording_drafts.says_it_is(draft, label)) for label in labels),
        (ASIDE, wording_drafts.NOT_A_DRAFT),
    ]


def thought_options(
    drafts: Sequence[StoredDraft], places: Mapping[int, InThought], words: Mapping[int, str] = {}, *, more: bool
) -> list[discord.SelectOption]:
    """The entries of the second menu below the list: what choosing a draft does to its thought.

    Arguments as for `history_embed`; `more` says whether there are older drafts than these.
    """
    options: list[discord.SelectOption] = []
    for number, draft in enumerate(drafts, 1):
        act = "own" if draft.message_id in places else "before"
        if act == "own" or more or number < len(drafts):
            options.append(
                discord.SelectOption(
                    label=f"{number}: {wording_thoughts.BUTTONS[act].lower()}",
                    value=f"{act}:{draft.message_id}",
                    description=words.get(draft.message_id) or None,
                )
            )
    return options


class HistoryMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"history:(?P<guild_id>\d+):(?P<user_id>\d+):(?P<days>\d+)(?::(?P<page>\d+)(?:a(?P<account_id>\d+))?)?",
):
    """The menu below a member's recent drafts; carries whose list it is, so it works after a restart."""

    def __init__(self, listed: Listed, options: Sequence[discord.SelectOption] = ()) -> None:
        self.listed = listed
        super().__init__(
            discord.ui.Select(
                placeholder=wording_drafts.CHANGE_A_LABEL,
                options=list(options),
                custom_id=_id("history", listed),
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> HistoryMenu:
        """Rebuild the menu from a choice."""
        return cls(_listed(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do to the chosen draft what the entry says, whatever has happened to it since the list was made."""
        bot: SquareDeal = interaction.client
        try:
            _check(interaction, self.listed)
            value, _, message_id = self.item.values[0].rpartition(":")
            others = {ASIDE: Change.NOT_A_DRAFT, COUNTED: Change.COUNT_AGAIN}
            wanted = Label(value) if value in set(Label) else others.get(value, Change.COUNT_AGAIN)
            corrected = await correct(interaction, int(message_id), wanted, guild_id=self.listed.guild_id)
            if corrected is not None:
                back = HistoryUndo(self.listed, int(message_id), change_id(interaction))
                parts = await history_parts(bot, self.listed, back if corrected.changed else None)
                await show(bot, corrected.before, interaction.edit_original_response(**parts))
        except Exception as error:
            await say_error(interaction, error)


class ThoughtMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"thoughts:(?P<guild_id>\d+):(?P<user_id>\d+):(?P<days>\d+):(?P<page>\d+)(?:a(?P<account_id>\d+))?",
):
    """The second menu below a member's recent drafts: what counts together, and what on its own."""

    def __init__(self, listed: Listed, options: Sequence[discord.SelectOption] = ()) -> None:
        self.listed = listed
        super().__init__(
            discord.ui.Select(
                placeholder=wording_thoughts.CHANGE_THOUGHTS,
                options=list(options),
                custom_id=_id("thoughts", listed),
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ThoughtMenu:
        """Rebuild the menu from a choice."""
        return cls(_listed(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, show the list again, and say what came of it with a button that undoes it."""
        bot: SquareDeal = interaction.client
        try:
            _check(interaction, self.listed)
            guild_id, user_id, *_ = self.listed
            act, _, message_id = self.item.values[0].rpartition(":")
            draft = await bot.coach.corrections.find(guild_id, int(message_id), user_id, author_only=True)
            await interaction.response.defer()
            moved = await move(bot, draft, act)
            await interaction.edit_original_response(**await history_parts(bot, self.listed))
            said = await place_parts(bot, draft, moved, undo_button(act, moved))
            await interaction.followup.send(**said, ephemeral=True)
        except Exception as error:
            await say_error(interaction, error)


class HistoryPage(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"history-page:(?P<guild_id>\d+):(?P<user_id>\d+):(?P<days>\d+):(?P<page>\d+)(?:a(?P<account_id>\d+))?",
):
    """Turns to another page of a member's recent drafts."""

    def __init__(self, listed: Listed, says: str = "") -> None:
        self.listed = listed
        super().__init__(
            discord.ui.Button(
                label=says or None, style=discord.ButtonStyle.secondary, custom_id=_id("history-page", listed)
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> HistoryPage:
        """Rebuild the button from a click."""
        return cls(_listed(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show that page, fresh from the store."""
        try:
            _check(interaction, self.listed)
            await interaction.response.defer()
            await interaction.edit_original_response(**await history_parts(interaction.client, self.listed))
        except Exception as error:
            await say_error(interaction, error)


class HistoryUndo(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"history-undo:(?P<guild_id>\d+):(?P<days>\d+):(?P<page>\d+)(?:a(?P<account_id>\d+))?"
    r":(?P<message_id>\d+):(?P<change>click-\d+)",
):
    """Undoes what was chosen from the menu above it."""

    def __init__(self, listed: Listed, message_id: int, change: str) -> None:
        self.listed = listed
        self.message_id = message_id
        self.change = change
        super().__init__(
            discord.ui.Button(
                label=wording_drafts.UNDO,
                style=discord.ButtonStyle.secondary,
                # Without the member's id, which would not fit: whoever may undo it is the draft's author.
                custom_id=f"history-undo:{listed.guild_id}:{_where(listed)}:{message_id}:{change}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> HistoryUndo:
        """Rebuild the button from a click."""
        return cls(_listed(match, interaction.user.id), int(match["message_id"]), match["change"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Undo it and show the page again, for the author alone."""
        bot: SquareDeal = interaction.client
        try:
            draft = await undo(interaction, self.listed.guild_id, self.message_id, self.change, author_only=True)
            parts = await history_parts(bot, self.listed)
            await show(bot, draft, interaction.edit_original_response(**parts))
        except Exception as error:
            await say_error(interaction, error)


def _id(name: str, listed: Listed) -> str:
    return f"{name}:{listed.guild_id}:{listed.user_id}:{_where(listed)}"


def _where(listed: Listed) -> str:
    return f"{listed.days}:{listed.page}" + (f"a{listed.account_id}" if listed.account_id else "")


def _listed(match: re.Match[str], user_id: int | None = None) -> Listed:
    return Listed(
        int(match["guild_id"]),
        user_id or int(match["user_id"]),
        int(match["days"]),
        int(match["page"] or 0),
        int(match["account_id"] or 0),
    )


def _check(interaction: discord.Interaction[Any], listed: Listed) -> None:
    if interaction.user.id != listed.user_id:
        raise Refused(wording_drafts.SOMEBODY_ELSES)


async def history_parts(bot: SquareDeal, listed: Listed, back: HistoryUndo | None = None) -> dict[str, Any]:
    """A page of a member's recent drafts with what stands beneath, as arguments of `send` and `edit`.

    Args:
        bot: the bot.
        listed: which drafts; the page before is shown if there are none on this one any more.
        back: the button that undoes what was just done, if there is one.
    """
    guild_id, user_id, days, page, account_id = listed
    account = (await bot.coach.accounts.book(guild_id)).accounts.get(account_id)
    while True:
        found = await bot.coach.reports.history(guild_id, user_id, days, PAGE + 1, page * PAGE, account)
        if found or not page:
            break
        page -= 1
    listed, drafts = listed._replace(page=page), found[:PAGE]
    preferences = await bot.coach.members.preferences(guild_id, user_id)
    asks, words = preferences.question_where != "off", await first_words(bot, drafts)
    places = await bot.coach.thoughts.places(guild_id, drafts)
    view = discord.ui.View(timeout=None)
    if drafts:
        view.add_item(HistoryMenu(listed, history_options(drafts, words, asks=asks)))
    if options := thought_options(drafts, places, words, more=len(found) > PAGE):
        view.add_item(ThoughtMenu(listed, options))
    if page:
        view.add_item(HistoryPage(listed._replace(page=page - 1), wording_drafts.NEWER))
    if len(found) > PAGE:
        view.add_item(HistoryPage(listed._replace(page=page + 1), wording_drafts.OLDER))
    if back is not None:
        view.add_item(back)
    went_out = await bot.coach.reports.went_out(guild_id, user_id, days, account=account)
    told = went_out if went_out.posted or await bot.coach.members.posted_only(guild_id) else None
    embed = history_embed(bot.settings.reactions, drafts, listed, words, places, asks=asks, went_out=told)
    if account is not None:
        embed.title = wording_accounts.history_title(literal(account.name), embed.title or "")
    if preferences.paused:
        embed.description = f"{wording_choices.PAUSED}\n{embed.description}"
    return {"embed": embed, "view": view}
