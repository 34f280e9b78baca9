"""The past: what members have imported, as counts by month, apart from the tallies of their drafts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from enum import Enum, auto

from coach.past.judging import Balance
from coach.store.accounts import account_left
from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.erasures import is_erased
from coach.store.people import may_read


@dataclass(frozen=True, slots=True)
class Import:
    """An export that was read, as it is on record.

    Attributes:
        guild_id: the server.
        member_id: whose past it is.
        import_id: the interaction that brought it.
        account_id: the account that it is about; `UNNAMED` for none.
        source: what it is an export of, such as "Mastodon".
        file_hash: a keyed hash of the files.
        imported_at: when, an aware time.
        left_out: how many items were no posts, or are dated ahead.
        months: what was counted, by the first day of each month.
    """

    guild_id: int
    member_id: int
    import_id: int
    account_id: int
    source: str
    file_hash: bytes
    imported_at: datetime
    left_out: int
    months: Mapping[date, Balance]


# The columns are named as the counts are.
_COUNTS = ", ".join(field.name for field in fields(Balance))


class Kept(Enum):
    """What became of an import when it was to be put on record. `REFUSED`: its member no longer lets the bot."""

    KEPT = auto()
    REFUSED = auto()
    SERVER_LEFT = auto()


class PastStore:
    """Reads and writes `imports` and `past_months`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def imports(self, guild_id: int, member_id: int) -> list[Import]:
        """What a member has imported, oldest first."""
        return await self._database.read(lambda raw: _imports(raw, guild_id, member_id))

    async def keep(self, one: Import, who: bytes, replaced: Collection[int] = ()) -> Kept:
        """Put an import on record, all of it or nothing, in place of others of the same member.

        Args:
            one: the import. If its account is gone by now, it is about none.
            who: a keyed hash of the member, to recognise an erasure by.
            replaced: the imports that go.
        """

        def unit(raw: Connection) -> Kept:
            guild_id, member_id = one.guild_id, one.member_id
            here = raw.execute("SELECT left_at FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
            if here is None or here["left_at"] is not None:
                return Kept.SERVER_LEFT
            # They may have paused the bot, or had everything erased, while the export was being read.
            if not may_read(raw, guild_id, member_id, one.import_id) or is_erased(
                raw, guild_id, who, one.import_id
            ):
                return Kept.REFUSED
            for import_id in replaced:
                _remove(raw, guild_id, member_id, import_id)
            key = (guild_id, member_id, one.import_id)
            raw.execute(
                "INSERT INTO imports (guild_id, member_id, import_id, account_id, source, file_hash, imported_at,"
                " left_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *key,
                    account_left(raw, guild_id, one.account_id),
                    one.source,
                    one.file_hash,
                    int(one.imported_at.timestamp()),
                    one.left_out,
                ),
            )
            raw.executemany(
                f"INSERT INTO past_months (guild_id, member_id, import_id, month, {_COUNTS})"  # noqa: S608
                f" VALUES (?, ?, ?, ?{', ?' * len(fields(Balance))})",
                [(*key, f"{month:%Y-%m}", *astuple(balance)) for month, balance in one.months.items()],
            )
            return Kept.KEPT

        return await self._database.write(unit, keeps_members=True)

    async def remove(self, guild_id: int, member_id: int, import_id: int) -> bool:
        """Remove an import; False if it is gone already."""
        removed = await self._database.write(
            lambda raw: _remove(raw, guild_id, member_id, import_id), keeps_members=True
        )
        if removed:
            await self._database.checkpoint()
        return removed


def erase_past(raw: Connection, before: datetime) -> int:
    """Erase the imports from before an aware time, within a write unit; return how many there were."""
    moment = (int(before.timestamp()),)
    rows = raw.execute(
        "SELECT guild_id, member_id, import_id FROM imports WHERE imported_at < ?", moment
    ).fetchall()
    return sum(_remove(raw, *row) for row in rows)


def _remove(raw: Connection, guild_id: int, member_id: int, import_id: int) -> bool:
    key = (guild_id, member_id, import_id)
    raw.execute("DELETE FROM past_months WHERE guild_id = ? AND member_id = ? AND import_id = ?", key)
    removed = raw.execute("DELETE FROM imports WHERE guild_id = ? AND member_id = ? AND import_id = ?", key)
    return removed.rowcount == 1


def _imports(raw: Connection, guild_id: int, member_id: int) -> list[Import]:
    key = (guild_id, member_id)
    months: dict[int, dict[date, Balance]] = {}
    for import_id, month, *counts in raw.execute(
        f"SELECT import_id, month, {_COUNTS} FROM past_months"  # noqa: S608
        " WHERE guild_id = ? AND member_id = ? ORDER BY import_id, month",
        key,
    ):
        months.setdefault(import_id, {})[date.fromisoformat(f"{month}-01")] = Balance(*counts)
    found = raw.execute("SELECT * FROM imports WHERE guild_id = ? AND member_id = ? ORDER BY import_id", key)
    return [
        Import(
            row["guild_id"],
            row["member_id"],
            row["import_id"],
            row["account_id"],
            row["source"],
            row["file_hash"],
            datetime.fromtimestamp(row["imported_at"], UTC),
            row["left_out"],
            months.get(row["import_id"], {}),
        )
        for row in found
    ]
