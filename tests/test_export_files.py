"""An export is split to fit Discord's limit, and no row is lost or repeated."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coach import export

HEAD = {"server": 1, "member": 2, "exported_at": "2026-11-20T12:00:00+00:00"}
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["id", "text", "at"]), st.one_of(st.none(), st.integers(), st.text())),
    max_size=40,
)


def read(file: export.File) -> dict[str, Any]:
    """The contents of a file that somebody was sent."""
    if file.name.endswith(".json"):
        return json.loads(file.content)
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        [name] = archive.namelist()
        return json.loads(archive.read(name))


@given(st.dictionaries(st.text(max_size=8).map("t_{}".format), ROWS, max_size=4), st.integers(600, 5000))
def test_the_parts_together_are_the_whole(tables: dict[str, list[dict[str, Any]]], limit: int) -> None:
    found = export.files(HEAD, tables, limit)
    assert len({file.name for file in found}) == len(found)
    together: dict[str, list[Any]] = {name: [] for name in tables}
    for file in found:
        document = read(file)
        assert {key: document.pop(key) for key in HEAD} == HEAD
        assert document.keys() == tables.keys()
        for name, rows in document.items():
            together[name] += rows
        # A single row can't be split; anything else that is too big is.
        assert len(file.content) <= limit or all(len(rows) < 2 for rows in document.values())
    assert together == tables


def test_it_is_packed_only_where_it_must_be() -> None:
    tables = {"drafts": [{"text": "w " * 500} for _ in range(10)]}
    assert [file.name for file in export.files(HEAD, tables, 20_000)] == ["squaredeal-export.json"]
    assert [file.name for file in export.files(HEAD, tables, 5_000)] == ["squaredeal-export.zip"]
