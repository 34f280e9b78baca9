"""The store: the only room with SQL. One SQLite file, one writer, tallies kept beside the drafts they count."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from coach.store.channels import Channels, Place
from coach.store.corrections import ByHand, Corrected, Corrections
from coach.store.database import Database
from coach.store.drafts import Drafts, NewDraft, Recorded, StoredDraft
from coach.store.erasures import Erasures
from coach.store.nudges import Nudges, StoredNudge
from coach.store.people import Guild, Guilds, Member, Members
from coach.store.program import Program
from coach.store.removals import Removals
from coach.store.replies import Replies, Reply
from coach.store.retention import Retention
from coach.store.server_tips import ServerTips
from coach.store.summaries import Claim, Due, Summaries
from coach.store.tallies import Tallies

__all__ = [
    "ByHand",
    "Claim",
    "Corrected",
    "Due",
    "Guild",
    "Member",
    "NewDraft",
    "Place",
    "Recorded",
    "Reply",
    "Store",
    "StoredDraft",
    "StoredNudge",
]


class Store:
    """The open database, one attribute for each group of tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.channels = Channels(database)
        self.corrections = Corrections(database)
        self.drafts = Drafts(database)
        self.erasures = Erasures(database)
        self.guilds = Guilds(database)
        self.members = Members(database)
        self.nudges = Nudges(database)
        self.program = Program(database)
        self.removals = Removals(database)
        self.replies = Replies(database)
        self.retention = Retention(database)
        self.server_tips = ServerTips(database)
        self.summaries = Summaries(database)
        self.tallies = Tallies(database)

    @classmethod
    async def open(cls, path: Path, now: datetime) -> Store:
        """Open the database file; see `Database.open`."""
        return cls(await Database.open(path, now))

    async def close(self) -> None:
        """Finish what is being written and close the file."""
        await self.database.close()
