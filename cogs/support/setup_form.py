"""The form of /setup, and what a server has chosen, in words."""

from __future__ import annotations

from typing import Any

import discord

from coach import wording_choices, wording_forms, wording_posted
from coach.members.preferences import Preferences
from coach.members.typed import typed_time
from coach.store.account_book import UNNAMED
from coach.store.people import Guild
from coach.text import cut
from cogs.support.answers import guild_of
from cogs.support.bot import SquareDeal
from cogs.support.forms import HOLDS_DRAFTS, MOST_OPTIONS, ModalForm, channels, manages_here, short_text
from cogs.support.permissions import missing

MOST_LISTED = 40
"""Channels that one answer names, so that it stays within Discord's 2,000 characters."""


class SetupForm(ModalForm):
    """What a server is asked at first: channels, time zone, summary, questions. What is left as it was stays."""

    def __init__(self, bot: SquareDeal, guild: discord.Guild, preferences: Preferences, chosen: Guild) -> None:
        super().__init__(wording_forms.SETUP)
        self._shown = [channel.id for channel in bot.watch.channels(guild)][:MOST_OPTIONS]
        # One that has been deleted can't be shown as chosen.
        to = guild.get_channel(chosen.summary_channel_id or 0)
        self._summary_channel = to.id if isinstance(to, discord.TextChannel) else None
        self._asks = preferences.asks
        self.channels = channels("channels", HOLDS_DRAFTS, self._shown)
        self.zone = short_text("zone", preferences.zone.key)
        at = f"{preferences.summary_at:%H:%M}" if chosen.summary_on else ""
        self.summary = short_text("summary", at, required=False)
        to_shown = [self._summary_channel] if self._summary_channel else []
        self.summary_channel = channels("summary_channel", [discord.ChannelType.text], to_shown, 1)
        self.questions = discord.ui.Checkbox[Any](custom_id="questions", default=self._asks)
        self.ask(wording_forms.CHANNELS, wording_forms.CHANNELS_HINT, self.channels)
        self.ask(wording_forms.ZONE, wording_forms.ZONE_HINT, self.zone)
        self.ask(wording_forms.SUMMARY, wording_forms.SUMMARY_HINT, self.summary)
        self.ask(wording_forms.SUMMARY_CHANNEL, wording_forms.SUMMARY_CHANNEL_HINT, self.summary_channel)
        if bot.settings.ask_when_unsure:
            self.ask(wording_forms.ASK, wording_forms.ASK_HINT, self.questions)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Set the server up as the form says."""
        manages_here(interaction)
        guild = guild_of(interaction)
        bot: SquareDeal = interaction.client
        choices = bot.coach.choices
        await interaction.response.defer(ephemeral=True, thinking=True)
        # First what may be refused, so that a form is taken as a whole or not at all.
        at = self.summary.value.strip()
        if at and at != self.summary.default:
            typed_time(at)
        if self.zone.value != self.zone.default:
            await choices.set_zone(guild.id, None, self.zone.value)
        if at != (self.summary.default or ""):
            await choices.set_server_summary(guild.id, on=bool(at), at=at or None)
        [to] = [channel.id for channel in self.summary_channel.values] or [None]
        if to != self._summary_channel:
            await choices.set_server_summary(guild.id, channel_id=to or "first")
        if self.questions.value != self._asks:
            await choices.set_server_questions(guild.id, self.questions.value)
        wanted = {channel.id for channel in self.channels.values}
        for channel_id in wanted ^ set(self._shown):
            await set_watched(bot, guild.id, channel_id, channel_id in wanted, interaction.id)
        said = [await setup_text(bot, guild)]
        for channel in bot.watch.channels(guild):
            if channel.id in wanted and (lacking := list(missing(channel, guild.me))):
                said.append(wording_choices.lacks(channel.mention, lacking))
        await interaction.followup.send(cut("\n".join(said), 2000), ephemeral=True)


async def set_watched(bot: SquareDeal, guild_id: int, channel_id: int, watched: bool, click: int) -> None:
    """Watch a channel, or leave it alone.

    Args:
        bot: the bot.
        guild_id: the server.
        channel_id: the channel.
        watched: whether drafts in it count.
        click: the id of the click. Discord's ids are made of time, so what was written before has smaller ones.
    """
    await bot.coach.watching.set_watched(guild_id, channel_id, watched, click)
    bot.watch.decide(channel_id, watched)
    bot.watch.recorded.add(channel_id)


async def setup_text(bot: SquareDeal, guild: discord.Guild) -> str:
    """Which channels are watched, and what the server chose."""
    preferences = await bot.coach.members.preferences(guild.id, None)
    chosen = await bot.coach.members.guild(guild.id)
    watched = [channel.mention for channel in bot.watch.channels(guild)]
    text = wording_choices.server_choices(preferences, chosen, watched[:MOST_LISTED], summary_channel(chosen))
    if UNNAMED in await bot.coach.members.posted_only(guild.id):
        text += f"\n{wording_posted.only_posted('posted')}"
    return text


def summary_channel(guild: Guild) -> str | None:
    """The mention of the channel that a server chose for its summary."""
    return f"<#{guild.summary_channel_id}>" if guild.summary_channel_id else None
