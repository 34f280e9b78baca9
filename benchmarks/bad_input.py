"""Bad input: a million odd drafts through rules, labeller and messages: `python -m benchmarks.bad_input [COUNT]`.

What they go through is in `tests/support/bad_input.py`. It prints counts and failures (an exception, or a message
beyond Discord's documented limits) and ends with status 1 if there is one.
"""

from __future__ import annotations

import asyncio
import sys
import time

from tests.support.bad_input import CHART_EVERY, COACHED_EVERY, EXPLAINED_EVERY, FILED_EVERY, SEED, run

SHOWN = 20


def main() -> int:
    """Run and print; 1 if anything failed."""
    count = int(sys.argv[1].replace(",", "").replace("_", "")) if len(sys.argv) > 1 else 1_000_000
    begun, used = time.perf_counter(), time.process_time()
    trial = asyncio.run(run(count, progress=lambda line: print(line, flush=True)))
    taken, used = time.perf_counter() - begun, time.process_time() - used
    print(f"{count:,} drafts, seed {SEED}; {taken:.0f} s, {used:.0f} s of CPU")
    print(
        f"from a file: every {FILED_EVERY}th draft; database (texts kept): every {COACHED_EVERY}th; "
        f"reasons from the encoder: every {EXPLAINED_EVERY:,}th; charts: every {CHART_EVERY:,}th; "
        "all else: every draft"
    )
    for what, number in sorted(trial.counts.items()):
        print(f"{number:>10,}  {what}")
    print(f"slowest draft: {trial.slowest[0] * 1000:.0f} ms, {len(trial.slowest[1]):,} characters")
    for failure in trial.failures[:SHOWN]:
        print(f"FAILED {failure}")
    print(f"{len(trial.failures)} failures")
    return int(bool(trial.failures))


if __name__ == "__main__":
    sys.exit(main())
