"""Drafts as data: one that is new, one on record, and what is decided on it as it is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from coach.balance.standing import Tally
from coach.labels import Kind, Label, Verdict
from coach.nudging.policy import Shown, Silence
from coach.store.account_book import UNNAMED
from coach.store.thoughts import NO_WORDS, Placing

LabelledBy = Literal["model", "member"]


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A labelled draft about to be recorded.

    Attributes:
        text: its text; None if texts are not kept.
        addressed: a keyed hash of each person that it names.
        who: a keyed hash of its author, to recognise their erasure by.
        continues: the message of the same author that it replies to; None if there is none.
        placing: what decides which thought it belongs to.
        tags: the tags of the forum post that it is in, in Discord's order; None if it is in none.
    """

    message_id: int
    guild_id: int
    channel_id: int
    parent_id: int | None
    author_id: int
    posted_at: datetime
    local_day: date
    verdict: Verdict
    length: int
    text_hash: bytes
    text: str | None
    addressed: frozenset[bytes] = frozenset()
    who: bytes = b""
    continues: int | None = None
    placing: Placing = NO_WORDS
    tags: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """How to decide on a nudge for a draft once it is counted.

    Attributes:
        since: the first local day of the tallies that it takes.
        silence: why there is no nudge, by the draft's account, by the tallies by local day of its author for that
            account, or of all who draft for it if they share its balance, this draft included, and by the author's
            nudges, newest first; None if one is due. It runs on the database's thread, within the write unit.
        now: aware time.
        chance: the share of nudges that are held back, 0 to 1.
    """

    since: date
    silence: Callable[[int, dict[date, Tally], Sequence[Shown]], Silence | None]
    now: datetime
    chance: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A new draft as it was recorded, and what was decided on it.

    Attributes:
        label: its label; None if it has none.
        silence: why it brings no nudge; None if one is due.
        last: when the author's last nudge was shown or held back, as far as the decision knew; None if never.
        joined: whether it belongs to one thought with other drafts.
        in_thread: whether it is a part of a thread.
        account_id: the account that it belongs to.
    """

    label: Label | None
    silence: Silence | None
    last: datetime | None = None
    joined: bool = False
    in_thread: bool = False
    account_id: int = UNNAMED


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row of `drafts`.

    Attributes:
        label: None if somebody said that it is not a draft, or if the model can't read it and nobody set a label.
        unsure: whether the labeller was unsure when it last read it.
        account_id: the account that it counts for.
        by_model: what it counts as if nobody sets a label; None if the model can't read it.
        can_be_taken_back: whether it was set aside, or has a label set by hand while the model says the other.
    """

    message_id: int
    guild_id: int
    channel_id: int
    author_id: int
    posted_at: datetime
    local_day: date
    label: Label | None
    probability: float
    kind: Kind
    labelled_by: LabelledBy
    length: int
    text_hash: bytes
    unsure: bool = False
    account_id: int = UNNAMED
    by_model: Label | None = field(init=False)
    can_be_taken_back: bool = field(init=False)

    def __post_init__(self) -> None:
        by_model = None if self.kind is Kind.NONE else self.likely
        undoes = self.label is None or by_model is self.label.other
        object.__setattr__(self, "by_model", by_model)
        object.__setattr__(self, "can_be_taken_back", self.labelled_by == "member" and undoes)

    @property
    def likely(self) -> Label:
        """The label that the model finds more probable, even if it can't read the draft."""
        return Label.CONVERSATION if self.probability >= 0.5 else Label.CONTENT

    @property
    def guessed(self) -> bool:
        """Whether it counts as the model guesses, which is unsure, as nobody has said what it is."""
        return self.unsure and self.label is not None and self.labelled_by == "model"

    @property
    def unlabelled(self) -> bool:
        """Whether it isn't counted because the model can't read it and nobody has said what it is."""
        return self.label is None and self.labelled_by == "model"


def draft_of(row: sqlite3.Row) -> StoredDraft:
    """The draft of a row."""
    return StoredDraft(
        message_id=row["message_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        author_id=row["author_id"],
        posted_at=datetime.fromtimestamp(row["posted_at"], UTC),
        local_day=date.fromisoformat(row["local_day"]),
        label=Label(row["label"]) if row["label"] else None,
        probability=row["probability"],
        kind=Kind(row["kind"]),
        labelled_by=row["labelled_by"],
        length=row["length"],
        text_hash=row["text_hash"],
        unsure=bool(row["unsure"]),
        account_id=row["account_id"],
    )
