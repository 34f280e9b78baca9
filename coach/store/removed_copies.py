"""The copies of removed drafts, kept for a day as JSON so that they can be put back: changed where they lie."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from coach.store.connection import Connection


def change_copies(
    raw: Connection, guild_id: int, change: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> int:
    """Change the copies of a server's removed drafts, within a write unit.

    Args:
        raw: the connection.
        guild_id: the server.
        change: gives a draft as it is to be; the same if nothing changes; None if its copy goes.

    Returns:
        How many copies were changed.
    """
    changed = 0
    query = "SELECT message_id, record FROM removed_drafts WHERE guild_id = ?"
    for message_id, record in raw.execute(query, (guild_id,)).fetchall():
        tables = json.loads(record)
        [draft] = tables["drafts"]
        after = change(draft)
        if after == draft:
            continue
        changed += 1
        if after is None:
            raw.execute("DELETE FROM removed_drafts WHERE message_id = ?", (message_id,))
        else:
            tables["drafts"] = [after]
            changed_record = (json.dumps(tables), message_id)
            raw.execute("UPDATE removed_drafts SET record = ? WHERE message_id = ?", changed_record)
    return changed
