"""What the program remembers about itself across restarts."""

from __future__ import annotations

from coach.store.connection import Connection
from coach.store.database import Database


class ProgramStore:
    """Reads and writes `program`, a small table of names and values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def swap(self, name: str, value: str | None) -> str | None:
        """Store a value under a name, or delete it for None; return the previous one, None if there was none."""

        def unit(raw: Connection) -> str | None:
            row = raw.execute("SELECT value FROM program WHERE name = ?", (name,)).fetchone()
            if value is None:
                raw.execute("DELETE FROM program WHERE name = ?", (name,))
            else:
                raw.execute(
                    "INSERT INTO program (name, value) VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )
            return row[0] if row else None

        return await self._database.write(unit)
