"""Charts as files beside an answer; without one the answer says the same."""

from __future__ import annotations

import io
import logging
from typing import Any

import discord
from discord.ext import commands

from coach import wording
from coach.balance.chart_process import ChartProcess
from coach.errors import DrawingError
from coach.reports import Report

log = logging.getLogger(__name__)


async def chart_file(
    drawing: ChartProcess, report: Report, embed: discord.Embed, name: str = "balance.png"
) -> discord.File | None:
    """Draw a report's chart and make it the embed's picture; the file goes with the embed.

    None if it can't be drawn: the embed then says the same without a picture, and the log says why.
    """
    goal = report.standing.goal
    try:
        picture = await drawing.draw(report.days, report.today, goal)
    except DrawingError as error:
        log.warning("an answer goes without its chart: %s", error)
        return None
    embed.set_image(url=f"attachment://{name}")
    text = wording.chart_text(report.days, report.today, goal)
    return discord.File(io.BytesIO(picture), name, description=text)


def may_attach(ctx: commands.Context[Any]) -> bool:
    """Whether a chart may go with an answer: without that permission the answer would be refused with it."""
    return ctx.bot_permissions.attach_files


def files_of(*files: discord.File | None) -> list[discord.File]:
    """The charts that could be drawn."""
    return [file for file in files if file is not None]
