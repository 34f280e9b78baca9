"""Health and metrics over HTTP for the operator's tools: whether the bot does its work, and what it counts."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import AsyncGenerator, Iterable

from aiohttp import web
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from coach import __version__, metrics
from coach.errors import SettingsError
from coach.settings import Monitoring
from coach.wording_refusals import port_taken
from cogs.support.bot import SquareDeal


class BotCollector(Collector):
    """What is measured of the bot at the moment in which somebody asks."""

    def __init__(self, bot: SquareDeal) -> None:
        self._bot = bot

    def collect(self) -> Iterable[Metric]:
        """The gauges; none that needs a connection has a value while there is none."""
        bot = self._bot
        yield InfoMetricFamily("squaredeal", "The program.", {"version": __version__})
        yield GaugeMetricFamily("squaredeal_shards", "Connections to Discord there should be.", len(bot.shards))
        yield GaugeMetricFamily("squaredeal_shards_ready", "Those that are ready.", len(bot.shards_ready))
        yield GaugeMetricFamily("squaredeal_servers", "Servers that the bot is in.", len(bot.guilds))
        latency = GaugeMetricFamily(
            "squaredeal_gateway_latency_seconds", "Time that a heartbeat takes to be answered.", labels=["shard"]
        )
        for shard, seconds in bot.latencies:
            if math.isfinite(seconds):
                latency.add_metric([str(shard)], seconds)
        yield latency
        if bot.is_open:
            waiting = bot.coach.labelling.waiting
            yield GaugeMetricFamily("squaredeal_drafts_waiting", "Drafts that wait to be labelled.", waiting)


def troubles(bot: SquareDeal) -> list[str]:
    """Why the bot can't do its work just now; empty if it can."""
    if not bot.is_open:
        return ["it is starting"]
    found: list[str] = []
    if lacking := sorted(bot.shards.keys() - bot.shards_ready):
        found.append(f"no connection to Discord for shard {', '.join(map(str, lacking))}")
    elif not bot.shards:
        found.append("no connection to Discord")
    if not bot.can_label:
        found.append("the labeller is not loaded")
    if not bot.coach.takes_writes:
        found.append("the database did not take the last change")
    return found


@contextlib.asynccontextmanager
async def monitoring(bot: SquareDeal, settings: Monitoring) -> AsyncGenerator[None]:
    """Serve /healthz and /metrics while the bot runs.

    /healthz answers with 200 if the bot does its work, else with 503 and the reasons; both as JSON.

    Raises:
        SettingsError: nothing can be served on that address and port.
    """
    registry = CollectorRegistry()
    registry.register(BotCollector(bot))
    ProcessCollector(registry=registry)

    async def healthz(_: web.Request) -> web.Response:
        why = troubles(bot)
        told = {"squaredeal": __version__, "ok": not why, "why": why}
        return web.json_response(told, status=503 if why else 200)

    async def measured(_: web.Request) -> web.Response:
        body = generate_latest(metrics.REGISTRY) + generate_latest(registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", measured)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            # asyncio's own words have the address in them once more.
            number = error.errno or 0
            why = os.strerror(number) if number > 0 else error.strerror
            raise SettingsError(port_taken(settings.host, settings.port, why)) from None
        yield
    finally:
        await runner.cleanup()
