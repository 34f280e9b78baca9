"""Removals: drafts leave the record and the tallies; if many go at once, copies can be restored for a day."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from coach.store.account_book import UNNAMED
from coach.store.accounts import account_left
from coach.store.comebacks import drop_comeback
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.other_languages import forget_channels_asked_in
from coach.store.removed_copies import change_copies
from coach.store.replies import forget_replies_in, mark_over
from coach.store.tallies import Key, count, uncount
from coach.store.thoughts import separate, set_out, settle_rest

COPIES_KEPT = timedelta(days=1)

# The tables whose rows a copy has, each with its key; tables come after the ones that they refer to.
_COPIED = {
    "channels": "channels WHERE guild_id = :guild_id AND channel_id = :channel_id",
    "drafts": "drafts WHERE message_id = :message_id",
    "corrections": "corrections WHERE message_id = :message_id",
    "addressed": "addressed WHERE message_id = :message_id",
}


class RemovalStore:
    """Deletes from `drafts` and subtracts what was deleted from `tallies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def extent(
        self, guild_id: int, message_ids: Collection[int], channel_ids: Collection[int]
    ) -> tuple[int, int]:
        """How many drafts of a server `sweep` would delete, and how many it has."""

        def query(raw: Connection) -> tuple[int, int]:
            rows = _of_all(raw, guild_id, message_ids, _with_threads(raw, guild_id, channel_ids))
            [total] = raw.execute("SELECT count(*) FROM drafts WHERE guild_id = ?", (guild_id,)).fetchone()
            return len(rows), total

        return await self._database.read(query)

    async def sweep(
        self,
        guild_id: int,
        message_ids: Collection[int],
        channel_ids: Collection[int],
        keep: datetime | None = None,
        *,
        by_event: bool = False,
    ) -> int:
        """Delete the drafts of messages and of channels that are gone.

        Args:
            guild_id: the server.
            message_ids: the messages.
            channel_ids: the channels and threads; the threads of a channel go with it.
            keep: aware time to put on a copy of what is deleted; None for no copy.
            by_event: whether a Discord event says that they are gone; then earlier copies of them are erased too.

        Returns:
            How many drafts there were.
        """

        def unit(raw: Connection) -> int:
            channels = _with_threads(raw, guild_id, channel_ids)
            rows = _of_all(raw, guild_id, message_ids, channels)
            if keep is not None:
                for row in rows:
                    _copy(raw, row, int(keep.timestamp()))
            if by_event:
                _erase_copies(raw, guild_id, message_ids, channels)
            for channel_id in channels:
                forget_replies_in(raw, channel_id)
            mark_over(raw, rows)
            remove_rows(raw, rows)
            forget_channels_asked_in(raw, guild_id, channels)
            for channel_id in channels:
                key = (guild_id, channel_id)
                raw.execute("DELETE FROM channels WHERE guild_id = ? AND channel_id = ?", key)
                if by_event:
                    raw.execute("DELETE FROM account_places WHERE guild_id = ? AND channel_id = ?", key)
            return len(rows)

        return await self._database.write(unit)

    async def put_back(self) -> int:
        """Put every copied draft back on the record, with its count and correction; return how many.

        A draft that has been recorded again since then stays as it is, unless only the copy has a label that was
        set by hand. It is posted if either of both is marked so.
        """

        def unit(raw: Connection) -> int:
            back, returned = 0, list[Row]()
            copies = raw.execute("SELECT message_id, record FROM removed_drafts ORDER BY message_id").fetchall()
            for message_id, record in copies:
                tables = json.loads(record)
                recorded = raw.execute("SELECT * FROM drafts WHERE message_id = ?", (message_id,)).fetchall()
                [copied] = tables["drafts"]
                out_at = copied.get("out_at")
                if recorded and (recorded[0]["labelled_by"] == "member" or copied["labelled_by"] == "model"):
                    if out_at is not None and recorded[0]["out_at"] is None:
                        set_out(raw, recorded[0], out_at)
                    continue
                if recorded and out_at is None:
                    copied["out_at"] = recorded[0]["out_at"]
                remove_rows(raw, recorded)
                for table, rows in tables.items():
                    for row in rows:
                        # If it is of a thought with others, it is found out later which of them counts.
                        alone = row.get("thought") is None
                        if table == "drafts":
                            out = alone and row["label"] is not None and row.get("out_at") is not None
                            row["counts"], row["counts_out"] = int(alone), int(out)
                            # A copy may be older than accounts are, and its account may be gone.
                            row["account_id"] = account_left(raw, row["guild_id"], row.get("account_id", UNNAMED))
                        added = _insert(raw, table, {name: _restored(value) for name, value in row.items()})
                        if added and table == "drafts":
                            back += 1
                            if row["label"] is not None and alone:
                                count(raw, _key(row), row["label"], out=bool(row["counts_out"]))
                returned += raw.execute("SELECT * FROM drafts WHERE message_id = ?", (message_id,)).fetchall()
            settle_rest(raw, returned)
            # Those of a thought that stayed may have moved to another account since.
            for row in returned:
                separate(raw, row["guild_id"], [row["thought"]] if row["thought"] is not None else [])
            raw.execute("DELETE FROM removed_drafts")
            return back

        return await self._database.write(unit)

    async def erase_copies(self, before: datetime) -> int:
        """Erase the copies that were made before an aware time; return how many there were."""
        erased = await self._database.write(
            lambda raw: (
                raw.execute("DELETE FROM removed_drafts WHERE removed_at < ?", (int(before.timestamp()),)).rowcount
            )
        )
        if erased:
            await self._database.checkpoint()
        return erased


def remove_rows(raw: Connection, rows: list[Row]) -> int:
    """Delete stored drafts and take them out of the tallies, within a write unit; return how many there were."""
    for row in rows:
        if row["label"] is not None and row["counts"]:
            uncount(raw, row)
        raw.execute("DELETE FROM drafts WHERE message_id = ?", (row["message_id"],))
        key = (row["guild_id"], row["author_id"], row["message_id"])
        raw.execute("DELETE FROM decisions WHERE guild_id = ? AND author_id = ? AND message_id = ?", key)
        drop_comeback(raw, row["message_id"])
    settle_rest(raw, rows)
    return len(rows)


def _key(draft: dict[str, Any]) -> Key:
    return draft["guild_id"], draft["author_id"], draft["local_day"], draft["account_id"]


def _of_messages(raw: Connection, guild_id: int, message_ids: Collection[int]) -> list[Row]:
    query = "SELECT * FROM drafts WHERE message_id = ? AND guild_id = ?"
    found = (raw.execute(query, (message_id, guild_id)).fetchone() for message_id in message_ids)
    return [row for row in found if row is not None]


def _of_all(
    raw: Connection, guild_id: int, message_ids: Collection[int], channel_ids: Collection[int]
) -> list[Row]:
    rows = {row["message_id"]: row for row in _of_messages(raw, guild_id, message_ids)}
    for channel_id in channel_ids:
        query = "SELECT * FROM drafts WHERE channel_id = ? AND guild_id = ?"
        rows |= {row["message_id"]: row for row in raw.execute(query, (channel_id, guild_id))}
    return list(rows.values())


def _with_threads(raw: Connection, guild_id: int, channel_ids: Collection[int]) -> set[int]:
    query = "SELECT channel_id FROM channels WHERE guild_id = ? AND parent_id = ?"
    return set(channel_ids) | {
        row[0] for channel_id in channel_ids for row in raw.execute(query, (guild_id, channel_id))
    }


def _copy(raw: Connection, draft: Row, moment: int) -> None:
    record = {
        table: [
            {name: _plain(value) for name, value in dict(row).items()}
            for row in raw.execute(f"SELECT * FROM {where}", dict(draft))  # noqa: S608
        ]
        for table, where in _COPIED.items()
    }
    raw.execute(
        "INSERT INTO removed_drafts (message_id, guild_id, author_id, removed_at, record) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (message_id) DO UPDATE SET removed_at = excluded.removed_at, record = excluded.record",
        (draft["message_id"], draft["guild_id"], draft["author_id"], moment, json.dumps(record)),
    )


def _erase_copies(
    raw: Connection, guild_id: int, message_ids: Collection[int], channel_ids: Collection[int]
) -> None:
    statement = "DELETE FROM removed_drafts WHERE guild_id = ? AND message_id = ?"
    raw.executemany(statement, [(guild_id, key) for key in message_ids])
    if channel_ids:
        change_copies(raw, guild_id, lambda draft: None if draft["channel_id"] in channel_ids else draft)


def _insert(raw: Connection, table: str, row: dict[str, Any]) -> bool:
    if table not in _COPIED:
        return False
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    # Names of tables and columns are those that `_copy` found in this database.
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    return raw.execute(statement, list(row.values())).rowcount == 1


def _plain(value: object) -> object:
    """A value in a form that JSON has: bytes become an object with their hexadecimal digits."""
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _restored(value: object) -> object:
    return bytes.fromhex(cast("dict[str, str]", value)["hex"]) if isinstance(value, dict) else value
