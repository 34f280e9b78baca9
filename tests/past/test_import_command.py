"""`bot.py import` as people start it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coach.past_offline import print_past
from tests.support import exports as made
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bot.py", "import", *map(str, arguments)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQUAREDEAL_", "DISCORD_"))}
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False, timeout=LONGEST_WAIT
    )


@pytest.mark.slow
def test_the_table_has_known_and_judged_posts_by_month_and_year(tmp_path: Path) -> None:
    archive = tmp_path / "x.zip"
    archive.write_bytes(made.zipped(made.x_archive()))
    before = sorted(tmp_path.iterdir())
    done = run(archive)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "X: 6 posts from January 2023 to March 2023"
    table = {line.split()[0]: line.split()[1:4] for line in lines if line[:1] == "2" or line.startswith("all")}
    assert table == {
        "2023-01": ["0", "0", "1"],
        "2023-02": ["1", "1", "0"],
        "2023-03": ["1", "0", "1"],
        "2023": ["2", "1", "2"],
        "all": ["2", "1", "2"],
    }
    assert "1 continuing a post of yours" in done.stdout
    assert lines[-1] == "Nothing was stored."
    assert sorted(tmp_path.iterdir()) == before


def test_guessed_columns_are_shown_and_have_to_be_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(made.any_csv())
    for put, confirmed, status in (("y\n", False, 0), ("", True, 0), ("", False, 1), ("n\n", False, 1)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(put))
        assert print_past([table], ZoneInfo("UTC"), confirmed) == status
        printed, asked = capsys.readouterr()
        assert printed.startswith("mine.csv: I take “Message” for the text (“The bakery opens")
        assert ("CSV: 4 posts" in printed) is (status == 0)
        assert bool(asked) is not confirmed


@pytest.mark.slow
def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere.zip")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "nowhere.zip is not there, or may not be read.\n"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="other systems have no such signal")
def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_bytes(made.any_csv())
    command = [sys.executable, "bot.py", "import", str(table)]
    # A shell makes what it runs in the background ignore Ctrl-C, and the tests' own children with it.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, stderr=-1, text=True)  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stderr is not None and process.stdout is not None
        assert process.stderr.read(5) == "Is th"
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST_WAIT) == 130
        assert process.stdout.read().endswith("Stopped. Nothing was stored.\n")
        assert "Traceback" not in process.stderr.read()
