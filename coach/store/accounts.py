"""Accounts: set up, given channels and forum tags, and removed; drafts move between them with their tallies."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from coach.balance.standing import Tally
from coach.settings import Counts
from coach.store.account_book import UNNAMED, Account, AccountBook, OwnGoal, Place, by_tag
from coach.store.connection import Connection, Row
from coach.store.database import Database
from coach.store.recount import COUNTED
from coach.store.removed_copies import change_copies
from coach.store.tallies import account_days_of, days_of, shift
from coach.store.thoughts import separate


class AccountStore:
    """Reads and writes `accounts`, their numbers, places and goals, and moves `drafts` between accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, guild_id: int) -> AccountBook:
        """The accounts of a server and their places."""
        return await self._database.read(lambda raw: _book(raw, guild_id))

    async def save(self, account: Account, places: Collection[Place]) -> Account | None:
        """Add an account, or change the one with its number, and give it places, which others may have had.

        Args:
            account: the account; with the number `UNNAMED` it is added, with one that no account here has had.
            places: all that it has from now on.

        Returns:
            The account as it is on record; None if it should be changed but is gone.
        """

        def unit(raw: Connection) -> Account | None:
            guild_id, account_id = account.guild_id, account.account_id
            if account_id == UNNAMED:
                [(account_id,)] = raw.execute(
                    "INSERT INTO account_numbers (guild_id, highest) VALUES (?, 1)"
                    " ON CONFLICT (guild_id) DO UPDATE SET highest = account_numbers.highest + 1"
                    " RETURNING highest",
                    (guild_id,),
                ).fetchall()
                raw.execute(
                    "INSERT INTO accounts (guild_id, account_id, name, shared) VALUES (?, ?, ?, 0)",
                    (guild_id, account_id, account.name),
                )
            changed = raw.execute(
                "UPDATE accounts SET name = ?, shared = ?, target = ?, band = ?, window_days = ?, preset = ?"
                " WHERE guild_id = ? AND account_id = ?",
                (
                    account.name,
                    int(account.shared),
                    account.target,
                    account.band,
                    account.window_days,
                    account.preset,
                    guild_id,
                    account_id,
                ),
            )
            if not changed.rowcount:
                return None
            raw.execute("DELETE FROM account_places WHERE guild_id = ? AND account_id = ?", (guild_id, account_id))
            raw.executemany(
                "INSERT INTO account_places (guild_id, channel_id, tag_id, account_id) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (guild_id, channel_id, tag_id) DO UPDATE SET account_id = excluded.account_id",
                [(guild_id, *place, account_id) for place in places],
            )
            return _book(raw, guild_id).get(account_id)

        return await self._database.write(unit)

    async def remove(self, guild_id: int, account_id: int, into: int) -> int:
        """Remove an account and give its drafts and its places to another one.

        Args:
            guild_id: the server.
            account_id: the account.
            into: the other one; if it is the unnamed one, or gone, the places have no account any more.

        Returns:
            How many drafts it had.
        """

        def unit(raw: Connection) -> int:
            key = (guild_id, account_id)
            raw.execute("DELETE FROM accounts WHERE guild_id = ? AND account_id = ?", key)
            raw.execute("DELETE FROM account_goals WHERE guild_id = ? AND account_id = ?", key)
            target = account_left(raw, guild_id, into)
            raw.execute("UPDATE imports SET account_id = ? WHERE guild_id = ? AND account_id = ?", (target, *key))
            if target == UNNAMED:
                raw.execute("DELETE FROM account_places WHERE guild_id = ? AND account_id = ?", key)
            else:
                raw.execute(
                    "UPDATE account_places SET account_id = ? WHERE guild_id = ? AND account_id = ?",
                    (target, *key),
                )
            # Drafts that are put back later belong where these do.
            moved = {"account_id": target}
            change_copies(
                raw, guild_id, lambda draft: draft | moved if draft.get("account_id") == account_id else draft
            )
            return _move(raw, guild_id, "account_id = :account_id", {"account_id": account_id}, target)

        return await self._database.write(unit)

    async def set_counts(self, guild_id: int, account_id: int, counts: Counts) -> bool:
        """Choose what the balance of an account counts; False if the account is gone."""
        changed = await self._database.write(
            lambda raw: (
                raw.execute(
                    "UPDATE accounts SET counts = ? WHERE guild_id = ? AND account_id = ?",
                    (counts, guild_id, account_id),
                ).rowcount
            )
        )
        return changed == 1

    async def drafts_of(self, guild_id: int, account_id: int) -> int:
        """How many drafts a named account has."""
        row = await self._database.read(
            lambda raw: raw.execute(
                "SELECT count(*) FROM drafts WHERE guild_id = ? AND account_id = ? AND account_id <> 0",
                (guild_id, account_id),
            ).fetchone()
        )
        return row[0]

    async def astray(self, guild_id: int, account_id: int) -> int:
        """How many drafts belong to an account but lie in others' places, or the other way round."""

        def query(raw: Connection) -> int:
            counts = (
                raw.execute(
                    f"SELECT count(*) FROM drafts WHERE guild_id = :guild_id AND {where}",  # noqa: S608
                    {"guild_id": guild_id, **values},
                ).fetchone()
                for where, values, _ in _moves(raw, guild_id, account_id)
            )
            return sum(row[0] for row in counts)

        return await self._database.read(query)

    async def bring_home(self, guild_id: int, account_id: int) -> int:
        """Give those drafts to the accounts of the places in which they lie, with their counts; say how many."""

        def unit(raw: Connection) -> int:
            moves = _moves(raw, guild_id, account_id)
            return sum(_move(raw, guild_id, where, values, into) for where, values, into in moves)

        return await self._database.write(unit)

    async def note_tags(self, guild_id: int, posts: Mapping[int, Sequence[int]]) -> int:
        """Record the tags of forum posts in which something was drafted; drafts follow a post's new tags.

        Args:
            guild_id: the server.
            posts: the tags of each post in Discord's order, by the post's id.

        Returns:
            How many drafts belong to another account now.
        """

        known = await self._database.read(
            lambda raw: dict(
                raw.execute(
                    "SELECT channel_id, tags FROM channels WHERE guild_id = ?"
                    " AND channel_id IN (SELECT value FROM json_each(?))",
                    (guild_id, json.dumps(list(posts))),
                ).fetchall()
            )
        )
        if all(post not in known or known[post] == tags_text(tags) for post, tags in posts.items()):
            return 0

        def unit(raw: Connection) -> int:
            book, moved = _book(raw, guild_id), 0
            change = "UPDATE channels SET tags = ? WHERE guild_id = ? AND channel_id = ?"
            for post, tags in posts.items():
                row = raw.execute(
                    "SELECT parent_id, tags FROM channels WHERE guild_id = ? AND channel_id = ?", (guild_id, post)
                ).fetchone()
                if row is None or row["tags"] == tags_text(tags):
                    continue
                before = book.of(post, row["parent_id"], tags_of(row["tags"])).account_id
                after = book.of(post, row["parent_id"], tags).account_id
                raw.execute(change, (tags_text(tags), guild_id, post))
                if before != after:
                    values = {"channel_id": post, "before": before}
                    moved += _move(
                        raw, guild_id, "channel_id = :channel_id AND account_id = :before", values, after
                    )
            return moved

        return await self._database.write(unit)

    async def set_goal(self, guild_id: int, member_id: int, account_id: int, goal: OwnGoal | None) -> None:
        """Set a member's own goal for an account; None for none."""
        key = (guild_id, member_id, account_id)

        def unit(raw: Connection) -> None:
            raw.execute("DELETE FROM account_goals WHERE guild_id = ? AND member_id = ? AND account_id = ?", key)
            if goal is not None:
                raw.execute(
                    "INSERT INTO account_goals"
                    " (guild_id, member_id, account_id, target, band, window_days, preset)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*key, goal.target, goal.band, goal.window_days, goal.preset),
                )

        await self._database.write(unit)

    async def goals(self, guild_id: int, member_id: int) -> dict[int, OwnGoal]:
        """A member's own goals, by account."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT account_id, target, band, window_days, preset FROM account_goals"
                " WHERE guild_id = ? AND member_id = ?",
                (guild_id, member_id),
            ).fetchall()
        )
        return {row[0]: OwnGoal(row[1], row[2], row[3], row[4]) for row in rows}

    async def names_drafted_for(self, guild_id: int, member_id: int) -> dict[int, str]:
        """The names of the accounts that a member has drafted for, or imported a past for, by number."""
        rows = await self._database.read(
            lambda raw: raw.execute(
                "SELECT account_id, name FROM accounts WHERE guild_id = ?1 AND account_id IN (SELECT account_id"
                " FROM drafts WHERE guild_id = ?1 AND author_id = ?2 UNION SELECT account_id FROM imports"
                " WHERE guild_id = ?1 AND member_id = ?2)",
                (guild_id, member_id),
            ).fetchall()
        )
        return {row[0]: row[1] for row in rows}


def account_at(
    raw: Connection, guild_id: int, channel_id: int, parent_id: int | None, tags: Sequence[int] | None
) -> int:
    """The account that a draft belongs to, within a write unit; arguments as for `AccountBook.of`.

    Decided when the draft is recorded: its place may have moved to another account while it was being labelled.
    """
    rows = raw.execute(
        "SELECT tag_id, account_id FROM account_places WHERE guild_id = ? AND channel_id = ?",
        (guild_id, channel_id if parent_id is None else parent_id),
    ).fetchall()
    return by_tag({row[0]: row[1] for row in rows}, tags) if rows else UNNAMED


def days_of_balance(
    raw: Connection,
    guild_id: int,
    author_id: int,
    account_id: int,
    since: date,
    posted: Collection[int] = (),
) -> dict[date, Tally]:
    """An author's tallies for an account, or those of all if they share it, by local day from `since` on.

    Of the accounts in `posted`, only what was posted counts.
    """
    shared = (
        account_id != UNNAMED
        and raw.execute(
            "SELECT 1 FROM accounts WHERE guild_id = ? AND account_id = ? AND shared = 1", (guild_id, account_id)
        ).fetchone()
    )
    if shared:
        return account_days_of(raw, guild_id, account_id, since, posted)
    return days_of(raw, guild_id, author_id, since, account_id, posted)


def account_left(raw: Connection, guild_id: int, account_id: int) -> int:
    """An account's number, or that of the unnamed one if it is gone."""
    row = raw.execute(
        "SELECT 1 FROM accounts WHERE guild_id = ? AND account_id = ?", (guild_id, account_id)
    ).fetchone()
    return account_id if row is not None else UNNAMED


def tags_known(raw: Connection, guild_id: int, post: int) -> list[int] | None:
    """The tags of a forum post as they were noted last, within a write unit; None if they never were."""
    row = raw.execute(
        "SELECT tags FROM channels WHERE guild_id = ? AND channel_id = ? AND tags IS NOT NULL", (guild_id, post)
    ).fetchone()
    return tags_of(row[0]) if row is not None else None


def keep_tags(raw: Connection, guild_id: int, post: int, tags: Sequence[int]) -> None:
    """Record the tags of a forum post that is on record, unless they are known, within a write unit."""
    raw.execute(
        "UPDATE channels SET tags = ? WHERE guild_id = ? AND channel_id = ? AND tags IS NULL",
        (tags_text(tags), guild_id, post),
    )


def tags_text(tags: Sequence[int]) -> str:
    """The tags of a forum post as they are stored."""
    return json.dumps(list(tags))


def tags_of(stored: str | None) -> list[int]:
    """The tags of a forum post from what is stored."""
    return json.loads(stored) if stored else []


def _book(raw: Connection, guild_id: int) -> AccountBook:
    accounts = raw.execute("SELECT * FROM accounts WHERE guild_id = ? ORDER BY account_id", (guild_id,)).fetchall()
    if not accounts:
        return AccountBook(guild_id)
    places = raw.execute("SELECT * FROM account_places WHERE guild_id = ?", (guild_id,)).fetchall()
    return AccountBook(
        guild_id,
        {row["account_id"]: _account_of(row) for row in accounts},
        {Place(row["channel_id"], row["tag_id"]): row["account_id"] for row in places},
    )


def _account_of(row: Row) -> Account:
    return Account(
        row["guild_id"],
        row["account_id"],
        row["name"],
        bool(row["shared"]),
        row["target"],
        row["band"],
        row["window_days"],
        row["preset"],
        row["counts"],
    )


def _moves(raw: Connection, guild_id: int, account_id: int) -> list[tuple[str, dict[str, int | str], int]]:
    """The drafts that lie astray of an account: conditions with their parameters, each with where they belong."""
    book = _book(raw, guild_id)
    if account_id not in book.accounts:
        return []
    channels: dict[int, list[int]] = {}
    for row in raw.execute("SELECT channel_id, parent_id, tags FROM channels WHERE guild_id = ?", (guild_id,)):
        channels.setdefault(book.of(row[0], row[1], tags_of(row[2])).account_id, []).append(row[0])
    inside = "channel_id IN (SELECT value FROM json_each(:channels)) AND account_id"
    return [
        (
            f"{inside} {'<>' if into == account_id else '='} :account_id",
            {"channels": json.dumps(found), "account_id": account_id},
            into,
        )
        for into, found in channels.items()
    ]


def _move(raw: Connection, guild_id: int, where: str, values: Mapping[str, int | str], account_id: int) -> int:
    """Give drafts to an account, with their counts, within a write unit; return how many.

    Thoughts of which only some drafts move become thoughts of their own in each account.

    Args:
        raw: the connection.
        guild_id: the server.
        where: which of its drafts, as a condition with named parameters.
        values: the parameters.
        account_id: the account.
    """
    which = f"FROM drafts WHERE guild_id = :guild_id AND {where}"
    named = {**values, "guild_id": guild_id, "into": account_id}
    counted = raw.execute(
        f"SELECT author_id, account_id, local_day, {COUNTED}"
        f" {which} AND counts = 1 AND label IS NOT NULL GROUP BY author_id, account_id, local_day",
        named,
    ).fetchall()
    thoughts = raw.execute(f"SELECT DISTINCT thought {which} AND thought IS NOT NULL", named).fetchall()
    moved = raw.execute(
        f"UPDATE drafts SET account_id = :into WHERE guild_id = :guild_id AND {where}",  # noqa: S608
        named,
    ).rowcount
    for author_id, before, local_day, *numbers in counted:
        shift(raw, (guild_id, author_id, local_day, before), *(-number for number in numbers))
        shift(raw, (guild_id, author_id, local_day, account_id), *numbers)
    separate(raw, guild_id, [row[0] for row in thoughts])
    return moved
