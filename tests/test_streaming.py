"""Labelling a stream of lines, in the library and as `bot.py label`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

LINES = [
    b'{"text": "How do you keep your seedlings alive while you are away?", "id": 7}',
    b"Our winter opening hours start on Monday.",
    b"{not json",
    b"",
    b'{"words": "none"}',
    b"\xff\xfe broken",
    "Thank you so much for coming, Maria! 🎉".encode(),
]


def run(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "bot.py", "label"], input=data, cwd=ROOT, capture_output=True, check=False
    )


def test_one_object_a_line_in_order_and_the_work_goes_on_after_a_bad_one() -> None:
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


def test_good_lines_alone_end_well_and_nothing_gives_nothing() -> None:
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
        assert process.wait(timeout=20) == 0
