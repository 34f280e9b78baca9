"""How times grow with what is stored, watched and served."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.growth import asking, catching, lag, watching


async def section(rounds: int) -> str:
    """Measure one thing after another.

    Returns:
        Markdown with the tables.
    """
    began = time.monotonic()
    parts = ["## Growth"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts.append(await asking.section(folder, rounds))
        print("growth: large databases are done", file=sys.stderr, flush=True)
        parts.append(await watching.section(folder, rounds))
        parts.append(await catching.section(folder, rounds))
        print("growth: catching up is done", file=sys.stderr, flush=True)
    parts.append(await lag.section(rounds))
    parts.append(f"Growth took {(time.monotonic() - began) / 60:.1f} minutes.")
    return "\n\n".join(parts)
