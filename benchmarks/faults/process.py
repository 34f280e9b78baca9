"""What goes wrong with the process itself: its database, the disk, the model's file, its end."""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.support.drafts import ASKS
from tests.support.loopback.bench import LATER, Bench, Place, Records
from tests.support.loopback.town import ROOT, Bot


def _place(bench: Bench, what: str) -> tuple[Bot, Place]:
    bot = bench.bot()
    bench.discord.guilds.clear()
    return bot, Place(bench.discord, Records(bot), what)


async def _close(bench: Bench, bot: Bot, place: Place) -> None:
    trouble, lines = await bench.ended(bot)
    place.logged += lines
    if trouble:
        place.fate(trouble)
    bench.note(*place.row())


async def locked(bench: Bench, what: str) -> None:
    """Another process holds the database for ten seconds."""
    bot, place = _place(bench, what)
    await bot.start()
    await place.all_there([await place.draft()])
    with closing(sqlite3.connect(bot.database, isolation_level=None, timeout=15)) as other:
        other.execute("BEGIN IMMEDIATE")
        message = await place.draft(f"Now. {ASKS}")
        await asyncio.sleep(10)
        if message.reactions:
            place.fate("SIGN BEFORE THE COMMIT")
        other.execute("COMMIT")
    if await place.all_there([message]):
        place.fate("recorded when it was free")
    await _close(bench, bot, place)


async def full(bench: Bench, what: str) -> None:
    """Not one more byte can be written, for a while."""
    bot, place = _place(bench, what)
    await bot.start()
    await place.all_there([await place.draft()])
    assert bot.process is not None  # noqa: S101
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    messages = [await place.draft(f"Number {number}. {ASKS}") for number in range(3)]
    await asyncio.sleep(2)
    if any(message.reactions for message in messages):
        place.fate("SIGN BEFORE THE COMMIT")
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if await place.all_there(messages, LATER):
        place.fate("recorded within a minute of there being room")
    await _close(bench, bot, place)


async def stopped(bench: Bench, what: str) -> None:
    """SIGTERM while drafts are being written."""
    bot, place = _place(bench, what)
    await bot.start()
    await place.all_there([await place.draft()])
    messages = [await place.draft(f"Number {number}. {ASKS}") for number in range(60)]
    trouble, lines = await bench.ended(bot)
    place.logged += lines
    place.fate(trouble or "exit 0 within 5 s")
    await bot.start()
    if await place.all_there(messages, 30):
        place.fate("all 60 recorded, some at the next start")
    await _close(bench, bot, place)


async def refused(bench: Bench, what: str, tree: Path, database: Path) -> None:
    """The program cannot start at all."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.loopback.launch", bench.discord.address),
        cwd=tree,
        env={
            "PATH": "/usr/bin:/bin",
            "SQUAREDEAL_DATABASE": str(database),
            "SQUAREDEAL_INTRODUCTIONS": "false",
            "DISCORD_TOKEN": bench.discord.token,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _ = await asyncio.wait_for(process.communicate(), 30)
    lines = written.decode().strip().splitlines()
    last = lines[-1].replace(str(tree), "…").replace(str(bench.folder), "…")
    trouble = ", TRACEBACK" if "Traceback" in written.decode() else ""
    bench.note(what, f"none was taken; exit {process.returncode}{trouble}", "nothing", last)


async def run(bench: Bench) -> None:
    """All of it."""
    for what, trial in (
        ("database locked for 10 s", locked),
        ("disk full for 2 s", full),
        ("SIGTERM in mid-write", stopped),
    ):
        if bench.wanted(what):
            await trial(bench, what)
    if bench.wanted("corrupt database file"):
        garbage = bench.folder / "garbage.db"
        garbage.write_bytes(b"this is no database " * 1000)
        await refused(bench, "corrupt database file", ROOT, garbage)
    if bench.wanted("model file cut short"):
        tree = bench.folder / "tree"
        tree.mkdir()
        for name in ("bot.py", "pyproject.toml", "coach", "cogs", "config", "tests"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tree / name)
        model = tree / "coach" / "labelling" / "model" / "encoder.onnx"
        model.write_bytes(model.read_bytes()[:1000])
        await refused(bench, "model file cut short", tree, bench.folder / "other.db")
