"""Bots to compare with, on the loopback Discord: `python benchmarks/peers.py ROLE ADDRESS [arguments of Red]`.

The roles `ignore` and `react` need discord.py alone, `red` runs Red-DiscordBot; all find their token in the
environment. Each reacts to the last message of a series, which shows that all before it have been handled.
"""

# Red is there only in an environment of its own.
# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import os
import sys

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

END = "the end"
SIGN = "\N{PUBLIC ADDRESS LOUDSPEAKER}"


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
            await message.add_reaction(SIGN)


def red(arguments: list[str]) -> None:
    """Run Red as its own command does, but without asking PyPI whether it is the newest."""
    import redbot.__main__  # noqa: PLC0415
    from redbot.core import _events  # noqa: PLC0415

    async def nothing_newer() -> tuple[None, None]:
        return None, None

    _events.fetch_latest_red_version_info = nothing_newer
    sys.argv = ["redbot", *arguments]
    redbot.__main__.main()


if __name__ == "__main__":
    role, address, *rest = sys.argv[1:]
    Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address.replace("http", "ws", 1) + "/gateway")
    if role == "red":
        red(rest)
    else:
        Bare(role == "react").run(os.environ["DISCORD_TOKEN"], log_handler=None)
