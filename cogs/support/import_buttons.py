"""Buttons and menus below what /import says; they carry whose past it is, and work after a restart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol, cast

import discord

from coach import wording_drafts, wording_import
from coach.errors import Refused
from cogs.support.bot import SquareDeal
from cogs.support.errors import say_error

NEW = "new"
"""What stands in the menu for an upload that takes no other's place."""


class Importer(Protocol):
    """What the buttons ask of the cog of /import."""

    async def open_form(self, interaction: discord.Interaction[Any]) -> None:
        """Show the form."""
        ...

    async def go_on(self, interaction: discord.Interaction[Any], import_id: int, chosen: str) -> None:
        """Read an upload after its member has answered; `chosen` is `NEW`, or the import whose place it takes."""
        ...

    async def stop(self, interaction: discord.Interaction[Any], import_id: int) -> None:
        """Stop an import; nothing of it is kept."""
        ...

    async def remove(self, interaction: discord.Interaction[Any], import_id: int) -> None:
        """Remove an import."""
        ...


def import_buttons(member_id: int, guild_id: int, import_id: int, *acts: str) -> discord.ui.View:
    """Buttons of a member's for an import: any of "add", "read", "stop" and "remove"."""
    view = discord.ui.View(timeout=None)
    for act in acts:
        view.add_item(ImportButton(act, guild_id, member_id, import_id))
    return view


class ImportButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"import:(?P<act>add|read|stop|remove):(?P<guild_id>\d+):(?P<user_id>\d+):(?P<import_id>\d+)",
):
    """What to do with an import; carries whose it is, so after a restart it says that nothing is being read."""

    def __init__(self, act: str, guild_id: int, user_id: int, import_id: int) -> None:
        self.act = act
        self.guild_id = guild_id
        self.user_id = user_id
        self.import_id = import_id
        label = {
            "add": wording_import.ADD_MORE,
            "read": wording_import.READ,
            "stop": wording_import.STOP,
            "remove": wording_import.REMOVE,
        }[act]
        style = discord.ButtonStyle.primary if act == "read" else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"import:{act}:{guild_id}:{user_id}:{import_id}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ImportButton:
        """Rebuild the button from a click."""
        return cls(match["act"], int(match["guild_id"]), int(match["user_id"]), int(match["import_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it."""
        try:
            cog = _importer(interaction, self.guild_id, self.user_id)
            if self.act == "add":
                await cog.open_form(interaction)
                return
            await interaction.response.defer()
            if self.act == "read":
                await cog.go_on(interaction, self.import_id, NEW)
            elif self.act == "stop":
                await cog.stop(interaction, self.import_id)
            else:
                await cog.remove(interaction, self.import_id)
        except Exception as error:
            await say_error(interaction, error)


class ImportMenu(
    discord.ui.DynamicItem[discord.ui.Select[Any]],
    template=r"imports:(?P<act>choose|remove):(?P<guild_id>\d+):(?P<user_id>\d+):(?P<import_id>\d+)",
):
    """Earlier imports: which one an upload takes the place of, or which one goes."""

    def __init__(
        self,
        act: str,
        guild_id: int,
        user_id: int,
        import_id: int,
        options: Sequence[discord.SelectOption] = (),
    ) -> None:
        self.act = act
        self.guild_id = guild_id
        self.user_id = user_id
        self.import_id = import_id
        super().__init__(
            discord.ui.Select(
                placeholder=wording_import.WHAT_TO_DO if act == "choose" else wording_import.WHAT_GOES,
                options=list(options),
                custom_id=f"imports:{act}:{guild_id}:{user_id}:{import_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ImportMenu:
        """Rebuild the menu from a choice."""
        return cls(match["act"], int(match["guild_id"]), int(match["user_id"]), int(match["import_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it with the one chosen."""
        try:
            cog, [chosen] = _importer(interaction, self.guild_id, self.user_id), self.item.values
            await interaction.response.defer()
            if self.act == "choose":
                await cog.go_on(interaction, self.import_id, chosen)
            else:
                await cog.remove(interaction, int(chosen))
        except Exception as error:
            await say_error(interaction, error)


def _importer(interaction: discord.Interaction[Any], guild_id: int, user_id: int) -> Importer:
    """The cog, for whoever's past it is, in their server.

    Raises:
        Refused: it is somebody else's.
    """
    if (interaction.guild_id, interaction.user.id) != (guild_id, user_id):
        raise Refused(wording_drafts.SOMEBODY_ELSES)
    bot: SquareDeal = interaction.client
    return cast(Importer, bot.get_cog("ImportsCog"))
