"""The real program on the loopback Discord: `python -m tests.loopback.launch ADDRESS [arguments of bot.py]`.

LOOPBACK_PATIENCE shortens the seconds for which it waits for an answer.
"""

from __future__ import annotations

import os
import sys

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

import bot
from cogs import patience

if __name__ == "__main__":
    address = sys.argv[1]
    Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address.replace("http", "ws", 1) + "/gateway")
    patience.SECONDS = float(os.environ.get("LOOPBACK_PATIENCE", patience.SECONDS))
    sys.exit(bot.main(sys.argv[2:]))
