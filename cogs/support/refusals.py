"""What a refusal by Discord means: told by Discord's own code, as one status stands for many things."""

from __future__ import annotations

import enum
import math

import aiohttp
import discord

NO_ANSWER = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What is raised if Discord refuses a request, or the network doesn't carry it."""


class Refusal(enum.Enum):
    """What to do about a request that failed."""

    PERMISSION = "permission"
    """Somebody who manages the server can mend it: said once."""
    PERSON = "person"
    """Somebody has blocked the bot, closed their direct messages or left: nobody else is told."""
    GONE = "gone"
    """What it was about is no longer there: nothing is to be done."""
    FINAL = "final"
    """The same request would be refused again: logged, not tried again."""
    PASSING = "passing"
    """Discord or the network has trouble: tried again."""


# https://docs.discord.com/developers/topics/opcodes-and-status-codes
_MEANING = {
    **dict.fromkeys(
        (
            10003,  # unknown channel
            10004,  # unknown guild
            10008,  # unknown message
            10015,  # unknown webhook: the token of an interaction has run out
            10062,  # unknown interaction
            50027,  # invalid webhook token
        ),
        Refusal.GONE,
    ),
    **dict.fromkeys(
        (
            50001,  # missing access
            50013,  # missing permissions
            160002,  # a reply needs Read Message History
        ),
        Refusal.PERMISSION,
    ),
    **dict.fromkeys(
        (
            10007,  # unknown member
            10013,  # unknown user
            50007,  # cannot send messages to this user
            50278,  # no guild in common
            90001,  # reaction blocked by the message's author
        ),
        Refusal.PERSON,
    ),
    **dict.fromkeys(
        (
            40062,  # the service is being rate limited
            130000,  # the API is overloaded
        ),
        Refusal.PASSING,
    ),
}

_PERMISSIONS = {50001: "View Channel", 160002: "Read Message History"}


def meaning(error: BaseException) -> Refusal:
    """What a failed request, one of `NO_ANSWER`, means."""
    if not isinstance(error, discord.HTTPException) or error.status >= 500 or error.status == 429:
        return Refusal.PASSING
    if error.code == 50035 and "message_reference" in error.text:
        return Refusal.GONE  # The message that is replied to has been deleted.
    if error.status == 404 and error.code == 0:
        return Refusal.GONE
    return _MEANING.get(error.code, Refusal.FINAL)


def permission(error: BaseException, asked: str) -> str:
    """Which permission is missing, if `meaning` says that one is; `asked` is the one that the request needs."""
    return _PERMISSIONS.get(error.code, asked) if isinstance(error, discord.HTTPException) else asked


def described(error: BaseException) -> str:
    """A failed request in a few words for the log: Discord's code and text, never what was sent."""
    if isinstance(error, discord.HTTPException):
        # Behind a proxy the text can be a whole page.
        words = " ".join(error.text.split())[:200]
        return f"{error.status}, code {error.code}" + (f" ({words})" if words else "")
    return type(error).__name__


def seconds_to_wait(error: BaseException) -> float | None:
    """For how many seconds Discord wants to hear nothing; None if it does not say."""
    if not isinstance(error, discord.HTTPException) or error.status != 429:
        return None
    try:
        return float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None


_CLOSED = {
    4004: "Discord no longer takes the bot's token; if it was reset, copy the new one from the developer "
    "portal into DISCORD_TOKEN and start again.",
    4010: "Discord does not take the numbers given by --shards; check them.",
    4011: "The bot is in more servers than so few shards may serve; start it with more, or without --shards.",
    4012: "Discord no longer takes this version of its protocol; update the program.",
    4013: "Discord does not know one of the intents that the bot asks for; update the program.",
    4014: "Discord withholds the text of messages; turn on Message Content Intent for this bot in Discord's "
    "developer portal, under Bot.",
}


def why_not_connected(error: BaseException) -> str | None:
    """A sentence for the operator about a connection that could not be made or was closed for good.

    Args:
        error: what the login or the connection ended with.

    Returns:
        What it means and what to do; None if the error is the program's own.
    """
    match error:
        case discord.LoginFailure():
            return "Discord refuses the token; check DISCORD_TOKEN."
        case discord.PrivilegedIntentsRequired():
            return _CLOSED[4014]
        case discord.ConnectionClosed():
            return _CLOSED.get(
                error.code, f"Discord closed the connection for good (code {error.code}); start again in a minute."
            )
        case discord.ClientException():
            return None
        case _:
            pass
    if (seconds := seconds_to_wait(error)) is not None:
        minutes = max(1, math.ceil(seconds / 60))
        return (
            "Discord takes no requests from this machine for a while, as it had too many; do not start again for "
            f"{minutes} minute{'s' if minutes > 1 else ''}, or the wait gets longer."
        )
    return f"Discord cannot be reached ({type(error).__name__}); check the network and start again in a minute."
