"""Advice: /tip, /nudges for when and where the bot may nudge, and /why for why it has not."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Literal, cast

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording, wording_choices, wording_forms, wording_nudges, wording_posted
from coach.errors import Refused
from coach.members.choices import RAREST_HOURS
from coach.members.preferences import Preferences
from coach.members.typed import bounded, changed_number
from coach.nudging.tips import Quote, Tip
from coach.reports import Report
from coach.settings import NudgeWhere, QuestionWhere
from cogs.support.accounts import account_meant, hidden_from, offer_accounts
from cogs.support.answers import COLOUR, answer, anywhere, guild_of, home_of, link_to, tip_text
from cogs.support.bot import UNLESS, Context, SquareDeal
from cogs.support.forms import ModalForm, one_of, short_text

NO_QUIET_HOURS = "0:00 to 0:00"
"""Quiet hours that end when they begin."""


class TipsCog(commands.Cog):
    """Answers /tip, /nudges and /why."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    @commands.hybrid_command()
    @anywhere
    @app_commands.describe(account="an account that you draft for")
    @app_commands.autocomplete(account=offer_accounts)
    async def tip(self, ctx: Context, *, account: str | None = None) -> None:
        """A tip for where you stand."""
        if home_of(ctx) is None and account is None:
            unfitted, quote = self.bot.coach.tips.unrecorded()
            text = tip_text(unfitted, quote)
            await answer(ctx, embed=discord.Embed(colour=COLOUR, title=wording.TIP, description=text))
            return
        about = await account_meant(ctx, account)
        hidden = await hidden_from(ctx, about)
        report, tip, quote = await self.bot.coach.tips.tip(guild_of(ctx).id, ctx.author.id, about, hidden)
        await answer(ctx, embed=tip_embed(report, tip, quote))

    @commands.hybrid_group(fallback="show", case_insensitive=True)
    async def nudges(self, ctx: Context) -> None:
        """When and where you are nudged."""
        await answer(ctx, await nudges_text(self.bot, guild_of(ctx), ctx.author.id))

    @nudges.command(extras={UNLESS: ()})
    async def form(self, ctx: Context) -> None:
        """Choose all of it with one form: where, how often, quiet hours, questions."""
        if ctx.interaction is None:
            raise Refused(wording_forms.opens_by_slash(wording_forms.NUDGES, "nudges form"))
        preferences = await self.bot.coach.members.preferences(guild_of(ctx).id, ctx.author.id)
        shown = NudgesForm(preferences, asks_for_trial=self.bot.settings.nudges.held_back > 0)
        await ctx.interaction.response.send_modal(shown)

    @nudges.command(name="where")
    @app_commands.describe(place="reply below the draft, direct message, only in the daily summary, or off")
    async def where_(self, ctx: Context, place: NudgeWhere) -> None:
        """Choose where nudges go."""
        await self.bot.coach.choices.set_nudges(guild_of(ctx).id, ctx.author.id, place)
        preferences = await self.bot.coach.members.preferences(guild_of(ctx).id, ctx.author.id)
        await answer(ctx, f"{wording_choices.NUDGES[place]} {wording_choices.questions_line(preferences)}")

    @nudges.command()
    async def off(self, ctx: Context) -> None:
        """No nudges and no questions; your drafts are still counted."""
        await self.bot.coach.choices.set_nudges(guild_of(ctx).id, ctx.author.id, "off")
        await answer(ctx, wording_choices.NUDGES_OFF)

    @nudges.command()
    @app_commands.describe(place="reply below the draft, direct message, only marked in /history, or off")
    async def questions(self, ctx: Context, place: QuestionWhere) -> None:
        """Choose where you are asked about unclear drafts and drafts in other languages."""
        preferences = await self.bot.coach.choices.set_question_where(guild_of(ctx).id, ctx.author.id, place)
        if place in ("reply", "dm") and not preferences.asks:
            await answer(ctx, wording_choices.QUESTIONS_OFF_HERE)
        else:
            await answer(ctx, wording_choices.questions_line(preferences))

    @nudges.command()
    @app_commands.describe(choice="on: some nudges are held back, to learn whether they help; off: none of yours")
    async def trial(self, ctx: Context, choice: Literal["on", "off"]) -> None:
        """Choose whether some of your nudges are held back, to learn whether nudges help."""
        preferences = await self.bot.coach.choices.set_trial(guild_of(ctx).id, ctx.author.id, choice == "on")
        held_back = preferences.nudge_policy.held_back
        if choice == "off":
            await answer(ctx, wording_nudges.TRIAL_OFF)
        else:
            said = wording_nudges.trial_line(held_back) if held_back else wording_nudges.TRIAL_OFF_HERE
            await answer(ctx, said)

    @nudges.command()
    @app_commands.describe(choice="on: some hours after you posted, one line reminds you to answer; off: none")
    async def comeback(self, ctx: Context, choice: Literal["on", "off"]) -> None:
        """Choose whether you are reminded to answer those who replied to what you posted."""
        guild_id, on = guild_of(ctx).id, choice == "on"
        await self.bot.coach.posted.choose_comebacks(guild_id, ctx.author.id, on)
        preferences = await self.bot.coach.members.preferences(guild_id, ctx.author.id)
        hours = self.bot.settings.nudges.come_back_hours
        await answer(ctx, wording_posted.comebacks(on=on, hours=hours, where=preferences.nudge_where))

    @nudges.command()
    @app_commands.describe(hours="for how long, 24 unless you say otherwise")
    async def snooze(self, ctx: Context, hours: commands.Range[int, 1, 720] = 24) -> None:
        """No nudges for some hours."""
        until = await self.bot.coach.choices.snooze(guild_of(ctx).id, ctx.author.id, hours)
        await answer(ctx, wording_choices.no_nudges_until(discord.utils.format_dt(until, "f")))

    @nudges.command()
    @app_commands.describe(hours="hours between two nudges at least")
    async def pace(self, ctx: Context, hours: commands.Range[int, 1, 48]) -> None:
        """Choose how often you may be nudged."""
        await self.bot.coach.choices.set_nudge_gap(guild_of(ctx).id, ctx.author.id, hours)
        await answer(ctx, wording_choices.pace_now(hours))

    @nudges.command()
    @app_commands.describe(start="local time, such as 10pm or 22:00", end="local time, such as 7am or 7:00")
    async def quiet(self, ctx: Context, start: str, *, end: str) -> None:
        """Choose your quiet hours."""
        first, last = await self.bot.coach.choices.set_quiet(guild_of(ctx).id, ctx.author.id, start, end)
        await answer(ctx, wording_choices.quiet_now(first, last))

    @commands.hybrid_command()
    async def why(self, ctx: Context) -> None:
        """Why your last drafts brought no nudge."""
        guild_id, member_id = guild_of(ctx).id, ctx.author.id
        preferences = await self.bot.coach.members.preferences(guild_id, member_id)
        decisions = await self.bot.coach.past_nudges.decisions(guild_id, member_id)
        lines = [wording_choices.PAUSED] if preferences.paused else []
        for silence, group in groupby(decisions, key=lambda decision: decision.silence):
            links = [
                f"[{discord.utils.format_dt(one.posted_at, 'f')}]"
                f"({link_to(guild_id, one.channel_id, one.message_id)})"
                for one in group
            ]
            lines.append(f"• {wording_nudges.about_drafts(links, silence)}")
        if not decisions:
            lines.append(wording_nudges.NO_DECISIONS)
        elif only := wording_posted.only_posted(await self.bot.coach.members.counts(guild_id, None)):
            # Otherwise too few drafts, or a balance inside its band, would be no explanation.
            lines += ["", only]
        if preferences.nudge_where in ("reply", "dm"):
            lines += ["", wording_choices.nudge_limits(preferences)]
            if (wait := await self.bot.coach.past_nudges.longer_wait(guild_id, member_id)) is not None:
                lines.append(wording_nudges.longer_wait(wait))
        embed = discord.Embed(colour=COLOUR, title=wording_nudges.WHY_TITLE, description="\n".join(lines))
        await answer(ctx, embed=embed)


class NudgesForm(ModalForm):
    """When and where its user is nudged and asked. What is left as it was is not chosen anew."""

    def __init__(self, preferences: Preferences, *, asks_for_trial: bool) -> None:
        super().__init__(wording_forms.NUDGES)
        policy = preferences.nudge_policy
        self._where, self._questions = preferences.nudge_where, preferences.question_where
        self._trial = policy.held_back > 0
        self.where = one_of("where", wording_forms.WHERE_OPTIONS, self._where)
        self.pace = short_text("pace", f"{policy.gap.total_seconds() / 3600:g}")
        quiet = policy.quiet_from != policy.quiet_until
        self.quiet = short_text(
            "quiet",
            f"{policy.quiet_from:%H:%M} to {policy.quiet_until:%H:%M}" if quiet else "",
            required=False,
        )
        self.questions = one_of("questions", wording_forms.QUESTIONS_OPTIONS, self._questions)
        self.trial = discord.ui.Checkbox[Any](custom_id="trial", default=self._trial)
        self.ask(wording_forms.WHERE, None, self.where)
        self.ask(wording_forms.PACE, wording_forms.PACE_HINT, self.pace)
        self.ask(wording_forms.QUIET, wording_forms.QUIET_HINT, self.quiet)
        self.ask(wording_forms.QUESTIONS, wording_forms.QUESTIONS_HINT, self.questions)
        if asks_for_trial:
            self.ask(wording_forms.TRIAL, wording_forms.TRIAL_HINT, self.trial)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Choose what the form says."""
        guild, member_id = guild_of(interaction), interaction.user.id
        bot: SquareDeal = interaction.client
        choices = bot.coach.choices
        await interaction.response.defer(ephemeral=True, thinking=True)
        # First what may be refused, so that a form is taken as a whole or not at all.
        hours = changed_number(self.pace.value, self.pace.default)
        hours = bounded(hours, 1, RAREST_HOURS) if hours is not None else None
        if (typed := self.quiet.value.strip()) != (self.quiet.default or ""):
            await choices.set_quiet(guild.id, member_id, typed or NO_QUIET_HOURS)
        if hours is not None:
            await choices.set_nudge_gap(guild.id, member_id, hours)
        if self.where.value != self._where:
            await choices.set_nudges(guild.id, member_id, cast("NudgeWhere", self.where.value))
        if self.questions.value != self._questions:
            where = cast("QuestionWhere", self.questions.value)
            await choices.set_question_where(guild.id, member_id, where)
        if self.trial.value != self._trial:
            await choices.set_trial(guild.id, member_id, self.trial.value)
        await interaction.followup.send(await nudges_text(bot, guild, member_id), ephemeral=True)


async def nudges_text(bot: SquareDeal, guild: discord.Guild, member_id: int) -> str:
    """When and where a member is nudged and asked."""
    preferences = await bot.coach.members.preferences(guild.id, member_id)
    policy = preferences.nudge_policy
    lines = [wording_choices.PAUSED] if preferences.paused else []
    lines.append(wording_choices.NUDGES[preferences.nudge_where])
    if preferences.nudge_where in ("reply", "dm"):
        lines.append(wording_choices.nudge_limits(preferences))
        if policy.held_back:
            lines.append(wording_nudges.trial_line(policy.held_back))
    if policy.snoozed_until is not None and policy.snoozed_until > bot.coach.clock():
        lines.append(wording_choices.snoozed(discord.utils.format_dt(policy.snoozed_until, "f")))
    known = (await bot.coach.members.get(guild.id, member_id)).member
    if known.comes_back:
        hours = bot.settings.nudges.come_back_hours
        lines.append(wording_posted.comebacks(on=True, hours=hours, where=preferences.nudge_where))
    lines.append(wording_choices.questions_line(preferences))
    left = await bot.coach.choices.languages_left_alone(guild.id, member_id)
    if there := [channel.mention for one in left if (channel := guild.get_channel(one))]:
        lines.append(wording_choices.languages_line(there))
    return "\n".join(lines)


def tip_embed(report: Report, tip: Tip, quote: Quote | None) -> discord.Embed:
    """A tip below the next step, with the share that it rests on."""
    embed = discord.Embed(
        colour=COLOUR, title=wording.next_step(report.standing), description=tip_text(tip, quote)
    )
    account = f"{report.account.name}: " if report.account is not None else ""
    embed.set_footer(text=account + wording.share_line(report.standing))
    return embed


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(TipsCog(bot))
