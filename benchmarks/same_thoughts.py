"""Which drafts say the same, by their sketches: `python -m benchmarks.same_thoughts [--wrong]`.

It prints precision and recall for each sort of pair in `tests/intake/`; with `--wrong`, also the pairs that are
called wrongly, those that were held back aside.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tests.support.thought_pairs import HELD, MORE, TUNE, Pair, figures, read


def lines(name: str, pairs: Sequence[Pair]) -> list[str]:
    """A table in Markdown: how pairs of each sort, and all of them, are called."""
    families = {
        family: [pair for pair in pairs if pair.family == family] for pair in pairs for family in [pair.family]
    }
    table = [f"| {name} | pairs | say the same | called the same | rightly |", "|---|---|---|---|---|"]
    for family, of_family in {**families, "all": list(pairs)}.items():
        found = figures(of_family)
        table.append(f"| {family} | {found.pairs} | {found.same} | {found.called} | {found.right} |")
    found = figures(pairs)
    return [*table, f"precision {found.precision:.3f}, recall {found.recall:.3f}", ""]


def main() -> None:
    """Read the pairs and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print the pairs that are called wrongly")
    arguments = parser.parse_args()
    for name, file in (("fitted on, first writer", TUNE), ("fitted on, second writer", MORE), ("held back", HELD)):
        if file.exists():
            print("\n".join(lines(name, read(file))))
    if arguments.wrong:
        for pair in read(TUNE) + read(MORE):
            if pair.called_same != pair.same:
                says = "the same" if pair.same else "different"
                print(f"[{pair.family}, {says}]\n{pair.first}\n--\n{pair.second}\n")


if __name__ == "__main__":
    main()
