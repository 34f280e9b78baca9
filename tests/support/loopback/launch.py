"""The real program on the loopback Discord: `python -m tests.support.loopback.launch ADDRESS [ARGUMENTS]`.

LOOPBACK_PATIENCE sets how many seconds it waits for an answer, LOOPBACK_AHEAD how many its clock is ahead.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from functools import partial

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.utils import utcnow

import bot
from cogs.support import http_timeout

if __name__ == "__main__":
    address = sys.argv[1]
    Route.BASE = f"{address}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address.replace("http", "ws", 1) + "/gateway")
    http_timeout.SECONDS = float(os.environ.get("LOOPBACK_PATIENCE", http_timeout.SECONDS))
    ahead = timedelta(seconds=float(os.environ.get("LOOPBACK_AHEAD", "0")))
    bot.create_bot = partial(bot.create_bot, clock=lambda: utcnow() + ahead)
    sys.exit(bot.main(sys.argv[2:]))
