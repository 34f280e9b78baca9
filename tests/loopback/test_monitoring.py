"""What an operator's tools see of the real program: health, metrics, its log as JSON, and the doctor's words."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.faults import Fault
from tests.support.loopback.server import TOKEN
from tests.support.loopback.town import Town
from tests.support.run_page import is_on_the_page
from tests.support.waiting import LONGEST_WAIT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "run.md").read_text(encoding="utf-8")
HAS_PROC = Path("/proc").is_dir()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


async def ask(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def health(port: int, status: int) -> dict[str, Any]:
    """Wait until /healthz answers with a status; what it says."""
    async with asyncio.timeout(LONGEST_WAIT):
        while True:
            try:
                answered, said = await ask(port, "/healthz")
                if answered == status:
                    return json.loads(said)
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


async def measured(port: int) -> dict[str, dict[tuple[str, ...], float]]:
    """The value of each metric by its labels."""
    status, text = await ask(port, "/metrics")
    assert status == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@pytest.mark.slow
async def test_health_follows_the_connection_and_metrics_count_what_happens(town: Town) -> None:
    loopback, port = town.discord, free_port()
    town.bot.settings = {"SQUAREDEAL_MONITORING_PORT": str(port), "SQUAREDEAL_LOG_LEVEL": "debug"}
    town.bot.arguments = ("--log", "json")
    loopback.faults = [Fault("GET", "/users/@me", 429, retry_after=2)]
    await town.bot.start(ready=False)
    assert (await health(port, 503))["why"] == ["it is starting"]
    assert (await health(port, 200))["why"] == []
    refused = Fault("PUT", "*/reactions/*", code=90001)
    loopback.faults = [refused]
    await loopback.post(town.drafts, town.ann, TELLS)
    await loopback.until(lambda: not refused.times, "refusal")
    await town.signed(await loopback.post(town.drafts, town.ben, ASKS), "💬")
    seen = await measured(port)
    assert seen["squaredeal_drafts_labelled_total"] == {("content",): 1, ("conversation",): 1}
    assert seen["squaredeal_discord_refusals_total"] == {("90001", "403"): 1, ("0", "429"): 1}
    assert sum(seen["squaredeal_silences_total"].values()) == 2
    assert seen["squaredeal_shards"] == seen["squaredeal_shards_ready"] == seen["squaredeal_servers"] == {(): 1}
    assert seen["squaredeal_commit_seconds_count"][()] >= 2 and seen["squaredeal_drafts_waiting"] == {(): 0}
    assert seen["process_resident_memory_bytes"][()] > 1e6 or not HAS_PROC
    # Each is on the page, and none has a member or a server in it.
    page = set(re.findall(r"`(squaredeal_\w+)`", PAGE))
    there = {name.removesuffix("_total") for name in page}
    names = {re.sub(r"_(total|created|bucket|sum|count)$", "", name) for name in seen}
    assert {name for name in names if name.startswith("squaredeal")} <= there | page
    ids = (town.guild.id, town.drafts.id, town.ann.id, town.ben.id)
    text = (await ask(port, "/metrics"))[1]
    assert not any(str(one) in text for one in ids)
    assert await town.bot.end() == 0
    lines = [json.loads(line) for line in town.bot.log.decode().splitlines()]
    assert {"time", "level", "logger", "message"} <= set(lines[0]) and lines[0]["time"].endswith("Z")
    assert any("no sign on message" in line["message"] for line in lines)
    assert TOKEN not in town.bot.log.decode()
    assert not any(words in town.bot.log.decode() for words in (TELLS, ASKS))


@pytest.mark.slow
async def test_health_tells_of_a_lost_connection_until_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, gateway, back = free_port(), town.discord.gateway, asyncio.Event()
    town.bot.settings = {"SQUAREDEAL_MONITORING_PORT": str(port)}
    await town.bot.start()
    await health(port, 200)

    async def away(_: web.BaseRequest) -> web.Response:
        await back.wait()
        return web.Response(status=503)

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "serve", away)
        gateway.drop()
        assert (await health(port, 503))["why"] == ["no connection to Discord for shard 0"]
        assert (await measured(port))["squaredeal_shards_ready"] == {(): 0}
    back.set()
    await health(port, 200)
    assert await town.bot.end() == 0


async def test_a_taken_port_ends_the_start_with_a_sentence(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        town.bot.settings = {"SQUAREDEAL_MONITORING_PORT": str(port)}
        town.bot.arguments = ("--log", "json")
        await town.bot.start(ready=False)
        assert await town.bot.wait() == 1
    [line] = town.bot.log.decode().splitlines()
    said = json.loads(line)["message"]
    assert f"Nothing can be served on 127.0.0.1, port {port} (Address already in use); choose another" in said
    assert is_on_the_page(said)


async def diagnosed(town: Town) -> dict[str, Any]:
    town.bot.arguments, town.bot.log = ("doctor", "--json"), b""
    await town.bot.start(ready=False)
    status = await town.bot.wait()
    told = json.loads(town.bot.log.splitlines()[-1])  # standard error comes first
    assert status == int(not told["good"])
    assert TOKEN not in town.bot.log.decode()
    return told


@pytest.mark.slow
async def test_the_doctor_on_what_is_wrong_with_the_application(town: Town) -> None:
    told = await diagnosed(town)
    assert told["good"]
    assert any(one["text"] == "The bot is in 1 server with at most 100 users." for one in told["findings"])

    async def wrong() -> str:
        [finding] = [one for one in (await diagnosed(town))["findings"] if not one["good"]]
        assert is_on_the_page(finding["text"]), finding["text"]
        return finding["text"]

    town.drafts.denied = discord.Permissions(attach_files=True).value
    assert f"channel {town.drafts.id}: grant the bot's role there: Attach Files" in await wrong()
    town.drafts.denied = 0
    town.discord.flags = 0
    assert "withholds the text of messages; turn on Message Content Intent" in await wrong()
    town.discord.token = "reset"  # noqa: S105
    assert "Discord refuses the token" in await wrong()


@pytest.mark.slow
async def test_the_link_is_for_the_application_that_the_token_belongs_to(town: Town) -> None:
    town.bot.arguments = ("invite",)
    await town.bot.start(ready=False)
    assert await town.bot.wait() == 0
    assert f"client_id={town.discord.bot.id}&" in town.bot.log.decode()
