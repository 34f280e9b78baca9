"""The coach: its services, each given what it uses."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coach.accounts import Accounts
from coach.corrections import Corrections
from coach.expiry import Expiry
from coach.export import Exports
from coach.imports import Imports
from coach.intake.catch_up import CatchUp
from coach.intake.intake import Intake
from coach.intake.proxies import Proxies
from coach.intake.read_progress import ReadProgress
from coach.intake.threads import Threads
from coach.intake.watching import Watching
from coach.introductions import Introductions
from coach.labelling.labelling_queue import LabellingQueue
from coach.members.cache import MemberCache
from coach.members.choices import Choices
from coach.nudging.tips import Tips
from coach.past_nudges import PastNudges
from coach.posted import Posted
from coach.replies import Replies
from coach.reports import Reports
from coach.settings import Settings
from coach.shards import Shards
from coach.store import Store
from coach.summaries import Summaries
from coach.team import Team
from coach.thoughts import Thoughts
from coach.tip_picker import TipPicker

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller


class Coach:
    """Everything the bot knows how to do, free of Discord. Nothing in `coach/` is handed the whole of it.

    Args:
        settings: the configuration.
        store: the open database.
        labeller: gives the labeller, waiting for it to be loaded if need be.
        tips: the tips and quotations.
        clock: gives the present, an aware time.
        secret: the key of the hashes, 1 to 64 bytes.
        rng: where choices between equal tips come from.
        shards: the servers that this process serves; None for all.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        labeller: Callable[[], Awaitable[Labeller]],
        tips: Tips,
        clock: Callable[[], datetime],
        secret: bytes,
        rng: random.Random,
        shards: Shards | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.members = members = MemberCache(store, settings, clock, labeller)
        self.accounts = Accounts(store, members)
        self.team = Team(store, members, clock)
        self.labelling = labelling = LabellingQueue(labeller)
        self.progress = progress = ReadProgress()
        self.proxies = proxies = Proxies(store, members, progress, clock, secret)
        self.reports = reports = Reports(store, members, settings.balance, clock)
        self.tips = TipPicker(store, tips, rng, members, reports, clock)
        self.intake = intake = Intake(
            settings, store, members, labelling, progress, proxies, clock, secret, self.tips.nudge
        )
        self.threads = Threads(store, members, labelling)
        self.catch_up = CatchUp(store, members, intake, progress, settings.reactions, clock)
        self.past_nudges = PastNudges(store, members, clock)
        self.choices = Choices(settings, store, members, clock, secret)
        self.introductions = Introductions(settings, store, members, clock, secret)
        self.corrections = Corrections(store, members, labelling, clock)
        self.thoughts = Thoughts(store)
        self.summaries = Summaries(settings.summary, store, members, reports, self.tips, clock, shards)
        self.posted = Posted(settings.nudges, store, members, clock, shards)
        self.replies = Replies(store)
        self.watching = Watching(store.channels)
        self.imports = Imports(store, members, labelling, clock, secret, settings.beside.parent)
        self.exports = Exports(store, clock, secret)
        self.expiry = Expiry(store, settings.retention, timedelta(hours=settings.thoughts.window_hours), clock)
        self.program = store.program
        self.store = store  # for tests; no cog reaches it

    @property
    def takes_writes(self) -> bool:
        """Whether the database took the last thing that was written."""
        return self.store.database.takes_writes

    async def close(self) -> None:
        """Stop labelling, finish what is being written and close the database."""
        self.labelling.close()
        await self.store.close()
