"""Drafts on record: a draft's row, and its label, changed in step with what counts and with what was said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from coach.labels import Kind, Label, Verdict
from coach.store.account_book import UNNAMED
from coach.store.connection import Connection, Row
from coach.store.nudges import follow_up
from coach.store.replies import mark_over
from coach.store.tallies import count, key_of, uncount
from coach.store.thoughts import another_part, settle

LabelledBy = Literal["model", "member"]


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row of `drafts`.

    Attributes:
        label: None if somebody said that it is not a draft, or if the model can't read it and nobody set a label.
        unsure: whether the labeller was unsure when it last read it.
        account_id: the account that it counts for.
        out_at: when it was marked as posted; None if it isn't.
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
    out_at: datetime | None = None
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


def row_of(raw: Connection, guild_id: int, message_id: int) -> Row | None:
    """A draft's row, or None."""
    return raw.execute(
        "SELECT * FROM drafts WHERE message_id = ? AND guild_id = ?", (message_id, guild_id)
    ).fetchone()


def certain_row(raw: Connection, guild_id: int, message_id: int) -> Row:
    """The row of a draft that is certainly there."""
    row = row_of(raw, guild_id, message_id)
    assert row is not None  # noqa: S101
    return row


def draft_of(row: Row) -> StoredDraft:
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
        out_at=datetime.fromtimestamp(row["out_at"], UTC) if row["out_at"] is not None else None,
    )


def set_label(raw: Connection, row: Row, label: Label | None) -> None:
    """Change a draft's label, and what counts for its thought, within a write unit."""
    if row["label"] == label:
        return
    # Of a thought with others, it is found out below whether it counts, and as posted.
    out = bool(row["counts"]) and label is not None and row["out_at"] is not None
    if row["counts"] and row["label"] is not None:
        uncount(raw, row)
    if row["counts"] and label is not None:
        count(raw, key_of(row), label, out=out)
    raw.execute(
        "UPDATE drafts SET label = ?, counts_out = ? WHERE message_id = ?", (label, out, row["message_id"])
    )
    if row["thought"] is not None:
        settle(raw, row["guild_id"], row["thought"])
    mark_over(raw, [row], "nudge")
    follow_up(raw, row["guild_id"], row["author_id"], row["message_id"])


def judge(
    raw: Connection, row: Row, label: Label | None, probability: float, kind: Kind, unsure: bool
) -> Label | None:
    """Give a draft a label and what the labeller makes of it, or of its thread, within a write unit.

    A label that was set by hand stays. A question about the draft that doesn't fit any more is over.

    Returns:
        The label it has now.
    """
    raw.execute(
        "UPDATE drafts SET probability = ?, kind = ?, unsure = ? WHERE message_id = ?",
        (probability, kind, unsure, row["message_id"]),
    )
    # The one about an unknown language and the one about two labels are different questions.
    other = (row["kind"] == Kind.NONE) != (kind is Kind.NONE)
    # It also says what the draft counts as until it is answered.
    other = other or row["label"] != label
    by_hand = row["labelled_by"] == "member"
    if by_hand or not unsure or other:
        mark_over(raw, [row], "question")
    if by_hand:
        return draft_of(row).label
    set_label(raw, row, label)
    return label


def judge_in_place(raw: Connection, guild_id: int, message_id: int, verdict: Verdict) -> Label | None:
    """Give a draft a verdict, or what the thread has that it is a part of; see `judge`."""
    row = certain_row(raw, guild_id, message_id)
    found = another_part(raw, row) if row["thread"] is not None else None
    if found is None:
        return judge(raw, row, verdict.counted, verdict.probability, verdict.kind, verdict.unsure)
    part = draft_of(found)
    return judge(raw, row, part.label, part.probability, part.kind, part.guessed)
