"""A member's own data: /privacy to read what is stored, take it along, pause the bot or erase everything."""

from __future__ import annotations

import io
import re
from typing import Any

import discord
from discord.ext import commands
from discord.utils import DEFAULT_FILE_SIZE_LIMIT_BYTES

from coach import wording
from coach.members.choices import FORGET_WITHIN
from coach.members.preferences import Refused
from cogs.support.answers import answer, guild_of
from cogs.support.bot import Context, SquareDeal
from cogs.support.errors import say_error
from cogs.support.replies import take_down

WHAT = """\
**What I keep about you in this server**, so that I can count:
• for each draft: ids of message, channel and author, times, label, how sure I was, kind, who set the label, \
length, a keyed hash that shows edits, and one for each name it mentions, to count how many people you talk \
with{text}
• counts for each of your days; labels you corrected, with kind, cues and rough length of those drafts, from \
which I learn to label your next ones; nudges you were shown, the tips in them and the labels of your next three \
drafts; which tips you were shown elsewhere; what you chose in commands

**What I read**: messages in the watched channels, to see whether they are drafts. Nothing leaves the machine \
I run on: labels are made there, by a model that is part of the program.

**What you can do**: `/privacy export` gives you all of it, `/privacy pause` stops me reading you, \
`/privacy forget` erases it and keeps no more than a keyed hash of you, so that nothing of before comes back, \
and that you have paused me, if you have. \
Deleting a message deletes its row."""


ROOM_FOR_THE_REST = 64 * 1024
"""Bytes of a request beside its file, so that it stays within the limit however Discord counts."""

ERASED = "Erased. I know nothing about you here any more."
ERASED_PAUSED = (
    "Erased. All that I know about you here is that you have paused me: `/privacy resume` starts again."
)
ERASED_BUT = (
    "Erased. Another program, such as a backup, is reading my database just now; until it ends, traces of what "
    "was erased are left in a file beside it."
)


class PrivacyCog(commands.Cog):
    """What is stored, and the way out."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work."""
        self.bot.add_dynamic_items(ForgetButton)

    async def cog_unload(self) -> None:
        """Let go of them."""
        self.bot.remove_dynamic_items(ForgetButton)

    @commands.hybrid_group(fallback="what", case_insensitive=True)
    async def privacy(self, ctx: Context) -> None:
        """What is stored about you."""
        kept = "; this installation also keeps its text" if self.bot.settings.keep_text else "; never its text"
        terms = await self.bot.coach.terms(guild_of(ctx).id, ctx.author.id)
        paused = f"{wording.PAUSED}\n\n" if terms.paused else ""
        await answer(ctx, paused + WHAT.format(text=kept))

    @privacy.command()
    async def export(self, ctx: Context) -> None:
        """Everything stored about you in this server, as a JSON file."""
        guild = guild_of(ctx)
        # A typed command is answered by direct message.
        limit = ctx.interaction.filesize_limit if ctx.interaction else DEFAULT_FILE_SIZE_LIMIT_BYTES
        parts = await self.bot.coach.exports.of_member(guild.id, ctx.author.id, limit - ROOM_FOR_THE_REST)
        for number, part in enumerate(parts, 1):
            said = "Everything I have about you in this server:" if number == 1 else "It goes on:"
            file = discord.File(
                io.BytesIO(part.content), part.name, description="Everything stored about you in this server"
            )
            await answer(ctx, said, file=file)

    @privacy.command()
    async def pause(self, ctx: Context) -> None:
        """Stop reading your messages; what is stored stays."""
        await self.bot.choices.pause(guild_of(ctx).id, ctx.author.id)
        await answer(ctx, "Paused: I do not read your messages any more. `/privacy resume` starts again.")

    @privacy.command()
    async def resume(self, ctx: Context) -> None:
        """Read your drafts again."""
        await self.bot.choices.resume(guild_of(ctx).id, ctx.author.id, (ctx.interaction or ctx.message).id)
        await answer(ctx, "I read your drafts again, from the next one on.")

    @privacy.command()
    async def forget(self, ctx: Context) -> None:
        """Erase everything stored about you in this server."""
        guild_id, view = guild_of(ctx).id, discord.ui.View(timeout=None)
        for act in ("erase", "keep"):
            view.add_item(ForgetButton(act, guild_id, ctx.author.id))
        await answer(
            ctx,
            "This erases every row about you in this server: drafts' labels, counts, corrections, nudges and your "
            "choices. It cannot be undone. Your messages stay in Discord; I count new ones unless you pause me or "
            "have paused me.",
            view=view,
        )


class ForgetButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=r"forget:(?P<act>erase|keep):(?P<guild_id>\d+):(?P<user_id>\d+)",
):
    """The answer to "are you sure"; carries whose data it is about, so it works after a restart."""

    def __init__(self, act: str, guild_id: int, user_id: int) -> None:
        self.act = act
        self.guild_id = guild_id
        self.user_id = user_id
        erases = act == "erase"
        super().__init__(
            discord.ui.Button(
                label="Erase everything" if erases else "Keep it",
                style=discord.ButtonStyle.danger if erases else discord.ButtonStyle.secondary,
                custom_id=f"forget:{act}:{guild_id}:{user_id}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> ForgetButton:
        """Rebuild the button from a click."""
        return cls(match["act"], int(match["guild_id"]), int(match["user_id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Erase, or leave it; a question that was put long ago is put again first."""
        bot: SquareDeal = interaction.client
        try:
            if interaction.user.id != self.user_id:
                raise Refused("That is for somebody else.")
            assert interaction.message is not None  # noqa: S101
            # Acknowledged first: the database may be busy for longer than Discord waits.
            await interaction.response.defer()
            if self.act == "keep":
                said = "Nothing was erased."
            elif interaction.created_at - interaction.message.created_at > FORGET_WITHIN:
                said = "Nothing was erased: I asked a while ago. Use `/privacy forget` again if you still want to."
            else:
                settled = await bot.choices.forget(self.guild_id, self.user_id, interaction.id)
                paused = (await bot.coach.terms(self.guild_id, self.user_id)).paused
                said = (ERASED_PAUSED if paused else ERASED) if settled else ERASED_BUT
            await interaction.edit_original_response(content=said, view=None)
            await take_down(bot, self.guild_id)
        except Exception as error:
            await say_error(interaction, error)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(PrivacyCog(bot))
