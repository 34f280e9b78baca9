"""The rehearsal room: the same bot in a simulated Discord, on a local web page, without a token."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import discord
import yaml
from discord.ext import tasks

from coach.errors import SettingsError
from coach.local_days import parse_time
from coach.settings import Settings
from cogs.support.bot import SquareDeal
from cogs.support.downloads import whole
from cogs.support.errors import plain_words

SAMPLES = Path(__file__).resolve().parents[2] / "config" / "rehearsal.yaml"
PORTS_TRIED = 20
SECONDS_A_STEP = 5.0
"""How often the room's clock catches up with the real one: rarely, as a click in that instant is refused."""
SETTLE_SECONDS = 60.0
"""How long an answer may take: the first chart on a slow machine takes longer than SimCord's own 5 seconds."""

NO_SIMCORD = (
    "The rehearsal room needs SimCord: start with `uv run bot.py` (without --no-dev), or set DISCORD_TOKEN to "
    "connect to Discord."
)


async def rehearse(
    create_bot: Callable[..., SquareDeal],
    settings: Settings,
    stopped: Callable[[], Awaitable[None]],
    real_time: Callable[[], datetime],
) -> None:
    """Open the room, print its address, and keep it open until Ctrl-C.

    Args:
        create_bot: builds the bot from settings and clock.
        settings: the configuration; its database is replaced by one that lasts as long as the room.
        stopped: waits until the process is asked to end.
        real_time: gives the present, aware; the room's clock is kept with it.

    Raises:
        SettingsError: SimCord is not installed, or no port is free.
    """
    with tempfile.TemporaryDirectory(prefix="squaredeal-") as folder:
        # Whoever tries the bot is to see its nudges, all of them.
        nudges = settings.nudges.model_copy(update={"held_back": 0.0})
        own = settings.model_copy(update={"database": str(Path(folder) / "rehearsal.db"), "nudges": nudges})
        async with (
            _room(create_bot, own, real_time()) as (env, channel, members),
            _page(env, channel, members, settings.rehearsal.port) as page,
        ):
            print(  # noqa: T201
                f"The rehearsal room is open: {page.url}\n"
                "Type a draft, or / for the commands. Ctrl-C closes the room and forgets what was said in it.",
                flush=True,
            )
            clock = asyncio.create_task(_let_time_run(env, real_time))
            await stopped()
            clock.cancel()


@contextlib.asynccontextmanager
async def _room(
    create_bot: Callable[..., SquareDeal], settings: Settings, now: datetime
) -> AsyncGenerator[tuple[Any, Any, Any], None]:
    """A simulated server with a drafts channel, two members and their drafts of the last days."""
    try:
        # SimCord probes discord.py with a client of its own that has no intents, and discord.py warns of it.
        with _hushed("discord.state"):
            import simcord  # noqa: PLC0415  # a development dependency: missing if only Discord is used
    except ImportError:
        raise SettingsError(NO_SIMCORD) from None

    def clock() -> datetime:
        return env.now()

    bot = create_bot(settings, clock)
    bot.pieces = whole
    env = simcord.Env(bot, check_errors=False, settle_timeout=SETTLE_SECONDS)
    _take_refusals_for_answers(env)
    env.backend.bot_user.name = "Square Deal"
    samples: dict[str, list[dict[str, Any]]] = {
        member["name"]: member["drafts"]
        for member in yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))["members"]
    }
    posts = sorted(
        (_moment(now.date(), draft), name, draft["text"]) for name, drafts in samples.items() for draft in drafts
    )
    _turn_clock(env, posts[0][0] - timedelta(minutes=5))
    await env.start()
    try:
        # The past is skipped: instead of a tick for each of its minutes there is one for each evening.
        loops: list[Any] = [
            part for cog in bot.cogs.values() for part in vars(cog).values() if isinstance(part, tasks.Loop)
        ]
        for loop in loops:
            loop.cancel()
        tick = cast(Any, bot.get_cog("SummaryCog")).tick
        users = {name: env.create_user(name, global_name=name.capitalize()) for name in samples}
        # The first member owns the server, so that /setup can be tried as well.
        guild = env.create_guild("Rehearsal room", owner=next(iter(users.values())))
        channel = guild.create_text_channel("drafts")
        members = {name: guild.add_member(user) for name, user in users.items()}
        for moment, name, text in posts:
            await _evening(env, tick, settings.summary.at, moment)
            _turn_clock(env, moment)
            await members[name].send(channel, text)
        await _evening(env, tick, settings.summary.at, now)
        _turn_clock(env, now)
        for loop in loops:
            loop.start()
        yield env, channel, list(members.values())
    finally:
        await bot.close()
        await env.shutdown()


def _take_refusals_for_answers(env: Any) -> None:
    """Keep from SimCord the errors that the bot answers in plain words: it would call the outcome uncertain."""
    record: Callable[[BaseException], None] = env._record_error

    def record_faults(error: BaseException) -> None:
        if plain_words(error) is None:
            record(error)

    env._record_error = record_faults


@contextlib.contextmanager
def _hushed(name: str) -> Generator[None, None, None]:
    """Keep warnings of a logger out of the log for a moment."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _moment(today: date, draft: dict[str, Any]) -> datetime:
    return datetime.combine(today + timedelta(days=draft["day"]), parse_time(draft["time"]), tzinfo=UTC)


async def _evening(env: Any, tick: Callable[[], Awaitable[None]], at: time, until: datetime) -> None:
    """Stop at the summary time, if it lies between, so that the day's summary is sent."""
    due = datetime.combine(env.now().date(), at, tzinfo=UTC)
    if env.now() < due < until:
        _turn_clock(env, due)
        await tick()


def _turn_clock(env: Any, moment: datetime) -> None:
    env.backend.clock.advance(max(0.0, (moment - env.now()).total_seconds()))


@contextlib.asynccontextmanager
async def _page(env: Any, channel: Any, members: Any, port: int) -> AsyncGenerator[Any, None]:
    """Serve the room's page on the first free port from `port` on."""
    from simcord import SetupError  # noqa: PLC0415

    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        page = env.preview(channel, viewers=members, layout="channel", port=candidate)
        try:
            await page.__aenter__()
        except SetupError:
            continue
        try:
            yield page
        finally:
            await page.close()
        return
    raise SettingsError(f"No free port from {port} on; choose another with SQUAREDEAL_REHEARSAL_PORT.")


async def _let_time_run(env: Any, real_time: Callable[[], datetime]) -> None:
    """Keep the room's clock with the real one, so that summaries come and views time out."""
    from simcord import SetupError  # noqa: PLC0415

    while True:
        await asyncio.sleep(SECONDS_A_STEP)
        # A click is being handled right now: the next step makes up for it.
        with contextlib.suppress(SetupError, TimeoutError, discord.DiscordException):
            await env.advance_time(max(0.0, (real_time() - env.now()).total_seconds()))
