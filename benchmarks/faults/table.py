"""What can go wrong with a request, as data: Discord's codes and machines in between, for good or once."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.loopback.faults import CODES, Fault

FOR_GOOD = 1_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A bad answer, with its name in the table, and how often it comes."""

    name: str
    answer: int | str | None = None
    code: int = 0
    times: int = 1

    @property
    def personal(self) -> bool:
        """Whether it is the member's own choice to be out of the bot's reach."""
        return self.code in (50007, 50278, 90001)

    def fault(self, method: str, path: str) -> Fault:
        """The fault to order."""
        # aiohttp itself repeats a request whose connection was cut, unless that could do something twice.
        again = 2 if self.answer == "cut" and method != "POST" else self.times
        return Fault(method, path, self.answer, retry_after=0.2, times=again, code=self.code)


def _codes(*codes: int) -> tuple[Wrong, ...]:
    """Permanent refusals, by Discord's codes."""
    return tuple(Wrong(f"{CODES[code][0]}, {code} {CODES[code][1]}", None, code, FOR_GOOD) for code in codes)


PASSING = (
    Wrong("429", 429),
    Wrong("500, once", 500),
    Wrong("connection cut", "cut"),
    Wrong("no answer", "silence"),
    Wrong("half an answer", "half"),
    Wrong("a page of HTML", "html"),
)
LOST = Wrong("done, but its answer lost", "lost")
PLAIN = (Wrong("403", 403, 0, FOR_GOOD), Wrong("404", 404, 0, FOR_GOOD))

REACTION = (*PASSING, LOST, *_codes(50013, 90001, 10014, 10008, 30010, 50083, 50001))
REPLY = (*PASSING, LOST, *_codes(50013, 50001, 50035, 10003, 160005))
DIRECT = (*PASSING, LOST, *_codes(50007, 50278))
SUMMARY = (*PASSING, LOST, *_codes(50013, 50001, 10003))
READING = (*PASSING, Wrong("an empty list", "empty"), *_codes(50001, 10003))
LOGIN = (*PASSING, *PLAIN)
COMMAND = (*PASSING, *_codes(10062, 40060))
EDIT = (Wrong("connection cut", "cut"), Wrong("no answer", "silence"), LOST, *_codes(10015))
REGISTRY = (*PASSING, *PLAIN)
