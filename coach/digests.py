"""What summaries say: a server's day with its accounts and who drafted, and a member's day and week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coach.balance.standing import Tally
from coach.balance.week import Week
from coach.nudging.tips import Quote, Tip
from coach.reports import Report
from coach.store import Account
from coach.store.tallies import WentOut

MOST_MEMBERS = 10
MOST_ACCOUNTS, MOST_LINES = 6, 9
"""In a summary: accounts, and accounts and members with figures together."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One member's line in a summary: the day's counts and where they stand."""

    member_id: int
    today: Tally
    report: Report


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account's line in a server's summary.

    Attributes:
        account: the account; the unnamed one for what belongs to no other.
        today: the day's counts; None if somebody's figures could be told from them.
        report: where all who draft for it stand together; None if somebody's figures could be told from it.
        opposed: whether it is in the band only as its authors, each with their own balance, lean opposite ways.
        charted: whether its days may be shown one by one: nobody's figures could be told from any.
    """

    account: Account
    today: Tally | None
    report: Report | None
    opposed: bool
    charted: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """A summary of one local date, for a server (`member_id` None) or for one member.

    Attributes:
        guild_id: the server.
        member_id: the member whose own summary it is.
        day: the local date.
        report: what the chart shows: the one member, or the first account that may be shown; None for no chart.
        accounts: a server's accounts in which something was drafted, most drafts first, `MOST_ACCOUNTS` at most.
        named: whether the server has named accounts.
        authors: who drafted, most drafts first, `MOST_MEMBERS` at most.
        more: how many more drafted.
        entries: those of the authors whose figures may be shown; a member's own has theirs.
        by_account: a member's counts of the day by account, if they drafted for more than one.
        tip: one tip for the day; None if none can be had.
        quote: the quotation beside it.
        news: whether it is to say that members' figures are shown only if they want it.
    """

    guild_id: int
    member_id: int | None
    day: date
    report: Report | None
    accounts: tuple[AccountEntry, ...]
    named: bool
    authors: tuple[int, ...]
    more: int
    entries: tuple[Entry, ...]
    by_account: tuple[tuple[str, Tally], ...]
    tip: Tip | None
    quote: Quote | None
    news: bool = False


@dataclass(frozen=True, slots=True)
class LookBack:
    """A member's week: its days, where they stand at its end, its accounts, what was posted, perhaps a tip."""

    guild_id: int
    member_id: int
    week: Week
    report: Report
    by_account: tuple[tuple[str, Tally], ...]
    went_out: WentOut
    tip: Tip | None
    quote: Quote | None
