"""A backup of the running program, put back as the README says."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.limits import spoken
from tests.support.loopback.town import Bot, Town


async def run(town: Town, *arguments: str) -> None:
    """Run another process of the program beside the running one."""
    other = Bot(town.discord, town.bot.database, arguments)
    await other.start(ready=False)
    assert await other.wait() == 0, other.log.decode()


async def goal(town: Town) -> str:
    """What Ann is told about her goal."""
    return spoken((await town.discord.slash(town.drafts, town.ann, "target")).modal or {})


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_a_backup_put_back_holds_what_it_held_and_the_rest_is_read_from_the_channels(
    town: Town, tmp_path: Path, end: signal.Signals
) -> None:
    loopback, bot, saved = town.discord, town.bot, tmp_path / "saved.db"
    await bot.start()
    kept = await loopback.post(town.drafts, town.ann, TELLS)
    gone = await loopback.post(town.drafts, town.ann, TELLS)
    await town.signed(kept, "📣")
    await town.signed(gone, "📣")
    await loopback.slash(town.drafts, town.ann, "target", share="40")
    await run(town, "backup", str(saved))

    since = await loopback.post(town.drafts, town.ben, ASKS)
    await town.signed(since, "💬")
    await loopback.delete(gone)
    await loopback.slash(town.drafts, town.ann, "target", share="70")
    await loopback.until(lambda: bot.labels().keys() == {kept.id, since.id}, "deletion")
    await bot.end(end)

    # Restored as the README says.
    beside = [bot.database.with_name(bot.database.name + suffix) for suffix in ("-wal", "-shm")]
    assert [file.exists() for file in beside] == [end is signal.SIGKILL] * 2
    saved.replace(bot.database)
    for file in beside:
        file.unlink(missing_ok=True)
    assert bot.labels() == {kept.id: "content", gone.id: "content"}

    await bot.start()
    await loopback.until(lambda: bot.labels() == {kept.id: "content", since.id: "conversation"}, "catching up")
    assert "40% conversation" in await goal(town)
    town.agrees()
    await run(town, "recount")
    assert await bot.end() == 0, bot.log.decode()
