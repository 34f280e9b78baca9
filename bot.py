"""Square Deal, the program: arguments, logging, start and stop.

`bot.py` alone runs the bot; without DISCORD_TOKEN it opens the rehearsal room, a simulated Discord on a local
web page. `bot.py --help` lists the other commands.
"""

# What `uv run bot.py` installs, as pyproject.toml has it with the reasons.
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "discord.py[speed]>=2.7.1,<2.8",
#   "aiosqlite>=0.22.1,<0.23",
#   "pyyaml>=6.0.2,<6.1",
#   "pydantic>=2.11,<2.15",
#   "numpy>=2.1,<2.5",
#   "onnxruntime>=1.22,<1.33",
#   "tokenizers>=0.21,<0.24",
#   "matplotlib>=3.10,<3.12",
#   "libipld>=3.5,<3.6",
#   "filelock>=3.16,<4",
#   "python-dotenv>=1.1,<1.3",
#   "prometheus-client>=0.21,<0.27",
#   "tzdata>=2025.2",
#   "uvloop>=0.21,<0.24; sys_platform != 'win32' and platform_python_implementation == 'CPython'",
#   "simcord==3.2.1",
# ]
# ///

from __future__ import annotations

import gc

# What is imported stays, and looking for garbage in it again and again takes a tenth of the start.
gc.disable()

import asyncio
import contextlib
import json
import logging
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import discord

from coach import __version__, offline, wording_refusals
from coach.arguments import parser
from coach.doctor import Finding, examine, look_at_drawing, look_at_env_file, look_at_port, token_trouble
from coach.env_file import ENV_FILE, TOKEN_VARIABLE, token_in, with_env_file
from coach.errors import ModelError, OutputError, Refused, SettingsError, StoreError
from coach.logs import complain, set_level, set_up_logging
from coach.output import say, use_utf8
from coach.settings import Monitoring, Settings, load
from coach.shards import Shards
from coach.store.backups import backup
from coach.store.health import set_up_by_hand
from coach.store.keys import key_file
from coach.store.locks import locked
from cogs.support.bot import SquareDeal, create_bot
from cogs.support.doctor import ask_discord
from cogs.support.ending import Ending, ending
from cogs.support.invite import application_of, invitation
from cogs.support.refusals import NO_ANSWER, why_not_connected
from cogs.support.watched_channels import WatchedChannels

gc.freeze()
gc.enable()

log = logging.getLogger("squaredeal")


async def serve(settings: Settings, token: str, shards: Shards | None, end: Ending) -> None:
    """Run the bot on Discord until it is asked to end; on the given shards, or on all if None."""
    bot = create_bot(settings, shards=shards)
    async with bot, _monitored(bot, settings.monitoring):
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


def _monitored(bot: SquareDeal, settings: Monitoring) -> contextlib.AbstractAsyncContextManager[None]:
    if not settings.port:
        return contextlib.nullcontext()
    from cogs.support.monitoring import monitoring  # noqa: PLC0415  # its web server is needed for this alone

    return monitoring(bot, settings)


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


def run(settings: Settings, token: str, shards: Shards | None, *, browse: bool) -> int:
    """Run on Discord if a token is set, else open the rehearsal room, and a browser with it if asked to."""
    if token:
        checked(token)
        with (
            ending() as end,
            locked(Path(settings.database), shards),
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(serve(settings, token, shards, end))
    else:
        from cogs.rehearsal.room import rehearse  # noqa: PLC0415  # SimCord is needed here alone

        with ending(within=None) as end:
            asyncio.run(rehearse(create_bot, settings, end.wait, discord.utils.utcnow, browse=browse))
    return 0


def checked(token: str) -> str:
    """A token that can be one.

    Raises:
        SettingsError: it can't.
    """
    if trouble := token_trouble(token):
        raise SettingsError(trouble)
    return token


def doctor(config: Path | None, as_json: bool) -> int:
    """Say what is in order and what is not, and how to fix it; 1 if anything is not."""
    try:
        findings = list(look_at_env_file(ENV_FILE, os.environ))
        environ = with_env_file(ENV_FILE, os.environ)
        settings = load(config, environ)
    except SettingsError as error:
        findings = [Finding(False, line) for line in str(error).splitlines()]
    else:
        set_level(settings.log_level)
        findings.append(Finding(True, "The settings are valid."))
        findings += _examined(settings, token_in(environ))
    good = all(finding.good for finding in findings)
    if as_json:
        say(json.dumps({"version": __version__, "good": good, "findings": [asdict(one) for one in findings]}))
    else:
        for finding in findings:
            say(f"{('soon' if finding.soon else 'ok') if finding.good else '!!':5}{finding.text}")
    return int(not good)


def _examined(settings: Settings, token: str) -> list[Finding]:
    path, now = Path(settings.database), discord.utils.utcnow()
    findings = [*examine(path, token)]
    if token and all(finding.good for finding in findings):
        watch = WatchedChannels(settings.watch_names, set_up_by_hand(path), set())
        findings += asyncio.run(_asked(token, watch, settings.reactions.both, path, now))
    if (of_port := look_at_port(settings.monitoring.host, settings.monitoring.port)) is not None:
        findings.append(of_port)
    findings.append(asyncio.run(look_at_drawing(now.date())))
    return findings


async def _asked(
    token: str, watch: WatchedChannels, signs: set[str], database: Path, now: datetime
) -> list[Finding]:
    return [finding async for finding in ask_discord(token, watch, signs, database, now)]


def invite(application: str | None, token: str) -> int:
    """Print the link that invites the bot; without an application's id, Discord is asked whose the token is."""
    if application is None:
        if not token:
            raise SettingsError(wording_refusals.NO_APPLICATION)
        application = str(asyncio.run(application_of(checked(token))))
    elif not re.fullmatch(r"\d{15,20}", application, re.ASCII):
        raise SettingsError(wording_refusals.not_an_id(application))
    say(invitation(int(application)))
    return 0


async def _sync(settings: Settings, token: str) -> None:
    async with create_bot(settings) as bot:
        await bot.login(token)
        # The login registers them if they have changed since the last time.
        if not bot.registered:
            await bot.tree.sync()


def sync(settings: Settings, token: str) -> int:
    """Register the commands with Discord, whether or not they have changed."""
    if not token:
        raise SettingsError(
            f"{TOKEN_VARIABLE} is not set; set it to the bot's token, which is needed to register the commands"
        )
    asyncio.run(_sync(settings, checked(token)))
    say("The commands are registered.")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments and run; returns the exit status."""
    use_utf8()
    form = "text"
    try:
        arguments = parser().parse_args(argv)
        form = arguments.log
        set_up_logging(form)
        if arguments.action == "doctor":
            return doctor(arguments.config, arguments.json)
        environ = with_env_file(ENV_FILE, os.environ)
        settings, token = load(arguments.config, environ), token_in(environ)
        set_level(settings.log_level)
        database = settings.database
        match arguments.action:
            case "label":
                return offline.label()
            case "import":
                from coach.past_offline import print_past  # noqa: PLC0415  # readers of exports, needed here alone

                return print_past(arguments.files, ZoneInfo(settings.timezone), arguments.yes)
            case "backup":
                backup(Path(database), arguments.file)
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
            case "invite":
                return invite(arguments.application, token)
            case "sync":
                return sync(settings, token)
            case _:
                shards = Shards.parse(arguments.shards) if arguments.shards else None
                return run(settings, token, shards, browse=not arguments.no_browser)
    except (Refused, SettingsError, ModelError, StoreError) as error:
        complain(error, form)
    except sqlite3.Error as error:
        log.debug("the database", exc_info=error)
        complain(wording_refusals.unusable_database(error), form)
    except OutputError as error:
        if str(error):
            complain(error, form)
        return error.status
    except (*NO_ANSWER, discord.ClientException, discord.GatewayNotFound) as error:
        words = why_not_connected(error)
        if words is None:
            raise
        log.debug("no connection", exc_info=error)
        complain(words, form)
    except KeyboardInterrupt:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
