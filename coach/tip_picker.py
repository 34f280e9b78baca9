"""Which tip for whom: the shipped tips and a server's own, drawn on what helped before."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable

from coach.errors import Refused, SettingsError
from coach.labels import Kind
from coach.nudging.tips import Lacking, Quote, Tip, Tips
from coach.store import Store

log = logging.getLogger(__name__)

OWN_FILE = "your file"
MOST_OWN = 500

MOST_LATEST = 10_000
"""For how many members and servers it is kept in mind which tip they were given last."""

SECONDS_FOR_TIP = 5.0
"""How long a summary, or the label of a text, waits for the tip that goes with it."""


class Advisor:
    """Chooses tips.

    Args:
        store: the open database.
        tips: the tips and quotations that every server has.
        rng: where choices between equal tips come from.
    """

    def __init__(self, store: Store, tips: Tips, rng: random.Random) -> None:
        self.rng = rng
        self._store = store
        self._tips = tips
        self._own: dict[int, Tips] = {}
        self._latest: dict[tuple[int, int | None], str] = {}

    async def choose(
        self, guild_id: int, member_id: int | None, wanted: Lacking, kind: Kind, *, at_hand: bool
    ) -> tuple[Tip, Quote | None]:
        """A tip, and the quotation beside it if any.

        Args:
            guild_id: the server.
            member_id: whom it speaks to; None for the whole server.
            wanted: what is lacking.
            kind: the kind of their last draft.
            at_hand: whether the tip is shown with that draft.
        """
        tips = await self.tips_of(guild_id)
        shown = await self._store.nudges.times_shown(guild_id, member_id)
        outcomes = await self._store.nudges.outcomes(guild_id)
        latest = self._latest.pop((guild_id, member_id), None)
        tip = tips.choose(wanted, kind, shown, outcomes, self.rng, at_hand=at_hand, latest=latest)
        if len(self._latest) == MOST_LATEST:
            del self._latest[next(iter(self._latest))]
        self._latest[guild_id, member_id] = tip.id
        return tip, tips.quote_of(tip)

    async def show(
        self, guild_id: int, member_id: int | None, wanted: Lacking, kind: Kind, *, at_hand: bool
    ) -> tuple[Tip, Quote | None]:
        """A tip as `choose` gives it, for showing outside of a nudge: it counts as shown."""
        tip, quote = await self.choose(guild_id, member_id, wanted, kind, at_hand=at_hand)
        await self._store.nudges.note_shown(guild_id, member_id, tip.id)
        return tip, quote

    async def tips_of(self, guild_id: int) -> Tips:
        """The tips of a server, its own among them."""
        if guild_id in self._own:
            return self._own[guild_id]
        source = await self._store.server_tips.get(guild_id)
        try:
            tips = await self._with_own(source)
        except SettingsError as error:
            # Taken by an earlier version: a shipped tip may have got the same id since.
            log.warning("server %s: its own tips are left out: %s", guild_id, error)
            tips = self._tips
        # Those that were set meanwhile stay.
        return self._own.setdefault(guild_id, tips)

    async def set_own(self, guild_id: int, source: str | None) -> int:
        """Give a server tips of its own, in place of those it had; None takes them away.

        Args:
            guild_id: the server.
            source: a file's text, in the form of `config/tips.yaml`.

        Returns:
            How many tips of its own it has now.

        Raises:
            Refused: an entry is not as it should be; the sentence names its line.
        """
        try:
            tips = await self._with_own(source)
        except SettingsError as error:
            raise Refused(f"{error}. Nothing was changed; mend that line and send the file again.") from None
        own = len(tips.tips) - len(self._tips.tips)
        if own > MOST_OWN:
            raise Refused(f"That file has {own} tips; send {MOST_OWN} at most.")
        await self._store.server_tips.put(guild_id, source)
        self._own[guild_id] = tips
        return own

    async def _with_own(self, source: str | None) -> Tips:
        """The tips that every server has, and those of a server's own file; off the event loop.

        Half a second passes over a file of the size that is taken.
        """
        return self._tips if source is None else await asyncio.to_thread(self._tips.with_more, source, OWN_FILE)


async def if_at_hand(choosing: Awaitable[tuple[Tip, Quote | None]]) -> tuple[Tip | None, Quote | None]:
    """A tip with its quotation beside something that matters more: None if it fails or takes too long."""
    try:
        async with asyncio.timeout(SECONDS_FOR_TIP):
            return await choosing
    except Exception as error:
        log.warning("no tip can be had: %s", type(error).__name__)
        return None, None
