"""Accounts as a server sets them up: added, changed and removed, with the drafts that go along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coach import wording_accounts, wording_refusals
from coach.balance.presets import PRESETS
from coach.balance.standing import Goal
from coach.errors import Refused
from coach.members.cache import MemberCache
from coach.members.choices import checked_goal
from coach.settings import Counts
from coach.store import Account, AccountBook, Place, Store
from coach.store.account_book import UNNAMED
from coach.text import has_words

MOST = 25
"""Accounts of a server: as many as a menu of Discord's has entries."""

LONGEST_NAME = 32
"""Characters."""

_GOAL = re.compile(r"(?:\d{1,3}(?:\s*(?:%|±|points?|days?|over|give or take|[,;/+-]))*\s*){1,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody fills in about an account; `goal` as they typed it."""

    name: str
    goal: str
    shared: bool
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Saved:
    """An account as it is now.

    Attributes:
        account: the account.
        goal: what holds for it, or for authors who chose none.
        taken_from: the names of accounts that had some of its places before.
        astray: how many drafts count elsewhere than the channel that they are in does now.
    """

    account: Account
    goal: Goal
    taken_from: tuple[str, ...]
    astray: int


class Accounts:
    """Sets up the accounts of servers.

    Args:
        store: the open database.
        members: the cache of members and servers.
    """

    def __init__(self, store: Store, members: MemberCache) -> None:
        self._store = store
        self._members = members

    async def book(self, guild_id: int) -> AccountBook:
        """The accounts of a server and their places."""
        return await self._members.accounts(guild_id)

    async def find(self, guild_id: int, account_id: int) -> Account:
        """A named account.

        Raises:
            Refused: there is none with that number any more.
        """
        account = (await self.book(guild_id)).get(account_id)
        if account.account_id == UNNAMED:
            raise Refused(wording_refusals.ACCOUNT_GONE)
        return account

    async def save(self, guild_id: int, account_id: int | None, form: Form) -> Saved:
        """Add an account, or change one, as a form says; what was drafted before stays where it is.

        Args:
            guild_id: the server.
            account_id: the account; None for a new one.
            form: what was filled in.

        Raises:
            Refused: something in the form can't be, or the account is gone.
        """
        # Fresh: somebody else may be filling in a form, too.
        book = await self._store.accounts.book(guild_id)
        name = _checked_name(form.name, book, account_id)
        if account_id is None and len(book.accounts) >= MOST:
            raise Refused(wording_refusals.too_many_accounts(MOST))
        server = (await self._members.preferences(guild_id, None)).goal
        target, band, window, preset = _parts(form.goal, server)
        account = Account(guild_id, account_id or UNNAMED, name, form.shared, target, band, window, preset)
        kept = await self._store.accounts.save(account, form.places)
        if kept is None:
            raise Refused(wording_refusals.ACCOUNT_GONE)
        losers = {book.places[place] for place in form.places if place in book.places} - {account_id}
        return Saved(
            kept,
            await self._members.goal(guild_id, None, kept),
            tuple(book.accounts[one].name for one in sorted(losers)),
            await self._store.accounts.astray(guild_id, kept.account_id),
        )

    async def bring_home(self, guild_id: int, account_id: int) -> int:
        """Let drafts that lie astray of an account count where their channel does now; return how many.

        Raises:
            Refused: the account is gone.
        """
        await self.find(guild_id, account_id)
        return await self._store.accounts.bring_home(guild_id, account_id)

    async def drafts_of(self, guild_id: int, account_id: int) -> int:
        """How many drafts an account has."""
        return await self._store.accounts.drafts_of(guild_id, account_id)

    async def remove(self, guild_id: int, account_id: int, into: int) -> tuple[Account, Account, int]:
        """Remove an account.

        Args:
            guild_id: the server.
            account_id: the account.
            into: the account that gets its drafts and places; `UNNAMED` for none.

        Returns:
            The account as it was, the one that has its drafts now, and how many those are.

        Raises:
            Refused: one of the two is gone.
        """
        account = await self.find(guild_id, account_id)
        target = await self.find(guild_id, into) if into != UNNAMED else Account(guild_id, UNNAMED)
        return account, target, await self._store.accounts.remove(guild_id, account_id, into)

    async def set_counts(self, guild_id: int, account: Account | None, counts: Counts) -> None:
        """Choose what the balance of an account counts; None for drafts that belong to no account.

        Raises:
            Refused: the account is gone.
        """
        if account is None:
            await self._store.guilds.change(guild_id, counts=counts)
        elif not await self._store.accounts.set_counts(guild_id, account.account_id, counts):
            raise Refused(wording_refusals.ACCOUNT_GONE)

    async def note_tags(self, guild_id: int, post: int, tags: Sequence[int]) -> None:
        """Let the drafts in a forum post follow its tags, in Discord's order, to another account."""
        await self._store.accounts.note_tags(guild_id, {post: tags})


def goal_as_typed(account: Account) -> str:
    """An account's goal as it is filled into the form; empty if it has none of its own."""
    parts = [account.target, account.band]
    shown = [f"{share * 100:g}" for share in parts if share is not None]
    if account.preset is not None:
        shown = [account.preset]
    return ", ".join([*shown, *([str(account.window_days)] if account.window_days and shown else [])])


def _checked_name(typed: str, book: AccountBook, account_id: int | None) -> str:
    name = " ".join(typed.split())
    if not has_words(name):
        raise Refused(wording_refusals.NAME_EMPTY)
    if len(name) > LONGEST_NAME:
        raise Refused(wording_refusals.name_too_long(LONGEST_NAME))
    if name.casefold() == wording_accounts.EVERYTHING.casefold():
        raise Refused(wording_refusals.NAME_RESERVED)
    same = book.named(name)
    if same is not None and same.account_id != account_id:
        raise Refused(wording_refusals.name_taken(name))
    return name


def _parts(typed: str, server: Goal) -> tuple[float | None, float | None, int | None, str | None]:
    """The target, band, window and preset that somebody typed: three numbers at most, or a preset and its days."""
    text = " ".join(typed.lower().split())
    if not text:
        return None, None, None, None
    first, _, rest = text.replace(",", " ").partition(" ")
    preset = PRESETS.get(first)
    numbers = rest.strip() if preset is not None else text
    if numbers and _GOAL.fullmatch(numbers) is None:
        raise Refused(wording_refusals.goal_not_understood(typed, list(PRESETS)))
    found = [int(number) for number in re.findall(r"\d+", numbers)]
    if preset is not None:
        if len(found) > 1:
            raise Refused(wording_refusals.goal_not_understood(typed, list(PRESETS)))
        share, band, days = preset.target, preset.band, found
    else:
        share, band, days = found[0] / 100, found[1] / 100 if len(found) > 1 else None, found[2:]
    goal = checked_goal(share, band, days[0] if days else server.window_days, kept=server.band)
    return goal.target, goal.band, goal.window_days if days else None, preset.name if preset is not None else None
