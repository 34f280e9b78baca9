"""A member's export as files: JSON, packed if it is too big to send, in parts if that is not enough."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coach.store import Store
from coach.store.keys import member_hash

NAME = "squaredeal-export"

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class File:
    """A file to send."""

    name: str
    content: bytes


class Exports:
    """Gives members what is stored about them.

    Args:
        store: the open database.
        clock: gives the present, an aware time.
        secret: the key of the hashes.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], secret: bytes) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret

    async def of_member(self, guild_id: int, member_id: int, limit: int) -> list[File]:
        """Everything stored about a member of a server, in files of up to `limit` bytes."""
        who = member_hash(guild_id, member_id, self._secret)
        head = {
            "server": guild_id,
            "member": member_id,
            "exported_at": self._clock().isoformat(),
            "erased_upto": await self._store.erasures.upto(guild_id, who),
            "accounts": await self._store.accounts.names_drafted_for(guild_id, member_id),
        }
        tables = await self._store.members.export(guild_id, member_id)
        return await asyncio.to_thread(files, head, tables, limit)


def files(head: Mapping[str, Any], tables: Tables, limit: int) -> list[File]:
    """Lay out an export; takes seconds for tens of thousands of rows, so it is not for the event loop.

    Args:
        head: what stands at the top of each file.
        tables: the rows by table.
        limit: bytes that a file may have.

    Returns:
        One JSON file if it is small enough, else one ZIP file with it, else as many ZIP files as it takes, each
        with a JSON file of the same form that has some of the rows.
    """
    plain = _json(head, tables)
    if len(plain) <= limit:
        return [File(f"{NAME}.json", plain)]
    packed = _pack(plain, limit, head, tables)
    if len(packed) == 1:
        return [File(f"{NAME}.zip", packed[0])]
    return [File(f"{NAME}-{number}-of-{len(packed)}.zip", content) for number, content in enumerate(packed, 1)]


def _pack(plain: bytes, limit: int, head: Mapping[str, Any], tables: Tables) -> list[bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.json", plain)
    content = packed.getvalue()
    if len(content) <= limit or all(len(rows) < 2 for rows in tables.values()):
        return [content]
    halves = [
        {name: rows[: len(rows) // 2] for name, rows in tables.items()},
        {name: rows[len(rows) // 2 :] for name, rows in tables.items()},
    ]
    return [part for half in halves for part in _pack(_json(head, half), limit, head, half)]


def _json(head: Mapping[str, Any], tables: Tables) -> bytes:
    """A row a line: readable, and without the blanks that would make up half of the file."""
    parts = [f"{_line(name)}: {_line(value)}" for name, value in head.items()]
    for name, rows in tables.items():
        lines = ",\n  ".join(_line(row) for row in rows)
        parts.append(f"{_line(name)}: [\n  {lines}\n]" if rows else f"{_line(name)}: []")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
