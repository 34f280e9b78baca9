"""Drafts: recorded and edited in one transaction with the tallies that count them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from coach.balance.standing import Tally
from coach.labels import Kind, Label, Verdict
from coach.nudging.policy import Shown
from coach.store.account_book import UNNAMED
from coach.store.accounts import account_at, days_of_balance, keep_tags
from coach.store.channels import move_cursor
from coach.store.database import Database
from coach.store.erasures import is_erased
from coach.store.nudges import follow_up, nudges_of
from coach.store.people import may_read
from coach.store.replies import mark_over
from coach.store.tallies import count, key_of, uncount
from coach.store.thoughts import NO_WORDS, Placing, another_part, place, place_anew, settle

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
class Recorded:
    """A draft as it was recorded, and what a nudge is decided on.

    Attributes:
        days: the tallies by local day of the author for the draft's account, or of all who draft for it if its
            balance is shared; this draft included.
        nudges: the author's nudges, newest first.
        label: its label; None if it has none.
        joined: whether it belongs to one thought with other drafts.
        in_thread: whether it is a part of a thread.
        account_id: the account that it belongs to.
    """

    days: dict[date, Tally]
    nudges: list[Shown]
    label: Label | None = None
    joined: bool = False
    in_thread: bool = False
    account_id: int = UNNAMED


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row of `drafts`.

    Attributes:
        label: None if somebody said that it is not a draft, or if the model can't read it and nobody set a label.
        unsure: whether the labeller was unsure when it last read it.
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


class DraftStore:
    """Reads and writes `drafts`, and changes `tallies` with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, draft: NewDraft, cursor: int | None = None, since: date | None = None
    ) -> Recorded | None:
        """Insert a draft, count it, record it with the nudges before it, and move the channel's cursor.

        Args:
            draft: the draft.
            cursor: the message up to which the channel is recorded with this draft; None leaves it where it is.
            since: the first local day of the tallies in the result; None if no nudge will be decided on.

        Returns:
            What a nudge is decided on; None if the message was recorded before, or its author has paused the bot
            or had everything erased since writing it: no count changes then.
        """
        day = draft.local_day.isoformat()

        def unit(raw: sqlite3.Connection) -> Recorded | None:
            key = (raw, draft.guild_id)
            if not may_read(*key, draft.author_id, draft.message_id) or is_erased(
                *key, draft.who, draft.message_id
            ):
                move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
                return None
            account_id = account_at(raw, draft.guild_id, draft.channel_id, draft.parent_id, draft.tags)
            insertion = raw.execute(
                "INSERT INTO drafts (message_id, guild_id, channel_id, author_id, posted_at, local_day, label,"
                " probability, kind, unsure, labelled_by, length, text_hash, text, continues, account_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'model', ?, ?, ?, ?, ?)"
                " ON CONFLICT (message_id) DO NOTHING",
                (
                    draft.message_id,
                    draft.guild_id,
                    draft.channel_id,
                    draft.author_id,
                    int(draft.posted_at.timestamp()),
                    day,
                    draft.verdict.counted,
                    draft.verdict.probability,
                    draft.verdict.kind,
                    draft.verdict.unsure,
                    draft.length,
                    draft.text_hash,
                    draft.text,
                    draft.continues,
                    account_id,
                ),
            )
            inserted = insertion.rowcount == 1
            label, joined, in_thread = draft.verdict.counted, False, False
            if inserted:
                if draft.verdict.counted is not None:
                    count(raw, (draft.guild_id, draft.author_id, day, account_id), draft.verdict.counted)
                _address(raw, draft.message_id, draft.addressed)
                joined = place(raw, _row(raw, draft.guild_id, draft.message_id), draft.placing)
                if joined:
                    in_thread = _row(raw, draft.guild_id, draft.message_id)["thread"] is not None
                if in_thread:
                    label = _judge_in_place(raw, draft.guild_id, draft.message_id, draft.verdict)
                follow_up(raw, draft.guild_id, draft.author_id, draft.message_id)
            move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
            if draft.tags is not None:
                keep_tags(raw, draft.guild_id, draft.channel_id, draft.tags)
            if not inserted:
                return None
            return Recorded(
                days_of_balance(raw, draft.guild_id, draft.author_id, account_id, since)
                if since is not None
                else {},
                nudges_of(raw, draft.guild_id, draft.author_id) if since is not None else [],
                label,
                joined,
                in_thread,
                account_id,
            )

        return await self._database.write(unit, keeps_members=True)

    async def relabel(
        self,
        guild_id: int,
        message_id: int,
        verdict: Verdict,
        *,
        length: int,
        text_hash: bytes,
        text: str | None,
        addressed: frozenset[bytes],
        placing: Placing = NO_WORDS,
    ) -> Label | None:
        """Give an edited draft its new label, unless a member set the label by hand or it is a part of a thread.

        Its thought is found anew, unless that was said by hand. A part of a thread keeps the label of the thread,
        which has to be read again.

        Returns:
            The label it has now; None if it has none, there is no such draft, or its author has paused the bot in
            the meantime.
        """

        def unit(raw: sqlite3.Connection) -> Label | None:
            row = row_of(raw, guild_id, message_id)
            if row is None or not may_read(raw, guild_id, row["author_id"], message_id):
                return None
            raw.execute(
                "UPDATE drafts SET length = ?, text_hash = ?, text = ? WHERE message_id = ?",
                (length, text_hash, text, message_id),
            )
            raw.execute("DELETE FROM addressed WHERE message_id = ?", (message_id,))
            _address(raw, message_id, addressed)
            place_anew(raw, row, placing)
            return _judge_in_place(raw, guild_id, message_id, verdict)

        return await self._database.write(unit)

    async def get(self, guild_id: int, message_id: int) -> StoredDraft | None:
        """A draft of a server; None if there is no such draft."""

        def query(raw: sqlite3.Connection) -> StoredDraft | None:
            row = row_of(raw, guild_id, message_id)
            return draft_of(row) if row is not None else None

        return await self._database.read(query)

    async def read_range(self, guild_id: int, channel_id: int, after: int, upto: int) -> dict[int, StoredDraft]:
        """The drafts of a channel with ids after `after` and up to `upto`, by id."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT * FROM drafts WHERE channel_id = ? AND message_id > ? AND message_id <= ?"
                " AND guild_id = ?",
                (channel_id, after, upto, guild_id),
            ).fetchall()
        )
        return {row["message_id"]: draft_of(row) for row in rows}

    async def newest(self, channel_id: int) -> int:
        """The id of a channel's newest draft; 0 if it has none."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT max(message_id) FROM drafts WHERE channel_id = ?", (channel_id,)
            ).fetchone()
        )
        return row[0] or 0

    async def channels_since(self, guild_id: int, after: int) -> set[int]:
        """The channels of a server that have a draft with an id after `after`."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id FROM channels c WHERE guild_id = ? AND EXISTS"
                " (SELECT 1 FROM drafts d WHERE d.channel_id = c.channel_id AND d.message_id > ?)",
                (guild_id, after),
            ).fetchall()
        )
        return {row[0] for row in rows}

    async def recent(
        self, guild_id: int, author_id: int, since: date, limit: int, account_id: int | None = None
    ) -> list[StoredDraft]:
        """An author's drafts of the local days from `since` on, newest first, `limit` at most.

        With `account_id`, only those for this account.
        """
        # The index has an author's drafts by local day, which is their order except for moves between time zones:
        # the newest are within two days more than `limit` drafts need, and earlier years are not read.
        theirs = "guild_id = ?1 AND author_id = ?2 AND (?5 IS NULL OR account_id = ?5)"
        rows = await self._database.read(
            lambda raw: raw.execute(
                f"SELECT * FROM drafts WHERE {theirs} AND local_day >= max(?3, coalesce("  # noqa: S608
                f"(SELECT date(local_day, '-2 days') FROM drafts WHERE {theirs}"
                " ORDER BY local_day DESC LIMIT 1 OFFSET ?4 - 1), ''))"
                " ORDER BY message_id DESC LIMIT ?4",
                (guild_id, author_id, since.isoformat(), limit, account_id),
            ).fetchall()
        )
        return [draft_of(row) for row in rows]


def row_of(raw: sqlite3.Connection, guild_id: int, message_id: int) -> sqlite3.Row | None:
    """A draft's row, or None."""
    return raw.execute(
        "SELECT * FROM drafts WHERE message_id = ? AND guild_id = ?", (message_id, guild_id)
    ).fetchone()


def _row(raw: sqlite3.Connection, guild_id: int, message_id: int) -> sqlite3.Row:
    """The row of a draft that is certainly there."""
    row = row_of(raw, guild_id, message_id)
    assert row is not None  # noqa: S101
    return row


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
    )


def set_label(raw: sqlite3.Connection, row: sqlite3.Row, label: Label | None) -> None:
    """Change a draft's label, and what counts for its thought, within a write unit."""
    if row["label"] == label:
        return
    if row["counts"] and row["label"] is not None:
        uncount(raw, row)
    if row["counts"] and label is not None:
        count(raw, key_of(row), label)
    raw.execute("UPDATE drafts SET label = ? WHERE message_id = ?", (label, row["message_id"]))
    if row["thought"] is not None:
        settle(raw, row["guild_id"], row["thought"])
    mark_over(raw, [row], "nudge")
    follow_up(raw, row["guild_id"], row["author_id"], row["message_id"])


def judge(raw: sqlite3.Connection, row: sqlite3.Row, verdict: Verdict | StoredDraft) -> Label | None:
    """Give a draft a verdict, or the one on another part of its thread, within a write unit.

    A label that was set by hand stays. A question about the draft that doesn't fit any more is over.

    Returns:
        The label it has now.
    """
    label = verdict.counted if isinstance(verdict, Verdict) else verdict.label
    raw.execute(
        "UPDATE drafts SET probability = ?, kind = ?, unsure = ? WHERE message_id = ?",
        (verdict.probability, verdict.kind, verdict.unsure, row["message_id"]),
    )
    # The one about an unknown language and the one about two labels are different questions.
    other = (row["kind"] == Kind.NONE) != (verdict.kind is Kind.NONE)
    # It also says what the draft counts as until it is answered.
    other = other or row["label"] != label
    by_hand = row["labelled_by"] == "member"
    if by_hand or not verdict.unsure or other:
        mark_over(raw, [row], "question")
    if by_hand:
        return draft_of(row).label
    set_label(raw, row, label)
    return label


def _judge_in_place(raw: sqlite3.Connection, guild_id: int, message_id: int, verdict: Verdict) -> Label | None:
    """Give a draft a verdict, or that of the thread that it is a part of; see `judge`."""
    row = _row(raw, guild_id, message_id)
    part = another_part(raw, row) if row["thread"] is not None else None
    return judge(raw, row, verdict if part is None else draft_of(part))


def _address(raw: sqlite3.Connection, message_id: int, people: frozenset[bytes]) -> None:
    raw.executemany(
        "INSERT INTO addressed (message_id, person) VALUES (?, ?)", [(message_id, person) for person in people]
    )
