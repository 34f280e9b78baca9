"""Reactions: what the author of a draft says by adding an emoji to it, or by taking one off again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import discord
from discord.ext import commands

from coach.errors import Refused
from coach.labels import Label
from coach.turns import Turns
from cogs.support.bot import SquareDeal
from cogs.support.corrections import mend, text_of
from cogs.support.ending import InProgress
from cogs.support.replies import take_down

SECONDS_TO_FINISH = 2.0
"""How long a shutdown waits for reactions in progress."""

Act = Callable[[discord.RawReactionActionEvent, bool], Awaitable[None]]
"""What is done about a reaction; the second argument says whether it was added, or removed."""


class ReactionsCog(commands.Cog):
    """Follows the reactions to which something is done, each in the order in which they come."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self._turns = Turns()
        self._in_progress = InProgress()
        self._acts: dict[str, Act] = {}
        signs = bot.settings.reactions
        if signs.by_author:
            self._acts |= {_key(signs.of(label)): partial(self._label, label) for label in Label}
        if signs.posted_sign is not None:
            self._acts.setdefault(_key(signs.posted_sign), self._posted)

    async def cog_unload(self) -> None:
        """Finish the reactions in progress."""
        await self._in_progress.finish(SECONDS_TO_FINISH)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Somebody added an emoji to a message in a channel with drafts."""
        await self._follow(reaction, added=True)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        """Somebody took theirs off again."""
        await self._follow(reaction, added=False)

    async def _follow(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        act = self._acts.get(_key(str(reaction.emoji)))
        if act is None:
            return
        with self._in_progress.hold():
            async with self._turns.of(reaction.message_id):
                await act(reaction, added)

    async def _label(self, label: Label, reaction: discord.RawReactionActionEvent, added: bool) -> None:
        """Take the author's sign as their word for a label, and its removal as taking that back."""
        bot, corrections = self.bot, self.bot.coach.corrections
        assert reaction.guild_id is not None  # noqa: S101  # the bot asks for those in servers only
        key, change = (reaction.guild_id, reaction.message_id, reaction.user_id), f"sign-{label}"
        if added:
            draft = await corrections.signed(*key, label)
            if draft is None:
                return
            click = bot.clicks.now(draft.message_id)
            text = None
            if await corrections.teaches(draft, label, reaction.user_id):
                text = await text_of(bot, draft)
            if not bot.clicks.is_last(draft.message_id, click):
                return
            try:
                corrected = await corrections.change(draft, label, reaction.user_id, text, change=change)
            except Refused:
                return  # The draft has just been deleted.
        else:
            corrected = await corrections.unsigned(*key, change)
        if corrected is not None:
            await mend(bot, corrected.before)
            await take_down(bot, reaction.guild_id)
            # If it is a part of a thread, the other parts follow.
            bot.dispatch("threads_changed", reaction.guild_id)

    async def _posted(self, reaction: discord.RawReactionActionEvent, added: bool) -> None:
        """Take the author's sign as their word that a draft is posted, and its removal as taking that back."""
        assert reaction.guild_id is not None  # noqa: S101  # the bot asks for those in servers only
        key = (reaction.guild_id, reaction.message_id, reaction.user_id)
        if await self.bot.coach.posted.signed(*key, posted=added) and not added:
            await take_down(self.bot, reaction.guild_id)


def _key(emoji: str) -> str:
    """What tells an emoji from others: a server's own keeps its id when it is renamed."""
    own = discord.PartialEmoji.from_str(emoji)
    # With or without the mark that asks for a coloured picture, it is the same.
    return str(own.id) if own.id is not None else emoji.replace("\ufe0f", "")


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(ReactionsCog(bot))
