"""The files for operators fit the program and each other, as far as this shows without systemd and Docker."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from coach import __version__
from coach.settings import load

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_has_all_that_the_program_is_and_neither_token_nor_database() -> None:
    lets_in = set(re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE))
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    }
    assert copied == lets_in == {"pyproject.toml", "LICENSE", "bot.py", "coach", "cogs", "config"}
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_sets_what_the_program_reads_and_runs_as_a_user_of_its_own() -> None:
    variables = dict(re.findall(r"(SQUAREDEAL_\w+)=(\S+)", DOCKERFILE))
    settings = load(None, variables)
    assert settings.database == "/data/squaredeal.db"
    assert settings.monitoring.host == "127.0.0.1"
    assert f"http://127.0.0.1:{settings.monitoring.port}/healthz" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert all("slim" in image for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))


def test_the_container_is_locked_in_and_keeps_its_database() -> None:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert bot["read_only"] and bot["cap_drop"] == ["ALL"]
    assert bot["volumes"] == ["data:/data"] and bot["tmpfs"] == ["/tmp"]  # noqa: S108
    assert (DEPLOY / bot["build"]["context"]).resolve() == ROOT
    assert (ROOT / bot["build"]["dockerfile"]).is_file()
    assert "ports" not in bot


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "squaredeal.service").read_text(encoding="utf-8")
    read = RawConfigParser(strict=False, delimiters="=")
    read.optionxform = str  # type: ignore[assignment]
    read.read_string(text)
    python, program = read["Service"]["ExecStart"].split()
    assert (python, program) == ("/opt/squaredeal/.venv/bin/python", "/opt/squaredeal/bot.py")
    assert read["Service"]["WorkingDirectory"] == "/var/lib/squaredeal"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "squaredeal.service"
    unit.write_text(text.replace(python, "/bin/sh"), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        ["systemd-analyze", "verify", str(unit)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_newest_release_in_the_changelog_is_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\](.*)$", changelog, re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    released = [(name, date) for name, date in headings if name != "Unreleased"]
    assert all(re.fullmatch(r" - \d{4}-\d\d-\d\d", date) for _, date in released)
    assert [name for name, _ in released][:1] in ([], [__version__])
    if not released:
        assert f"This becomes {__version__}," in changelog
