"""Tables of measured figures: the median of the rounds with its spread, beside the goal and whether it was met."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, measured once a round.

    Attributes:
        what: what was measured, with its unit.
        values: one value a round.
        form: how a value is written.
        most: the goal, if less is better.
        least: the goal, if more is better.
    """

    what: str
    values: Sequence[float]
    form: str = "{:.2f}"
    most: float | None = None
    least: float | None = None

    @property
    def median(self) -> float:
        """The median of the rounds, which is compared with the goal."""
        return statistics.median(self.values)

    def row(self) -> str:
        """The figure as a row of a table."""
        spread = f"{self.form.format(min(self.values))} to {self.form.format(max(self.values))}"
        goal, met = "", ""
        if self.most is not None:
            goal, met = f"≤ {self.form.format(self.most)}", "yes" if self.median <= self.most else "**no**"
        elif self.least is not None:
            goal, met = f"≥ {self.form.format(self.least)}", "yes" if self.median >= self.least else "**no**"
        cells = (self.what, self.form.format(self.median), spread, str(len(self.values)), goal, met)
        return f"| {' | '.join(cells)} |"


def put(page: Path, begin: str, figures: str, end: str) -> None:
    """Put figures on a page between two lines, replacing what is there; the rest of the page stays."""
    head, _, rest = page.read_text(encoding="utf-8").partition(begin)
    tail = rest.partition(end)[2]
    page.write_text(f"{head}{begin}\n{figures}\n{end}{tail}", encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """Figures as a Markdown table."""
    head = "| what | median | least to greatest | rounds | goal | met |\n|---|---|---|---|---|---|"
    return "\n".join([head, *(figure.row() for figure in figures)])


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The exponent of growth: the slope of a straight line through the logarithms of sizes and times."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def growth_table(what: str, rows: Mapping[str, Mapping[int, Sequence[float]]], form: str = "{:.2f}") -> str:
    """Medians by size, each row with its exponent of growth, as a Markdown table.

    Args:
        what: what the sizes count, with the unit of the values.
        rows: for each row's name and size, one value a round.
        form: how a value is written.
    """
    sizes = list(next(iter(rows.values())))
    lines = [
        f"| {what} | {' | '.join(f'{size:,}' for size in sizes)} | exponent |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for name, values in rows.items():
        medians = [statistics.median(values[size]) for size in sizes]
        cells = " | ".join(form.format(median) for median in medians)
        lines.append(f"| {name} | {cells} | {exponent(sizes, medians):+.2f} |")
    return "\n".join(lines)
