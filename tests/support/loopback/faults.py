"""How Discord refuses, with the codes of its documentation, and what can be ordered to go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.support.loopback.truth import Payload

CODES: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20028: (429, "The write action you are performing on the channel has hit the write rate limit"),
    30010: (400, "Maximum number of reactions reached (20)"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    90001: (403, "Reaction was blocked"),
    130000: (503, "API resource is currently overloaded. Try again a little later"),
    160002: (403, "Cannot reply without permission to read message history"),
    160005: (400, "This thread is locked"),
}
"""Discord's codes with the status and words that come with them (Opcodes and Status Codes, JSON)."""


class Refused(Exception):
    """An answer of Discord that is an error."""

    def __init__(self, code: int, *, status: int = 0, says: str = "", errors: Payload | None = None) -> None:
        usual = CODES.get(code, (400, "refused"))
        self.status, self.code, self.says, self.errors = status or usual[0], code, says or usual[1], errors
        super().__init__(self.status, code)

    def body(self) -> Payload:
        """What Discord says."""
        return {"message": self.says, "code": self.code} | ({"errors": self.errors} if self.errors else {})


@dataclass(slots=True)
class Request:
    """A request of the bot: path without the version, and when (the loop's clock)."""

    method: str
    path: str
    at: float


@dataclass(eq=False)
class Fault:
    """What happens to the next `times` requests whose path matches a pattern; its * match slashes too.

    `answer` is a status; None with a `code`: the status that Discord sends with that code; None: the real answer.
    "cut": the connection breaks; "lost": it breaks once the request is carried out; "silence": nothing ever comes;
    "html": a page from a machine in between, with a good status; "ban": Cloudflare's page with a 429; "half": the
    request is carried out, but only half of the JSON comes; "empty": an empty list. Each comes after `delay`
    seconds, the real answer also `lag` seconds after the request is carried out. A 429 may apply `everywhere`.
    """

    method: str
    path: str
    answer: int | str | None = None
    delay: float = 0.0
    lag: float = 0.0
    retry_after: float = 0.5
    everywhere: bool = False
    times: int = 1
    code: int = 0
    says: str = ""

    def __post_init__(self) -> None:
        if self.code and self.answer is None:
            self.answer = Refused(self.code).status

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method == method and fnmatchcase(path, self.path)

    def body(self) -> Payload:
        """What is said with a status."""
        wait = {"retry_after": self.retry_after, "global": self.everywhere} if self.answer == 429 else {}
        known = CODES.get(self.code, (0, "as ordered"))[1]
        return {"message": self.says or known, "code": self.code, **wait}
