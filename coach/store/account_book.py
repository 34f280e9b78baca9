"""Accounts as data: what a server drafts for, and which of its channels and forum tags belong to which account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coach.settings import Counts

UNNAMED = 0
"""The account of everything that belongs to no other."""


class Place(NamedTuple):
    """A channel, or a forum's posts with a tag; `tag_id` 0 for the channel itself."""

    channel_id: int
    tag_id: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a server.

    Attributes:
        guild_id: the server.
        account_id: its number in the server, from 1; `UNNAMED` for what belongs to no other.
        name: what the server calls it; empty for the unnamed one.
        shared: whether all who draft for it have one balance; else each author has their own.
        target: share of conversation to aim for, 0 to 1; None: as the server, or the author, has it.
        band: how far the share may stray, 0 to 1; None together with `target`.
        window_days: local days that count; None: as the server, or the author, has it.
        preset: the rule of thumb that its goal was chosen by; None if by none.
        counts: what its balance counts.
    """

    guild_id: int
    account_id: int
    name: str = ""
    shared: bool = False
    target: float | None = None
    band: float | None = None
    window_days: int | None = None
    preset: str | None = None
    counts: Counts = "drafted"


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A member's own goal for an account: shares of 0 to 1, local days, and the rule of thumb it was chosen by."""

    target: float
    band: float
    window_days: int
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The named accounts of a server by number, and the account of each place that has one."""

    guild_id: int
    accounts: Mapping[int, Account] = field(default_factory=dict[int, Account])
    places: Mapping[Place, int] = field(default_factory=dict[Place, int])

    def get(self, account_id: int) -> Account:
        """An account by its number; the unnamed one if it is no longer there."""
        return self.accounts.get(account_id) or Account(self.guild_id, UNNAMED)

    def named(self, name: str) -> Account | None:
        """An account by its name, in capitals or not; None if there is none."""
        wanted = name.strip().casefold()
        return next((one for one in self.accounts.values() if one.name.casefold() == wanted), None)

    def of(self, channel_id: int, parent_id: int | None, tags: Sequence[int] | None) -> Account:
        """The account that drafts in a channel, thread or forum post belong to.

        Args:
            channel_id: the channel, thread or post.
            parent_id: the channel that it belongs to; None for a channel.
            tags: the tags of a forum post in Discord's order; None for anything else.
        """
        channel = channel_id if parent_id is None else parent_id
        there = {
            tag: self.places[Place(channel, tag)] for tag in (0, *(tags or ())) if (channel, tag) in self.places
        }
        return self.get(by_tag(there, tags))

    def places_of(self, account_id: int) -> list[Place]:
        """The places of an account."""
        return [place for place, one in self.places.items() if one == account_id]


def by_tag(accounts: Mapping[int, int], tags: Sequence[int] | None) -> int:
    """The account of a channel whose tags have these: that of the first tag, else of the channel itself."""
    return next((accounts[tag] for tag in tags or () if tag in accounts), accounts.get(0, UNNAMED))
