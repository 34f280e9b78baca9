"""The daily summary over real sockets: in its channel once, whatever ends the bot, with or without a chart."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import discord
import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.server import Fault
from tests.support.loopback.town import Town
from tests.support.loopback.truth import Channel
from tests.support.processes import PROCESSES, children_of

SENT = "SELECT 1 FROM summaries WHERE sent_at IS NOT NULL"

SUPPRESS_EMBEDS = 1 << 2
"""A message's flag once somebody has removed its embeds, which are then gone."""

MARGIN = timedelta(minutes=10)
"""Longer than Discord remembers a nonce."""


def tomorrow_at(moment: time) -> datetime:
    """A time tomorrow: to discord.py, a command from a quarter of an hour ago by the real clock has expired."""
    return datetime.combine(discord.utils.utcnow() + timedelta(days=1), moment, UTC)


async def until_a_summary_is_due(town: Town, **choices: str) -> datetime:
    """Let Ann draft at noon and perhaps choose where her summary goes; then it is past six, the bot down."""
    noon = tomorrow_at(time(12))
    town.turn_clock(noon)
    await town.bot.start()
    await town.signed(await town.discord.post(town.drafts, town.ann, TELLS), "📣")
    if choices:
        await town.discord.slash(town.drafts, town.ann, "summary where", **choices)
    assert await town.bot.end() == 0
    due = noon + timedelta(hours=6, minutes=1)
    town.turn_clock(due)
    return due


async def until_a_summary_stands_unmarked(town: Town) -> datetime:
    """Let a summary be posted but Discord's answer be lost and the bot killed; return when the summary was due."""
    due = await until_a_summary_is_due(town)
    town.discord.faults = [Fault("POST", "/channels/*/messages", "lost")]
    await town.bot.start()
    await town.discord.until(lambda: len(town.summaries()) == 1, "summary")
    await town.bot.end(signal.SIGKILL)
    return due


def embeds_in(channel: Channel) -> list[Any]:
    return [embed for message in channel.messages.values() for embed in message.fields.get("embeds", [])]


def next_due(town: Town, table: str) -> datetime:
    [(moment,)] = town.bot.rows(f"SELECT summary_due FROM {table} WHERE summary_due IS NOT NULL")  # noqa: S608
    return datetime.fromtimestamp(int(str(moment)), UTC)


def drawing_of(town: Town) -> list[int]:
    """The process that draws for the bot, if it has started."""
    assert town.bot.process is not None
    found: list[int] = []
    for child in children_of(town.bot.process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"coach.balance.chart_process" in (PROCESSES / str(child) / "cmdline").read_bytes():
                found.append(child)
    return found


def asked(town: Town, method: str, end: str) -> int:
    return sum(one.method == method and one.path.endswith(end) for one in town.discord.requests)


@pytest.mark.slow
@pytest.mark.parametrize("change", ["words", "embeds", "deleted"])
async def test_a_summary_whose_answer_is_lost_is_known_and_not_sent_again(town: Town, change: str) -> None:
    loopback, bot = town.discord, town.bot
    due = await until_a_summary_stands_unmarked(town)
    assert bot.rows(SENT) == []
    [summary] = [one for one in town.drafts.messages.values() if one.fields.get("embeds")]
    later = MARGIN
    if change == "words":  # A later version may word it differently.
        summary.fields["embeds"][0]["title"] = "The day's summary in other words"
    elif change == "embeds":
        summary.fields |= {"embeds": [], "flags": SUPPRESS_EMBEDS}
    else:
        await loopback.delete(summary)
        later = timedelta(minutes=2)  # The nonce is remembered.
    town.turn_clock(due + later)
    await bot.start()
    await loopback.until(lambda: bot.rows(SENT) == [(1,)], "look in the channel")
    assert await bot.end() == 0
    attempts = 2 if change == "deleted" else 1
    assert asked(town, "POST", f"/channels/{town.drafts.id}/messages") == attempts
    assert len(embeds_in(town.drafts)) == (1 if change == "words" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_a_summary_that_was_claimed_and_never_sent_is_sent_at_the_next_start(
    town: Town, end: signal.Signals
) -> None:
    loopback, bot = town.discord, town.bot
    due = await until_a_summary_is_due(town)
    loopback.faults = [Fault("POST", "/channels/*/messages", "silence")]
    await bot.start()
    await loopback.until(lambda: not loopback.faults[0].times, "request for the summary")
    began = monotonic()
    assert await bot.end(end) == (0 if end is signal.SIGTERM else -signal.SIGKILL)
    assert monotonic() - began < 5
    assert bot.rows("SELECT sent_at FROM summaries") == [(None,)]
    town.turn_clock(due + MARGIN)
    await bot.start()
    await loopback.until(lambda: bot.rows(SENT) == [(1,)], "summary")
    assert await bot.end() == 0
    town.agrees()
    assert len(town.summaries()) == 1


@pytest.mark.slow
async def test_a_summary_that_cannot_be_looked_for_is_not_sent_again(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    due = await until_a_summary_stands_unmarked(town)
    await loopback.deny(town.drafts, read_message_history=True)
    town.turn_clock(due + MARGIN)
    await bot.start()
    await loopback.until(lambda: next_due(town, "guilds") > due + MARGIN, "next day's summary")
    assert await bot.end() == 0
    assert len(town.summaries()) == 1
    assert b"it isn't sent again" in bot.log


@pytest.mark.slow
async def test_a_personal_summary_is_sent_once_and_not_to_somebody_who_left(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    due = await until_a_summary_is_due(town, place="dm")
    direct = loopback.dm(town.ann)
    loopback.faults = [Fault("POST", f"/channels/{direct.id}/messages", "lost")]
    await bot.start()
    await loopback.until(lambda: len(embeds_in(direct)) == 1, "summary")
    await bot.end(signal.SIGKILL)
    town.turn_clock(due + MARGIN)
    await bot.start()
    await loopback.until(lambda: bot.rows(SENT) == [(1,)], "look in the direct messages")
    await town.signed(await loopback.post(town.drafts, town.ann, TELLS), "📣")
    assert await bot.end() == 0
    [own] = embeds_in(direct)
    assert own["author"]["name"] == town.guild.name

    tomorrow = due + timedelta(days=1)
    town.turn_clock(tomorrow - timedelta(hours=1))
    await bot.start()
    await town.signed(await loopback.post(town.drafts, town.ann, ASKS), "💬")
    assert await bot.end() == 0
    await loopback.part(town.guild, town.ann)
    town.turn_clock(tomorrow)
    await bot.start()
    await loopback.until(lambda: next_due(town, "members") > tomorrow, "end of the due time")
    assert await bot.end() == 0
    assert len(embeds_in(direct)) == 1


@pytest.mark.slow
async def test_one_servers_failure_does_not_stop_the_next_and_no_failed_chart_stops_a_summary(
    town: Town, tmp_path: Path
) -> None:
    loopback, bot = town.discord, town.bot
    others = [loopback.add_channel(loopback.add_guild(name), "drafts") for name in ("Bakers", "Weavers")]
    noon = tomorrow_at(time(12))
    town.turn_clock(noon)
    await bot.start()
    for channel in (town.drafts, *others):
        await town.signed(await loopback.post(channel, town.ann, TELLS), "📣")
    assert await bot.end() == 0

    broken = tmp_path / "broken" / "matplotlib"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise MemoryError('no memory for the chart')")
    bot.settings = {"PYTHONPATH": str(broken.parent)}
    loopback.faults = [Fault("POST", f"/channels/{others[0].id}/messages", 403)]
    town.turn_clock(noon + timedelta(hours=6, minutes=1))
    await bot.start()
    await loopback.until(lambda: all(embeds_in(one) for one in (town.drafts, others[1])), "summaries")
    answer = await loopback.slash(town.drafts, town.ann, "balance")
    assert "(one draft)" in str(answer.messages[0].fields["embeds"])
    assert await bot.end() == 0
    assert embeds_in(others[0]) == []
    assert b"goes without its chart: MemoryError: no memory for the chart" in bot.log
    assert b"Traceback" not in bot.log


@pytest.mark.slow
async def test_no_summary_mentions_drafts_in_a_private_thread(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    noon = tomorrow_at(time(12))
    town.turn_clock(noon)
    await bot.start()
    await loopback.slash(town.drafts, town.ben, "summary figures", choice="on")
    quiet = await loopback.open_thread(town.drafts, "quiet", private=True)
    heard = await loopback.open_thread(town.drafts, "heard")
    await town.signed(await loopback.post(town.drafts, town.ann, TELLS), "📣")
    await town.signed(await loopback.post(quiet, town.ben, TELLS), "📣")
    await town.signed(await loopback.post(heard, town.ben, ASKS), "💬")
    # The next session's list of threads no longer includes it.
    for thread in (quiet, heard):
        await loopback.archive(thread)
    assert await bot.end() == 0
    town.turn_clock(noon + timedelta(hours=6, minutes=1))
    await bot.start()
    await loopback.until(lambda: bot.rows(SENT) == [(1,)], "summary")
    [summary] = embeds_in(town.drafts)
    # Ben's alone in the private thread is left out of what his agreement shows.
    assert "📣 0 content, 💬 1 conversation today" in summary["fields"][2]["value"]
    assert await bot.end() == 0


@pytest.mark.skipif(not PROCESSES.exists(), reason="finds the process as Linux has it")
async def test_a_chart_that_hangs_holds_up_neither_drafts_nor_the_end(town: Town) -> None:
    loopback, bot = town.discord, town.bot
    await bot.start()
    waiting = [asyncio.create_task(loopback.slash(town.drafts, town.ben, "balance")) for _ in range(4)]
    await loopback.until(lambda: len(drawing_of(town)) == 1, "chart")
    [drawing] = drawing_of(town)
    os.kill(drawing, signal.SIGSTOP)
    await town.signed(await loopback.post(town.drafts, town.ben, ASKS), "💬")
    checked = await loopback.slash(town.drafts, town.ann, "check", text=ASKS)
    assert "Conversation" in str(checked.messages[0].fields["embeds"])
    began = monotonic()
    assert await bot.end() == 0, bot.log.decode()
    assert monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(drawing, 0)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
