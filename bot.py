"""Square Deal, the program: arguments, logging, start and stop.

`bot.py` alone runs the bot; without DISCORD_TOKEN it opens the rehearsal room, a simulated Discord on a local
web page. `bot.py --help` lists the other commands.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import discord

from coach import offline
from coach.arguments import parser
from coach.doctor import Finding, examine, look_at_drawing, token_trouble
from coach.errors import ModelError, OutputError, Refused, SettingsError, StoreError
from coach.logs import set_up_logging
from coach.output import say, use_utf8
from coach.past_offline import print_past
from coach.settings import Settings, load
from coach.shards import Shards
from coach.store.backups import backup
from coach.store.health import set_up_by_hand
from coach.store.keys import key_file
from coach.store.locks import locked
from cogs.support.bot import SquareDeal, create_bot
from cogs.support.doctor import ask_discord
from cogs.support.ending import Ending, ending
from cogs.support.refusals import NO_ANSWER, why_not_connected
from cogs.support.watched_channels import WatchedChannels

log = logging.getLogger("squaredeal")

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  # the variable's name, not a token


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
            # discord.py returns as soon as its connection is closed, and the database may still be open.
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
    """Once everything is loaded, exempt it from garbage collection, which takes tens of milliseconds."""
    await bot.wait_until_ready()
    await bot.coach.labelling.labeller()
    gc.freeze()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop if this system has one; None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415  # there is none for Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def _token() -> str:
    """The bot's token; empty if none is set."""
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
    """Say what is in order and what is not, and how to fix it; 1 if anything is not."""
    token, path = _token(), Path(settings.database)
    findings = [Finding(True, "The settings are valid."), *examine(path, token)]
    if token and all(finding.good for finding in findings):
        watch = WatchedChannels(settings.watch_names, set_up_by_hand(path), set())
        findings += asyncio.run(_asked(token, watch, settings.reactions.both, path))
    findings.append(asyncio.run(look_at_drawing(discord.utils.utcnow().date())))
    for finding in findings:
        say(f"{'ok  ' if finding.good else '!!  '} {finding.text}")
    return int(not all(finding.good for finding in findings))


async def _asked(token: str, watch: WatchedChannels, signs: set[str], database: Path) -> list[Finding]:
    now = discord.utils.utcnow()
    return [finding async for finding in ask_discord(token, watch, signs, database, now)]


async def _sync(settings: Settings, token: str) -> None:
    async with create_bot(settings) as bot:
        await bot.login(token)
        # The login registers them if they have changed since the last time.
        if not bot.registered:
            await bot.tree.sync()


def sync(settings: Settings) -> int:
    """Register the commands with Discord, whether or not they have changed."""
    token = _token()
    if not token:
        raise SettingsError(
            f"{TOKEN_VARIABLE} is not set; set it to the bot's token, which is needed to register the commands"
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
            case "import":
                return print_past(arguments.files, ZoneInfo(settings.timezone), arguments.yes)
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
    except (Refused, SettingsError, ModelError, StoreError) as error:
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
