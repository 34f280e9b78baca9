"""All figures of speed and size, written into `docs/performance.md`: `python -m benchmarks [ROUNDS]`."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import growth, labelling, wire
from benchmarks.report import put

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by python -m benchmarks -->", "<!-- end of figures -->"
PACKAGES = (
    "discord.py",
    "aiosqlite",
    "onnxruntime",
    "tokenizers",
    "numpy",
    "torch",
    "transformers",
    "scikit-learn",
)


def machine() -> str:
    """The processor's model and the number of cores that this process may use."""
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("model name")[2]
    except OSError:
        facts = ""
    model = facts.partition(":")[2].partition("\n")[0].strip() or platform.machine()
    return f"{model}, {len(os.sched_getaffinity(0))} cores"


def versions() -> str:
    """What ran."""
    found = [
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"Red-DiscordBot {wire.RED}",
    ]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return ", ".join(found)


async def main(rounds: int) -> None:
    """Measure one thing after the other, so that none disturbs another."""
    began = time.monotonic()
    parts = [f"{machine()}; {datetime.now(UTC):%d %B %Y}; {versions()}. Rounds: {rounds}."]
    for measured in (wire, labelling, growth):
        parts.append(await measured.section(rounds))
        print(parts[-1], flush=True)
    parts.append(f"All of it took {(time.monotonic() - began) / 60:.0f} minutes.")
    put(PAGE, BEGIN, "\n\n".join(parts), END)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
