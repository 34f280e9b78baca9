"""The table of what can go wrong, in small: rows are run, taken down, and told apart by how they went."""

from __future__ import annotations

from benchmarks.faults.__main__ import run
from benchmarks.faults.bench import BAD


async def test_rows_that_are_asked_for_are_run_and_taken_down() -> None:
    bench = await run(["corrupt database file", "an attachment that is gone (404)"])
    assert [row[0] for row in bench.rows] == ["an attachment that is gone (404)", "corrupt database file"]
    assert bench.failures == []
    assert "garbage.db" in bench.rows[1][3]


def test_what_went_wrong_is_written_in_capitals() -> None:
    assert BAD.search("recorded, NO SIGN on 1")
    assert BAD.search("2 TIMES")
    assert not BAD.search("recorded at the next start; exit 1")
