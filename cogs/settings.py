"""What members and servers choose: /target, /timezone, and /setup for those who may manage the server."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from coach import wording_accounts, wording_choices, wording_drafts, wording_posted, wording_refusals
from coach.errors import Refused
from coach.intake.drafts import ATTACHMENT_LIMIT
from coach.members.time_zones import changes_clocks, search_zones
from coach.members.typed import typed_per_cent
from coach.nudging.tips import OWN_FILES, OWN_FILES_SECONDS
from coach.text import cut
from cogs.support.accounts import account_meant, account_named, offer_accounts, offer_named_accounts
from cogs.support.answers import COLOUR, answer, guild_of, literal
from cogs.support.bot import UNLESS, Context, SquareDeal
from cogs.support.forms import RULES, RULES_FOR_MEMBERS, GoalForm, source_of
from cogs.support.permissions import missing
from cogs.support.setup_form import MOST_LISTED, SetupForm, set_watched, setup_text, summary_channel

GOAL_OPTIONS = {
    "preset": "a rule of thumb with its source",
    "share": "conversation to aim for, such as 50%",
    "band": "how far the share may stray, such as 15%: around 50% that means 35% to 65%",
    "window": "days that count",
}
Watchable = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel


async def zones(interaction: discord.Interaction[SquareDeal], typed: str) -> list[app_commands.Choice[str]]:
    """Offer zones whose city, country, abbreviation or name is as typed, each with its local time."""
    bot = interaction.client
    return [app_commands.Choice(name=text, value=name) for name, text in search_zones(typed, bot.coach.clock())]


class SettingsCog(commands.Cog):
    """Answers /target, /timezone and /setup."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot

    @commands.hybrid_command(extras={UNLESS: tuple(GOAL_OPTIONS)})
    @app_commands.describe(**GOAL_OPTIONS, account="an account for which you have a goal of your own")
    @app_commands.autocomplete(account=offer_accounts)
    @app_commands.choices(preset=[app_commands.Choice(name=says, value=name) for says, name in RULES_FOR_MEMBERS])
    async def target(
        self,
        ctx: Context,
        preset: str | None = None,
        share: str | None = None,
        band: str | None = None,
        window: int | None = None,
        account: str | None = None,
    ) -> None:
        """See or choose your goal; without options a form opens."""
        coach, guild_id, member_id = self.bot.coach, guild_of(ctx).id, ctx.author.id
        about = await account_meant(ctx, account)
        name = literal(about.name) if about is not None else ""
        if preset is not None or share is not None or band is not None or window is not None:
            goal = await coach.choices.set_goal(
                guild_id,
                member_id,
                preset=preset,
                share=typed_per_cent(share),
                band=typed_per_cent(band),
                window_days=window,
                account=about,
            )
            text = wording_accounts.own_goal_now(name, goal) if about else wording_choices.goal_now(goal)
            await answer(ctx, text + source_of(preset))
            return
        if about is not None:
            goal = await coach.members.goal(guild_id, member_id, about)
            text = wording_accounts.goal_there(name, goal, shared=about.shared)
        else:
            goal = (await coach.members.preferences(guild_id, member_id)).goal
            text = wording_choices.goal_is(goal)
        shared = about is not None and about.shared
        if ctx.interaction is not None and not shared:
            await ctx.interaction.response.send_modal(GoalForm(goal, member_id, about))
        else:
            await answer(ctx, text)

    @commands.hybrid_command()
    @app_commands.describe(zone="begin to type your city")
    @app_commands.autocomplete(zone=zones)
    async def timezone(self, ctx: Context, *, zone: str) -> None:
        """Choose your time zone, so that your days end when you sleep."""
        preferences = await self.bot.coach.choices.set_zone(guild_of(ctx).id, ctx.author.id, zone)
        local = self.bot.coach.clock().astimezone(preferences.zone)
        changes = changes_clocks(preferences.zone, local)
        await answer(ctx, wording_choices.zone_now(preferences.zone.key, local.time(), changes))

    setup = app_commands.Group(
        name="setup",
        description="Set the bot up for this server",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @setup.command()
    @app_commands.checks.has_permissions(manage_guild=True)
    async def form(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Choose channels, time zone, summary and questions with one form."""
        guild, members = guild_of(interaction), self.bot.coach.members
        preferences, chosen = await members.preferences(guild.id, None), await members.guild(guild.id)
        await interaction.response.send_modal(SetupForm(self.bot, guild, preferences, chosen))

    @setup.command()
    @app_commands.describe(channel="the channel", watch="True: count the drafts in it; False: leave it alone")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def channel(
        self, interaction: discord.Interaction[SquareDeal], channel: Watchable, watch: bool = True
    ) -> None:
        """Watch a channel, or leave it alone."""
        await self._set_watched(interaction, channel, watch)

    @setup.command()
    @app_commands.checks.has_permissions(manage_guild=True)
    async def here(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Watch this channel."""
        channel = interaction.channel
        if isinstance(channel, discord.Thread) and channel.parent is not None:
            channel = channel.parent
        if not isinstance(channel, Watchable):
            await interaction.response.send_message(wording_choices.CANNOT_WATCH, ephemeral=True)
            return
        await self._set_watched(interaction, channel, True)

    @setup.command(name="list")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def list_(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Which channels are watched, and the server's choices."""
        guild = guild_of(interaction)
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(await setup_text(self.bot, guild), ephemeral=True)

    @setup.command()
    @app_commands.describe(zone="begin to type a city")
    @app_commands.autocomplete(zone=zones)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def zone(self, interaction: discord.Interaction[SquareDeal], zone: str) -> None:
        """The time zone of members who chose none."""
        await interaction.response.defer(ephemeral=True)
        preferences = await self.bot.coach.choices.set_zone(guild_of(interaction).id, None, zone)
        local = self.bot.coach.clock().astimezone(preferences.zone)
        changes = changes_clocks(preferences.zone, local)
        text = wording_choices.server_zone_now(preferences.zone.key, local.time(), changes)
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.describe(**GOAL_OPTIONS)
    @app_commands.choices(preset=[app_commands.Choice(name=says, value=name) for says, name in RULES])
    @app_commands.checks.has_permissions(manage_guild=True)
    async def goal(
        self,
        interaction: discord.Interaction[SquareDeal],
        preset: str | None = None,
        share: str | None = None,
        band: str | None = None,
        window: int | None = None,
    ) -> None:
        """See or choose the goal of members who chose none; without options a form opens."""
        guild, coach = guild_of(interaction), self.bot.coach
        if preset is None and share is None and band is None and window is None:
            goal = (await coach.members.preferences(guild.id, None)).goal
            await interaction.response.send_modal(GoalForm(goal, None))
            return
        await interaction.response.defer(ephemeral=True)
        goal = await coach.choices.set_goal(
            guild.id,
            None,
            preset=preset,
            share=typed_per_cent(share),
            band=typed_per_cent(band),
            window_days=window,
        )
        text = wording_choices.server_goal_now(goal) + source_of(preset)
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.describe(
        what="drafted: everything that is drafted; posted: only what is marked as posted",
        account="the balance of this account; else that of drafts without one",
    )
    @app_commands.autocomplete(account=offer_named_accounts)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def counts(
        self,
        interaction: discord.Interaction[SquareDeal],
        what: Literal["drafted", "posted"],
        account: str | None = None,
    ) -> None:
        """Choose whether balances count everything that is drafted, or only what is posted."""
        guild, accounts = guild_of(interaction), self.bot.coach.accounts
        await interaction.response.defer(ephemeral=True)
        about = account_named(await accounts.book(guild.id), account) if account is not None else None
        await accounts.set_counts(guild.id, about, what)
        name = literal(about.name) if about is not None else None
        text = wording_posted.counts_now(name, what, self.bot.settings.reactions.posted_sign)
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.describe(
        on="True: a daily summary; False: none",
        channel="where it goes; else the first watched channel",
        at="local time, such as 6:30 pm or 18:30",
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def summary(
        self,
        interaction: discord.Interaction[SquareDeal],
        on: bool | None = None,
        channel: discord.TextChannel | None = None,
        at: str | None = None,
    ) -> None:
        """See or choose the server's daily summary: on or off, where and when."""
        await interaction.response.defer(ephemeral=True)
        guild, preferences = await self.bot.coach.choices.set_server_summary(
            guild_of(interaction).id, on=on, channel_id=channel.id if channel else None, at=at
        )
        text = wording_choices.server_summary(preferences, guild, summary_channel(guild))
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.describe(choice="on: ask authors about unclear drafts and other languages; off: never ask")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def questions(self, interaction: discord.Interaction[SquareDeal], choice: Literal["on", "off"]) -> None:
        """Choose whether members are asked about unclear drafts and drafts in other languages."""
        on = choice == "on"
        await interaction.response.defer(ephemeral=True)
        await self.bot.coach.choices.set_server_questions(guild_of(interaction).id, on)
        text = wording_choices.server_questions(on, self.bot.settings.ask_when_unsure)
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.describe(file="a file in the form of config/tips.yaml; none takes the server's own tips away")
    @app_commands.checks.cooldown(OWN_FILES, OWN_FILES_SECONDS, key=lambda interaction: interaction.guild_id)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def tips(
        self, interaction: discord.Interaction[SquareDeal], file: discord.Attachment | None = None
    ) -> None:
        """Give this server tips of its own, beside the shipped ones."""
        guild = guild_of(interaction)
        await interaction.response.defer(ephemeral=True)
        source = await self._source(file) if file is not None else None
        count = await self.bot.coach.tips.set_own(guild.id, source)
        await interaction.followup.send(wording_drafts.own_tips(count), ephemeral=True)

    @staticmethod
    async def _source(file: discord.Attachment) -> str:
        if file.size > ATTACHMENT_LIMIT:
            raise Refused(wording_choices.file_too_big(ATTACHMENT_LIMIT // 1024))
        try:
            return (await file.read()).decode()
        except UnicodeDecodeError:
            raise Refused(wording_choices.NOT_UTF_8) from None

    @setup.command()
    @app_commands.describe(
        bot="the application, such as PluralKit or Tupperbox; none lists those that are named",
        use="True: what it posts again for a member stays their draft; False: it is left alone",
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def proxy(
        self, interaction: discord.Interaction[SquareDeal], bot: discord.User | None = None, use: bool = True
    ) -> None:
        """Name an application that deletes members' messages and posts them again for them."""
        guild, proxies = guild_of(interaction), self.bot.coach.proxies
        if bot is not None and (not bot.bot or bot.id == self.bot.own_id):
            raise Refused(wording_refusals.NO_PROXY)
        await interaction.response.defer(ephemeral=True)
        # An application's bot has its id.
        named = await (proxies.named(guild.id) if bot is None else proxies.name(guild.id, bot.id, use))
        text = wording_choices.proxies([f"<@{one}>" for one in sorted(named)])
        await interaction.followup.send(text, ephemeral=True)

    @setup.command()
    @app_commands.checks.has_permissions(manage_guild=True)
    async def check(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Name every missing permission, channel by channel, and say how to fix it."""
        guild = guild_of(interaction)
        hidden = list(self.bot.watch.out_of_sight(guild))
        watched = [channel for channel in self.bot.watch.channels(guild) if channel not in hidden]
        troubles: list[str] = []
        for channel in watched:
            lacking = list(missing(channel, guild.me))
            if lacking:
                troubles.append(wording_choices.lacks(channel.mention, lacking))
        troubles += [wording_choices.not_seen(channel.mention) for channel in hidden]
        if not watched and not troubles:
            text = wording_choices.NONE_WATCHED
        elif not troubles:
            text = wording_choices.nothing_lacks([channel.mention for channel in watched[:MOST_LISTED]])
        else:
            text = cut("\n".join(troubles), 3900) + wording_choices.HOW_TO_FIX
        embed = discord.Embed(colour=COLOUR, title=wording_choices.CHECK_TITLE, description=text)
        await interaction.response.send_message(embed=embed, ephemeral=True)

    async def _set_watched(
        self, interaction: discord.Interaction[SquareDeal], channel: Watchable, watched: bool
    ) -> None:
        guild = guild_of(interaction)
        await interaction.response.defer(ephemeral=True)
        await set_watched(self.bot, guild.id, channel.id, watched, interaction.id)
        lacking = list(missing(channel, guild.me)) if watched else []
        text = wording_choices.watched_now(channel.mention, watched, lacking)
        await interaction.followup.send(text, ephemeral=True)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(SettingsCog(bot))
