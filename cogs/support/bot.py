"""The bot: one class, on Discord and in the rehearsal room alike, and how it is built."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from coach import wording, wording_choices
from coach.balance.chart_process import ChartProcess
from coach.coach import Coach
from coach.labelling.labelling_queue import load_labeller
from coach.opening import open_coach
from coach.settings import Settings
from coach.shards import ALONE, Shards
from coach.store import StoredDraft
from cogs import EXTENSIONS
from cogs.support.answers import home_of, shown_name
from cogs.support.clicks import Clicks
from cogs.support.downloads import Pieces, pieces
from cogs.support.ending import answered
from cogs.support.errors import log_error
from cogs.support.gateway import drop_unreadable
from cogs.support.http_timeout import timeout_trace
from cogs.support.messages import mentions_of
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning
from cogs.support.signs import Signs
from cogs.support.watched_channels import WatchedChannels

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller

log = logging.getLogger("squaredeal")

# The bot never speaks in voice channels, so a warning that it can't is of no use.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

LOOKS_AT_ONCE = 4
"""Requests at a time for the words of drafts that somebody wants to see listed."""

UNLESS = "form unless"
"""In a command's extras: it opens a form as a slash command, unless it is given one of these options."""

SECONDS_FOR_NAME = 10.0
"""How long a summary waits for the names of its members."""


class SquareDeal(commands.AutoShardedBot):
    """The bot, on Discord and in the rehearsal room alike.

    Args:
        settings: the configuration.
        clock: gives the present, aware.
        shards: the servers that it serves; None for all, over as many connections as Discord recommends.

    Attributes:
        unsettled: channels in which something could not be recorded or shown; they are looked at again.
        pieces: fetches what members upload; a simulated Discord has its own way.
        old_signs: erased drafts whose signs are to be taken off; kept only here, as nothing may be left of them.
        looking: held while the words of drafts are fetched for a list, so that not all requests go there.
        taking_down: by server, what is held while replies there are taken down.
        failure: what ended the bot from within; None if nothing has.
        registered: whether this process has registered the commands with Discord.
        shards_ready: the connections that are ready.
    """

    coach: Coach
    watch: WatchedChannels
    signs: Signs

    def __init__(self, settings: Settings, clock: Callable[[], datetime], shards: Shards | None) -> None:
        intents = discord.Intents.none()
        intents.guilds = True  # channels and their names, permissions, threads
        intents.guild_messages = True  # drafts, their edits and deletions
        intents.message_content = True  # the words that are labelled
        intents.guild_reactions = settings.reads_reactions  # what authors say by adding a sign to a draft
        sharding: dict[str, Any] = {}
        if shards is not None:
            sharding = {"shard_count": shards.count, "shard_ids": list(shards.ids)}
        super().__init__(
            command_prefix=_prefixes,
            strip_after_prefix=True,
            case_insensitive=True,
            intents=intents,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=discord.app_commands.AppCommandContext(guild=True),
            allowed_installs=discord.app_commands.AppInstallationType(guild=True),
            # Edits and deletions are followed by raw events, and members arrive with their messages.
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            http_trace=timeout_trace(),
            **sharding,
        )
        self.settings = settings
        self.drawing = ChartProcess()
        self.pieces: Pieces = pieces
        self.clicks = Clicks()
        self.unsettled: set[int] = set()
        self.old_signs: deque[StoredDraft] = deque()
        self.looking = asyncio.Semaphore(LOOKS_AT_ONCE)
        self.taking_down: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.failure: Exception | None = None
        self.registered = False
        self.shards_ready: set[int] = set()
        self._said: set[tuple[int, str]] = set()
        self._clock, self._shards = clock, shards
        self._loading: asyncio.Task[Labeller] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.before_invoke(acknowledge)
        self.check(in_its_place)
        drop_unreadable(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Open the database, load the cogs, tell Discord of changed commands, and begin to load the labeller."""
        self.coach = await open_coach(self.settings, self._labeller, self._clock, self._shards)
        self.watch = WatchedChannels(
            self.settings.watch_names,
            await self.coach.watching.watched_by_hand(),
            set(await self.coach.watching.servers_by_channel()),
        )
        self.signs = Signs(
            self.settings.reactions,
            self.own_id,
            self.coach.corrections.label_of,
            self.coach.corrections.changes,
            self.report_missing,
            self.note_granted,
        )
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.sync_commands()
        # Last, as the thread's imports would keep this one from connecting.
        self._loading = asyncio.create_task(asyncio.to_thread(load_labeller), name="load-labeller")
        self._loading.add_done_callback(self._labeller_loaded)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Ignore what concerns nobody here before a task is made for each of its listeners.

        Most messages and reactions that the bot can see are in channels that it does not watch.
        """
        if event == "message" and not self._concerns_somebody(args[0]):
            return
        if event in ("raw_reaction_add", "raw_reaction_remove") and not self._may_say_something(args[0]):
            return
        super().dispatch(event, *args, **kwargs)

    def _concerns_somebody(self, message: discord.Message) -> bool:
        """Whether a message may be a draft or a command; the bot's own are neither."""
        if message.author.id == self.own_id:
            return False
        return self.watch.includes(message.channel) or _typed_command(message)

    def _may_say_something(self, reaction: discord.RawReactionActionEvent) -> bool:
        """Whether a reaction may be on a draft, and is not the bot's own."""
        return reaction.user_id != self.own_id and reaction.channel_id in self.watch.recorded

    async def on_message(self, message: discord.Message, /) -> None:
        """Obey a typed command."""
        if _typed_command(message):
            await self.process_commands(message)

    async def sync_commands(self) -> None:
        """Register the commands with Discord if they changed since the last time."""
        tree = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
        name = f"commands of {self.application_id}"
        # If several processes start together, one of them does it.
        before = await self.coach.program.swap(name, digest)
        if before != digest:
            try:
                await self.tree.sync()
                self.registered = True
            except BaseException as error:
                # The previous commands keep working; the next start tries again.
                await self.coach.program.swap(name, before)
                if not isinstance(error, NO_ANSWER):
                    raise
                log.warning("the commands could not be registered: %s", described(error))

    async def close(self) -> None:
        """Stop listening, finish the work in progress, then leave Discord and close the database.

        Whoever calls it, however often, comes back only when all of it is done.
        """
        await asyncio.shield(self._begin_to_close())

    def _begin_to_close(self) -> asyncio.Task[None]:
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="close")
        return self._closing

    async def _close(self) -> None:
        try:
            for extension in tuple(self.extensions):
                await self.unload_extension(extension)
            if hasattr(self, "signs"):
                await self.signs.close()
            # While there is still a connection, so that whoever waits for a chart is answered without one.
            await self.drawing.close()
            await answered()
            await super().close()
        finally:
            if self.is_open:
                await self.coach.close()

    async def _labeller(self) -> Labeller:
        assert self._loading is not None  # noqa: S101  # begun by setup_hook, before any event
        # Shielded: a caller that is cancelled must not cancel the loading for all others.
        return await asyncio.shield(self._loading)

    def _labeller_loaded(self, loading: asyncio.Task[Labeller]) -> None:
        if not loading.cancelled() and (error := loading.exception()) is not None:
            self.failure = error if isinstance(error, Exception) else None
            self._begin_to_close()

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return hasattr(self, "coach")

    @property
    def can_label(self) -> bool:
        """Whether the labeller is loaded."""
        return self._loading is not None and self._loading.done() and self.failure is None

    async def on_shard_ready(self, shard_id: int) -> None:
        """A connection is ready."""
        self.shards_ready.add(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """A connection is ready again."""
        self.shards_ready.add(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A connection is lost."""
        self.shards_ready.discard(shard_id)

    @property
    def own_id(self) -> int:
        """The bot's user id."""
        assert self.user is not None  # noqa: S101  # known since the login
        return self.user.id

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what went wrong while an event was handled; discord.py's own words could quote a draft."""
        error = sys.exc_info()[1]
        if error is not None:
            log_error(event_method, error)

    async def on_app_command_completion(self, interaction: discord.Interaction, _: Any) -> None:
        """Tell a member once if direct messages don't reach them, below an answer that only they see."""
        guild = home_of(interaction)
        if guild is None or not interaction.response.is_done():
            return
        if await self.coach.choices.note_told_of_refused_dm(guild.id, interaction.user.id):
            try:
                await interaction.followup.send(wording_choices.NO_DIRECT_MESSAGES, ephemeral=True)
            except NO_ANSWER as error:
                log.warning("a member could not be told that they get no direct messages: %s", described(error))

    async def name_of(self, guild_id: int, member_id: int) -> str | None:
        """A member's display name, safe to show: markdown in it is escaped. None if Discord doesn't say."""
        guild = self.get_guild(guild_id)
        if guild is None:
            return None
        try:
            # Members are not cached, so that many servers fit in memory; a digest names ten at most.
            async with asyncio.timeout(SECONDS_FOR_NAME):
                member = guild.get_member(member_id) or await guild.fetch_member(member_id)
        except discord.NotFound:
            return wording.SOMEBODY_WHO_LEFT
        except NO_ANSWER as error:
            log.warning("server %s: no name for member %s: %s", guild_id, member_id, type(error).__name__)
            return None
        return shown_name(member.display_name)

    async def report_missing(self, channel: Any, missing: str) -> None:
        """Say once, in the channel itself if that is allowed, which permission is missing there.

        Args:
            channel: a channel of a server, or a direct message, in which nothing is said.
            missing: the permission's name, as Discord's own settings have it.
        """
        guild = getattr(channel, "guild", None)
        if guild is None or (channel.id, missing) in self._said:
            return
        self._said.add((channel.id, missing))
        log.warning("channel %s: the permission %s is missing", channel.id, missing)
        try:
            await channel.send(
                wording_choices.permission_missing(f"<#{channel.id}>", missing),
                silent=True,
            )
        except NO_ANSWER as error:
            log.warning("channel %s: nor may I say so there: %s", channel.id, described(error))
            if meaning(error) is Refusal.PASSING:
                self._said.discard((channel.id, missing))

    def note_granted(self, channel_id: int, permission: str) -> None:
        """Record that a permission is there: if it is taken away again, the bot says so again."""
        self._said.discard((channel_id, permission))


Context = commands.Context[SquareDeal]


def _typed_command(message: discord.Message) -> bool:
    """Whether a message may be a command: those begin with a mention of the bot or of its role."""
    return message.content.startswith("<@")


def _prefixes(bot: commands.Bot | commands.AutoShardedBot, message: discord.Message) -> list[str]:
    """What a typed command begins with."""
    return list(mentions_of(message, bot.user.id)) if bot.user is not None else []


def create_bot(
    settings: Settings,
    clock: Callable[[], datetime] = discord.utils.utcnow,
    shards: Shards | None = ALONE,
) -> SquareDeal:
    """Build the bot that both Discord and the simulated one run.

    Args:
        settings: the configuration.
        clock: gives the present, aware.
        shards: the servers that it serves; None for all, over as many connections as Discord recommends.
    """
    return SquareDeal(settings, clock, shards)


def in_its_place(ctx: Context) -> bool:
    """Whether a command may be used where it is: most need a server that the bot is in.

    Raises:
        commands.NoPrivateMessage: it may not.
    """
    if home_of(ctx) is None and not works_anywhere(ctx.command):
        raise commands.NoPrivateMessage
    return True


def works_anywhere(command: object) -> bool:
    """Whether people who added the bot to their account can use a command everywhere."""
    installs = getattr(getattr(command, "app_command", None), "allowed_installs", None)
    return installs is not None and bool(installs.user)


async def acknowledge(ctx: Context) -> None:
    """Tell Discord that a slash command has arrived: it waits three seconds, and the database may be busy.

    A form can only be the first answer, so a command that opens one is not acknowledged.
    """
    if ctx.interaction is None or opens_form(ctx):
        return
    try:
        await ctx.interaction.response.defer(ephemeral=True)
    except NO_ANSWER as error:
        raise commands.CommandInvokeError(error) from error


def opens_form(ctx: Context) -> bool:
    """Whether a command opens a form: it names the options that do without, and none of them was given."""
    assert ctx.command is not None  # noqa: S101  # asked only of commands
    options: tuple[str, ...] | None = ctx.command.extras.get(UNLESS)
    return ctx.interaction is not None and options is not None and all(ctx.kwargs[one] is None for one in options)
