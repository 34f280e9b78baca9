"""Buttons that carry a draft's id and so work after a restart: a draft's label, and what to do with a nudge."""

from __future__ import annotations

from typing import Any, cast

import discord

from coach import words
from coach.coach import Nudge
from coach.labels import Kind, Label
from coach.settings import Reactions
from cogs.kit import CoachBot, guild_of, say_error


class LabelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"label:(?P<label>content|conversation):(?P<message_id>\d+)",
):
    """The author's answer to "which is it"; carries the draft's id, so it works after a restart."""

    def __init__(self, label: Label, message_id: int, emoji: str | None = None) -> None:
        self.label = label
        self.message_id = message_id
        super().__init__(
            discord.ui.Button(
                label=label.capitalize(),
                emoji=emoji,
                style=discord.ButtonStyle.secondary,
                custom_id=f"label:{label}:{message_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> LabelButton:
        """Rebuild the button from a click."""
        return cls(Label(match["label"]), int(match["message_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take the author's word for it; nobody else's counts."""
        bot: CoachBot = interaction.client
        try:
            guild = guild_of(interaction)
            stored = await bot.corrections.find(guild.id, self.message_id, interaction.user.id, manages=None)
            await interaction.response.defer()
            text = await bot.text_to_learn(stored, interaction.user.id)
            before = await bot.corrections.correct(
                guild.id, self.message_id, self.label, interaction.user.id, text, manages=None
            )
            await interaction.edit_original_response(
                content=f"{bot.settings.reactions.of(self.label)} Counted as {self.label}, on your word.",
                view=None,
            )
            channel = bot.get_partial_messageable(before.channel_id, guild_id=guild.id)
            await bot.put_sign(channel.get_partial_message(self.message_id), self.label, before.label)
        except Exception as error:
            await say_error(interaction, error)


def question_parts(message_id: int, likely: Kind, signs: Reactions) -> dict[str, Any]:
    """The question to the author of a draft that could be either, as arguments of `reply`."""
    view = discord.ui.View(timeout=None)
    for label in Label:
        view.add_item(LabelButton(label, message_id, signs.of(label)))
    return {"content": words.question(likely), "view": view}


class NudgeButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"nudge:(?P<act>another|wrong|snooze|less):(?P<message_id>\d+)",
):
    """What the author of a draft can do with the nudge on it."""

    def __init__(self, act: str, message_id: int) -> None:
        self.act = act
        self.message_id = message_id
        super().__init__(
            discord.ui.Button(
                label=ACTS[act], style=discord.ButtonStyle.secondary, custom_id=f"nudge:{act}:{message_id}"
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> NudgeButton:
        """Rebuild the button from a click."""
        return cls(match["act"], int(match["message_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, for the author alone."""
        try:
            match self.act:
                case "another":
                    await self._another(interaction)
                case "wrong":
                    await self._wrong(interaction)
                case "snooze":
                    await self._snooze(interaction)
                case _:
                    await self._less(interaction)
        except Exception as error:
            await say_error(interaction, error)

    async def _another(self, interaction: discord.Interaction[Any]) -> None:
        bot: CoachBot = interaction.client
        await bot.coach.nudge_of(self.message_id, interaction.user.id)  # others are refused for their eyes only
        await interaction.response.defer()
        nudge = await bot.coach.another(self.message_id, interaction.user.id)
        # A nudge by direct message says on its first line which draft it is about.
        said = cast(discord.Message, interaction.message).content
        about = said.partition("\n")[0] + "\n" if interaction.guild is None else ""
        await interaction.edit_original_response(
            content=about + words.nudge_text(nudge), view=nudge_buttons(self.message_id)
        )

    async def _wrong(self, interaction: discord.Interaction[Any]) -> None:
        bot: CoachBot = interaction.client
        nudge = await bot.coach.nudge_of(self.message_id, interaction.user.id)
        guild_id, actor_id = nudge.guild_id, nudge.author_id
        draft = await bot.corrections.find(guild_id, self.message_id, actor_id, manages=None)
        await interaction.response.defer()
        text = await bot.text_to_learn(draft, actor_id)
        before, label = await bot.corrections.flip(guild_id, self.message_id, actor_id, text, manages=None)
        # The nudge rested on the label that was wrong.
        await bot.coach.store.nudges.withdraw(self.message_id)
        await interaction.edit_original_response(
            content=f"{bot.settings.reactions.of(label)} Counted as {label}, on your word.", view=None
        )
        channel = bot.get_partial_messageable(before.channel_id, guild_id=guild_id)
        await bot.put_sign(channel.get_partial_message(self.message_id), label, before.label)

    async def _snooze(self, interaction: discord.Interaction[Any]) -> None:
        bot: CoachBot = interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        nudge = await bot.coach.nudge_of(self.message_id, interaction.user.id)
        until = await bot.choices.snooze_today(nudge.guild_id, nudge.author_id)
        await interaction.followup.send(
            f"No more nudges today, until {discord.utils.format_dt(until, 'f')}.", ephemeral=True
        )

    async def _less(self, interaction: discord.Interaction[Any]) -> None:
        bot: CoachBot = interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        nudge = await bot.coach.nudge_of(self.message_id, interaction.user.id)
        hours = await bot.choices.nudge_less(nudge.guild_id, nudge.author_id)
        said = (
            f"From now on at most one nudge in {words.counted(hours, 'hour')}. `/nudges pace` changes that."
            if hours is not None
            else "From now on only the daily summary says what is due. `/nudges where` brings nudges back."
        )
        await interaction.followup.send(said, ephemeral=True)


ACTS = {
    "another": "Another tip",
    "wrong": "Wrong label",
    "snooze": "Snooze today",
    "less": "Nudge me less",
}


def nudge_parts(nudge: Nudge, link: str) -> dict[str, Any]:
    """A nudge, as arguments of `send` or `reply`.

    Args:
        nudge: the nudge.
        link: address of the draft, of which a direct message has to say which it is.
    """
    text = words.nudge_text(nudge)
    about = f"On {link}:\n" if nudge.where == "dm" else ""
    return {"content": about + text, "view": nudge_buttons(nudge.message_id)}


def nudge_buttons(message_id: int) -> discord.ui.View:
    """The buttons below a nudge."""
    view = discord.ui.View(timeout=None)
    for act in ACTS:
        view.add_item(NudgeButton(act, message_id))
    return view
