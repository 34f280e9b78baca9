"""The bot's process is killed while drafts arrive: the database opens again and its counts agree."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.store import Store

ROOT = Path(__file__).resolve().parents[2]

BUSY = """
import asyncio, sys
import simcord
from cogs.support.bot import create_bot
from coach.settings import load
from tests.support.drafts import ASKS, TELLS

async def main(path: str) -> None:
    bot = create_bot(load(None, {"SQUAREDEAL_DATABASE": path}), lambda: env.now())
    env = simcord.Env(bot)
    await env.start()
    guild = env.create_guild("Busy", owner=env.create_user("owner"))
    drafts = guild.create_text_channel("drafts")
    ann = guild.add_member(env.create_user("ann"))
    for number in range(1_000_000):
        message = await ann.send(drafts, f"{ASKS if number % 3 else TELLS} {number}")
        print(message.id, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("seconds", [0.05, 0.21, 0.4])
@pytest.mark.sqlite
async def test_a_killed_bot_leaves_a_database_that_agrees(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "killed.db"
    with subprocess.Popen(  # noqa: ASYNC220, S603  # the bot's own loop is in the other process
        [sys.executable, "-c", BUSY, str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as busy:
        assert busy.stdout is not None
        lines = [busy.stdout.readline()]
        time.sleep(seconds)  # noqa: ASYNC251  # the other process has to run in the meantime
        busy.send_signal(signal.SIGKILL)
        rest, log = busy.communicate()
    done = [int(line) for line in (lines[0] + rest).split("\n")[:-1] if line]
    assert done, log
    store = await Store.open(path, datetime(2026, 11, 20, tzinfo=UTC))
    try:
        assert await store.tallies.recount() == []
        rows = await store.database.read(lambda raw: raw.execute("SELECT message_id FROM drafts").fetchall())
        # One more may have been committed but not yet reported.
        assert {row[0] for row in rows} - set(done) <= {max(row[0] for row in rows)}
        assert set(done) <= {row[0] for row in rows}
    finally:
        await store.close()
