"""The doctor on broken set-ups, each made for real: what it says is on the page for operators, with what to do."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.doctor import Finding, examine, growth, look_at_port
from tests.support.run_page import is_on_the_page
from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[1]
TOKEN = f"{'a' * 24}.{'b' * 6}.{'c' * 28}"


def diagnose(cwd: Path, *before: str, program: Path = ROOT / "bot.py", **environ: str) -> list[dict[str, object]]:
    """What is wrong, says `bot.py doctor --json` in a folder, in an environment of its own."""
    done = subprocess.run(  # noqa: S603
        [*before, sys.executable, str(program), "doctor", "--json"],
        cwd=cwd,
        env={"PATH": os.environ["PATH"]} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_WAIT,
    )
    told = json.loads(done.stdout)
    wrong = [finding for finding in told["findings"] if not finding["good"]]
    assert (done.returncode, told["good"], done.stderr) == (int(bool(wrong)), not wrong, "")
    return wrong


def said(wrong: list[dict[str, object]]) -> str:
    """The one thing that is wrong."""
    [finding] = wrong
    assert is_on_the_page(str(finding["text"])), finding["text"]
    return str(finding["text"])


@pytest.mark.slow
def test_a_sound_set_up_has_nothing_wrong_even_without_a_token(tmp_path: Path) -> None:
    assert diagnose(tmp_path) == []
    assert is_on_the_page(next(one.text for one in examine(tmp_path / "x.db", "") if "DISCORD_TOKEN" in one.text))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_misspelt_settings_are_named_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("nudges:\n  dailycap: 2\n")
    assert "own.yaml:2: nudges.dailycap: unknown key; did you mean daily_cap?" in said(
        diagnose(tmp_path, SQUAREDEAL_CONFIG="own.yaml")
    )
    assert "did you mean SQUAREDEAL_DATABASE?" in said(diagnose(tmp_path, SQUAREDEAL_DATABSE="x.db"))
    (tmp_path / ".env").write_text(TOKEN)
    (tmp_path / ".env").chmod(0o600)
    text = said(diagnose(tmp_path))
    assert ".env:1: is not a line" in text and TOKEN not in text


@pytest.mark.slow
def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    for name in ("bot.py", "pyproject.toml", "coach", "cogs", "config"):
        take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        take(ROOT / name, copy / name) if copy.is_dir() else (copy.mkdir(), take(ROOT / name, copy / name))
    model = copy / "coach" / "labelling" / "model" / "encoder.onnx"
    model.write_bytes(model.read_bytes()[:1_000_000])
    text = said(diagnose(tmp_path, program=copy / "bot.py"))
    assert "the labeller's model is missing or damaged" in text


def unshare(folder: Path, options: str) -> list[str]:
    """The command before a program that gives it a small disk of its own, mounted on a folder."""
    folder.mkdir()
    mount = f'mount -t tmpfs -o {options} none "{folder}" && exec "$@"'
    before = ["unshare", "--mount", "sh", "-c", mount, "sh"]
    if shutil.which("unshare") is None or subprocess.run([*before, "true"], check=False).returncode:  # noqa: S603
        pytest.skip("no disk can be mounted here")
    return before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("ro,size=500m", "is on a disk that can only be read"),
        ("size=20m", "only 20 MB are free beside it; make room"),
    ],
)
def test_a_disk_that_is_full_or_can_only_be_read(tmp_path: Path, options: str, says: str) -> None:
    disk = tmp_path / "disk"
    assert says in said(diagnose(tmp_path, *unshare(disk, options), SQUAREDEAL_DATABASE=str(disk / "bot.db")))


@pytest.fixture
def open_to_all() -> Generator[Path]:
    """A folder that everybody may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_a_folder_or_database_that_this_user_may_not_write_to(open_to_all: Path) -> None:
    # Somebody else, as root may do everything.
    code = (
        "import os, sys; from pathlib import Path; from coach.store.health import why_unwritable\n"
        "if not os.getuid(): os.setgid(65534); os.setuid(65534)\n"
        "print(why_unwritable(Path(sys.argv[1])))"
    )
    folder = open_to_all / "closed"
    folder.mkdir()
    (folder / "bot.db").touch()

    def asked() -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code, str(folder / "bot.db")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=LONGEST_WAIT,
        )
        return done.stdout.strip()

    folder.chmod(0o555)
    assert asked() == f"the folder {folder} can't be written to; let the user who runs the bot own it"
    assert is_on_the_page(asked())
    folder.chmod(0o777)
    (folder / "bot.db").chmod(0o444)
    assert asked() == "can't be written to; let the user who runs the bot own it"
    (folder / "bot.db").chmod(0o666)
    assert asked() == ""
    folder.chmod(0o755)


@contextlib.contextmanager
def answering(body: str) -> Generator[int]:
    """A web server that answers everything alike; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def at(port: int) -> Finding:
    found = look_at_port("127.0.0.1", port)
    assert found is not None
    return found


def test_a_port_that_is_taken_is_told_from_that_of_the_running_bot() -> None:
    assert look_at_port("127.0.0.1", 0) is None
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert at(port).text == f"127.0.0.1, port {port}: free for /healthz and /metrics."
    for body in ("<html>", "{}", "[]", '{"squaredeal": "1.0", "why": 3}'):
        with answering(body) as port:
            assert not at(port).good and is_on_the_page(at(port).text)
            assert f"Nothing can be served on 127.0.0.1, port {port} (" in at(port).text
    with answering('{"squaredeal": "1.0", "ok": true, "why": []}') as port:
        assert at(port) == Finding(True, "The bot that runs, version 1.0, says that all is well.")
    with answering('{"squaredeal": "1.0", "ok": false, "why": ["it is starting"]}') as port:
        assert not at(port).good and is_on_the_page(at(port).text)
        assert at(port).text == "The bot that runs, version 1.0, is not doing its work: it is starting."


@given(st.integers(0, 5_000), st.integers(0, 1_000_000), st.booleans(), st.booleans())
def test_discords_limits_are_told_ahead(servers: int, users: int, verified: bool, reviewed: bool) -> None:
    found = list(growth(servers, users, verified, reviewed))
    assert all(finding.good for finding in found)
    assert f"in {servers:,} server" in found[0].text and f"{users:,} users" in found[0].text
    assert found[0].soon == (servers >= 75 and not verified)
    assert ("before Discord has verified it" in found[0].text) == (servers >= 100 and not verified)
    later = [finding for finding in found[1:] if finding.soon]
    assert bool(later) == (users >= 7_500 and not reviewed)
    assert all(is_on_the_page(finding.text) for finding in found if finding.soon)
