"""Square Deal, the program: arguments, logging, the bot itself, and a clean way out.

`bot.py` alone runs the bot; without DISCORD_TOKEN it opens the rehearsal room, a simulated Discord on a local
web page. `bot.py --help` lists the other commands.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import logging
import os
import random
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from coach import offline
from coach.arguments import parser
from coach.balance.chart_process import Drawing
from coach.coach import Coach
from coach.doctor import Finding, examine, look_at_drawing, token_trouble
from coach.errors import ModelError, OutputError, SettingsError, StoreError
from coach.labelling.queue import load_labeller
from coach.logs import set_up_logging
from coach.nudging.tips import Tips
from coach.output import say, use_utf8
from coach.settings import Settings, load
from coach.shards import ALONE, Shards
from coach.store import Store
from coach.store.backups import backup
from coach.store.health import set_up_by_hand
from coach.store.keys import fingerprint, key_file, load_key
from coach.store.locks import locked
from cogs import EXTENSIONS
from cogs.support.bot import CoachBot
from cogs.support.doctor import ask_discord
from cogs.support.ending import Ending, answered, ending
from cogs.support.gateway import spare
from cogs.support.http_timeout import impatient
from cogs.support.messages import mentions_of
from cogs.support.refusals import NO_ANSWER, said, why_not_connected
from cogs.support.signs import Signs
from cogs.support.watched_channels import Watch

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller

log = logging.getLogger("squaredeal")

# The bot never speaks in voice channels: no warning that it could not.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  # the variable's name, not a token


class SquareDeal(CoachBot):
    """The bot, on Discord and in the rehearsal room alike."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], shards: Shards | None) -> None:
        intents = discord.Intents.none()
        intents.guilds = True  # channels and their names, permissions, threads
        intents.guild_messages = True  # drafts, their edits and deletions
        intents.message_content = True  # the words that are labelled
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
            http_trace=impatient(),
            shard_count=shards.count if shards is not None else None,
            shard_ids=list(shards.ids) if shards is not None else None,
        )
        self.settings = settings
        self.drawing = Drawing()
        self.failure: Exception | None = None
        self.registered = False
        """Whether this process has registered the commands with Discord."""
        self._clock, self._shards = clock, shards
        self._store: Store | None = None
        self._loading: asyncio.Task[Labeller] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.check(commands.guild_only().predicate)
        spare(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Open the store, load the cogs, tell Discord of changed commands, and begin to load the labeller."""
        tips = Tips.load()
        path = Path(self.settings.database)
        store = self._store = await Store.open(path, self._clock())
        key = await asyncio.to_thread(load_key, path)
        if not await store.erasures.use_key(fingerprint(key)):
            log.warning("%s is another key than before; docs/privacy.md says what that means", key_file(path))
        if not self.settings.keep_text and (erased := await store.drafts.erase_texts()):
            log.info("keep_text is off: texts that were stored are erased, %s in all", erased)
        self.coach = Coach(
            self.settings,
            store,
            self._labeller,
            tips,
            self._clock,
            key,
            random.Random(),  # noqa: S311
            self._shards,
        )
        self.watch = Watch(
            self.settings.watch_names, await store.channels.decided(), await store.channels.recorded()
        )
        self.signs = Signs(
            self.settings.reactions,
            self.own_id,
            self.coach.corrections.label_of,
            self.report_missing,
            self.granted,
        )
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        await self.sync_commands(store)
        # Last, as the thread's imports would keep this one from connecting.
        self._loading = asyncio.create_task(asyncio.to_thread(load_labeller), name="load-labeller")
        self._loading.add_done_callback(self._labeller_loaded)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Let go of a message that concerns nobody here, before a task is made for each of its listeners.

        Most messages that the bot may see stand in channels that it does not watch.
        """
        if event == "message" and not (self.watch.covers(args[0].channel) or _typed_command(args[0])):
            return
        super().dispatch(event, *args, **kwargs)

    async def on_message(self, message: discord.Message, /) -> None:
        """Obey a typed command."""
        if _typed_command(message):
            await self.process_commands(message)

    async def sync_commands(self, store: Store) -> None:
        """Register the commands with Discord if they changed since the last time."""
        tree = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()
        name = f"commands of {self.application_id}"
        # Of several processes that start together one takes it on.
        before = await store.program.swap(name, digest)
        if before != digest:
            try:
                await self.tree.sync()
                self.registered = True
            except BaseException as error:
                # The commands of before go on working; the next start tries again.
                await store.program.swap(name, before)
                if not isinstance(error, NO_ANSWER):
                    raise
                log.warning("the commands could not be registered: %s", said(error))

    async def close(self) -> None:
        """Stop listening, finish what is in hand, then let go of Discord and of the database.

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
            # While there still is a connection: who waits for a chart is answered without it.
            await self.drawing.close()
            await answered()
            await super().close()
        finally:
            if self._store is not None:
                self.coach.labelling.close()
                await self._store.close()

    async def _labeller(self) -> Labeller:
        assert self._loading is not None  # noqa: S101  # begun by setup_hook, before any event
        # Shielded: a caller that is cancelled must not cancel the loading for all others.
        return await asyncio.shield(self._loading)

    def _labeller_loaded(self, loading: asyncio.Task[Labeller]) -> None:
        if not loading.cancelled() and (error := loading.exception()) is not None:
            self.failure = error if isinstance(error, Exception) else None
            self._begin_to_close()


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


async def serve(settings: Settings, token: str, shards: Shards | None, end: Ending) -> None:
    """Run the bot on Discord until it is asked to end; on the given shards, or on all if None."""
    bot = create_bot(settings, shards=shards)
    async with bot:
        running = asyncio.create_task(_connected(bot, token), name="connected")
        asked = asyncio.create_task(end.wait(), name="end")
        try:
            await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Closing alone would not end a login that waits for its turn, or for the database.
            for task in (running, asked):
                task.cancel()
            await asyncio.gather(running, asked, return_exceptions=True)
            # discord.py comes back as soon as its connection is closed, the database may not be by then.
            await bot.close()
    if bot.failure is not None:
        raise bot.failure
    if not end.asked:
        running.result()


async def _connected(bot: SquareDeal, token: str) -> None:
    freezing = asyncio.create_task(freeze(bot), name="freeze")
    try:
        await bot.start(token)
    finally:
        freezing.cancel()
        await asyncio.gather(freezing, return_exceptions=True)


async def freeze(bot: SquareDeal) -> None:
    """Once all is loaded, spare it from being looked through for garbage, for tens of milliseconds each time."""
    await bot.wait_until_ready()
    await bot.coach.labelling.labeller()
    gc.freeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop where there is one for this system; None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415  # not to be had on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def _token() -> str:
    """The bot's token; empty where none is set."""
    return os.environ.get(TOKEN_VARIABLE, "").strip()


def run(settings: Settings, shards: Shards | None) -> int:
    """Run on Discord if a token is set, else open the rehearsal room."""
    token = _token()
    if token:
        if trouble := token_trouble(token):
            raise SettingsError(trouble)
        with (
            ending() as end,
            locked(Path(settings.database), shards),
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(serve(settings, token, shards, end))
    else:
        from cogs.support.rehearsal import rehearse  # noqa: PLC0415  # SimCord is needed here alone

        with ending(within=None) as end:
            asyncio.run(rehearse(create_bot, settings, end.wait, discord.utils.utcnow))
    return 0


def doctor(settings: Settings) -> int:
    """Say what is in order and what is not, with its cure; 1 if anything is not."""
    token, path = _token(), Path(settings.database)
    findings = [Finding(True, "The settings are valid."), *examine(path, token)]
    if token and all(finding.good for finding in findings):
        watch = Watch(settings.watch_names, set_up_by_hand(path), set())
        findings += asyncio.run(_asked(token, watch, settings.reactions.both, path))
    findings.append(asyncio.run(look_at_drawing(discord.utils.utcnow().date())))
    for finding in findings:
        say(f"{'ok  ' if finding.good else '!!  '} {finding.text}")
    return int(not all(finding.good for finding in findings))


async def _asked(token: str, watch: Watch, signs: set[str], database: Path) -> list[Finding]:
    now = discord.utils.utcnow()
    return [finding async for finding in ask_discord(token, watch, signs, database, now)]


async def _sync(settings: Settings, token: str) -> None:
    async with create_bot(settings) as bot:
        await bot.login(token)
        # The login has done it if they have changed since the last time.
        if not bot.registered:
            await bot.tree.sync()


def sync(settings: Settings) -> int:
    """Register the commands with Discord, whether or not they have changed."""
    token = _token()
    if not token:
        raise SettingsError(
            f"{TOKEN_VARIABLE} is not set; set it to the bot's token, with which they are registered"
        )
    if trouble := token_trouble(token):
        raise SettingsError(trouble)
    asyncio.run(_sync(settings, token))
    say("The commands are registered.")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments and run; returns the exit status."""
    use_utf8()
    try:
        arguments = parser().parse_args(argv)
        settings = load(arguments.config, os.environ)
        set_up_logging(settings.log_level)
        database = Path(settings.database)
        match arguments.action:
            case "label":
                return offline.label()
            case "backup":
                backup(database, arguments.file)
                size = arguments.file.stat().st_size
                say(f"{database} is copied to {arguments.file}, {size / 2**20:.1f} MB.")
                if key_file(arguments.file).exists():
                    say(f"Its key is copied to {key_file(arguments.file)}; keep the two together.")
                return 0
            case "recount":
                return offline.recount(database, discord.utils.utcnow())
            case "tips":
                return offline.tips(database, discord.utils.utcnow())
            case "undelete":
                return offline.undelete(database, discord.utils.utcnow())
            case "doctor":
                return doctor(settings)
            case "sync":
                return sync(settings)
            case _:
                return run(settings, Shards.parse(arguments.shards) if arguments.shards else None)
    except (SettingsError, ModelError, StoreError) as error:
        print(error, file=sys.stderr)  # noqa: T201
    except sqlite3.Error as error:
        log.debug("the database", exc_info=error)
        print(  # noqa: T201
            f"The database cannot be used ({error}); `bot.py doctor` says whether it is damaged. If so, restore a "
            "backup.",
            file=sys.stderr,
        )
    except OutputError as error:
        if str(error):
            print(error, file=sys.stderr)  # noqa: T201
        return error.status
    except (*NO_ANSWER, discord.ClientException, discord.GatewayNotFound) as error:
        words = why_not_connected(error)
        if words is None:
            raise
        log.debug("no connection", exc_info=error)
        print(words, file=sys.stderr)  # noqa: T201
    except KeyboardInterrupt:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
