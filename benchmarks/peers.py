"""Bare bots to compare with, on discord.py alone: `python benchmarks/peers.py ignore|react ADDRESS TOKEN`."""

from __future__ import annotations

import sys

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

END = "the end"


class Bare(discord.Client):
    """Ignores every message but the last, or reacts to each."""

    def __init__(self, reacts: bool) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(intents=intents)
        self._reacts = reacts

    async def on_message(self, message: discord.Message) -> None:
        """React, if that is what it is for."""
        if self._reacts or message.content == END:
            await message.add_reaction("\N{PUBLIC ADDRESS LOUDSPEAKER}")


if __name__ == "__main__":
    role, address, token = sys.argv[1:4]
    Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address.replace("http", "ws", 1) + "/gateway")
    Bare(role == "react").run(token, log_handler=None)
