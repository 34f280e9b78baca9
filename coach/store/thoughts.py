"""Thoughts: drafts that say the same, and the parts of a thread, count once, in step with the tallies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from coach.store.connection import Connection, Row
from coach.store.tallies import count, key_of, uncount

MOST_COMPARED = 30
"""How many drafts before one, and how many after it, it is compared with: more than most draft in a day."""


class Relation(StrEnum):
    """How two drafts belong to one thought."""

    VARIANT = "variant"
    """Both say the same; each has its own label."""
    PART = "part"
    """They are parts of one thread; one label is for both."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is kept of a draft's words for a while, to know others that belong to the same thought.

    Attributes:
        sketch: a keyed sketch.
        part: the number that it begins with as a part of a thread, such as 2 in "2/5"; None if it has none.
        parts: how many parts there are, as it says; None if it doesn't.
        named: whether it begins like a version of another draft ("LinkedIn:", "Draft 2").
    """

    sketch: bytes
    part: int | None = None
    parts: int | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A draft among others of its author; `posted_at` in Unix seconds."""

    message_id: int
    channel_id: int
    posted_at: int
    words: Words


Relate = Callable[[Neighbour, Sequence[Neighbour]], Mapping[int, Relation]]
"""Says which other drafts of an author, given oldest first, are one thought with a draft by their words, the
nearest first. It runs on the database's thread, within the write unit."""


@dataclass(frozen=True, slots=True)
class Placing:
    """What decides which thought a draft belongs to.

    Attributes:
        words: what is kept of its words; None if nothing is.
        window: how far apart drafts may be that belong together by their words.
        relate: the rule.
    """

    words: Words | None = None
    window: timedelta = timedelta()
    relate: Relate = lambda _draft, _others: {}


NO_WORDS = Placing()
"""Drafts are placed by what they reply to alone."""


def place(raw: Connection, draft: Row, placing: Placing) -> bool:
    """Find the thought of a draft that is counted on its own, within a write unit.

    It joins what it replies to and what replies to it, and the drafts that it belongs to by its words, which are
    kept for the next drafts. Thoughts that it connects become one, unless a draft of theirs was placed by hand.

    Args:
        raw: the connection.
        draft: the draft's row.
        placing: what decides.

    Returns:
        Whether it belongs to one thought with other drafts now.
    """
    _keep_words(raw, draft, placing)
    taken = {draft["message_id"]: draft}
    parts: set[int] = set()
    for target, relation, by_words in _links(raw, draft, placing):
        if target["message_id"] not in taken:
            group = _with_its_thought(raw, target)
            rows = [*taken.values(), *group]
            moments = [row["posted_at"] for row in rows]
            if by_words and max(moments) - min(moments) > _seconds(placing.window):
                continue
            if len(taken) > 1 and any(row["placed_by"] for row in rows):
                continue
            taken |= {row["message_id"]: row for row in group}
        if relation is Relation.PART:
            parts.add(target["message_id"])
    if len(taken) > 1:
        unite(raw, taken.values(), {*parts, draft["message_id"]} if parts else ())
    return len(taken) > 1


def place_anew(raw: Connection, draft: Row, placing: Placing) -> None:
    """Find the thought of a draft whose words have changed, within a write unit.

    It stays where it is if somebody said so, or if not all of its thought can be compared with it any more.

    Args:
        raw: the connection.
        draft: the draft's row before the change.
        placing: what decides now.
    """
    key = draft["message_id"]
    [(fixed,)] = raw.execute(
        "SELECT count(*) FROM drafts d LEFT JOIN sketches s USING (message_id) WHERE d.thought = ?"
        " AND (d.placed_by IS NOT NULL OR s.message_id IS NULL)",
        (draft["thought"],),
    ).fetchall()
    if fixed or draft["placed_by"]:
        _keep_words(raw, draft, placing)
        if draft["thread"] is not None:
            note_changed(raw, draft, draft["thread"])
        return
    leave(raw, draft)
    # Its label comes with its new words.
    raw.execute("DELETE FROM changed_threads WHERE thread = ?", (key,))
    place(raw, _row(raw, key), placing)


def unite(raw: Connection, drafts: Collection[Row], parts: Collection[int] = ()) -> None:
    """Make drafts one thought, and some of them, with the threads that they are in, one thread, in a write unit.

    Args:
        raw: the connection.
        drafts: whole thoughts and drafts on their own, of one author.
        parts: the message ids of those that are parts of the thread.
    """
    guild_id = next(iter(drafts))["guild_id"]
    thought = _give_number(raw, "thought", drafts)
    threads = {row["thread"] for row in drafts if row["message_id"] in parts} - {None}
    in_thread = [row for row in drafts if row["message_id"] in parts or row["thread"] in threads]
    if in_thread:
        raw.executemany("DELETE FROM changed_threads WHERE thread = ?", [(thread,) for thread in threads])
        note_changed(raw, in_thread[0], _give_number(raw, "thread", in_thread))
    settle(raw, guild_id, thought)


def leave(raw: Connection, draft: Row) -> None:
    """Take a draft out of its thought and its thread, so that it counts on its own, within a write unit."""
    if draft["thought"] is None:
        return
    key, out = draft["message_id"], counts_as_posted(draft)
    raw.execute(
        "UPDATE drafts SET thought = NULL, thread = NULL, counts = 1, counts_out = ? WHERE message_id = ?",
        (out, key),
    )
    if draft["label"] is not None and (draft["counts"], draft["counts_out"]) != (1, out):
        if draft["counts"]:
            uncount(raw, draft)
        count(raw, key_of(draft), draft["label"], out=out)
    rest = _members(raw, "thought", draft["thought"])
    if rest:
        # They keep their number, unless it is its own.
        settle(raw, draft["guild_id"], _give_number(raw, "thought", rest, new=draft["thought"] == key))
    if draft["thread"] is not None:
        raw.execute("DELETE FROM changed_threads WHERE thread = ?", (draft["thread"],))
        rest = _members(raw, "thread", draft["thread"])
        if rest:
            thread = _give_number(raw, "thread", rest, new=draft["thread"] == key)
            note_changed(raw, draft, thread)
        note_changed(raw, draft, key)


def settle(raw: Connection, guild_id: int, thought: int) -> None:
    """Let the newest draft of a thought that has a label count, and no other, within a write unit.

    It counts as posted if any draft of the thought that has a label is.
    """
    rows = raw.execute(
        "SELECT * FROM drafts WHERE thought = ? AND guild_id = ? ORDER BY message_id DESC", (thought, guild_id)
    ).fetchall()
    newest = next((row["message_id"] for row in rows if row["label"] is not None), None)
    posted = any(counts_as_posted(row) for row in rows)
    for row in rows:
        counts = row["message_id"] == newest
        out = counts and posted
        if (row["counts"], row["counts_out"]) == (counts, out):
            continue
        if row["counts"] and row["label"] is not None:
            uncount(raw, row)
        if counts:
            count(raw, key_of(row), row["label"], out=out)
        raw.execute(
            "UPDATE drafts SET counts = ?, counts_out = ? WHERE message_id = ?", (counts, out, row["message_id"])
        )


def counts_as_posted(draft: Row) -> bool:
    """Whether a draft makes its thought count as posted; without a label, it counts as nothing."""
    return draft["label"] is not None and draft["out_at"] is not None


def set_out(raw: Connection, draft: Row, moment: int | None) -> None:
    """Mark a draft as posted at a moment, in Unix seconds, or for None as not posted, within a write unit."""
    key = draft["message_id"]
    raw.execute("UPDATE drafts SET out_at = ? WHERE message_id = ?", (moment, key))
    if draft["thought"] is not None:
        settle(raw, draft["guild_id"], draft["thought"])
        return
    out = draft["label"] is not None and moment is not None
    if out != draft["counts_out"]:
        uncount(raw, draft)
        count(raw, key_of(draft), draft["label"], out=out)
        raw.execute("UPDATE drafts SET counts_out = ? WHERE message_id = ?", (out, key))


def settle_rest(raw: Connection, gone: Iterable[Row]) -> None:
    """Put the thoughts and threads right that deleted drafts leave behind, within a write unit."""
    gone = list(gone)
    raw.executemany("DELETE FROM changed_threads WHERE thread = ?", [(row["message_id"],) for row in gone])
    gone = [row for row in gone if row["thought"] is not None]
    for guild_id, thought in {(row["guild_id"], row["thought"]) for row in gone}:
        settle(raw, guild_id, thought)
    for row in {row["thread"]: row for row in gone if row["thread"] is not None}.values():
        if _members(raw, "thread", row["thread"]):
            note_changed(raw, row, row["thread"])
        else:
            raw.execute("DELETE FROM changed_threads WHERE thread = ?", (row["thread"],))


def separate(raw: Connection, guild_id: int, thoughts: Iterable[int]) -> None:
    """Make of thoughts whose drafts belong to several accounts one for each of them, within a write unit.

    A thread that lies in several thoughts after that, or did before, becomes one in each of them.
    """
    firsts = [rows[0]["message_id"] for thought in thoughts if (rows := _members(raw, "thought", thought))]
    for first in firsts:  # Not by their numbers, which may change.
        rows = _members(raw, "thought", thought := _row(raw, first)["thought"])
        accounts = _grouped(rows, "account_id")
        for group in _all_but_keepers(thought, accounts):
            _give_number(raw, "thought", group, new=True)
        for part in [parts[0]["message_id"] for parts in _grouped(rows, "thread") if parts[0]["thread"]]:
            thread = _row(raw, part)["thread"]
            in_each = _grouped(_members(raw, "thread", thread), "thought")
            for group in _all_but_keepers(thread, in_each):
                note_changed(raw, group[0], _give_number(raw, "thread", group, new=True))
                note_changed(raw, group[0], thread)
        for group in accounts if len(accounts) > 1 else ():
            settle(raw, guild_id, _row(raw, group[0]["message_id"])["thought"])


def _grouped(rows: Iterable[Row], column: str) -> list[list[Row]]:
    """Drafts by what they have in a column."""
    groups: dict[int | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return list(groups.values())


def _all_but_keepers(number: int, groups: Iterable[list[Row]]) -> list[list[Row]]:
    """The groups that need a new number: all but the one with the draft whose id it is, or any if that is gone."""
    return sorted(groups, key=lambda rows: number not in {row["message_id"] for row in rows})[1:]


def note_changed(raw: Connection, draft: Row, thread: int) -> None:
    """Note that a thread has to be read again, within a write unit.

    Args:
        raw: the connection.
        draft: one of its author's drafts.
        thread: its number, or the id of a draft that is no part any more.
    """
    raw.execute(
        "INSERT INTO changed_threads (thread, guild_id, author_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (thread, draft["guild_id"], draft["author_id"]),
    )


def another_part(raw: Connection, draft: Row) -> Row | None:
    """Another part of a draft's thread that has the thread's label: the newest that got it by hand, or any one."""
    return raw.execute(
        "SELECT * FROM drafts WHERE thread = ? AND message_id <> ? AND label IS NOT NULL"
        " ORDER BY labelled_by = 'member' DESC, message_id DESC LIMIT 1",
        (draft["thread"], draft["message_id"]),
    ).fetchone()


def _keep_words(raw: Connection, draft: Row, placing: Placing) -> None:
    """Keep the sketch of a draft in place of an earlier one."""
    key, words = draft["message_id"], placing.words
    raw.execute("DELETE FROM sketches WHERE message_id = ?", (key,))
    if words is not None:
        whose = (draft["guild_id"], draft["author_id"], draft["posted_at"])
        raw.execute(
            "INSERT INTO sketches (message_id, guild_id, author_id, posted_at, sketch, part, parts, named)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (key, *whose, words.sketch, words.part, words.parts, words.named),
        )


def _links(raw: Connection, draft: Row, placing: Placing) -> list[tuple[Row, Relation, bool]]:
    """The drafts that a draft belongs to, closest first, how, and whether only the words say so."""
    key, author = draft["message_id"], (draft["guild_id"], draft["author_id"])
    found: list[tuple[Row, Relation, bool]] = []
    for row in raw.execute(
        "SELECT d.*, s.named FROM drafts d LEFT JOIN sketches s USING (message_id)"
        # The plus signs keep SQLite from reading all drafts of the author.
        " WHERE (d.message_id = ? OR d.continues = ?) AND +d.guild_id = ? AND +d.author_id = ?"
        " ORDER BY d.message_id",
        (draft["continues"], key, *author),
    ):
        named = row["named"] if row["continues"] == key else placing.words is not None and placing.words.named
        found.append((row, Relation.VARIANT if named else Relation.PART, False))
    # It may have been the first of a thought, and have been away.
    found += [
        (row, Relation.PART if row["thread"] == key else Relation.VARIANT, False)
        for row in _members(raw, "thought", key)
    ]
    if placing.words is not None:
        me = Neighbour(key, draft["channel_id"], draft["posted_at"], placing.words)
        rows = _near(raw, draft, placing.window)
        others = [_neighbour(row) for row in rows]
        by_id = {row["message_id"]: row for row in rows}
        found += [(by_id[other], relation, True) for other, relation in placing.relate(me, others).items()]
    return [
        link
        for link in found
        # What was put on its own by hand stays so, and each account counts its own.
        if (link[0]["placed_by"] is None or link[0]["thought"] is not None)
        and link[0]["account_id"] == draft["account_id"]
    ]


def _near(raw: Connection, draft: Row, window: timedelta) -> list[Row]:
    """The drafts of an author within the window around one, oldest first, with what is kept of their words."""
    half = (
        "SELECT * FROM (SELECT message_id FROM sketches WHERE guild_id = :guild_id AND author_id = :author_id"
        " AND message_id {} :message_id ORDER BY message_id {} LIMIT :most) AS half"
    )
    return raw.execute(
        "SELECT d.*, s.sketch, s.part, s.parts, s.named FROM drafts d JOIN sketches s USING (message_id)"  # noqa: S608
        f" WHERE message_id IN ({half.format('<', 'DESC')} UNION ALL {half.format('>', 'ASC')})"
        " AND abs(d.posted_at - :posted_at) <= :seconds AND d.account_id = :account_id ORDER BY message_id",
        dict(draft) | {"most": MOST_COMPARED, "seconds": _seconds(window)},
    ).fetchall()


def _neighbour(row: Row) -> Neighbour:
    words = Words(row["sketch"], row["part"], row["parts"], bool(row["named"]))
    return Neighbour(row["message_id"], row["channel_id"], row["posted_at"], words)


def _with_its_thought(raw: Connection, draft: Row) -> list[Row]:
    return [draft] if draft["thought"] is None else _members(raw, "thought", draft["thought"])


def _members(raw: Connection, column: str, number: int) -> list[Row]:
    """The drafts of a thought or a thread, oldest first."""
    return raw.execute(f"SELECT * FROM drafts WHERE {column} = ? ORDER BY message_id", (number,)).fetchall()  # noqa: S608


def _give_number(raw: Connection, column: str, drafts: Collection[Row], *, new: bool = False) -> int:
    """Give drafts the same number as a thought or thread: one that they have, or the id of one of them."""
    numbers = sorted(row[column] for row in drafts if row[column] is not None and not new)
    ids = sorted(row["message_id"] for row in drafts)
    taken = {row[column] for key in ids for row in _members(raw, column, key)}
    number = (numbers or [key for key in ids if key not in taken] or ids)[0]
    # A draft that was away may have come back to others than those that have its id as their number.
    holders = [row for row in _members(raw, column, number) if not numbers and row["message_id"] not in ids]
    if holders:
        given = _give_number(raw, column, holders, new=True)
        if column == "thread":
            note_changed(raw, holders[0], given)
    raw.executemany(
        f"UPDATE drafts SET {column} = ? WHERE message_id = ?",  # noqa: S608
        [(number, key) for key in ids],
    )
    return number


def _row(raw: Connection, message_id: int) -> Row:
    return raw.execute("SELECT * FROM drafts WHERE message_id = ?", (message_id,)).fetchone()


def _seconds(window: timedelta) -> int:
    return int(window.total_seconds())
