"""Try all that can go wrong and write the table into the docs: `python -m benchmarks.faults [WORD …]`.

With words, only the rows whose names have one of them are run, and the docs stay as they are. Ends with status 1
if a row went wrong, which stands in capitals in its second column.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults import process, requests, world
from benchmarks.report import put
from tests.support.loopback.bench import Bench
from tests.support.loopback.server import Loopback
from tests.support.loopback.town import ROOT

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: written by python -m benchmarks.faults -->", "<!-- end of faults -->"


async def run(words: Sequence[str] = ()) -> Bench:
    """Run the rows with one of the words in their names, or all of them."""
    with tempfile.TemporaryDirectory() as name:
        async with Loopback() as discord:
            bench = Bench(discord, Path(name), words)
            await requests.run(bench)
            await world.run(bench)
            await process.run(bench)
            for error in discord.errors:
                print(f"the loopback Discord could not answer: {error!r}")
    return bench


def main() -> int:
    """Run and print; 1 if anything went wrong."""
    began = time.monotonic()
    bench = asyncio.run(run(sys.argv[1:]))
    if not sys.argv[1:]:
        table = "| what went wrong | the draft | the bot said | the log said |\n|---|---|---|---|\n"
        table += "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in bench.rows)
        put(PAGE, BEGIN, table, END)
    for row in bench.failures:
        print("FAILED", " | ".join(row))
    print(f"{len(bench.rows)} rows, {len(bench.failures)} went wrong; {time.monotonic() - began:.0f} s")
    return int(bool(bench.failures))


if __name__ == "__main__":
    sys.exit(main())
