"""Nudges: those that were shown, the drafts that followed, and how often each tip was shown and heeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from coach.labels import Label
from coach.nudging.policy import Shown, Silence
from coach.nudging.tips import Outcome
from coach.store.connection import Connection
from coach.store.database import Database
from coach.store.decisions import note_decision
from coach.store.occasions import add_occasion
from coach.store.people import may_read

DRAFTS_FOLLOWED = 3
"""How many drafts after a nudge are recorded with it."""


@dataclass(frozen=True, slots=True)
class StoredNudge:
    """A nudge that was shown.

    Attributes:
        message_id: the draft that it answers.
        guild_id: the server.
        author_id: whom it speaks to.
        tip: id of the tip in it.
        lacking: the label it asks for.
    """

    message_id: int
    guild_id: int
    author_id: int
    tip: str
    lacking: Label


class NudgeStore:
    """Reads and writes `nudges`, `passed_tips` and `shown_tips`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, nudge: StoredNudge, now: datetime, last: datetime | None, chance: float = 0.0) -> bool:
        """Record a nudge before it is shown.

        Args:
            nudge: the nudge.
            now: aware time.
            last: when the author's last nudge was shown or held back, as far as the decision knew.
            chance: the share of nudges that are held back; 0 leaves this one out of the trial.

        Returns:
            False if another nudge came in between, the draft is gone, or its author has paused the bot; no nudge
            is recorded then.
        """

        def unit(raw: Connection) -> bool:
            draft = raw.execute("SELECT 1 FROM drafts WHERE message_id = ?", (nudge.message_id,)).fetchone()
            if draft is None or not may_read(raw, nudge.guild_id, nudge.author_id, nudge.message_id):
                return False
            key = (nudge.guild_id, nudge.author_id)
            newest = nudges_of(raw, *key)
            if (newest[0].at if newest else None) != (last.replace(microsecond=0) if last is not None else None):
                note_decision(raw, *key, nudge.message_id, Silence.OVERTAKEN)
                return False
            raw.execute(
                "INSERT INTO nudges (message_id, guild_id, author_id, shown_at, tip, lacking)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    nudge.message_id,
                    nudge.guild_id,
                    nudge.author_id,
                    int(now.timestamp()),
                    nudge.tip,
                    nudge.lacking,
                ),
            )
            add_occasion(raw, nudge.message_id, *key, now, nudge.lacking, chance, held_back=False)
            note_decision(raw, *key, nudge.message_id, None)
            return True

        return await self._database.write(unit, keeps_members=True)

    async def withdraw(self, message_id: int) -> None:
        """Take back a nudge that couldn't be shown or rested on a wrong label; the trial keeps its occasion."""

        def unit(raw: Connection) -> None:
            raw.execute("DELETE FROM nudges WHERE message_id = ?", (message_id,))

        await self._database.write(unit)

    async def find(self, message_id: int) -> StoredNudge | None:
        """The nudge on a draft; None if there is none."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT message_id, guild_id, author_id, tip, lacking FROM nudges WHERE message_id = ?",
                (message_id,),
            ).fetchone()
        )
        return StoredNudge(row[0], row[1], row[2], row[3], Label(row[4])) if row is not None else None

    async def latest(self, guild_id: int, author_id: int) -> list[Shown]:
        """An author's nudges, shown or held back, newest first."""
        return await self._database.read(lambda raw: nudges_of(raw, guild_id, author_id))

    async def pass_over(self, nudge: StoredNudge, tip: str) -> bool:
        """Put another tip in the place of the one that a nudge shows.

        Args:
            nudge: the nudge as it was shown.
            tip: id of the new tip.

        Returns:
            False if the nudge is gone or already shows another tip; nothing changes then.
        """

        def unit(raw: Connection) -> bool:
            changed = raw.execute(
                "UPDATE nudges SET tip = ? WHERE message_id = ? AND tip = ?", (tip, nudge.message_id, nudge.tip)
            )
            if changed.rowcount == 1:
                raw.execute(
                    "INSERT INTO passed_tips (message_id, tip, guild_id, author_id) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    (nudge.message_id, nudge.tip, nudge.guild_id, nudge.author_id),
                )
            return changed.rowcount == 1

        return await self._database.write(unit)

    async def note_shown(self, guild_id: int, member_id: int | None, tip: str) -> None:
        """Count a tip that is shown outside a nudge, to a member or, for None, to the whole server."""
        await self._database.write(
            lambda raw: raw.execute(
                "INSERT INTO shown_tips (guild_id, member_id, tip, times) VALUES (?, ?, ?, 1)"
                " ON CONFLICT (guild_id, member_id, tip) DO UPDATE SET times = shown_tips.times + 1",
                (guild_id, member_id or 0, tip),
            ),
            keeps_members=True,
        )

    async def times_shown(self, guild_id: int, member_id: int | None) -> dict[str, int]:
        """How often each tip was shown to a member or, for None, to the whole server, in nudges and elsewhere."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT tip, sum(times) FROM ("
                "SELECT tip, 1 AS times FROM nudges WHERE guild_id = ?1 AND author_id = ?2"
                " UNION ALL SELECT tip, 1 FROM passed_tips WHERE guild_id = ?1 AND author_id = ?2"
                " UNION ALL SELECT tip, times FROM shown_tips WHERE guild_id = ?1 AND member_id = ?2)"
                " AS shown GROUP BY tip",
                (guild_id, member_id or 0),
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}

    async def outcomes(self, guild_id: int | None) -> dict[str, Outcome]:
        """How often each tip was heeded in a server, or in all servers together if `guild_id` is None.

        A nudge whose author has not drafted since is not counted yet; a tip that was passed over counts as
        ignored.
        """
        where, key = ("guild_id = ?", (guild_id,)) if guild_id is not None else ("TRUE", ())
        # Each table is summed by itself: the nudges of a tip are adjacent in their index, and need no sorting.
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT tip, sum(heeded), sum(ignored) FROM ("  # noqa: S608
                "SELECT tip, sum(heeded) AS heeded, count(heeded) - sum(heeded) AS ignored FROM nudges"
                f" WHERE {where} AND heeded IS NOT NULL GROUP BY tip"
                f" UNION ALL SELECT tip, 0, count(*) FROM passed_tips WHERE {where} GROUP BY tip)"
                " AS counted GROUP BY tip",
                key * 2,
            ).fetchall()
        )
        return {row[0]: Outcome(row[1], row[2]) for row in rows}


def nudges_of(raw: Connection, guild_id: int, author_id: int) -> list[Shown]:
    """An author's nudges, shown or held back, and reminders, newest first, as many as the next decision needs."""
    rows = raw.execute(
        "SELECT shown_at, heeded FROM (SELECT shown_at, heeded, message_id FROM nudges"
        " WHERE guild_id = ?1 AND author_id = ?2 ORDER BY shown_at DESC, message_id DESC LIMIT 50) AS s"
        " UNION ALL SELECT due_at, NULL FROM (SELECT due_at FROM occasions"
        " WHERE guild_id = ?1 AND author_id = ?2 AND held_back = 1 ORDER BY message_id DESC LIMIT 50) AS h"
        " UNION ALL SELECT claimed_at, NULL FROM (SELECT claimed_at FROM comebacks"
        " WHERE guild_id = ?1 AND author_id = ?2 AND claimed_at IS NOT NULL ORDER BY claimed_at DESC LIMIT 50)"
        " AS c"
        " ORDER BY shown_at DESC LIMIT 50",
        (guild_id, author_id),
    )
    return [Shown(datetime.fromtimestamp(row[0], UTC), None if row[1] is None else bool(row[1])) for row in rows]


def follow_up(raw: Connection, guild_id: int, author_id: int, message_id: int) -> None:
    """Record a draft's label with the nudges that it may answer, shown or held back, within a write unit.

    Called when a draft is recorded and when its label changes. A nudge is heeded if the first draft after it for
    the same account has the label that was lacking; of one that was held back it is recorded in the same way.
    Of a thought, only the first draft answers anything: the others say it again, or go on with it.
    """
    [(account_id,)] = raw.execute("SELECT account_id FROM drafts WHERE message_id = ?", (message_id,)).fetchall()
    # If a nudge's own draft is gone, its account isn't known any more, and any draft may answer it.
    before = (
        "WHERE guild_id = ?1 AND author_id = ?2 AND message_id < ?3 AND coalesce((SELECT account_id FROM drafts"
        " WHERE message_id = n.message_id), ?5) = ?5 ORDER BY message_id DESC LIMIT ?4"
    )
    due = raw.execute(
        f"SELECT * FROM (SELECT message_id, lacking, shown_at FROM nudges n {before}) AS s"  # noqa: S608
        f" UNION SELECT * FROM (SELECT message_id, lacking, due_at FROM occasions n {before}) AS h"
        " ORDER BY message_id DESC LIMIT ?4",
        (guild_id, author_id, message_id, DRAFTS_FOLLOWED, account_id),
    ).fetchall()
    for nudge in due:
        labels = [
            row[0]
            for row in raw.execute(
                "SELECT label FROM drafts d WHERE guild_id = ? AND author_id = ? AND message_id > ?"
                " AND local_day >= ? AND label IS NOT NULL AND account_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM drafts e WHERE e.thought = d.thought"
                " AND e.message_id < d.message_id AND e.label IS NOT NULL) ORDER BY message_id LIMIT ?",
                (
                    guild_id,
                    author_id,
                    nudge["message_id"],
                    (datetime.fromtimestamp(nudge["shown_at"], UTC) - timedelta(days=1)).date().isoformat(),
                    account_id,
                    DRAFTS_FOLLOWED,
                ),
            )
        ]
        heeded = labels[0] == nudge["lacking"] if labels else None
        raw.execute(
            "UPDATE nudges SET heeded = ?, followed = ? WHERE message_id = ?",
            (heeded, " ".join(labels), nudge["message_id"]),
        )
        raw.execute("UPDATE occasions SET heeded = ? WHERE message_id = ?", (heeded, nudge["message_id"]))
