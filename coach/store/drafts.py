"""Drafts: recorded, edited, corrected and removed in one transaction with the tallies that count them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from coach.balance.standing import Tally
from coach.labels import Kind, Label, Lesson, Verdict
from coach.nudging.policy import Shown
from coach.store.channels import move_cursor
from coach.store.database import Database
from coach.store.erasures import is_erased
from coach.store.nudges import follow_up, nudges_of
from coach.store.people import may_read
from coach.store.replies import mark_over
from coach.store.tallies import count, days_of, uncount

TEXTS_AT_ONCE = 5_000
"""Texts that are erased in one unit, so that other processes on the same database do not wait for all of them."""

LabelledBy = Literal["model", "member"]


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A labelled draft about to be recorded; `text` is None where texts are not kept.

    `addressed` holds a keyed hash of each person that it names; `who` is the one by which it is known that its
    author had everything erased.
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


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a nudge is decided on: the author's tallies by local day, with this draft, and nudges, newest first."""

    days: dict[date, Tally]
    nudges: list[Shown]


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A row of `drafts`; `label` is None where somebody said that it is not a draft."""

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

    @property
    def likely(self) -> Label:
        """The label that the draft's words speak for."""
        return Label.CONVERSATION if self.probability >= 0.5 else Label.CONTENT

    @property
    def can_be_taken_back(self) -> bool:
        """Whether the other label would be the model's again, or the draft was set aside."""
        return self.label is None or (self.labelled_by == "member" and self.label is not self.likely)


class DraftStore:
    """Reads and writes `drafts` and `corrections`, and changes `tallies` with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, draft: NewDraft, cursor: int | None = None, since: date | None = None
    ) -> Recorded | None:
        """Insert a draft, count it, note it with the nudges before it, and move the channel's cursor.

        Args:
            draft: the draft.
            cursor: the message up to which the channel is recorded with this draft; None leaves it where it is.
            since: the local day from which on to look at the author's days; None where nobody will.

        Returns:
            What a nudge is decided on; None where the message was recorded before, or its author has paused the
            bot meanwhile or had everything erased since they wrote it: no count has changed then.
        """
        day = draft.local_day.isoformat()

        def unit(raw: sqlite3.Connection) -> Recorded | None:
            key = (raw, draft.guild_id)
            if not may_read(*key, draft.author_id, draft.message_id) or is_erased(
                *key, draft.who, draft.message_id
            ):
                move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
                return None
            insertion = raw.execute(
                "INSERT INTO drafts (message_id, guild_id, channel_id, author_id, posted_at, local_day, label,"
                " probability, kind, labelled_by, length, text_hash, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'model', ?, ?, ?) ON CONFLICT (message_id) DO NOTHING",
                (
                    draft.message_id,
                    draft.guild_id,
                    draft.channel_id,
                    draft.author_id,
                    int(draft.posted_at.timestamp()),
                    day,
                    draft.verdict.label,
                    draft.verdict.probability,
                    draft.verdict.kind,
                    draft.length,
                    draft.text_hash,
                    draft.text,
                ),
            )
            inserted = insertion.rowcount == 1
            if inserted:
                count(raw, draft.guild_id, draft.author_id, day, draft.verdict.label)
                _address(raw, draft.message_id, draft.addressed)
                follow_up(raw, draft.guild_id, draft.author_id, draft.message_id)
            move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
            if not inserted:
                return None
            if since is None:
                return Recorded({}, [])
            return Recorded(
                days_of(raw, draft.guild_id, draft.author_id, since),
                nudges_of(raw, draft.guild_id, draft.author_id),
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
    ) -> Label | None:
        """Give an edited draft its new label, unless a member set the label by hand.

        Returns:
            The label that stands now; None where there is no such draft, it was set aside, or its author has
            paused the bot meanwhile.
        """

        def unit(raw: sqlite3.Connection) -> Label | None:
            row = _row(raw, guild_id, message_id)
            if row is None or not may_read(raw, guild_id, row["author_id"], message_id):
                return None
            raw.execute(
                "UPDATE drafts SET length = ?, text_hash = ?, text = ?, probability = ?, kind = ?"
                " WHERE message_id = ?",
                (length, text_hash, text, verdict.probability, verdict.kind, message_id),
            )
            raw.execute("DELETE FROM addressed WHERE message_id = ?", (message_id,))
            _address(raw, message_id, addressed)
            if row["labelled_by"] == "member" or not verdict.unsure:
                mark_over(raw, [row], "question")
            if row["labelled_by"] == "model":
                _set_label(raw, row, verdict.label)
                return verdict.label
            return Label(row["label"]) if row["label"] else None

        return await self._database.write(unit)

    async def correct(
        self, guild_id: int, message_id: int, label: Label | None, now: datetime, lesson: Lesson | None = None
    ) -> bool:
        """Set a label by hand; None sets the draft aside, and keeps in mind the label that was set before.

        Args:
            guild_id: the server.
            message_id: the draft.
            label: what stands from now on.
            now: aware time.
            lesson: what its author teaches by it; without one, what they taught before stays.

        Returns:
            False where there is no such draft.
        """

        def unit(raw: sqlite3.Connection) -> bool:
            row = _row(raw, guild_id, message_id)
            if row is None:
                return False
            _set_label(raw, row, label)
            mark_over(raw, [row], "question")
            raw.execute("UPDATE drafts SET labelled_by = 'member' WHERE message_id = ?", (message_id,))
            raw.execute(
                "INSERT INTO corrections"
                " (message_id, guild_id, author_id, from_label, to_label, corrected_at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (message_id) DO UPDATE"
                " SET to_label = coalesce(excluded.to_label, to_label), corrected_at = excluded.corrected_at",
                (message_id, guild_id, row["author_id"], row["label"], label, int(now.timestamp())),
            )
            if lesson is not None:
                raw.execute(
                    "UPDATE corrections SET traits = ?, odds = ?, taught = ? WHERE message_id = ?",
                    (lesson.features, lesson.log_odds, lesson.label, message_id),
                )
            return True

        return await self._database.write(unit)

    async def take_back(self, guild_id: int, message_id: int) -> Label | None:
        """Undo the last thing done by hand: count a draft that was set aside, or give the model's label back.

        Returns:
            The label that stands now; None where there is no such draft.
        """

        def unit(raw: sqlite3.Connection) -> Label | None:
            row = _row(raw, guild_id, message_id)
            if row is None:
                return None
            by_hand = raw.execute(
                "SELECT to_label FROM corrections WHERE message_id = ? AND to_label IS NOT NULL", (message_id,)
            ).fetchone()
            if row["label"] is None and by_hand is not None:
                label = Label(by_hand["to_label"])
            else:
                label = _draft(row).likely
                raw.execute("DELETE FROM corrections WHERE message_id = ?", (message_id,))
                raw.execute("UPDATE drafts SET labelled_by = 'model' WHERE message_id = ?", (message_id,))
            _set_label(raw, row, label)
            return label

        return await self._database.write(unit)

    async def lessons(self, guild_id: int, author_id: int, limit: int) -> list[Lesson]:
        """What an author's newest corrections teach, newest first, `limit` at most; none of drafts set aside."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT c.traits, c.odds, c.taught FROM corrections c JOIN drafts d USING (message_id)"
                " WHERE c.guild_id = ? AND c.author_id = ? AND c.taught IS NOT NULL AND d.label IS NOT NULL"
                " ORDER BY c.corrected_at DESC, c.message_id DESC LIMIT ?",
                (guild_id, author_id, limit),
            ).fetchall()
        )
        return [Lesson(row[0], row[1], Label(row[2])) for row in rows]

    async def erase_texts(self) -> int:
        """Erase every text that is stored, and what is left of it in the files; how many there were."""
        erased = 0
        while True:
            count = await self._database.write(
                lambda raw: (
                    raw.execute(
                        "UPDATE drafts SET text = NULL WHERE message_id IN"
                        " (SELECT message_id FROM drafts WHERE text IS NOT NULL LIMIT ?)",
                        (TEXTS_AT_ONCE,),
                    ).rowcount
                )
            )
            erased += count
            if count < TEXTS_AT_ONCE:
                break
        # The copies of what was removed many at a time, too.
        text = "json_extract(record, '$.drafts[0].text')"
        erased += await self._database.write(
            lambda raw: (
                raw.execute(
                    "UPDATE removed_drafts SET record = json_set(record, '$.drafts[0].text', NULL)"  # noqa: S608
                    f" WHERE {text} IS NOT NULL"
                ).rowcount
            )
        )
        if erased:
            await self._database.checkpoint()
        return erased

    async def get(self, guild_id: int, message_id: int) -> StoredDraft | None:
        """One draft of a server, or None."""

        def query(raw: sqlite3.Connection) -> StoredDraft | None:
            row = _row(raw, guild_id, message_id)
            return _draft(row) if row is not None else None

        return await self._database.read(query)

    async def read_range(self, guild_id: int, channel_id: int, after: int, upto: int) -> dict[int, StoredDraft]:
        """The drafts of a channel with ids from `after` (not included) to `upto`, by id."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT * FROM drafts WHERE channel_id = ? AND message_id > ? AND message_id <= ?"
                " AND guild_id = ?",
                (channel_id, after, upto, guild_id),
            ).fetchall()
        )
        return {row["message_id"]: _draft(row) for row in rows}

    async def newest(self, channel_id: int) -> int:
        """The id of a channel's newest draft; 0 where it has none."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT max(message_id) FROM drafts WHERE channel_id = ?", (channel_id,)
            ).fetchone()
        )
        return row[0] or 0

    async def channels_since(self, guild_id: int, after: int) -> set[int]:
        """The channels of a server that have a draft with an id beyond `after`."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT channel_id FROM channels c WHERE guild_id = ? AND EXISTS"
                " (SELECT 1 FROM drafts d WHERE d.channel_id = c.channel_id AND d.message_id > ?)",
                (guild_id, after),
            ).fetchall()
        )
        return {row[0] for row in rows}

    async def recent(self, guild_id: int, author_id: int, since: date, limit: int) -> list[StoredDraft]:
        """An author's drafts of the local days from `since` on, newest first, `limit` at most."""
        # The index has an author's drafts by local day, which is their order but for moves between time zones: two
        # days more than `limit` drafts need hold the newest, and years before them are not read.
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT * FROM drafts WHERE guild_id = ?1 AND author_id = ?2 AND local_day >= max(?3, coalesce("
                "(SELECT date(local_day, '-2 days') FROM drafts WHERE guild_id = ?1 AND author_id = ?2"
                " ORDER BY local_day DESC LIMIT 1 OFFSET ?4 - 1), ''))"
                " ORDER BY message_id DESC LIMIT ?4",
                (guild_id, author_id, since.isoformat(), limit),
            ).fetchall()
        )
        return [_draft(row) for row in rows]


def _row(raw: sqlite3.Connection, guild_id: int, message_id: int) -> sqlite3.Row | None:
    return raw.execute(
        "SELECT * FROM drafts WHERE message_id = ? AND guild_id = ?", (message_id, guild_id)
    ).fetchone()


def _draft(row: sqlite3.Row) -> StoredDraft:
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
    )


def _set_label(raw: sqlite3.Connection, row: sqlite3.Row, label: Label | None) -> None:
    """Change a draft's label and move it from one count to the other."""
    if row["label"] == label:
        return
    if row["label"] is not None:
        uncount(raw, row)
    if label is not None:
        count(raw, row["guild_id"], row["author_id"], row["local_day"], label)
    raw.execute("UPDATE drafts SET label = ? WHERE message_id = ?", (label, row["message_id"]))
    mark_over(raw, [row], "nudge")
    follow_up(raw, row["guild_id"], row["author_id"], row["message_id"])


def _address(raw: sqlite3.Connection, message_id: int, people: frozenset[bytes]) -> None:
    raw.executemany(
        "INSERT INTO addressed (message_id, person) VALUES (?, ?)", [(message_id, person) for person in people]
    )
