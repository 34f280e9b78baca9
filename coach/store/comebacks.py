"""Drafts marked as posted, in step with the tallies, and the reminders to come back and answer, each sent once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from coach.labels import Label
from coach.nudging.policy import Shown
from coach.store.claims import Claim
from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.nudges import nudges_of
from coach.store.people import may_read
from coach.store.replies import begin_reply, mark_over
from coach.store.stored_drafts import StoredDraft, draft_of, row_of
from coach.store.thoughts import set_out


@dataclass(frozen=True, slots=True)
class Comeback:
    """A reminder whose time has come.

    Attributes:
        draft: its draft.
        due: when it was due, an aware time.
        had: whether another draft of the same thought has had one.
    """

    draft: StoredDraft
    due: datetime
    had: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A reminder that was about to be sent, of which it isn't known whether Discord took it.

    Attributes:
        draft: its draft.
        claim: who was about to send it, when, and where.
    """

    draft: StoredDraft
    claim: Claim


class ComebackStore:
    """Marks `drafts` as posted, and reads and writes `comebacks`.

    Args:
        database: the open database.
        run: the name of this run of the bot, in the claims that it makes.
    """

    def __init__(self, database: Database, run: str) -> None:
        self._database = database
        self._run = run

    async def mark(
        self, guild_id: int, message_id: int, wanted: Callable[[StoredDraft], bool], now: datetime, wait: timedelta
    ) -> StoredDraft | None:
        """Mark a draft as posted, or as not posted.

        If its author wants to be reminded, a reminder is put on record; it is taken back with the mark, unless it
        has been sent: then there is none again.

        Args:
            guild_id: the server.
            message_id: the draft.
            wanted: whether it is posted, by the draft as it stands. It runs on the database's thread, within the
                write unit.
            now: aware time.
            wait: how long after `now` the reminder is due.

        Returns:
            The draft as it is now; None if there is no such draft.
        """

        def unit(raw: Connection) -> StoredDraft | None:
            row = row_of(raw, guild_id, message_id)
            if row is None:
                return None
            posted = wanted(draft_of(row))
            if posted == (row["out_at"] is not None):
                return draft_of(row)
            set_out(raw, row, int(now.timestamp()) if posted else None)
            if posted:
                raw.execute(
                    "INSERT INTO comebacks (message_id, guild_id, author_id, due_at)"
                    " SELECT ?1, guild_id, member_id, ?4 FROM members"
                    " WHERE guild_id = ?2 AND member_id = ?3 AND comes_back = 1 ON CONFLICT DO NOTHING",
                    (message_id, guild_id, row["author_id"], int((now + wait).timestamp())),
                )
            else:
                drop_comeback(raw, message_id)
                mark_over(raw, [row], "comeback")
            after = row_of(raw, guild_id, message_id)
            return draft_of(after) if after is not None else None

        return await self._database.write(unit)

    async def due(self, now: datetime) -> list[Comeback]:
        """The reminders whose time has come and that are not claimed, the oldest first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT d.*, c.due_at, EXISTS (SELECT 1 FROM drafts e JOIN comebacks o USING (message_id)"
                " WHERE e.thought = d.thought AND o.claimed_at IS NOT NULL) AS had"
                " FROM comebacks c JOIN drafts d USING (message_id)"
                " WHERE c.claimed_at IS NULL AND c.due_at <= ? ORDER BY c.due_at",
                (int(now.timestamp()),),
            ).fetchall()
        )
        return [
            Comeback(draft_of(row), datetime.fromtimestamp(row["due_at"], UTC), bool(row["had"])) for row in rows
        ]

    async def drop(self, message_id: int) -> None:
        """Forget a reminder that has not been claimed."""
        await self._database.write(lambda raw: drop_comeback(raw, message_id), keeps_members=True)

    async def unanswered(self) -> list[Unanswered]:
        """The reminders that were claimed and are still wanted, without a message on record, the oldest first."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT d.*, c.claimed_at, c.claimed_by, c.channel_id AS sent_to"
                " FROM replies r JOIN comebacks c USING (message_id) JOIN drafts d USING (message_id)"
                " WHERE r.says = 'comeback' AND r.reply_id IS NULL AND r.over = 0"
                " AND c.claimed_by IS NOT NULL ORDER BY c.claimed_at"
            ).fetchall()
        )
        return [
            Unanswered(
                draft_of(row),
                Claim(datetime.fromtimestamp(row["claimed_at"], UTC), row["claimed_by"], row["sent_to"]),
            )
            for row in rows
        ]

    async def give_back(self, one: Unanswered) -> bool:
        """Take back the claim of a reminder that Discord doesn't have: it is due again.

        Returns:
            False if that isn't its claim any more: somebody else sees to it.
        """
        key = one.draft.message_id

        def unit(raw: Connection) -> bool:
            cursor = raw.execute(
                "UPDATE comebacks SET claimed_at = NULL, claimed_by = NULL, channel_id = NULL"
                " WHERE message_id = ? AND claimed_at = ? AND claimed_by = ?",
                (key, int(one.claim.at.timestamp()), one.claim.by),
            )
            if cursor.rowcount == 1:
                raw.execute(
                    "DELETE FROM replies WHERE message_id = ? AND says = 'comeback' AND reply_id IS NULL", (key,)
                )
            return cursor.rowcount == 1

        return await self._database.write(unit, keeps_members=True)

    async def claim(
        self, draft: StoredDraft, channel_id: int, now: datetime, may: Callable[[Sequence[Shown]], bool]
    ) -> bool:
        """Put on record that a reminder is about to be sent; it is not due any more unless it is given back.

        Those that other drafts of its thought wait for are dropped.

        Args:
            draft: its draft.
            channel_id: where it goes.
            now: aware time.
            may: whether it may come now, by the nudges and reminders shown to its author, newest first. It runs on
                the database's thread, within the write unit.

        Returns:
            False if it must not be sent: it was claimed or taken back, its draft is gone, not posted, or no
            content any more, its thought has had its reminder, its author has paused the bot, or it may not come
            now.
        """
        key = (draft.guild_id, draft.author_id)

        def unit(raw: Connection) -> bool:
            row = row_of(raw, draft.guild_id, draft.message_id)
            if row is None or row["out_at"] is None or row["label"] != Label.CONTENT:
                return False
            if not may_read(raw, *key, draft.message_id) or not may(nudges_of(raw, *key)):
                return False
            claimed = raw.execute(
                "UPDATE comebacks SET claimed_at = ?1, claimed_by = ?4, channel_id = ?5"
                " WHERE message_id = ?2 AND claimed_at IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM drafts d JOIN comebacks c USING (message_id)"
                " WHERE d.thought = ?3 AND c.claimed_at IS NOT NULL)",
                (int(now.timestamp()), draft.message_id, row["thought"], self._run, channel_id),
            )
            if claimed.rowcount == 1:
                raw.execute(
                    "DELETE FROM comebacks WHERE claimed_at IS NULL"
                    " AND message_id IN (SELECT message_id FROM drafts WHERE thought = ?)",
                    (row["thought"],),
                )
            return claimed.rowcount == 1 and begin_reply(raw, draft.message_id, *key, "comeback")

        return await self._database.write(unit, keeps_members=True)


def drop_comeback(raw: Connection, message_id: int) -> None:
    """Take back the reminder of a draft unless it was claimed, within a write unit."""
    raw.execute("DELETE FROM comebacks WHERE message_id = ? AND claimed_at IS NULL", (message_id,))
