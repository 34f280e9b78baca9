"""The rehearsal room's time: it jumps over the days of its samples, and no loop runs through them afterwards."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord.ext import commands, tasks

from coach.settings import Settings
from cogs.rehearsal.world import open_world
from cogs.support.bot import create_bot


@pytest.mark.slow
async def test_no_loop_makes_up_for_the_days_that_were_leapt_over(settings: Settings) -> None:
    async with open_world(create_bot, settings, discord.utils.utcnow()) as world:
        cogs: list[commands.Cog] = list(world.bot.cogs.values())
        loops: list[Any] = [part for cog in cogs for part in vars(cog).values() if isinstance(part, tasks.Loop)]
        assert len(loops) >= 3
        await world.env.advance_time(5)
        assert all(loop.is_running() and loop.current_loop <= 2 for loop in loops)
