"""Speed, memory and size of the labeller: `python -m benchmarks.labelling`.

With the training group installed the plain encoder in PyTorch runs beside it, in turns, for a ratio.
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from coach.labels import Verdict

ROUNDS = 7
CALLS = 40
SENTENCE = "We moved the beds last autumn and laid paths of bark between them, and what do you cover yours with? "
DRAFT = (SENTENCE * 3)[:280]


def resident_mb() -> float:
    """Resident memory of this process in megabytes; Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def p50_ms(call: Callable[[], object]) -> float:
    """Median time of a call in milliseconds."""
    times: list[float] = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def plain_encoder() -> Callable[[], object] | None:
    """The six-layer encoder in PyTorch on one thread, or None where the training group is not installed."""
    try:
        import torch  # noqa: PLC0415

        from training.encoder import Net, predict  # noqa: PLC0415
    except ImportError:
        return None
    torch.set_num_threads(1)
    net = Net()
    return lambda: predict(net, [DRAFT])


def main() -> None:
    """Print the figures."""
    before = resident_mb()
    began = time.perf_counter()
    from coach.labeller import FOLDER, Labeller  # noqa: PLC0415  # its import is part of what is measured

    labeller = Labeller.load()
    loading = time.perf_counter() - began

    def one() -> list[Verdict]:
        return labeller.label([DRAFT])

    one()
    began = time.perf_counter()
    labeller.label([DRAFT] * 64)
    batch = 64 / (time.perf_counter() - began)
    print(f"memory added: {resident_mb() - before:.0f} MB, import and load: {loading:.2f} s")
    print(f"files: {sum(file.stat().st_size for file in FOLDER.iterdir()) / 1e6:.1f} MB")
    print(f"64 drafts of {len(DRAFT)} characters: {batch:.0f} a second on one thread")
    print(f"one with its reasons: {p50_ms(lambda: labeller.explain(DRAFT)):.1f} ms")
    plain = plain_encoder()
    ours: list[float] = []
    ratios: list[float] = []
    for _ in range(ROUNDS):
        ours.append(p50_ms(one))
        if plain is not None:
            ratios.append(p50_ms(plain) / ours[-1])
    print(f"one draft of {len(DRAFT)} characters, one thread, p50: {statistics.median(ours):.1f} ms")
    if ratios:
        print(
            f"the plain encoder in PyTorch takes {statistics.median(ratios):.1f} times as long "
            f"({min(ratios):.1f} to {max(ratios):.1f} over {ROUNDS} rounds)"
        )


if __name__ == "__main__":
    main()
