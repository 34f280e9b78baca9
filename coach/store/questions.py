"""Questions: how many about drafts each member has been asked today, so that there are never too many."""

from __future__ import annotations

from datetime import date

from coach.store.connection import Connection
from coach.store.database import Database

ONE_MORE = (
    " ON CONFLICT (guild_id, author_id) DO UPDATE SET local_day = excluded.local_day, times = 1 + CASE WHEN"
    " questions_asked.local_day = excluded.local_day THEN questions_asked.times ELSE 0 END"
)
"""What an insertion into `questions_asked` does to a row that is there: counts one more; a new day begins anew."""


class QuestionStore:
    """Reads and writes `questions_asked`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, guild_id: int, author_id: int, day: date, most: int) -> bool:
        """Count a question before it is asked.

        Args:
            guild_id: the server.
            author_id: who is asked.
            day: their local day.
            most: how many questions there may be in a day.

        Returns:
            False if there were as many on that day; nothing is counted then.
        """

        def unit(raw: Connection) -> bool:
            counted = raw.execute(
                "INSERT INTO questions_asked (guild_id, author_id, local_day, times)"
                f" SELECT ?1, ?2, ?3, 1 WHERE ?4 > 0 {ONE_MORE}"
                " WHERE questions_asked.local_day <> excluded.local_day OR questions_asked.times < ?4",
                (guild_id, author_id, day.isoformat(), most),
            )
            return counted.rowcount == 1

        return await self._database.write(unit, keeps_members=True)

    async def give_back(self, guild_id: int, author_id: int) -> None:
        """Take a question that nobody saw off the count."""
        await self._database.write(
            lambda raw: raw.execute(
                "UPDATE questions_asked SET times = times - 1 WHERE guild_id = ? AND author_id = ? AND times > 0",
                (guild_id, author_id),
            ),
            keeps_members=True,
        )
