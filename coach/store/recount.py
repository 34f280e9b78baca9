"""The recount: proves that the tallies equal the drafts, and that what counts is what the thoughts say."""

from __future__ import annotations

from coach.store.connection import Connection, Row

ALL, OUT = ("content", "conversation"), ("content_out", "conversation_out")
"""The columns of a tally: of everything that counts, and of what was posted of it."""

_COLUMNS = (*ALL, *OUT)

COUNTED_ALL, _COUNTED_OUT = (
    ", ".join(f"count(*) FILTER (WHERE label = '{label}'{and_out})" for label in ALL)
    for and_out in ("", " AND counts_out = 1")
)
COUNTED = f"{COUNTED_ALL}, {_COUNTED_OUT}"
"""The numbers of a tally, counted from drafts: those of each label; `COUNTED` also has how many were posted."""


def differences(raw: Connection) -> list[str]:
    """What differs between tallies and drafts, or counts where it shouldn't: a line for each difference."""
    # Not a join: SQLite compares every row of a full join with every other, which takes hours for a million
    # drafts.
    tallied = ", ".join(f"{one} AS t_{one}" for one in _COLUMNS)
    drafted = ", ".join(f"0 AS d_{one}" for one in _COLUMNS)
    apart = " OR ".join(f"sum(t_{one}) <> sum(d_{one})" for one in _COLUMNS)
    sums = ", ".join(f"sum({side}_{one})" for side in "td" for one in _COLUMNS)
    rows = raw.execute(
        f"SELECT guild_id, author_id, local_day, account_id, {sums} FROM ("  # noqa: S608
        f"SELECT guild_id, author_id, local_day, account_id, {tallied}, {drafted}, 1 AS tallied, 0 AS drafted"
        " FROM tallies UNION ALL SELECT guild_id, author_id, local_day, account_id, 0, 0, 0, 0,"
        f" {COUNTED}, 0, 1 FROM drafts WHERE label IS NOT NULL AND counts = 1"
        " GROUP BY guild_id, author_id, local_day, account_id) AS both_sides"
        " GROUP BY guild_id, author_id, local_day, account_id"
        f" HAVING {apart} OR sum(tallied) <> sum(drafted)"
    ).fetchall()
    return (
        [
            f"server {r[0]}, author {r[1]}, {r[2]}{f', account {r[3]}' if r[3] else ''}: tallies say {r[4]}"
            f" content and {r[5]} conversation, drafts say {r[8]} and {r[9]}"
            + (f"; posted: {r[6]} and {r[7]}, drafts say {r[10]} and {r[11]}" if r[6:8] != r[10:12] else "")
            for r in rows
        ]
        + [
            f"server {r[0]}, {r[1]}: the server's tally is not the sum of its members'"
            for r in _unequal(raw, "guild_id, local_day", "server_tallies", "TRUE")
        ]
        + [
            f"server {r[0]}, account {r[1]}, {r[2]}: the account's tally is not the sum of its members'"
            for r in _unequal(raw, "guild_id, account_id, local_day", "account_tallies", "account_id <> 0")
        ]
        + _disagreements(raw)
    )


def _unequal(raw: Connection, key: str, table: str, where: str) -> list[Row]:
    """Where the sums that the database itself keeps are not those of the tallies."""
    less = ", ".join(f"-{one}" for one in _COLUMNS)
    apart = " OR ".join(f"sum({one}) <> 0" for one in _COLUMNS)
    return raw.execute(
        f"SELECT {key} FROM (SELECT {key}, {', '.join(_COLUMNS)} FROM {table}"  # noqa: S608
        f" UNION ALL SELECT {key}, {less} FROM tallies WHERE {where}) AS both_sides GROUP BY {key} HAVING {apart}"
    ).fetchall()


def _disagreements(raw: Connection) -> list[str]:
    """Where what counts disagrees with the thoughts: a line for each thought or draft."""
    newest = "max(message_id) FILTER (WHERE label IS NOT NULL)"
    out = "CASE WHEN count(out_at) FILTER (WHERE label IS NOT NULL) > 0 THEN 1 ELSE 0 END"
    return (
        [
            f"server {r[0]}, thought {r[1]}: what counts is not its newest draft alone, or it is not one author's"
            " for one account"
            for r in raw.execute(
                "SELECT guild_id, thought FROM drafts WHERE thought IS NOT NULL GROUP BY guild_id, thought"  # noqa: S608
                f" HAVING coalesce(max(message_id) FILTER (WHERE counts = 1), 0) <> coalesce({newest}, 0)"
                f" OR sum(counts) <> CASE WHEN {newest} IS NULL THEN 0 ELSE 1 END OR count(DISTINCT author_id) > 1"
                " OR count(DISTINCT account_id) > 1"
            )
        ]
        + [
            f"server {r[0]}, draft {r[1]}: does not count, but is a thought of its own"
            for r in raw.execute("SELECT guild_id, message_id FROM drafts WHERE thought IS NULL AND counts = 0")
        ]
        + [
            f"server {r[0]}, thought {r[1]}: what counts as posted is not what is marked so"
            for r in raw.execute(
                "SELECT guild_id, max(coalesce(thought, message_id)) FROM drafts"  # noqa: S608
                " GROUP BY guild_id, coalesce(thought, -message_id)"
                f" HAVING sum(counts_out) <> {out} OR count(*) FILTER (WHERE counts_out > counts) > 0"
            )
        ]
        + [
            f"server {r[0]}, thread {r[1]}: not all of it is one thought"
            for r in raw.execute(
                "SELECT guild_id, thread FROM drafts WHERE thread IS NOT NULL GROUP BY guild_id, thread"
                " HAVING count(DISTINCT thought) <> 1 OR count(thought) < count(*)"
            )
        ]
    )
