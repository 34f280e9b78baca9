"""Forms: what all of them have in common, and the one for a goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from coach import wording_accounts, wording_choices, wording_forms, wording_help
from coach.balance.presets import PRESETS
from coach.balance.standing import Goal
from coach.errors import Refused
from coach.members.choices import SERVERS_GOAL
from coach.members.typed import changed_number
from coach.store import Account
from cogs.support.answers import guild_of, literal, manages
from cogs.support.errors import say_error

SECONDS_TO_FILL_IN = 15 * 60
"""Discord's own limit for what can still be answered."""

SHORT = 60
"""Characters of a short answer."""

LONGEST_OPTION = 100
"""Characters of an option."""

MOST_OPTIONS = 25
"""Options of a menu or a field, and channels that can be chosen in one."""

RULES = [(f"{rule.name}: {rule.says}"[:LONGEST_OPTION], rule.name) for rule in PRESETS.values()]
"""The rules of thumb as options: what each says, and its name."""

RULES_FOR_MEMBERS = [*RULES, (wording_choices.AS_SERVER, SERVERS_GOAL)]

HOLDS_DRAFTS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.media,
    discord.ChannelType.voice,
]


class ModalForm(discord.ui.Modal):
    """A form that somebody fills in; sent in, it answers them."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=SECONDS_TO_FILL_IN)

    def ask(self, text: str, hint: str | None, item: discord.ui.Item[Any]) -> None:
        """Add a question: what stands above the field, what is said about it, and the field."""
        self.add_item(discord.ui.Label[Any](text=text, description=hint, component=item))

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:
        """Say what can't be."""
        await say_error(interaction, error)


def short_text(custom_id: str, shown: str, *, required: bool = True) -> discord.ui.TextInput[Any]:
    """A field of one line, with what it holds when the form opens."""
    return discord.ui.TextInput(custom_id=custom_id, default=shown or None, max_length=SHORT, required=required)


def one_of(custom_id: str, options: Mapping[str, str], chosen: str) -> discord.ui.RadioGroup[Any]:
    """A choice between a few: each with its value and what it says, and the one that is chosen at first."""
    return discord.ui.RadioGroup(
        custom_id=custom_id,
        options=[
            discord.RadioGroupOption(label=says, value=value, default=value == chosen)
            for value, says in options.items()
        ],
    )


def channels(
    custom_id: str, kinds: list[discord.ChannelType], chosen: list[int], most: int = MOST_OPTIONS
) -> discord.ui.ChannelSelect[Any]:
    """A field for channels of some kinds, none to `most`, with those that are chosen at first."""
    return discord.ui.ChannelSelect(
        custom_id=custom_id,
        channel_types=kinds,
        min_values=0,
        max_values=most,
        required=False,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel) for one in chosen
        ],
    )


class GoalForm(ModalForm):
    """A goal: a member's own, one for an account, or the server's. What is left as it was is not chosen anew.

    Args:
        goal: the goal in force.
        member_id: whose it is; None for the server's.
        account: the account that a member chooses it for.
    """

    def __init__(self, goal: Goal, member_id: int | None, account: Account | None = None) -> None:
        super().__init__(wording_forms.SERVERS_GOAL if member_id is None else wording_forms.GOAL)
        self._member_id = member_id
        self._account = account
        self._shown = goal
        self.add_item(discord.ui.TextDisplay[Any](self._says(goal, now=False)))
        self.preset = discord.ui.Select[Any](
            custom_id="preset",
            placeholder=wording_forms.NO_RULE,
            min_values=0,
            required=False,
            options=[
                discord.SelectOption(label=says, value=name, default=name == goal.preset)
                for says, name in (RULES if member_id is None else RULES_FOR_MEMBERS)
            ],
        )
        self.share = short_text("share", f"{goal.target * 100:g}")
        self.band = short_text("band", f"{goal.band * 100:g}")
        self.window = short_text("window", str(goal.window_days))
        self.ask(wording_forms.RULE, wording_forms.RULE_HINT, self.preset)
        self.ask(wording_forms.SHARE, wording_forms.SHARE_HINT, self.share)
        self.ask(wording_forms.BAND, wording_forms.BAND_HINT, self.band)
        self.ask(wording_forms.WINDOW, wording_forms.WINDOW_HINT, self.window)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Choose the goal as the form says."""
        guild = guild_of(interaction)
        if self._member_id is None:
            manages_here(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        [preset] = self.preset.values or [None]
        preset = preset if preset != self._shown.preset else None
        share = changed_number(self.share.value, self.share.default)
        band = changed_number(self.band.value, self.band.default)
        window = changed_number(self.window.value, self.window.default)
        if preset is None and share is None and band is None and window is None:
            await interaction.followup.send(wording_forms.nothing_changed(self._says(self._shown, now=False)))
            return
        goal = await interaction.client.coach.choices.set_goal(
            guild.id,
            self._member_id,
            preset=preset,
            share=share,
            band=band,
            window_days=window,
            account=self._account,
        )
        await interaction.followup.send(self._says(goal, now=True) + source_of(preset), ephemeral=True)

    def _says(self, goal: Goal, *, now: bool) -> str:
        """The goal in words, as it is or as it has just become."""
        if self._account is not None:
            name = literal(self._account.name)
            if now:
                return wording_accounts.own_goal_now(name, goal)
            return wording_accounts.goal_there(name, goal, shared=False)
        if self._member_id is None:
            return wording_choices.server_goal_now(goal) if now else wording_choices.server_goal_is(goal)
        return wording_choices.goal_now(goal) if now else wording_choices.goal_is(goal)


def source_of(preset: str | None) -> str:
    """Where a rule of thumb comes from, as a small line; empty if none was chosen."""
    rule = PRESETS.get(preset or "")
    return f"\n-# {rule.source}" if rule else ""


def manages_here(interaction: discord.Interaction[Any], guild_id: int | None = None) -> None:
    """Check that somebody may still manage the server that they filled in a form or clicked for.

    Raises:
        Refused: they may not, or `guild_id` is another server's.
    """
    if not manages(interaction.user) or (guild_id is not None and interaction.guild_id != guild_id):
        raise Refused(wording_help.FOR_MANAGERS)
