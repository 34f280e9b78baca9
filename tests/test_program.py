"""The program as its user starts it: refusals in one sentence, recount, backup, version."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach import __version__
from coach.labels import Kind, Label, Verdict
from coach.store import NewDraft, Store

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQUAREDEAL_", "DISCORD_"))}
    return subprocess.run(  # noqa: S603
        [sys.executable, "bot.py", *arguments],
        cwd=ROOT,
        env=clean | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert run("--version").stdout.strip() == __version__


def test_a_bad_setting_stops_the_start_with_one_plain_message() -> None:
    done = run(SQUAREDEAL_NUDGES_DAILY_CAP="many")
    assert done.returncode == 1
    assert done.stderr == (
        "SQUAREDEAL_NUDGES_DAILY_CAP: nudges.daily_cap: 'many' is not allowed; use a whole number from 0 to 20\n"
    )


def test_recount_and_backup_without_a_database_say_so(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere.db")
    for arguments in (["recount"], ["backup", str(tmp_path / "copy.db")]):
        done = run(*arguments, SQUAREDEAL_DATABASE=missing)
        assert done.returncode == 1 and "no database" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("token", ["not-a-token", "a.b.c"])
def test_a_token_never_shows(tmp_path: Path, token: str) -> None:
    done = run(DISCORD_TOKEN=token, SQUAREDEAL_DATABASE=str(tmp_path / "x.db"), SQUAREDEAL_COLOUR="blue")
    assert done.returncode == 1
    assert token not in done.stdout + done.stderr


def test_without_simcord_one_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "simcord.py").write_text("raise ImportError('not here')")
    done = run(PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "SimCord" in done.stderr and "DISCORD_TOKEN" in done.stderr
    assert len(done.stderr.splitlines()) == 1


async def _with_a_nudge(path: Path) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store = await Store.open(path, now)
    verdict = Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
    for number in range(1, 4):
        await store.drafts.record(NewDraft(number, 1, 10, None, 100, now, now.date(), verdict, 5, bytes(8), None))
        if number == 1:
            await store.nudges.add(1, 1, 100, "two-options", Label.CONVERSATION, now, None)
    await store.close()


def test_tips_prints_how_each_tip_fared(tmp_path: Path) -> None:
    database = str(tmp_path / "tips.db")
    missing = run("tips", SQUAREDEAL_DATABASE=database)
    assert missing.returncode == 1 and "there is no database yet" in missing.stderr
    asyncio.run(_with_a_nudge(Path(database)))
    done = run("tips", SQUAREDEAL_DATABASE=database)
    assert done.returncode == 0
    head, line = done.stdout.splitlines()
    assert head.split()[:3] == ["tip", "shown", "heeded"]
    assert line.split() == ["two-options", "1", "0", "1", "%", "to", "84", "%"]


def test_the_doctor_draws_a_chart_and_says_why_it_cannot(tmp_path: Path) -> None:
    at = {"SQUAREDEAL_DATABASE": str(tmp_path / "x.db")}
    done = run("doctor", **at)
    assert done.returncode == 0 and "ok   Charts can be drawn." in done.stdout
    broken = tmp_path / "matplotlib"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise OSError('no folder for its cache')")
    done = run("doctor", PYTHONPATH=str(tmp_path), **at)
    assert done.returncode == 1
    assert (
        "!!   Charts can't be drawn, and answers come without them: OSError: no folder for its cache"
        in done.stdout
    )
