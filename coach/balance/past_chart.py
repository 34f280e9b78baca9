"""A past as a picture: known and judged posts by month, and the share over a year with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from coach.balance.chart import (
    CONTENT_COLOUR,
    CONVERSATION_COLOUR,
    DPI,
    FONT,
    INK,
    SIZE,
    draw_band,
    finish,
    png,
)
from coach.balance.standing import Goal
from coach.past.judging import Balance

PALE = 0.45
"""How opaque what was judged is, beside what is known."""

WINDOW_MONTHS = 12
"""Months over which the share is taken, as single ones have few posts."""

MOST_TICKS = 6


def span(months: Mapping[date, Balance]) -> list[date]:
    """All months from the first with a post that counts to the last one, in order, each by its first day."""
    counted = sorted(month for month, balance in months.items() if balance.counted)
    if not counted:
        return []
    first, last = ((month.year * 12 + month.month - 1) for month in (counted[0], counted[-1]))
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]


def window_of(months: Mapping[date, Balance], shown: Sequence[date], place: int) -> Balance:
    """The `WINDOW_MONTHS` months up to a place in a span together, or as many as there are before it."""
    window = shown[max(0, place + 1 - WINDOW_MONTHS) : place + 1]
    return sum((months.get(month, Balance()) for month in window), Balance())


def draw(months: Mapping[date, Balance], goal: Goal) -> bytes:
    """Draw all months from the first with a post to the last.

    Like `coach.balance.chart.draw`, it takes a few hundred milliseconds and is for dark and light themes.

    Args:
        months: a past by month, with one post at least that counts.
        goal: target and band of today, to compare with.

    Returns:
        A PNG file.
    """
    # Imported on first use: matplotlib takes longer to import than the rest of the bot together.
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    shown = span(months)
    balances = [months.get(month, Balance()) for month in shown]
    places = range(len(shown))
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    figure.patch.set_alpha(0)
    counts, share = figure.subplots(2, 1, sharex=True, height_ratios=(1.15, 1))
    below = [0.0] * len(shown)
    for name, colour, alpha, heights in (
        ("replies known", CONVERSATION_COLOUR, 1, [float(one.replies) for one in balances]),
        ("conversation judged", CONVERSATION_COLOUR, PALE, [one.expected for one in balances]),
        ("reposts known", CONTENT_COLOUR, 1, [float(one.reposts) for one in balances]),
        ("content judged", CONTENT_COLOUR, PALE, [one.judged - one.expected for one in balances]),
    ):
        # Without gaps and edges: there may be a hundred months and more.
        counts.bar(places, heights, bottom=below, width=1, color=colour, alpha=alpha, linewidth=0, label=name)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    counts.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    counts.set_ylim(0, max(1, *below) * 1.05)
    counts.set_title("Posts a month", loc="left", color=INK, fontsize=FONT, pad=34)
    counts.legend(loc="lower left", bbox_to_anchor=(-0.02, 0.97), ncols=2, frameon=False, labelcolor=INK,
                  fontsize=FONT - 1, handlelength=1.2, handletextpad=0.5, columnspacing=1,
                  labelspacing=0.2)  # fmt: skip

    draw_band(share, goal)
    missing = float("nan")
    shares = [window_of(months, shown, place).share or (missing,) * 3 for place in places]
    middles, lows, highs = zip(*shares, strict=True)
    share.fill_between(places, lows, highs, color=INK, alpha=0.4, linewidth=0)
    share.plot(places, middles, color=INK, linewidth=2.4, marker="o" if len(shown) == 1 else None)
    share.set_title("Share of conversation over 12 months (grey: 95%)", loc="left", color=INK, fontsize=FONT)
    share.set_xlim(-0.6, len(shown) - 0.4)
    ticks = list(places)[:: -(-len(shown) // MOST_TICKS)]
    if len(shown) > 2 * 12:
        januaries = [place for place in places if shown[place].month == 1]
        ticks = januaries[:: -(-len(januaries) // MOST_TICKS)]
    years = len(shown) > 2 * 12
    share.set_xticks(ticks, [f"{shown[place]:%Y}" if years else f"{shown[place]:%b %y}" for place in ticks])
    finish(counts, share)
    return png(figure)
