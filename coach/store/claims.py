"""Claims: what was about to be sent, by whom, when and where, so that a message whose answer got lost is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

BEGIN_WITHIN = 20.0
"""Seconds after its claim in which a message's request has to begin, however long Discord makes it wait.

With the 30 seconds after which a request is given up, all is over before `LEFT_ALONE` ends.
"""

LEFT_ALONE = timedelta(minutes=1)
"""For how long a claim is left to the run of the bot that made it, which may still be sending."""

CLOCK_ERROR = timedelta(hours=1)
"""How far this machine's clock, by which a claim is dated, may be from Discord's, by which its message is."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The record of a message that was about to be sent.

    Attributes:
        at: when that was, by the clock of the machine that made it.
        by: the run of the bot that made it; empty if an earlier version did.
        channel_id: the channel that it was to go to; None if an earlier version claimed it.
        sent: whether Discord is known to have accepted it.
    """

    at: datetime
    by: str
    channel_id: int | None
    sent: bool = False

    @property
    def look_from(self) -> datetime:
        """Since when its message may stand in the channel."""
        return self.at - CLOCK_ERROR

    def is_left_alone(self, run: str, now: datetime) -> bool:
        """Whether another run of the bot than this one may still be sending it.

        A time ahead of `now` by more than `LEFT_ALONE` comes from a wrong clock, and is no reason to wait.
        """
        return not self.sent and self.by != run and abs(now - self.at) < LEFT_ALONE


def nonce_of(*what: object) -> str:
    """24 characters that are the same whenever the same message is sent again; Discord takes 25."""
    return blake2b(" ".join(map(str, what)).encode(), digest_size=12).hexdigest()
