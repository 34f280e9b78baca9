"""The store: the only room with SQL. One SQLite file, one writer, tallies beside the drafts that they count."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from coach.database_url import is_postgresql
from coach.store.account_book import Account, AccountBook, OwnGoal, Place
from coach.store.accounts import AccountStore
from coach.store.channels import ChannelStore, KnownChannel
from coach.store.claims import Claim
from coach.store.comebacks import Comeback, ComebackStore, Unanswered
from coach.store.corrections import ByHand, Corrected, CorrectionStore
from coach.store.database import Database, SqliteDatabase
from coach.store.decisions import Decision, DecisionStore
from coach.store.drafts import Deciding, DraftStore, NewDraft, Recorded
from coach.store.erasures import ErasureStore
from coach.store.introductions import IntroductionStore
from coach.store.nudges import NudgeStore, StoredNudge
from coach.store.occasions import OccasionStore
from coach.store.other_languages import OtherLanguageStore
from coach.store.past import Import, Kept, PastStore
from coach.store.people import Guild, GuildStore, Member, MemberStore
from coach.store.program import ProgramStore
from coach.store.questions import QuestionStore
from coach.store.removals import RemovalStore
from coach.store.replies import Reply, ReplyStore
from coach.store.reposts import RepostStore, Sketched
from coach.store.retention import RetentionStore
from coach.store.server_tips import ServerTipStore
from coach.store.stored_drafts import StoredDraft
from coach.store.summaries import Due, SummaryStore
from coach.store.tallies import TallyStore
from coach.store.thought_store import ChangedThread, InThought, Moved, ThoughtStore
from coach.store.thoughts import Neighbour, Placing, Relation, Words

__all__ = [
    "Account",
    "AccountBook",
    "ByHand",
    "ChangedThread",
    "Claim",
    "Comeback",
    "Corrected",
    "Deciding",
    "Decision",
    "Due",
    "Guild",
    "Import",
    "InThought",
    "Kept",
    "KnownChannel",
    "Member",
    "Moved",
    "Neighbour",
    "NewDraft",
    "OwnGoal",
    "Place",
    "Placing",
    "Recorded",
    "Relation",
    "Reply",
    "Sketched",
    "Store",
    "StoredDraft",
    "StoredNudge",
    "Unanswered",
    "Words",
]


class Store:
    """The open database, one attribute for each group of tables.

    `run` names this run of the bot: a new one at each start, whatever machine it is on.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.run = secrets.token_hex(8)
        self.accounts = AccountStore(database)
        self.channels = ChannelStore(database)
        self.comebacks = ComebackStore(database, self.run)
        self.corrections = CorrectionStore(database)
        self.decisions = DecisionStore(database)
        self.drafts = DraftStore(database)
        self.erasures = ErasureStore(database)
        self.guilds = GuildStore(database)
        self.introductions = IntroductionStore(database)
        self.members = MemberStore(database)
        self.nudges = NudgeStore(database)
        self.occasions = OccasionStore(database)
        self.other_languages = OtherLanguageStore(database)
        self.past = PastStore(database)
        self.program = ProgramStore(database)
        self.questions = QuestionStore(database)
        self.removals = RemovalStore(database)
        self.replies = ReplyStore(database)
        self.reposts = RepostStore(database)
        self.retention = RetentionStore(database)
        self.server_tips = ServerTipStore(database)
        self.summaries = SummaryStore(database, self.run)
        self.tallies = TallyStore(database)
        self.thoughts = ThoughtStore(database)

    @classmethod
    async def open(cls, path: Path | str, now: datetime) -> Store:
        """Open the database file; see `Database.open`."""
        if is_postgresql(path):
            from coach.store.postgresql import PostgresDatabase  # noqa: PLC0415  # psycopg is an extra

            return cls(await PostgresDatabase.connect(str(path), now))
        return cls(await SqliteDatabase.open(Path(path), now))

    async def close(self) -> None:
        """Finish the writes that are waiting and close the file."""
        await self.database.close()
