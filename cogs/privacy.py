"""A member's own data: /privacy to read what is stored, take it along, pause the bot or erase everything."""

from __future__ import annotations

import io
import re
from typing import Any

import discord
from discord.ext import commands
from discord.utils import DEFAULT_FILE_SIZE_LIMIT_BYTES

from coach import wording_choices, wording_drafts, wording_help
from coach.errors import Refused
from coach.members.choices import FORGET_WITHIN
from cogs.support.answers import answer, guild_of
from cogs.support.bot import Context, SquareDeal
from cogs.support.errors import say_error
from cogs.support.replies import take_down

ROOM_FOR_THE_REST = 64 * 1024
"""Bytes of a request beside its file, so that it stays within the limit however Discord counts."""


class PrivacyCog(commands.Cog):
    """Answers /privacy."""

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
        preferences = await self.bot.coach.members.preferences(guild_of(ctx).id, ctx.author.id)
        paused = f"{wording_choices.PAUSED}\n\n" if preferences.paused else ""
        settings = self.bot.settings
        said = wording_help.what_is_stored(
            keep_text=settings.keep_text,
            reads_reactions=settings.reads_reactions,
            hours=settings.thoughts.window_hours,
            held_back=preferences.nudge_policy.held_back,
            posted_again=bool(await self.bot.coach.proxies.named(guild_of(ctx).id)),
        )
        await answer(ctx, paused + said)

    @privacy.command()
    async def export(self, ctx: Context) -> None:
        """Everything stored about you in this server, as a JSON file."""
        guild = guild_of(ctx)
        # A typed command is answered by direct message.
        limit = ctx.interaction.filesize_limit if ctx.interaction else DEFAULT_FILE_SIZE_LIMIT_BYTES
        parts = await self.bot.coach.exports.of_member(guild.id, ctx.author.id, limit - ROOM_FOR_THE_REST)
        for number, part in enumerate(parts, 1):
            said = wording_help.EXPORT_FIRST if number == 1 else wording_help.EXPORT_NEXT
            file = discord.File(io.BytesIO(part.content), part.name, description=wording_help.EXPORT_FILE)
            await answer(ctx, said, file=file)

    @privacy.command()
    async def pause(self, ctx: Context) -> None:
        """Stop reading your messages; what is stored stays."""
        await self.bot.coach.choices.pause(guild_of(ctx).id, ctx.author.id)
        await answer(ctx, wording_help.PAUSED_NOW)

    @privacy.command()
    async def resume(self, ctx: Context) -> None:
        """Read your drafts again."""
        await self.bot.coach.choices.resume(guild_of(ctx).id, ctx.author.id, (ctx.interaction or ctx.message).id)
        await answer(ctx, wording_help.RESUMED_NOW)

    @privacy.command()
    async def forget(self, ctx: Context) -> None:
        """Erase everything stored about you in this server."""
        guild_id, view = guild_of(ctx).id, discord.ui.View(timeout=None)
        for act in ("erase", "keep"):
            view.add_item(ForgetButton(act, guild_id, ctx.author.id))
        await answer(
            ctx,
            wording_help.REALLY_FORGET,
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
                label=wording_help.ERASE if erases else wording_help.KEEP,
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
                raise Refused(wording_drafts.SOMEBODY_ELSES)
            assert interaction.message is not None  # noqa: S101
            # Acknowledged first: the database may be busy for longer than Discord waits.
            await interaction.response.defer()
            if self.act == "keep":
                said = wording_help.NOTHING_ERASED
            elif interaction.created_at - interaction.message.created_at > FORGET_WITHIN:
                said = wording_help.ASKED_LONG_AGO
            else:
                signed = await bot.coach.replies.signed(self.guild_id, self.user_id)
                no_traces = await bot.coach.choices.forget(self.guild_id, self.user_id, interaction.id)
                bot.old_signs.extend(signed)
                paused = (await bot.coach.members.preferences(self.guild_id, self.user_id)).paused
                erased = wording_help.ERASED_PAUSED if paused else wording_help.ERASED
                said = erased if no_traces else wording_help.ERASED_BUT
            await interaction.edit_original_response(content=said, view=None)
            await take_down(bot, self.guild_id)
        except Exception as error:
            await say_error(interaction, error)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(PrivacyCog(bot))
