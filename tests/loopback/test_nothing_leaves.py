"""Only what goes to Discord leaves the machine, and no file is left outside the program's own folders.

This covers the dependencies too: the program runs in an empty home folder, and strace, if available, shows each
address that it connects or sends to.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import yarl

from tests.support.drafts import TELLS
from tests.support.loopback.town import ROOT, open_town

CALLS = "connect,sendto,sendmsg,sendmmsg"
# If the environment set these, it would hide what the program does by itself.
UNSET = (
    *("ORT_DISABLE_TELEMETRY", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"),
    *("XDG_STATE_HOME", "XDG_RUNTIME_DIR"),
)
INET = re.compile(r'sin6?_port=htons\((\d+)\).*?"([0-9a-f.:]+)"')


@dataclass
class Run:
    """What a run did: the files in its home, and the addresses it contacted; None if they could not be seen."""

    home: list[str]
    addresses: set[tuple[str, int]] | None
    discord: tuple[str, int]


def tracer(trace: Path) -> list[str] | None:
    """The command that logs which addresses a program contacts; None if this machine has no working strace."""
    command = ["strace", "-D", "-f", "-e", f"trace={CALLS}", "-o", str(trace)]
    if shutil.which("strace") is None or subprocess.run([*command, "true"], check=False).returncode:  # noqa: S603
        return None
    return command


def addresses(trace: Path, process: int) -> set[tuple[str, int]]:
    """The internet addresses in the trace of a process that has ended."""
    end = re.compile(rf"^{process} +\+\+\+ exited", re.MULTILINE)
    # The tracer runs beside the program and may end after it.
    for _ in range(500):
        if end.search(text := trace.read_text()):
            return {(address, int(port)) for port, address in INET.findall(text)}
        time.sleep(0.02)
    raise TimeoutError("the trace does not end")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `bot.py label`, and the bot on the loopback Discord for a draft and a `/balance` with a chart."""
    folder = tmp_path_factory.mktemp("run")
    home, trace = folder / "home", folder / "trace"
    home.mkdir()
    env = ["env", *(f"-u{name}" for name in UNSET), f"HOME={home}"]
    seen: set[tuple[str, int]] = set()

    async def go() -> tuple[str, int]:
        traced = await asyncio.to_thread(tracer, trace) or []
        labelling = await asyncio.create_subprocess_exec(
            *(*env, *traced, sys.executable, "bot.py", "label"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        labelled, _ = await labelling.communicate(TELLS.encode())
        assert b'"content"' in labelled
        if traced:
            seen.update(await asyncio.to_thread(addresses, trace, labelling.pid))
        async with open_town(folder) as town:
            town.bot.before = (*env, *traced)
            await town.bot.start()
            await town.signed(await town.discord.post(town.drafts, town.ann, TELLS), "📣")
            answer = await town.discord.slash(town.drafts, town.ann, "balance")
            assert "attachment://" in str(answer.messages[0].fields["embeds"])
            assert town.bot.process is not None
            process = town.bot.process.pid
            assert await town.bot.end() == 0, town.bot.log
            if traced:
                seen.update(await asyncio.to_thread(addresses, trace, process))
            at = yarl.URL(town.discord.address)
            assert at.host is not None and at.port is not None
            return at.host, at.port

    discord = asyncio.run(go())
    left = [str(path.relative_to(home)) for path in home.rglob("*")]
    return Run(left, seen if trace.exists() else None, discord)


@pytest.mark.slow
def test_no_file_is_left_in_the_home_folder(run: Run) -> None:
    assert run.home == []


@pytest.mark.slow
def test_only_discord_is_contacted(run: Run) -> None:
    if run.addresses is None:
        pytest.skip("strace is not installed, or may not trace here")
    assert run.addresses == {run.discord}
