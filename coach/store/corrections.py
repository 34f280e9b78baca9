"""Corrections: labels that members change by hand, and what that teaches, in one transaction with the tallies."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.labels import Label, Lesson
from coach.store.database import Database
from coach.store.drafts import StoredDraft, draft_of, row_of, set_label
from coach.store.replies import mark_over
from coach.store.thoughts import note_changed


class ByHand(StrEnum):
    """What can be done to a draft by hand, besides giving it a label."""

    SET_ASIDE = "set aside"
    """Say that it is not a draft; it is no longer counted."""
    TAKE_BACK = "take back"
    """Undo the last thing done by hand: count it again if it is set aside; otherwise, go by the model again."""
    KEEP = "keep"
    """Leave it as it is."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The result of a correction: the draft as it was, and its label now; None if it is not counted."""

    before: StoredDraft
    label: Label | None


class CorrectionStore:
    """Reads and writes `corrections`, and changes `drafts` and `tallies` with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def correct(
        self,
        guild_id: int,
        message_id: int,
        decide: Callable[[StoredDraft], Label | ByHand],
        now: datetime,
        lesson: Lesson | None = None,
    ) -> Corrected | None:
        """Change a label by hand.

        Args:
            guild_id: the server.
            message_id: the draft.
            decide: what to do about the draft as it stands: give it a label, or something else. It runs on the
                database's thread, within the write unit, so that nothing changes the draft in between.
            now: aware time.
            lesson: what its author teaches if it gets the lesson's label; without one, what they taught before
                stays.

        Returns:
            The draft before and after; None if there is no such draft.
        """

        def unit(raw: sqlite3.Connection) -> Corrected | None:
            row = row_of(raw, guild_id, message_id)
            if row is None:
                return None
            before = draft_of(row)
            decided = decide(before)
            if row["thread"] is not None and decided is not ByHand.KEEP:
                # The other parts follow a label that is set by hand, and what is set aside is not read with them.
                note_changed(raw, row, row["thread"])
            match decided:
                case ByHand.KEEP:
                    return Corrected(before, before.label)
                case ByHand.TAKE_BACK:
                    return Corrected(before, _take_back(raw, row))
                case ByHand.SET_ASIDE:
                    _set_by_hand(raw, row, None, now)
                    return Corrected(before, None)
                case label:
                    taught = lesson if lesson is not None and lesson.label is label else None
                    _set_by_hand(raw, row, label, now, taught)
                    return Corrected(before, label)

        return await self._database.write(unit)

    async def lessons(self, guild_id: int, author_id: int, limit: int) -> list[Lesson]:
        """What an author's newest corrections teach, newest first; at most `limit`, none of them set aside."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT c.traits, c.odds, c.taught FROM corrections c JOIN drafts d USING (message_id)"
                " WHERE c.guild_id = ? AND c.author_id = ? AND c.taught IS NOT NULL AND d.label IS NOT NULL"
                " ORDER BY c.corrected_at DESC, c.message_id DESC LIMIT ?",
                (guild_id, author_id, limit),
            ).fetchall()
        )
        return [Lesson(row[0], row[1], Label(row[2])) for row in rows]


def _set_by_hand(
    raw: sqlite3.Connection, row: sqlite3.Row, label: Label | None, now: datetime, lesson: Lesson | None = None
) -> None:
    """Set a label by hand; None sets the draft aside, and leaves the label that was set before on record."""
    key = row["message_id"]
    set_label(raw, row, label)
    mark_over(raw, [row], "question")
    raw.execute("UPDATE drafts SET labelled_by = 'member' WHERE message_id = ?", (key,))
    raw.execute(
        "INSERT INTO corrections"
        " (message_id, guild_id, author_id, from_label, to_label, corrected_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (message_id) DO UPDATE"
        " SET to_label = coalesce(excluded.to_label, to_label), corrected_at = excluded.corrected_at",
        (key, row["guild_id"], row["author_id"], row["label"], label, int(now.timestamp())),
    )
    if lesson is not None:
        raw.execute(
            "UPDATE corrections SET traits = ?, odds = ?, taught = ? WHERE message_id = ?",
            (lesson.features, lesson.log_odds, lesson.label, key),
        )


def _take_back(raw: sqlite3.Connection, row: sqlite3.Row) -> Label | None:
    """Undo the last thing done by hand: count a draft that was set aside; otherwise, go by the model again."""
    key = row["message_id"]
    correction = raw.execute(
        "SELECT from_label, to_label FROM corrections WHERE message_id = ?", (key,)
    ).fetchone()
    before, by_hand = (correction["from_label"], correction["to_label"]) if correction else (None, None)
    if row["label"] is None and by_hand is not None:
        label = Label(by_hand)
    else:
        label = draft_of(row).by_model
        if label is None and before is not None:
            # Earlier versions counted drafts in languages that the model doesn't know, and those still count.
            label = Label(before)
        raw.execute("DELETE FROM corrections WHERE message_id = ?", (key,))
        raw.execute("UPDATE drafts SET labelled_by = 'model' WHERE message_id = ?", (key,))
    set_label(raw, row, label)
    return label
