"""All commands in the pages are run as they stand; those that can't be run here are listed with the reason."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.arguments import parser
from coach.store.schema import MIGRATIONS, migration_files
from tests.support.databases import put_file
from tests.support.exports import outbox
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "training" / "README.md",
]
BEGINS = (
    *("uv ", "uvx ", "pip ", "pipx ", "sudo ", "brew ", "docker ", "git ", "python ", "bot.py "),
    *(".ci/run", "PYTHONPATH", "DISCORD_TOKEN=your-token ", "journalctl "),
)

NOT_RUN = {
    r"pip install uv(;| &&|$).*": "changes the machine; .ci/run runs `pip install uv && uv run pytest`",
    r"(sudo|brew|pipx|journalctl|squaredeal) .*|squaredeal\(\).*|cd /opt/.*": "needs root or another system",
    r"docker .*": "needs Docker",
    r"git (pull|tag|checkout) ?.*": "changes the working tree",
    r"uvx pre-commit .*": "fetches pre-commit and its hooks",
    r"uv run (ruff|pyright).*|\.ci/run": ".ci/run runs it",
    r"uv run pytest -m (slow|hypothesis).*|uv run pytest": ".ci/run runs it",
    r"uv run python tests/test_architecture.py": "writes a page; a test compares the two",
    r"(uv run (--group \w+ )?)?python -m benchmarks.*": "takes minutes; tests/test_benchmarks.py imports each",
    r"(uv run (--group \w+ )?)?python -m training.*": "needs training data or its libraries; "
    "tests/test_benchmarks.py imports each",
    r"python benchmarks/peers.py .*": "needs the environments of other bots",
    r"PYTHONPATH=\. uv run python FILE": "the test of the block above it does so",
    r"DISCORD_TOKEN=your-token uv run bot.py": "tests/loopback runs it against a Discord of its own",
    r"uv run bot.py( --log json| --shards 0-3/16)?": "tests/journeys/test_rehearsal.py and tests/loopback run it",
    r"uv run bot.py (sync|invite)": "asks Discord; tests/loopback runs it",
    r"uv run|bot.py [a-z-]+( --json| FILE…)?|pip install discord.py": "names a command, is none to type",
}
"""Patterns of commands that no test here runs, with the reason."""

RUN = {
    "uv run bot.py doctor": "The settings are valid.",
    "uv run bot.py --help": "--version",
    "uv run bot.py --version": ".",
    "uv run bot.py backup FILE": "is copied to",
    "uv run bot.py import FILE…": "Mastodon: 6 posts",
    "uv run bot.py recount": "",
    "uv run bot.py undelete": "",
    "uv run bot.py tips": "",
    "uv run bot.py invite APPLICATION_ID": "client_id=123456789012345678&",
    "chmod 600 .env": "",
    "echo 'How do you keep your seedlings alive while you are away?' | uv run bot.py label": '"conversation"',
    "uv run pytest tests/test_architecture.py": "test_imports_run_one_way",
    "uv run pytest tests/test_settings.py": "test_every_problem_is_named_at_once",
    "uv run pytest tests/test_settings.py -k every_problem": "test_every_problem_is_named_at_once",
    "uv run pytest tests/test_settings.py -k every_problem -n 0": "test_every_problem_is_named_at_once",
    "uv run pytest -m slow tests/journeys/test_rehearsal.py": "test_rehearsal",
}
"""Commands that are run here, each with something that it prints. Tests are only named, as all are run anyway."""

SHIM = """#!/bin/sh
# uv, in the environment in which the tests run, which is not to be changed.
[ "$1" = run ] || exit 64
shift
case "$1" in
    bot.py) exec python "$@" ;;
    pytest) shift; exec python -m pytest --collect-only -q -p no:cacheprovider "$@" ;;
esac
exit 64
"""


@dataclass(frozen=True)
class Command:
    """A command and the page that it is on."""

    page: str
    line: str


def commands(page: Path) -> Iterator[Command]:
    """The lines of blocks for a shell, and what stands in a text or table and begins like a command."""
    text, name = page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if bare := re.sub(r"\s{2,}#.*$", "", line).strip():
                yield Command(name, bare)
    for span in re.findall(r"`([^`]+)`", re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        bare = " ".join(span.split())
        if bare.startswith(BEGINS):
            yield Command(name, bare)


ALL = [command for page in PAGES for command in commands(page)]


def why_not(line: str) -> str | None:
    return next((why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, line)), None)


def test_each_command_is_run_here_or_listed_with_the_reason() -> None:
    assert {command for command in ALL if command.line not in RUN and not why_not(command.line)} == set()
    there = {command.line for command in ALL}
    assert set(RUN) <= there
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, line) for line in there)] == []


def test_the_program_knows_every_command_and_option_that_is_named() -> None:
    named = {found for one in ALL for found in re.findall(r"bot\.py((?: [^|&;`]+)?)$", one.line)}
    assert " doctor" in named
    for arguments in named - {" --help", " --version"}:
        parser().parse_args(shlex.split(arguments))


@pytest.fixture
def workplace(tmp_path: Path) -> dict[str, str]:
    """An environment with uv's stand-in, a database, and no token."""
    shim = tmp_path / "bin" / "uv"
    shim.parent.mkdir()
    shim.write_text(SHIM)
    shim.chmod(0o755)
    (tmp_path / "bot.db").touch(0o600)
    put_file(tmp_path / "bot.db")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SQUAREDEAL_")}
    path = os.pathsep.join([str(shim.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    return clean | {"PATH": path, "DISCORD_TOKEN": "", "SQUAREDEAL_DATABASE": str(tmp_path / "bot.db")}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="they are written for a shell")
@pytest.mark.parametrize(("line", "prints"), RUN.items())
def test_it_runs_as_it_stands(line: str, prints: str, tmp_path: Path, workplace: dict[str, str]) -> None:
    (tmp_path / ".env").touch()
    cwd = tmp_path if line.startswith("chmod") else ROOT
    (tmp_path / "outbox.json").write_bytes(outbox())
    line = (
        line.replace("FILE…", str(tmp_path / "outbox.json"))
        .replace("FILE", str(tmp_path / "copy.db"))
        .replace("APPLICATION_ID", "123456789012345678")
    )
    done = subprocess.run(  # noqa: S602
        line,
        shell=True,
        cwd=cwd,
        env=workplace,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert prints in done.stdout
    if "label" in line:
        assert json.loads(done.stdout)["label"] == "conversation"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
def test_the_first_command_opens_the_room_and_ctrl_c_closes_it(workplace: dict[str, str]) -> None:
    with subprocess.Popen(
        ["uv", "run", "bot.py"],  # noqa: S607
        cwd=ROOT,
        env=workplace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as room:
        assert room.stdout is not None
        line = room.stdout.readline()
        room.send_signal(signal.SIGINT)
        _, log = room.communicate(timeout=LONGEST_WAIT)
    assert re.search(r"http://127\.0\.0\.1:\d+/", line), line + log
    assert room.returncode == 0


def test_the_two_commands_are_the_same_for_powershell() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install uv && uv run bot.py".replace(" &&", ";") in text
    for line in re.findall(r"`(\$env:[^`]+)`", text):
        assert re.fullmatch(r'\$env:DISCORD_TOKEN = "your-token"; uv run bot\.py', line)


@pytest.mark.slow
def test_the_block_that_keeps_a_new_schema_does_so(tmp_path: Path) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    [block] = [one for one in blocks if "migrate" in one]
    script, schemas = tmp_path / "keep.py", tmp_path / "tests" / "store" / "schemas"
    script.write_text(block, encoding="utf-8")
    schemas.mkdir(parents=True)
    newest = max(migration_files(MIGRATIONS))
    old = f"{newest - 1:04}.sql"
    schemas.joinpath(old).write_bytes((ROOT / "tests" / "store" / "schemas" / old).read_bytes())
    subprocess.run(  # noqa: S603
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        timeout=LONGEST_WAIT,
    )
    made = (schemas / f"{newest:04}.sql").read_text(encoding="utf-8")
    assert f'INSERT INTO "schema_migrations" VALUES({newest},' in made
