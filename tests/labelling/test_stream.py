"""Labelling a stream of lines, in the library and as `bot.py label`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[2]

LINES = [
    b'{"text": "How do you keep your seedlings alive while you are away?", "id": 7}',
    b"Our winter opening hours start on Monday.",
    b"{not json",
    b"",
    b'{"words": "none"}',
    b"\xff\xfe broken",
    "Thank you so much for coming, Maria! 🎉".encode(),
]


def run(data: bytes, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "bot.py", "label"]
    return subprocess.run(  # noqa: S603
        command, input=data, cwd=ROOT, env=os.environ | environ, capture_output=True, check=False
    )


def test_one_object_per_line_in_order_and_a_bad_line_stops_nothing() -> None:
    done = run(b"\n".join(LINES) + b"\n")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert done.stderr == b""
    assert [result.get("label") for result in results] == [
        "conversation", "content", None, None, None, "conversation",
    ]  # fmt: skip
    assert [result["line"] for result in results if "error" in result] == [3, 5, 6]
    for result in results:
        if "error" not in result:
            assert result.keys() == {"label", "probability", "kind", "unsure", "reasons"}
            assert 0 <= result["probability"] <= 1


def test_good_lines_give_status_0_and_empty_input_gives_no_output() -> None:
    assert run(LINES[0] + b"\n").returncode == 0
    empty = run(b"")
    assert (empty.returncode, empty.stdout) == (0, b"")


def test_results_come_while_the_input_is_still_open() -> None:
    with subprocess.Popen(
        [sys.executable, "bot.py", "label"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for _ in range(2):
            process.stdin.write(LINES[1] + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["label"] == "content"
        process.stdin.close()
        assert process.wait(timeout=LONGEST_WAIT) == 0


def test_the_terminals_encoding_does_not_matter() -> None:
    party = 'Great day 🎉🎉 at the fair: "come and see us" \\ud83d!'.encode()
    line = b'{"text": "Half a \\ud83d letter, and what do you grow in the shade?"}'
    done = run(party + b"\n" + line, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len([json.loads(row.decode()) for row in done.stdout.splitlines()]) == 2


@pytest.mark.slow
def test_utf_16_is_known_by_its_mark_and_refused_without_it() -> None:
    text = "We open a new shop on Monday.\r\nThank you all for coming! 🎉\r\n"
    for encoding in ("utf-16", "utf-16-be"):
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        done = run((mark + text).encode(encoding))
        assert (done.returncode, done.stderr) == (0, b"")
        assert [json.loads(row)["label"] for row in done.stdout.splitlines()] == ["content", "conversation"]
    errors = [json.loads(row)["error"] for row in run(text.encode("utf-16-be")).stdout.splitlines()]
    assert errors and all("not text" in error or "not UTF-8" in error for error in errors)


@pytest.mark.skipif(os.name == "nt", reason="needs pipes that tell a writer that its reader has gone")
def test_a_reader_that_has_enough_ends_it_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "bot.py", "label"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(LINES[1] + b"\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.stdout.close()
        process.stdin.write((LINES[1] + b"\n") * 5)
        process.stdin.close()
        assert process.wait(timeout=LONGEST_WAIT) == 141
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_full_disk_is_reported_in_the_systems_words() -> None:
    for command in (["label"], ["--help"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "bot.py", *command],
                input=LINES[1],
                cwd=ROOT,
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert (done.returncode, done.stderr) == (1, b"The output can't be written: No space left on device.\n")
