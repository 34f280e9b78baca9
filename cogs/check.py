"""Labels without counting, in servers and elsewhere: /check, its form, and the menu's *Check this draft*."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording, wording_drafts, wording_forms, wording_help, wording_refusals
from coach.errors import Refused
from coach.labels import Verdict
from coach.nudging.tips import Quote, Tip
from coach.reports import SLOW_COMMANDS, SLOW_COMMANDS_SECONDS
from coach.settings import Reactions
from coach.text import has_words
from cogs.support.answers import (
    LABEL_COLOURS,
    answer,
    anywhere,
    asker,
    home_of,
    literal,
    safe_verdict,
    slow_command,
    tip_text,
)
from cogs.support.bot import UNLESS, Context, SquareDeal, opens_form
from cogs.support.forms import ModalForm
from cogs.support.messages import draft_text, is_answering, is_place_for_answers

LONGEST = 4_000
"""Characters of a text that is looked at: as many as fit in a field of a form."""


def check_embed(
    signs: Reactions, verdict: Verdict, step: str | None, tip: Tip | None, quote: Quote | None
) -> discord.Embed:
    """What the labeller makes of a text, and how to tilt it if there is a step or a tip."""
    embed = discord.Embed(
        colour=LABEL_COLOURS[verdict.label],
        title=wording_drafts.verdict_title(verdict, signs.of(verdict.label)),
        description=wording_drafts.check_text(safe_verdict(verdict)),
    )
    if step is not None:
        embed.add_field(name=wording_drafts.tilt_head(verdict.label), value=literal(step), inline=False)
    if tip is not None:
        embed.add_field(name=wording.TIP, value=tip_text(tip, quote), inline=False)
    return embed


class CheckCog(commands.Cog):
    """Answers /check and the menu's entry."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self.menu = anywhere(app_commands.ContextMenu(name="Check this draft", callback=self.message))
        app_commands.checks.cooldown(SLOW_COMMANDS, SLOW_COMMANDS_SECONDS, key=asker)(self.menu)

    async def cog_load(self) -> None:
        """Add the menu's entry."""
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    @commands.hybrid_command(extras={UNLESS: ("text",)})
    @anywhere
    @slow_command
    @app_commands.describe(text="the draft to look at, not counted and not stored; without it a form opens")
    async def check(
        self,
        ctx: Context,
        *,
        # discord.py takes an optional range for text in a hybrid command, so None stands as a bare default.
        text: commands.Range[str, 1, LONGEST] = None,  # type: ignore[assignment]
    ) -> None:
        """Label a text without counting it, and see why."""
        if ctx.interaction is not None and opens_form(ctx):
            await ctx.interaction.response.send_modal(CheckForm())
        elif not text:
            raise Refused(wording_help.say_which("text", "check"))
        else:
            answering = is_place_for_answers(ctx.channel)
            await answer(ctx, embed=await checked(self.bot, home_of(ctx), ctx.author.id, text, answering))

    async def message(self, interaction: discord.Interaction[SquareDeal], message: discord.Message) -> None:
        """What the labeller makes of a message, draft or not, without counting it."""
        await interaction.response.defer(ephemeral=True)
        text = await draft_text(message)
        if not has_words(text):
            raise Refused(wording_refusals.NOTHING_TO_CHECK)
        guild, asked_by = home_of(interaction), interaction.user.id
        embed = await checked(self.bot, guild, asked_by, text, is_answering(message))
        await interaction.followup.send(embed=embed, ephemeral=True)


class CheckForm(ModalForm):
    """A form for a draft with line breaks, which the option of a slash command doesn't take."""

    def __init__(self) -> None:
        super().__init__(wording_forms.CHECK)
        self.text = discord.ui.TextInput[Any](
            custom_id="text", style=discord.TextStyle.paragraph, max_length=LONGEST
        )
        self.ask(wording_forms.DRAFT, wording_forms.DRAFT_HINT, self.text)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Say what the labeller makes of it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild, asked_by = home_of(interaction), interaction.user.id
        answering = is_place_for_answers(interaction.channel)
        embed = await checked(interaction.client, guild, asked_by, self.text.value, answering)
        await interaction.followup.send(embed=embed, ephemeral=True)


async def checked(
    bot: SquareDeal, guild: discord.Guild | None, asked_by: int, text: str, answering: bool
) -> discord.Embed:
    """What the labeller makes of a text, with a tip.

    Args:
        bot: the bot.
        guild: the server; None outside of those that the bot is in, where nothing is stored.
        asked_by: who asks.
        text: the text.
        answering: whether it is in a place for answers.
    """
    guild_id = guild.id if guild is not None else None
    verdict = await bot.coach.corrections.check(guild_id, asked_by, text, answering)
    step, tip, quote = await bot.coach.tips.tilt(guild_id, asked_by, text, verdict)
    return check_embed(bot.settings.reactions, verdict, step, tip, quote)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(CheckCog(bot))
