"""Which drafts are one thought, as shown and changed by hand, and the threads that have to be read again."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from coach.labels import Label, Verdict
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.nudges import follow_up
from coach.store.people import may_read
from coach.store.stored_drafts import StoredDraft, certain_row, draft_of, judge, row_of
from coach.store.thoughts import leave, unite


@dataclass(frozen=True, slots=True)
class InThought:
    """The place of a draft in a thought with others.

    Attributes:
        variants: how many times the thought is on record; a thread is one of them.
        part: which part of its thread it is, from 1; 0 if it is in none.
        parts: how many parts its thread has on record; 0 if it is in none.
        counts: whether it is the one that counts.
    """

    variants: int
    part: int
    parts: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A draft that was put into a thought, or out of one, by hand.

    Attributes:
        draft: the draft as it was before.
        other: another draft of the thought; None if nothing had to be done.
        part: whether both are, or were, parts of one thread.
    """

    draft: StoredDraft
    other: StoredDraft | None
    part: bool


@dataclass(frozen=True, slots=True)
class ChangedThread:
    """A thread that has to be read again.

    Attributes:
        thread: its number, or the id of a draft that is no part any more.
        author_id: its author.
        channel_id: the channel that it is in.
        parts: the text hash of each of its drafts, by message id, oldest first; those set aside are left out.
    """

    thread: int
    author_id: int
    channel_id: int
    parts: dict[int, bytes]


class ThoughtStore:
    """Reads and changes which drafts of `drafts` are one thought, and reads and empties `changed_threads`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def places(self, guild_id: int, message_ids: Collection[int]) -> dict[int, InThought]:
        """The places of drafts in thoughts, by message id; without those that are thoughts of their own."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT thought, message_id, thread, counts FROM drafts WHERE guild_id = ?1 AND thought IN (SELECT"
                " thought FROM drafts WHERE message_id IN (SELECT value FROM json_each(?2)) AND guild_id = ?1)"
                " ORDER BY message_id",
                (guild_id, json.dumps(list(message_ids))),
            ).fetchall()
        )
        members: dict[int, list[Row]] = {}
        threads: dict[int, list[int]] = {}
        for row in rows:
            members.setdefault(row["thought"], []).append(row)
            if row["thread"] is not None:
                threads.setdefault(row["thread"], []).append(row["message_id"])
        places: dict[int, InThought] = {}
        for row in rows:
            fellows, parts = members[row["thought"]], threads.get(row["thread"], [])
            if row["message_id"] not in message_ids or len(fellows) == 1:
                continue
            variants = len({one["thread"] or -one["message_id"] for one in fellows})
            part = parts.index(row["message_id"]) + 1 if len(parts) > 1 else 0
            places[row["message_id"]] = InThought(variants, part, len(parts) if part else 0, bool(row["counts"]))
        return places

    async def put_on_its_own(self, guild_id: int, message_id: int) -> Moved | None:
        """Take a draft out of its thought by hand; None if there is no such draft."""

        def unit(raw: Connection) -> Moved | None:
            row = row_of(raw, guild_id, message_id)
            if row is None:
                return None
            fellows = _fellows(raw, row)
            in_thread = [one for one in fellows if row["thread"] is not None and one["thread"] == row["thread"]]
            earlier = [one for one in in_thread or fellows if one["message_id"] < message_id]
            other = next(iter(earlier[::-1] or in_thread or fellows), None)
            leave(raw, row)
            raw.execute("UPDATE drafts SET placed_by = 'member' WHERE message_id = ?", (message_id,))
            follow_up(raw, guild_id, row["author_id"], message_id)
            return Moved(draft_of(row), draft_of(other) if other is not None else None, bool(in_thread))

        return await self._database.write(unit)

    async def put_with(
        self, guild_id: int, message_id: int, other_id: int | None = None, *, part: bool = False
    ) -> Moved | None:
        """Put a draft that is a thought of its own into the thought of another one by hand.

        Args:
            guild_id: the server.
            message_id: the draft.
            other_id: another draft of its author for its account; None for the one before it.
            part: whether both are parts of one thread.

        Returns:
            The draft, and the other one; that is None if it is in a thought with others already, or if there is no
            other one. None if there is no such draft.
        """

        def unit(raw: Connection) -> Moved | None:
            row = row_of(raw, guild_id, message_id)
            if row is None:
                return None
            other = row_of(raw, guild_id, other_id) if other_id is not None else _one_before(raw, row)
            if _fellows(raw, row) or other is None or _whose(other) != _whose(row):
                return Moved(draft_of(row), None, False)
            # It may be what is left of a thought whose other drafts are gone.
            leave(raw, row)
            raw.execute("UPDATE drafts SET placed_by = 'member' WHERE message_id = ?", (message_id,))
            group = [other, *_fellows(raw, other)]
            alone = row_of(raw, guild_id, message_id)
            assert alone is not None  # noqa: S101
            unite(raw, [alone, *group], (message_id, other["message_id"]) if part else ())
            follow_up(raw, guild_id, row["author_id"], message_id)
            return Moved(draft_of(row), draft_of(other), part)

        return await self._database.write(unit)

    async def changed_threads(self, guild_id: int) -> list[ChangedThread]:
        """The threads of a server that have to be read again."""

        def query(raw: Connection) -> list[ChangedThread]:
            due = raw.execute(
                "SELECT thread, author_id FROM changed_threads WHERE guild_id = ? ORDER BY thread", (guild_id,)
            ).fetchall()
            return [_changed(raw, row["thread"], row["author_id"]) for row in due]

        return await self._database.read(query)

    async def judge(self, guild_id: int, changed: ChangedThread, verdict: Verdict) -> list[int]:
        """Give the parts of a thread the label of the whole, except those labelled by hand.

        If some are labelled by hand, the newest of those says what the whole is.

        Args:
            guild_id: the server.
            changed: the thread as it was read.
            verdict: on all of it.

        Returns:
            The ids of the drafts that have another label now; none if the thread has changed in the meantime, and
            has to be read again.
        """

        def unit(raw: Connection) -> list[int]:
            now = _changed(raw, changed.thread, changed.author_id)
            if now.parts != changed.parts:
                return []
            raw.execute("DELETE FROM changed_threads WHERE thread = ?", (changed.thread,))
            rows = [row for key in now.parts if (row := row_of(raw, guild_id, key)) is not None]
            by_hand = [Label(row["label"]) for row in rows if row["labelled_by"] == "member"]
            label = by_hand[-1] if by_hand else verdict.counted
            relabelled: list[int] = []
            for one in rows:
                # The parts before it may have changed what counts.
                row = certain_row(raw, guild_id, one["message_id"])
                if not may_read(raw, guild_id, row["author_id"], row["message_id"]):
                    continue
                unsure = verdict.unsure and not by_hand
                if judge(raw, row, label, verdict.probability, verdict.kind, unsure) != row["label"]:
                    relabelled.append(row["message_id"])
            return relabelled

        return await self._database.write(unit)

    async def leave_unread(self, changed: ChangedThread) -> None:
        """Note that a thread doesn't have to be read again, as nothing is left of it, or nobody may read it."""
        await self._database.write(
            lambda raw: raw.execute("DELETE FROM changed_threads WHERE thread = ?", (changed.thread,)),
            keeps_members=True,
        )


def _fellows(raw: Connection, row: Row) -> list[Row]:
    """The other drafts of a draft's thought, oldest first."""
    return raw.execute(
        "SELECT * FROM drafts WHERE thought = ? AND message_id <> ? ORDER BY message_id",
        (row["thought"], row["message_id"]),
    ).fetchall()


def _whose(row: Row) -> tuple[int, int]:
    """Whose draft it is, and for which account: only those of the same can be one thought."""
    return row["author_id"], row["account_id"]


def _one_before(raw: Connection, row: Row) -> Row | None:
    """The draft of an author before one of theirs for its account, in any channel; one set aside is none."""
    return raw.execute(
        "SELECT * FROM drafts WHERE guild_id = :guild_id AND author_id = :author_id AND message_id < :message_id"
        " AND account_id = :account_id"
        # The index has them by local day, which is their order except for moves between time zones.
        " AND local_day <= :upto AND (label IS NOT NULL OR labelled_by = 'model')"
        " ORDER BY local_day DESC, message_id DESC LIMIT 1",
        dict(row) | {"upto": (date.fromisoformat(row["local_day"]) + timedelta(days=2)).isoformat()},
    ).fetchone()


def _changed(raw: Connection, thread: int, author_id: int) -> ChangedThread:
    rows = raw.execute(
        "SELECT message_id, channel_id, text_hash FROM drafts"
        " WHERE (thread = ?1 OR message_id = ?1 AND thread IS NULL)"
        " AND (label IS NOT NULL OR labelled_by = 'model') ORDER BY message_id",
        (thread,),
    ).fetchall()
    parts = {row["message_id"]: row["text_hash"] for row in rows}
    return ChangedThread(thread, author_id, rows[0]["channel_id"] if rows else 0, parts)
