"""The table of what can go wrong, on a small scale: rows run, are recorded, and are judged by their results."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.loopback.bench import BAD
from tests.support.loopback.town import ROOT


@pytest.mark.slow
def test_rows_that_are_asked_for_run_and_are_recorded() -> None:
    names = ["an attachment that is gone (404)", "corrupt database file"]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.faults", *reversed(names)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    rows = [line.split(" | ") for line in done.stdout.splitlines() if " | " in line]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row[0] for row in rows] == names
    assert "2 rows, 0 went wrong" in done.stdout
    assert "garbage.db" in rows[1][3]


def test_what_went_wrong_is_written_in_capitals() -> None:
    assert BAD.search("recorded, NO SIGN on 1")
    assert BAD.search("2 TIMES")
    assert not BAD.search("recorded at the next start; exit 1")
