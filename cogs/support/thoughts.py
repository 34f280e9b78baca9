"""Which thought a draft belongs to: what is said about it, and the buttons that change it or undo the change."""

from __future__ import annotations

import re
from typing import Any

import discord

from coach import wording_drafts, wording_thoughts
from coach.store import Moved, StoredDraft
from coach.store.thought_store import InThought
from cogs.support.answers import guild_of, link_to, manages
from cogs.support.bot import SquareDeal
from cogs.support.errors import say_error


class ThoughtButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"thought:(?P<act>own|before|back):(?P<message_id>\d+)(?::(?P<other>\d+):(?P<part>[01]))?",
):
    """Counts a draft on its own, with the one before it, or, as an undo, with those that it was taken from.

    Carries the draft's id, and for an undo that of another draft of the thought, so it works after a restart.
    """

    def __init__(
        self, act: str, message_id: int, other: int | None = None, part: bool = False, says: str = ""
    ) -> None:
        self.act = act
        self.message_id = message_id
        self.other = other
        self.part = part
        back = f":{other}:{int(part)}" if other is not None else ""
        super().__init__(
            discord.ui.Button(
                label=says or wording_thoughts.BUTTONS[act],
                style=discord.ButtonStyle.secondary,
                custom_id=f"thought:{act}:{message_id}{back}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ThoughtButton:
        """Rebuild the button from a click."""
        other = int(match["other"]) if match["other"] else None
        return cls(match["act"], int(match["message_id"]), other, match["part"] == "1")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, for the author or somebody who manages the server, and show what came of it."""
        bot: SquareDeal = interaction.client
        try:
            draft = await bot.coach.corrections.find(
                guild_of(interaction).id,
                self.message_id,
                interaction.user.id,
                manages=manages(interaction.user),
            )
            await interaction.response.defer()
            moved = await move(bot, draft, self.act, self.other, part=self.part)
            undo = undo_button(self.act, moved)
            await interaction.edit_original_response(**await place_parts(bot, moved.draft, moved, undo))
        except Exception as error:
            await say_error(interaction, error)


async def move(
    bot: SquareDeal, draft: StoredDraft, act: str, other: int | None = None, *, part: bool = False
) -> Moved:
    """Put a draft on its own or with another one, and have its threads read again.

    Args:
        bot: the bot.
        draft: the draft.
        act: "own", "before" or "back", as in `ThoughtButton`.
        other: for "back", the other draft.
        part: for "back", whether both are parts of one thread.

    Raises:
        Refused: that can't be done.
    """
    thoughts = bot.coach.thoughts
    if act == "own":
        moved = await thoughts.put_on_its_own(draft)
    else:
        moved = await thoughts.put_with(draft, other if act == "back" else None, part=part)
    bot.dispatch("threads_changed", draft.guild_id)
    return moved


def undo_button(act: str, moved: Moved) -> ThoughtButton | None:
    """The button that undoes a move; None if nothing was moved."""
    if moved.other is None:
        return None
    if act == "own":
        return ThoughtButton("back", moved.draft.message_id, moved.other.message_id, moved.part)
    return ThoughtButton("own", moved.draft.message_id, says=wording_drafts.UNDO)


async def place_parts(
    bot: SquareDeal, draft: StoredDraft, moved: Moved | None = None, undo: ThoughtButton | None = None
) -> dict[str, Any]:
    """What a draft counts together with, as arguments of `send` and `edit`.

    Args:
        bot: the bot.
        draft: the draft.
        moved: what has just been done to it; None if nothing was.
        undo: the button that undoes that; without one, there is a button to change it.
    """
    place = (await bot.coach.thoughts.places(draft.guild_id, [draft])).get(draft.message_id)
    other = None
    if moved is not None and moved.other is not None and place is not None:
        other = link_to(moved.other.guild_id, moved.other.channel_id, moved.other.message_id)
    return {"content": wording_thoughts.place_text(place, other), "view": thought_view(draft, place, undo)}


def thought_view(
    draft: StoredDraft, place: InThought | None, undo: ThoughtButton | None = None
) -> discord.ui.View:
    """The button that changes what a draft counts together with; or, instead of it, one that undoes a change."""
    view = discord.ui.View(timeout=None)
    view.add_item(undo or ThoughtButton("own" if place is not None else "before", draft.message_id))
    return view
