"""The .env file: read where the bot starts, after the environment, and never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.doctor import look_at_env_file
from coach.env_file import read_env_file, token_in, with_env_file
from coach.errors import SettingsError
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[1]
TOKEN = f"{'a' * 24}.{'b' * 6}.{'c' * 28}"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / ".env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"DISCORD_TOKEN={TOKEN}",
        f"# mine\n\nexport DISCORD_TOKEN = '{TOKEN}'\r\nOTHER=1\n",
        f'DISCORD_TOKEN="{TOKEN}" # secret\n',
        f"DISCORD_TOKEN={TOKEN}\n".encode("utf-8-sig"),
        # What `echo DISCORD_TOKEN=… > .env` writes in Windows PowerShell 5.
        f"DISCORD_TOKEN={TOKEN}\r\n".encode("utf-16"),
    ],
)
def test_the_ways_people_write_it_are_understood(tmp_path: Path, text: str | bytes) -> None:
    assert read_env_file(write(tmp_path, text)) == {"DISCORD_TOKEN": TOKEN}


def test_the_environment_comes_first_even_if_it_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, f"DISCORD_TOKEN={TOKEN}\nSQUAREDEAL_DATABASE=file.db\nPATH=/nowhere\n")
    assert with_env_file(path, {"PATH": "/bin"}) == {
        "DISCORD_TOKEN": TOKEN,
        "SQUAREDEAL_DATABASE": "file.db",
        "PATH": "/bin",
    }
    assert token_in(with_env_file(path, {"DISCORD_TOKEN": ""})) == ""
    assert with_env_file(path, {"SQUAREDEAL_DATABASE": "mine.db"})["SQUAREDEAL_DATABASE"] == "mine.db"
    assert with_env_file(tmp_path / "none", {"A": "b"}) == {"A": "b"}


@pytest.mark.parametrize(
    ("text", "line"), [(TOKEN, 1), (f"# x\n{TOKEN}\n", 2), (f'A=1\nDISCORD_TOKEN="{TOKEN}\n', 2), (f"={TOKEN}", 1)]
)
def test_a_bad_line_is_named_and_not_shown(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_env_file(write(tmp_path, text))
    assert f".env:{line}: is not a line such as DISCORD_TOKEN=your-token" in str(refusal.value)
    assert TOKEN not in str(refusal.value)


@given(st.binary() | st.text(st.sampled_from("DISCORD_TOKEN='\"\\#\n =export")).map(str.encode))
def test_whatever_is_in_it_is_read_or_refused(content: bytes) -> None:
    path = Path("/dev/shm" if Path("/dev/shm").is_dir() else ".") / f"squaredeal-{hash(content):x}.env"  # noqa: S108
    path.write_bytes(content)
    try:
        assert all(name.startswith(("DISCORD_TOKEN", "SQUAREDEAL_")) for name in read_env_file(path))
    except SettingsError as refusal:
        assert str(refusal).startswith(str(path))
    finally:
        path.unlink()


def test_the_doctor_names_variables_but_not_their_values(tmp_path: Path) -> None:
    path = write(tmp_path, f"DISCORD_TOKEN={TOKEN}\nSQUAREDEAL_DATABASE=file.db\n")
    [said] = look_at_env_file(path, {"SQUAREDEAL_DATABASE": "mine.db"})
    assert said.good
    assert said.text == f"{path}: sets DISCORD_TOKEN; the environment has its own SQUAREDEAL_DATABASE."
    path.chmod(0o644)
    open_to_all, _ = look_at_env_file(path, {})
    assert not open_to_all.good and "run `chmod 600` on it" in open_to_all.text
    assert list(look_at_env_file(tmp_path / "none", {})) == []


def test_the_program_reads_it_where_it_is_started(tmp_path: Path) -> None:
    write(tmp_path, "DISCORD_TOKEN=your-token\n")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / "bot.py")],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("DISCORD_TOKEN does not look like a token")
