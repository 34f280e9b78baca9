"""The cog that Red runs in `benchmarks.wire`: it looks up each message's channel."""

# Red is there only in an environment of its own.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# pyright: reportUntypedFunctionDecorator=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportUnknownArgumentType=false, reportMissingParameterType=false

from __future__ import annotations

import discord
from redbot.core import commands

END = "the end"
SIGN = "\N{PUBLIC ADDRESS LOUDSPEAKER}"


class Listener(commands.Cog):
    """One listener with one look-up."""

    def __init__(self) -> None:
        self.watched: dict[int, bool] = dict.fromkeys(range(1000), True)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """React to the last message only."""
        if self.watched.get(message.channel.id) or message.content == END:
            await message.add_reaction(SIGN)


async def setup(bot) -> None:
    """Load the cog."""
    await bot.add_cog(Listener())
