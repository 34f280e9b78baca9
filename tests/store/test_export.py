"""The export holds everything about a member, and its documentation names every key of it."""

from __future__ import annotations

import re
from pathlib import Path

from coach.store import Store
from coach.store.connection import Connection
from coach.store.people import ABOUT_MEMBER
from tests.support.databases import columns_of, tables_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "export.md"


def documented() -> dict[str, set[str]]:
    sections = re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))[2:]
    return {
        section.partition("`:")[0].strip("`"): set(re.findall(r"(?m)^\| `(\w+)` \|", section))
        for section in sections
    }


async def test_each_table_about_a_member_is_exported_and_each_key_explained(store: Store) -> None:
    def columns(raw: Connection) -> dict[str, set[str]]:
        names = tables_of(raw)
        return {name: set(columns_of(raw, name)) for name in names}

    tables = await store.database.read(columns)
    personal = {name for name, keys in tables.items() if keys & {"author_id", "member_id", "person"}}
    assert personal == set(ABOUT_MEMBER)
    assert documented() == {name: tables[name] for name in ABOUT_MEMBER}
    assert set(await store.members.export(1, 2)) == personal
