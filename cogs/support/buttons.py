"""Buttons that carry a draft's id and so work after a restart: a draft's label, and what to do with a reply."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

import discord

from coach import wording_drafts
from coach.labels import Label
from coach.nudging.advice import Advice, Nudge
from coach.nudging.next_step import Question
from coach.settings import NudgeWhere, Reactions
from coach.store import Corrected
from cogs.support.answers import literal, with_quotation
from cogs.support.bot import SquareDeal
from cogs.support.corrections import change_id, correct, show, undo
from cogs.support.errors import say_error
from cogs.support.replies import take_down


class LabelButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"label:(?P<label>content|conversation):(?P<message_id>\d+)",
):
    """The author's answer to "which is it"; carries the draft's id, so it works after a restart."""

    def __init__(self, label: Label, message_id: int, emoji: str | None = None, says: str | None = None) -> None:
        self.label = label
        self.message_id = message_id
        super().__init__(
            discord.ui.Button(
                label=says or label.capitalize(),
                emoji=emoji,
                style=discord.ButtonStyle.secondary,
                custom_id=f"label:{label}:{message_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> LabelButton:
        """Rebuild the button from a click."""
        return cls(Label(match["label"]), int(match["message_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take the author's word for it; nobody else's counts."""
        bot: SquareDeal = interaction.client
        try:
            corrected = await correct(interaction, self.message_id, self.label, by_reply=True)
            if corrected is not None:
                parts = answered_parts(interaction, corrected, self.label)
                await show(bot, corrected.before, interaction.edit_original_response(**parts))
        except Exception as error:
            await say_error(interaction, error)


class LanguageButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"languages:leave:(?P<message_id>\d+)"
):
    """Ends the question about a draft that can't be read; further drafts are skipped."""

    def __init__(self, message_id: int) -> None:
        self.message_id = message_id
        super().__init__(
            discord.ui.Button(
                label=wording_drafts.LEAVE_LANGUAGES,
                style=discord.ButtonStyle.secondary,
                custom_id=f"languages:leave:{message_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> LanguageButton:
        """Rebuild the button from a click."""
        return cls(int(match["message_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take the question down and say how it can be asked again, for the author alone."""
        bot: SquareDeal = interaction.client
        try:
            guild_id = interaction.guild_id or await bot.coach.replies.guild_of(self.message_id)
            await bot.coach.corrections.find(guild_id, self.message_id, interaction.user.id, author_only=True)
            await interaction.response.defer(ephemeral=True, thinking=True)
            # They may have switched questions on since, or Discord may have confirmed the question too late.
            await bot.coach.choices.leave_languages(guild_id, self.message_id)
            await bot.coach.replies.settle(self.message_id)
            await interaction.followup.send(wording_drafts.LANGUAGES_LEFT, ephemeral=True)
            await take_down(bot, guild_id)
        except Exception as error:
            await say_error(interaction, error)


def question_parts(message_id: int, advice: Advice, signs: Reactions, link: str) -> dict[str, Any]:
    """The question to the author of a draft, as arguments of `send` or `reply`.

    Args:
        message_id: the draft.
        advice: asks for a likely kind.
        signs: the sign of each label.
        link: address of the draft.
    """
    assert advice.ask is not None  # noqa: S101
    return _question(message_id, advice.label, signs, _about(advice.where, link))


def _question(message_id: int, label: Label | None, signs: Reactions, head: str) -> dict[str, Any]:
    view = discord.ui.View(timeout=None)
    for offered in Label:
        view.add_item(LabelButton(offered, message_id, signs.of(offered)))
    if label is None:
        view.add_item(LanguageButton(message_id))
    return {"content": head + wording_drafts.question(label), "view": view}


def answered_parts(
    interaction: discord.Interaction[SquareDeal], corrected: Corrected, label: Label
) -> dict[str, Any]:
    """What takes the place of a question or nudge once the author has said which label is right, with ways back.

    Args:
        interaction: the click.
        corrected: what it did.
        label: the right one, as they say.
    """
    draft, signs = corrected.before, interaction.client.settings.reactions
    view = discord.ui.View(timeout=None)
    view.add_item(
        LabelButton(label.other, draft.message_id, signs.of(label.other), wording_drafts.change_to(label.other))
    )
    if corrected.changed:
        view.add_item(UndoButton(draft.guild_id, draft.message_id, change_id(interaction)))
    return {
        "content": kept_head(interaction) + wording_drafts.counted_on_your_word(label, signs.of(label)),
        "view": view,
    }


class UndoButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"undo:(?P<guild_id>\d+):(?P<message_id>\d+):(?P<change>click-\d+)",
):
    """Undoes a change of a draft where it was made; carries which change, so it works after a restart."""

    def __init__(self, guild_id: int, message_id: int, change: str) -> None:
        self.guild_id = guild_id
        self.message_id = message_id
        self.change = change
        super().__init__(
            discord.ui.Button(
                label=wording_drafts.UNDO,
                style=discord.ButtonStyle.secondary,
                custom_id=f"undo:{guild_id}:{message_id}:{change}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> UndoButton:
        """Rebuild the button from a click."""
        return cls(int(match["guild_id"]), int(match["message_id"]), match["change"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Undo it, and put what was there before in the place of the answer."""
        bot: SquareDeal = interaction.client
        try:
            assert interaction.message is not None  # noqa: S101
            by_reply = not interaction.message.flags.ephemeral
            draft = await undo(
                interaction, self.guild_id, self.message_id, self.change, author_only=by_reply, by_reply=by_reply
            )
            head = kept_head(interaction) if by_reply else ""
            parts: dict[str, Any] = {"content": head + wording_drafts.undone(draft), "view": None}
            if by_reply and draft.labelled_by == "model":
                parts = _question(draft.message_id, draft.label, bot.settings.reactions, head)
            await show(bot, draft, interaction.edit_original_response(**parts))
        except Exception as error:
            await say_error(interaction, error)


def undo_view(interaction: discord.Interaction[SquareDeal], corrected: Corrected) -> discord.ui.View:
    """What stands below the answer to a change: a way back, if anything was changed."""
    view = discord.ui.View(timeout=None)
    if corrected.changed:
        view.add_item(UndoButton(corrected.before.guild_id, corrected.before.message_id, change_id(interaction)))
    return view


def kept_head(interaction: discord.Interaction[SquareDeal]) -> str:
    """The first line of a direct message, which says what draft it is about; nothing in a server."""
    if interaction.guild_id is not None:
        return ""
    return cast(discord.Message, interaction.message).content.partition("\n")[0] + "\n"


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
                label=wording_drafts.NUDGE_BUTTONS[act],
                style=discord.ButtonStyle.secondary,
                custom_id=f"nudge:{act}:{message_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
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

    async def _another(self, interaction: discord.Interaction[SquareDeal]) -> None:
        bot = interaction.client
        # Before the answer is begun, so that only somebody who is refused sees the refusal.
        await bot.coach.tips.nudge_of(self.message_id, interaction.user.id)
        await interaction.response.defer()
        nudge = await bot.coach.tips.another_tip(self.message_id, interaction.user.id)
        await interaction.edit_original_response(
            content=kept_head(interaction) + nudge_text(nudge), view=nudge_buttons(self.message_id)
        )

    async def _wrong(self, interaction: discord.Interaction[SquareDeal]) -> None:
        bot = interaction.client
        nudge = await bot.coach.tips.nudge_of(self.message_id, interaction.user.id)
        corrected = await correct(
            interaction, self.message_id, nudge.lacking, guild_id=nudge.guild_id, by_reply=True
        )
        if corrected is None:
            return
        # The nudge rested on the label that was wrong.
        await bot.coach.tips.withdraw(self.message_id)
        parts = answered_parts(interaction, corrected, nudge.lacking)
        await show(bot, corrected.before, interaction.edit_original_response(**parts))

    async def _snooze(self, interaction: discord.Interaction[SquareDeal]) -> None:
        bot = interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        nudge = await bot.coach.tips.nudge_of(self.message_id, interaction.user.id)
        until = await bot.coach.choices.snooze_today(nudge.guild_id, nudge.author_id)
        said = wording_drafts.snoozed_today(discord.utils.format_dt(until, "f"))
        await interaction.followup.send(said, ephemeral=True)

    async def _less(self, interaction: discord.Interaction[SquareDeal]) -> None:
        bot = interaction.client
        await interaction.response.defer(ephemeral=True, thinking=True)
        nudge = await bot.coach.tips.nudge_of(self.message_id, interaction.user.id)
        hours = await bot.coach.choices.nudge_less(nudge.guild_id, nudge.author_id)
        await interaction.followup.send(wording_drafts.nudged_less(hours), ephemeral=True)


def nudge_text(nudge: Nudge) -> str:
    """A nudge as Discord shows it, with its quotation or the question to copy set off; that quotes the draft."""
    text = wording_drafts.nudge_text(replace(nudge, account=literal(nudge.account)))
    if isinstance(nudge.advice, Question):
        return f"{text}\n> {literal(nudge.advice.text)}"
    return with_quotation(text, nudge.quote)


def nudge_parts(nudge: Nudge, link: str) -> dict[str, Any]:
    """A nudge, as arguments of `send` or `reply`.

    Args:
        nudge: the nudge.
        link: address of the draft.
    """
    return {
        "content": _about(nudge.where, link) + nudge_text(nudge),
        "view": nudge_buttons(nudge.message_id),
    }


def _about(where: NudgeWhere, link: str) -> str:
    """The first line of a direct message about a draft."""
    return f"{wording_drafts.about_draft(link)}\n" if where == "dm" else ""


def nudge_buttons(message_id: int) -> discord.ui.View:
    """The buttons below a nudge."""
    view = discord.ui.View(timeout=None)
    for act in wording_drafts.NUDGE_BUTTONS:
        view.add_item(NudgeButton(act, message_id))
    return view
