"""A post of somebody's past, as an export has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.labels import Label


class How(StrEnum):
    """How a post was made, as far as its export says.

    `THREAD`: it goes on from a post of the same author. `REPLY`: it answers somebody else.
    """

    POST = "post"
    REPLY = "reply"
    REPOST = "repost"
    THREAD = "thread"


KNOWN = {How.REPLY: Label.CONVERSATION, How.REPOST: Label.CONTENT}
"""What an export shows without a word being read: a reply is conversation, passing something on is content."""


@dataclass(frozen=True, slots=True)
class PastPost:
    """A post as an export has it.

    Attributes:
        written_at: when it was published, aware and in UTC.
        text: its words, without markup; empty if it has none.
        how: how it was made.
        key: what tells it from all others, and is the same whenever it is exported, such as "x:20".
    """

    written_at: datetime
    text: str
    how: How
    key: str

    @property
    def known(self) -> Label | None:
        """The label that its export shows; None if only its words can tell."""
        return KNOWN.get(self.how)
