"""The simulated Discord of the rehearsal room: a server with its samples, and the clock that it runs by."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass, field
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
SECONDS_A_STEP = 5.0
"""How often the room's clock catches up with the real one."""
SETTLE_SECONDS = 60.0
"""How long an answer may take: the first chart on a slow machine takes longer than SimCord's own 5 seconds."""

NO_SIMCORD = (
    "The rehearsal room needs SimCord: start with `uv run bot.py`, or set DISCORD_TOKEN to connect to Discord."
)
TOO_BUSY = (
    f"The rehearsal room did not open within {SETTLE_SECONDS:.0f} seconds, as this machine is busy; try again "
    "when it has less to do."
)


@dataclass(frozen=True)
class World:
    """The simulated Discord; `env`, `guild` and what `members` holds are SimCord's."""

    env: Any
    bot: SquareDeal
    guild: Any
    members: dict[int, Any]
    """The people whom one can be here, by id; the first owns the server."""
    tries: list[dict[str, Any]]
    """What the page offers to try, as `config/rehearsal.yaml` has it."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while somebody acts or the clock moves: SimCord does one thing at a time."""


@contextlib.asynccontextmanager
async def open_world(
    create_bot: Callable[..., SquareDeal], settings: Settings, now: datetime
) -> AsyncGenerator[World, None]:
    """A server with a drafts channel, another one, two members and their drafts of the last days.

    Args:
        create_bot: builds the bot from settings and clock.
        settings: the configuration; its database is written to.
        now: the present, aware; the samples lie in the days before.

    Raises:
        SettingsError: SimCord is not installed, or the machine is too busy.
    """
    try:
        # SimCord probes discord.py with a client of its own that has no intents, and discord.py warns of it.
        with _hushed("discord.state"):
            import simcord  # noqa: PLC0415  # of the group `room`: it may be missing if only Discord is used
    except ImportError:
        raise SettingsError(NO_SIMCORD) from None

    def clock() -> datetime:
        return env.now()

    bot = create_bot(settings, clock)
    bot.pieces = whole
    env = simcord.Env(bot, check_errors=False, settle_timeout=SETTLE_SECONDS)
    _take_refusals_for_answers(env)
    env.backend.bot_user.name = "Square Deal"
    try:
        try:
            world = await _filled(env, bot, settings.summary.at, now)
        except TimeoutError:
            raise SettingsError(TOO_BUSY) from None
        yield world
    finally:
        await bot.close()
        await env.shutdown()


async def _filled(env: Any, bot: SquareDeal, summary_at: time, now: datetime) -> World:
    """Start the bot, and let the members write their drafts, each at its time."""
    samples: dict[str, Any] = yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))
    drafts: dict[str, list[dict[str, Any]]] = {one["name"]: one["drafts"] for one in samples["members"]}
    posts = sorted((_moment(now.date(), draft), name, draft["text"]) for name in drafts for draft in drafts[name])
    _turn_clock(env, posts[0][0] - timedelta(minutes=5))
    await env.start()
    # The past is skipped: instead of a tick for each of its minutes there is one for each evening.
    loops: list[Any] = [
        part for cog in bot.cogs.values() for part in vars(cog).values() if isinstance(part, tasks.Loop)
    ]
    for loop in loops:
        loop.cancel()
    tick = cast(Any, bot.get_cog("SummaryCog")).tick
    users = {name: env.create_user(name, global_name=name.capitalize()) for name in drafts}
    # The first member owns the server, so that /setup can be tried as well.
    guild = env.create_guild("Rehearsal room", owner=next(iter(users.values())))
    channel = guild.create_text_channel("drafts")
    guild.create_text_channel("general")
    members = {name: guild.add_member(user) for name, user in users.items()}
    await env.settle()  # The bot greets the server before anybody drafts there.
    for member in members.values():
        # So that there are figures to see in the summary; in a real server each member decides that.
        await bot.coach.choices.set_figures(guild.id, member.id, True)
    for moment, name, text in posts:
        await _evening(env, tick, summary_at, moment)
        _turn_clock(env, moment)
        await members[name].send(channel, text)
    await _evening(env, tick, summary_at, now)
    _turn_clock(env, now)
    for loop in loops:
        loop.start()
    return World(env, bot, guild, {member.id: member for member in members.values()}, samples["tries"])


async def let_time_run(world: World, real_time: Callable[[], datetime]) -> None:
    """Keep the room's clock with the real one, so that summaries come and views time out."""
    while True:
        await asyncio.sleep(SECONDS_A_STEP)
        async with world.turn:
            behind = (real_time() - world.env.now()).total_seconds()
            # What is left of a step that takes too long is made up for by the next.
            with contextlib.suppress(TimeoutError, discord.DiscordException):
                await world.env.advance_time(max(0.0, behind))


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
