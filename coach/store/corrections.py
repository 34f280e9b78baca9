"""Corrections: labels that members change by hand, and what that teaches, in one transaction with the tallies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.labels import Label, Lesson
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.replies import ask_again, mark_over
from coach.store.stored_drafts import StoredDraft, draft_of, row_of, set_label
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
    """The result of a correction.

    Attributes:
        before: the draft as it was.
        label: its label now; None if it is not counted.
        changed: whether anything was done, which can then be undone.
    """

    before: StoredDraft
    label: Label | None
    changed: bool = True


class CorrectionStore:
    """Reads and writes `corrections` and `undos`, and changes `drafts` and `tallies` with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def correct(
        self,
        guild_id: int,
        message_id: int,
        decide: Callable[[StoredDraft], Label | ByHand],
        now: datetime,
        lesson: Lesson | None = None,
        *,
        change: str = "",
        by_reply: bool = False,
    ) -> Corrected | None:
        """Change a label by hand.

        Args:
            guild_id: the server.
            message_id: the draft.
            decide: what to do about the draft as it stands: give it a label, or something else. It runs on the
                database's thread, within the write unit, so that nothing changes the draft in between.
            now: aware time.
            lesson: what its author teaches if it gets the lesson's label and is no part of a thread; without one,
                what they taught before stays.
            change: what this change is called if it is to be undone.
            by_reply: whether it is done by a button on what the bot said on the draft, which then stays.

        Returns:
            The draft before and after; None if there is no such draft.
        """

        def unit(raw: Connection) -> Corrected | None:
            row = row_of(raw, guild_id, message_id)
            if row is None:
                return None
            before = draft_of(row)
            decided = decide(before)
            if decided is ByHand.KEEP:
                return Corrected(before, before.label, changed=False)
            _note_before(raw, row, change)
            if not by_reply:
                mark_over(raw, [row])
            match decided:
                case ByHand.TAKE_BACK:
                    label = _take_back(raw, row)
                case ByHand.SET_ASIDE:
                    label = None
                    _set_by_hand(raw, row, None, now)
                case wanted:
                    label = wanted
                    # A part's own words don't say why its whole thread has this label.
                    teaches = lesson is not None and lesson.label is label and row["thread"] is None
                    _set_by_hand(raw, row, label, now, lesson if teaches else None)
            _note_thread(raw, row)
            return Corrected(before, label)

        return await self._database.write(unit)

    async def undo(
        self, guild_id: int, message_id: int, change: str, *, by_reply: bool = False
    ) -> Corrected | None:
        """Put a draft back as it was before the last thing done to it by hand: its label, and what that taught.

        If the model had set its label, it gets the one that the model would give it now.

        Args:
            guild_id: the server.
            message_id: the draft.
            change: what the change is called.
            by_reply: whether a button on what the bot said on the draft does it; that is then a question again, if
                nobody had said before what the draft is.

        Returns:
            The draft before and after; None if that change was not the last one, or the draft is gone.
        """

        def unit(raw: Connection) -> Corrected | None:
            row = row_of(raw, guild_id, message_id)
            saved = raw.execute(
                "SELECT * FROM undos WHERE message_id = ? AND change = ?", (message_id, change)
            ).fetchone()
            if row is None or saved is None:
                return None
            raw.execute("DELETE FROM undos WHERE message_id = ?", (message_id,))
            raw.execute("DELETE FROM corrections WHERE message_id = ?", (message_id,))
            if saved["corrected_at"] is not None:
                raw.execute(
                    f"INSERT INTO corrections (message_id, guild_id, author_id, {_CORRECTION})"  # noqa: S608
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (message_id, guild_id, row["author_id"], *(saved[name] for name in _CORRECTION.split(", "))),
                )
            by_model = saved["labelled_by"] == "model"
            label = Label(saved["label"]) if saved["label"] else None
            if by_model:
                label = draft_of(row).by_model or label
            raw.execute(
                "UPDATE drafts SET labelled_by = ? WHERE message_id = ?", (saved["labelled_by"], message_id)
            )
            if not by_reply:
                mark_over(raw, [row])
            elif by_model:
                ask_again(raw, message_id)
            set_label(raw, row, label)
            _note_thread(raw, row)
            return Corrected(draft_of(row), label)

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


_CORRECTION = "from_label, to_label, corrected_at, traits, odds, taught"
"""The columns of `corrections` that `undos` keeps."""


def _note_before(raw: Connection, row: Row, change: str) -> None:
    """Note how a draft is before something is done to it by hand; only the last change can be undone."""
    raw.execute("DELETE FROM undos WHERE message_id = ?", (row["message_id"],))
    raw.execute(
        "INSERT INTO undos"  # noqa: S608
        f" (message_id, guild_id, author_id, change, label, labelled_by, {_CORRECTION})"
        " SELECT d.message_id, d.guild_id, d.author_id, ?, d.label, d.labelled_by,"
        f" {_CORRECTION} FROM drafts d LEFT JOIN corrections USING (message_id) WHERE d.message_id = ?",
        (change, row["message_id"]),
    )


def _note_thread(raw: Connection, row: Row) -> None:
    """Note that a draft's thread has to be read again after a change by hand.

    Its other parts follow a label that is set by hand, and what is set aside is not read with them.
    """
    if row["thread"] is not None:
        note_changed(raw, row, row["thread"])


def _set_by_hand(
    raw: Connection, row: Row, label: Label | None, now: datetime, lesson: Lesson | None = None
) -> None:
    """Set a label by hand; None sets the draft aside, and leaves the label that was set before on record."""
    key = row["message_id"]
    set_label(raw, row, label)
    raw.execute("UPDATE drafts SET labelled_by = 'member' WHERE message_id = ?", (key,))
    raw.execute(
        "INSERT INTO corrections"
        " (message_id, guild_id, author_id, from_label, to_label, corrected_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (message_id) DO UPDATE"
        " SET to_label = coalesce(excluded.to_label, corrections.to_label), corrected_at = excluded.corrected_at",
        (key, row["guild_id"], row["author_id"], row["label"], label, int(now.timestamp())),
    )
    if lesson is not None:
        raw.execute(
            "UPDATE corrections SET traits = ?, odds = ?, taught = ? WHERE message_id = ?",
            (lesson.features, lesson.log_odds, lesson.label, key),
        )


def _take_back(raw: Connection, row: Row) -> Label | None:
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
