"""The team: who drafted for which account in a week, and who makes up for whom, of those who let it be shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coach.balance.standing import Tally, add, window_sum
from coach.balance.week import WEEK
from coach.labels import Label
from coach.members.cache import MemberCache
from coach.reports import NOTHING_HIDDEN, HiddenTallies, without
from coach.store import Account, Store
from coach.summaries import FEWEST_TOGETHER

MOSTLY = 0.6
"""Somebody mostly does what is this share of their drafts, 0 to 1."""


@dataclass(frozen=True, slots=True)
class AccountTeam:
    """Who drafted for an account in the last seven days.

    Attributes:
        account: the account.
        shown: the label that each member mostly drafts, None for neither, of those who let it be shown, by id.
        others: how many more drafted for it.
        together: the share of conversation of those who let it be shown; None if they are too few.
    """

    account: Account
    shown: dict[int, Label | None]
    others: int
    together: float | None


class Team:
    """Says who drafts for which account.

    Args:
        store: the open database.
        members: the cache of members.
        clock: gives the present, an aware time.
    """

    def __init__(self, store: Store, members: MemberCache, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._members = members
        self._clock = clock

    async def week(self, guild_id: int, hidden: HiddenTallies = NOTHING_HIDDEN) -> list[AccountTeam]:
        """The accounts for which somebody drafted in the last seven local days, in the server's order.

        Args:
            guild_id: the server.
            hidden: what is left out.
        """
        today = (await self._members.preferences(guild_id, None)).day_of(self._clock())
        book = await self._members.accounts(guild_id)
        agreeing = await self._store.members.showing_figures(guild_id)
        first, posted = today - timedelta(days=WEEK - 1), await self._members.posted_only(guild_id)
        found = await self._store.tallies.authors_since(guild_id, first, posted)
        tallies: dict[int, dict[int, Tally]] = {}
        for (author, account_id), days in found.items():
            seen = without(days, hidden.get((author, account_id), {}))
            # A day that has not come yet in the server's zone may be today in its author's.
            if (tally := window_sum(seen, today + timedelta(days=1), WEEK + 1)).drafts:
                tallies.setdefault(account_id, {})[author] = tally
        return [
            _team(account, tallies[account.account_id], agreeing)
            for account in (*book.accounts.values(), book.get(0))
            if account.account_id in tallies
        ]


def _team(account: Account, tallies: dict[int, Tally], agreeing: set[int]) -> AccountTeam:
    shown = {author: tally for author, tally in tallies.items() if author in agreeing}
    together = Tally()
    for tally in shown.values():
        together = add(together, tally)
    return AccountTeam(
        account,
        {author: _mostly(tally) for author, tally in shown.items()},
        len(tallies) - len(shown),
        together.share if len(shown) >= FEWEST_TOGETHER else None,
    )


def _mostly(tally: Tally) -> Label | None:
    share = tally.share or 0.0
    if share >= MOSTLY:
        return Label.CONVERSATION
    return Label.CONTENT if share <= 1 - MOSTLY else None
