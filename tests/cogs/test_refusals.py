"""What each of Discord's refusals means, and what the log says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord
import pytest

from cogs.support.refusals import Refusal, described, meaning, permission, why_not_connected


@dataclass
class Response:
    """The parts of a response that discord.py's errors look at."""

    status: int
    reason: str = "refused"
    headers: dict[str, str] = field(default_factory=dict[str, str])


def refused(status: int, body: Any, **headers: str) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(Response(status, headers=headers), body)  # type: ignore[arg-type]


UNKNOWN_REFERENCE = {
    "code": 50035,
    "message": "Invalid Form Body",
    "errors": {
        "message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
    },
}


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (refused(403, {"code": 50013}), Refusal.PERMISSION),
        (refused(403, {"code": 50001}), Refusal.PERMISSION),
        (refused(403, {"code": 90001}), Refusal.PERSON),
        (refused(403, {"code": 50007}), Refusal.PERSON),
        (refused(400, {"code": 50278}), Refusal.PERSON),
        (refused(404, {"code": 10008}), Refusal.GONE),
        (refused(404, {"code": 10003}), Refusal.GONE),
        (refused(400, UNKNOWN_REFERENCE), Refusal.GONE),
        (refused(400, {"code": 50035}), Refusal.FINAL),
        (refused(400, {"code": 10014}), Refusal.FINAL),
        (refused(403, {"code": 30010}), Refusal.FINAL),
        (refused(403, "<html>"), Refusal.FINAL),
        (refused(400, {"code": 50083}), Refusal.FINAL),
        (refused(429, "<html>"), Refusal.PASSING),
        (refused(500, {"code": 0}), Refusal.PASSING),
        (refused(503, {"code": 130000}), Refusal.PASSING),
        (TimeoutError(), Refusal.PASSING),
        (aiohttp.ServerDisconnectedError(), Refusal.PASSING),
    ],
)
def test_a_refusal_is_told_by_its_code(error: BaseException, means: Refusal) -> None:
    assert meaning(error) is means


def test_a_permission_is_the_one_that_discord_means() -> None:
    assert permission(refused(403, {"code": 50001}), "Send Messages") == "View Channel"
    assert permission(refused(400, {"code": 160002}), "Send Messages") == "Read Message History"
    assert permission(refused(403, {"code": 50013}), "Send Messages") == "Send Messages"


def test_the_log_has_code_and_text_and_no_page() -> None:
    assert (
        described(refused(400, {"code": 10014, "message": "Unknown Emoji"})) == "400, code 10014 (Unknown Emoji)"
    )
    assert len(described(refused(503, "<html>\n" * 500))) < 250
    assert described(TimeoutError("a draft")) == "TimeoutError"


def test_how_long_not_to_start_again_is_rounded_up() -> None:
    for seconds, says in (("900", "15 minutes"), ("30", "1 minute,"), ("61", "2 minutes")):
        assert says in (why_not_connected(refused(429, "<html>", **{"Retry-After": seconds})) or "")
    assert "start again in a minute" in (why_not_connected(refused(429, "<html>")) or "")
