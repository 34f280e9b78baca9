"""The program as people start it: refusals in one sentence, recount, backup, version."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach import __version__
from coach.arguments import parser
from coach.doctor import examine
from coach.labels import Kind, Label, Verdict
from coach.store import NewDraft, Store, StoredNudge
from tests.support.databases import put_file
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQUAREDEAL_", "DISCORD_"))}
    return subprocess.run(  # noqa: S603
        [sys.executable, "bot.py", *arguments],
        cwd=ROOT,
        # No token of a developer's own .env, either.
        env=clean | {"DISCORD_TOKEN": ""} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT,
    )


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert run("--version").stdout.strip() == __version__


def test_uv_installs_for_the_program_what_the_project_names() -> None:
    head = re.search(r"^# /// script\n(.+?)^# ///$", (ROOT / "bot.py").read_text(), re.MULTILINE | re.DOTALL)
    assert head is not None
    script = tomllib.loads(re.sub("^# ?", "", head[1], flags=re.MULTILINE))
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert script["dependencies"] == whole["project"]["dependencies"] + whole["dependency-groups"]["room"]
    assert script["requires-python"] == whole["project"]["requires-python"]


def test_a_bad_setting_stops_the_start_with_one_plain_message() -> None:
    done = run(SQUAREDEAL_NUDGES_DAILY_CAP="many")
    assert done.returncode == 1
    assert done.stderr == (
        "SQUAREDEAL_NUDGES_DAILY_CAP: nudges.daily_cap: 'many' is not allowed; use a whole number from 0 to 20\n"
    )


def test_the_settings_file_may_be_named_before_or_after_the_command() -> None:
    for arguments in (["--config", "mine.yaml", "doctor"], ["doctor", "--config", "mine.yaml"]):
        parsed = parser().parse_args(arguments)
        assert (parsed.action, parsed.config) == ("doctor", Path("mine.yaml"))
    assert parser().parse_args(["doctor"]).config is None


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


def test_something_that_cannot_be_a_token_is_refused_at_once(tmp_path: Path) -> None:
    database = str(tmp_path / "x.db")
    says = "DISCORD_TOKEN does not look like a token; choose Reset Token"
    for arguments in ([], ["sync"]):
        done = run(*arguments, DISCORD_TOKEN="your-token", SQUAREDEAL_DATABASE=database)
        assert done.returncode == 1
        assert says in done.stderr
        assert "reached" not in done.stderr and "your-token" not in done.stdout + done.stderr
    [bad] = [one for one in examine(Path(database), "your-token") if not one.good]
    assert says in bad.text and "your-token" not in bad.text


def test_the_help_says_what_the_bot_is_and_what_label_reads_and_writes() -> None:
    text = run("--help").stdout
    assert "a Discord bot that coaches people who write social-media posts" in text
    assert "DISCORD_TOKEN" in text and "rehearsal room" in text
    text = run("label", "--help").stdout
    for words in ("standard input, one a line", "JSON object", '"probability" (of conversation', '"error"'):
        assert words in text


def test_backup_says_what_it_has_written(tmp_path: Path) -> None:
    database, copy = tmp_path / "bot.db", tmp_path / "copy.db"
    asyncio.run(_with_a_nudge(database))
    done = run("backup", str(copy), SQUAREDEAL_DATABASE=str(database))
    assert done.returncode == 0
    assert done.stdout.startswith(f"{database} is copied to {copy}, 0.") and done.stdout.endswith(" MB.\n")


def test_a_database_that_cannot_be_one_is_refused_in_a_sentence(tmp_path: Path) -> None:
    token = f"{'a' * 24}.{'b' * 6}.{'c' * 28}"
    for name, says in (
        ("missing/x.db", "there is no such folder; create it"),
        ("", "is a folder; name a file in it"),
    ):
        path = str(tmp_path / name)
        done = run(DISCORD_TOKEN=token, SQUAREDEAL_DATABASE=path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1) and says in done.stderr
        [bad] = [one for one in examine(Path(path), "") if not one.good]
        assert says in bad.text
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_or_empty_database_is_named_by_the_doctor(tmp_path: Path) -> None:
    foreign, empty = tmp_path / "foreign.db", tmp_path / "empty.db"
    with closing(sqlite3.connect(foreign)) as raw:
        raw.execute("CREATE TABLE drafts (a)")
    empty.touch()
    [of_foreign] = [one for one in examine(foreign, "") if "foreign.db" in one.text and "of another" in one.text]
    assert not of_foreign.good
    assert any("no database yet" in one.text for one in examine(empty, ""))


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_the_doctor_says_if_others_may_read_the_database(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    asyncio.run(_with_a_nudge(database))
    for mode, told in ((0o644, True), (0o600, False)):
        database.chmod(mode)
        assert any("other users of this machine may read it" in one.text for one in examine(database, "")) is told


def test_without_simcord_one_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "simcord.py").write_text("raise ImportError('not here')")
    done = run(PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "SimCord" in done.stderr and "DISCORD_TOKEN" in done.stderr
    assert len(done.stderr.splitlines()) == 1


async def _with_a_nudge(path: Path, drafts: int = 3) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store = await Store.open(put_file(path), now)
    verdict = Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
    for number in range(1, drafts + 1):
        await store.drafts.record(NewDraft(number, 1, 10, None, 100, now, now.date(), verdict, 5, bytes(8), None))
        if number == 1:
            await store.nudges.add(StoredNudge(1, 1, 100, "two-options", Label.CONVERSATION), now, None)
    await store.close()


def test_tips_prints_how_each_tip_fared(tmp_path: Path) -> None:
    database = str(tmp_path / "tips.db")
    missing = run("tips", SQUAREDEAL_DATABASE=database)
    assert missing.returncode == 1 and "there is no database yet" in missing.stderr
    asyncio.run(_with_a_nudge(Path(database)))
    done = run("tips", SQUAREDEAL_DATABASE=database)
    assert done.returncode == 0
    head, line, _, trial = done.stdout.splitlines()
    assert head.split()[:3] == ["tip", "shown", "heeded"]
    assert line.split() == ["two-options", "1", "0", "1%", "to", "84%"]
    assert trial == "Too early to tell: 0 of 375 occasions to nudge so far."


def test_a_damaged_database_is_named_in_plain_words(tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    asyncio.run(_with_a_nudge(database, 400))
    content = database.read_bytes()
    sound = len(content) // 4096 // 2 * 4096
    database.write_bytes(content[:sound] + b"\xa5" * (len(content) - sound))
    for arguments in (["recount"], ["backup", str(tmp_path / "copy.db")]):
        done = run(*arguments, SQUAREDEAL_DATABASE=str(database))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "damaged" in done.stderr and "malformed" in done.stderr and "backup" in done.stderr
    assert not (tmp_path / "copy.db").exists()
    [bad] = [one for one in examine(database, "") if not one.good]
    assert "is damaged" in bad.text and "restore a backup" in bad.text


@pytest.mark.slow
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
