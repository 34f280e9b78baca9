"""Drafts: recorded and edited in one transaction with the tallies that count them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.balance.standing import Tally
from coach.labels import Label, Verdict
from coach.nudging.policy import Shown, Silence
from coach.store.account_book import UNNAMED
from coach.store.accounts import account_at, days_of_balance, keep_tags, tags_known
from coach.store.channels import move_cursor
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.decisions import note_decision
from coach.store.erasures import is_erased
from coach.store.nudges import follow_up, nudges_of
from coach.store.occasions import add_occasion
from coach.store.people import may_read
from coach.store.stored_drafts import StoredDraft, certain_row, draft_of, judge_in_place, row_of
from coach.store.tallies import count
from coach.store.thoughts import NO_WORDS, Placing, place, place_anew


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
        posted: the accounts of which only what was posted counts.
    """

    since: date
    silence: Callable[[int, dict[date, Tally], Sequence[Shown]], Silence | None]
    now: datetime
    chance: float
    posted: frozenset[int] = frozenset()


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


class DraftStore:
    """Reads and writes `drafts`, and changes `tallies` with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self, draft: NewDraft, cursor: int | None = None, nudge: Silence | Deciding = Silence.READ_LATE
    ) -> Recorded | None:
        """Insert a draft, count it, decide on a nudge, and move the channel's cursor.

        It is also recorded with the nudges before it, and a nudge that is held back is recorded as one.

        Args:
            draft: the draft.
            cursor: the message up to which the channel is recorded with this draft; None leaves it where it is.
            nudge: why there is no nudge, or how to decide on one.

        Returns:
            What was decided; None if the message was recorded before, or its author has paused the bot or had
            everything erased since writing it: nothing changes then.
        """
        day = draft.local_day.isoformat()

        def unit(raw: Connection) -> Recorded | None:
            key = (raw, draft.guild_id)
            if not may_read(*key, draft.author_id, draft.message_id) or is_erased(
                *key, draft.who, draft.message_id
            ):
                move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
                return None
            tags = draft.tags
            if tags is not None and (known := tags_known(*key, draft.channel_id)) is not None:
                # They may have changed while the draft was being labelled, and its post has one account.
                tags = known
            account_id = account_at(*key, draft.channel_id, draft.parent_id, tags)
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
            inserted, joined = insertion.rowcount == 1, False
            if inserted:
                if draft.verdict.counted is not None:
                    count(raw, (draft.guild_id, draft.author_id, day, account_id), draft.verdict.counted)
                _address(raw, draft.message_id, draft.addressed)
                joined = place(raw, certain_row(raw, draft.guild_id, draft.message_id), draft.placing)
                if joined:
                    judge_in_place(raw, draft.guild_id, draft.message_id, draft.verdict)
                follow_up(raw, draft.guild_id, draft.author_id, draft.message_id)
            move_cursor(raw, draft.guild_id, draft.channel_id, draft.parent_id, cursor)
            if draft.tags is not None:
                keep_tags(raw, draft.guild_id, draft.channel_id, draft.tags)
            return _decided(raw, draft, nudge, account_id, joined) if inserted else None

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

        def unit(raw: Connection) -> Label | None:
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
            follow_up(raw, guild_id, row["author_id"], message_id)
            return judge_in_place(raw, guild_id, message_id, verdict)

        return await self._database.write(unit)

    async def get(self, guild_id: int, message_id: int) -> StoredDraft | None:
        """A draft of a server; None if there is no such draft."""

        def query(raw: Connection) -> StoredDraft | None:
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
        theirs = "guild_id = ?1 AND author_id = ?2 AND (CAST(?3 AS BIGINT) IS NULL OR account_id = ?3)"
        key = (guild_id, author_id, account_id)

        def query(raw: Connection) -> list[Row]:
            last = raw.execute(
                f"SELECT local_day FROM drafts WHERE {theirs} ORDER BY local_day DESC LIMIT 1 OFFSET ?4",  # noqa: S608
                (*key, limit - 1),
            ).fetchone()
            first = max(since, date.fromisoformat(last[0]) - timedelta(days=2)) if last is not None else since
            return raw.execute(
                f"SELECT * FROM drafts WHERE {theirs} AND local_day >= ?4 ORDER BY message_id DESC LIMIT ?5",  # noqa: S608
                (*key, first.isoformat(), limit),
            ).fetchall()

        return [draft_of(row) for row in await self._database.read(query)]


def _decided(
    raw: Connection, draft: NewDraft, nudge: Silence | Deciding, account_id: int, joined: bool
) -> Recorded:
    """Decide on a nudge for a draft that has just been counted, and record the decision if it is silence."""
    key, last, silence = (draft.guild_id, draft.author_id), None, nudge
    label, in_thread = draft.verdict.counted, False
    if joined:
        row = certain_row(raw, draft.guild_id, draft.message_id)
        label, in_thread = draft_of(row).label, row["thread"] is not None
    if joined and nudge is not Silence.READ_LATE:
        # The first of the thought had the occasion for a nudge or a question.
        silence = Silence.JOINED
    elif isinstance(nudge, Deciding):
        history = nudges_of(raw, *key)
        last = history[0].at if history else None
        days = days_of_balance(raw, *key, account_id, nudge.since, nudge.posted)
        silence = nudge.silence(account_id, days, history)
        if silence is Silence.HELD_BACK:
            lacking = draft.verdict.label.other
            add_occasion(raw, draft.message_id, *key, nudge.now, lacking, nudge.chance, held_back=True)
    assert not isinstance(silence, Deciding)  # noqa: S101
    if silence is not None:
        note_decision(raw, *key, draft.message_id, silence)
    return Recorded(label, silence, last, joined, in_thread, account_id)


def _address(raw: Connection, message_id: int, people: frozenset[bytes]) -> None:
    raw.executemany(
        "INSERT INTO addressed (message_id, person) VALUES (?, ?)", [(message_id, person) for person in people]
    )
