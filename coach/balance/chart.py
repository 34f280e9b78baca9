"""The balance as a picture: content and conversation by day, and the rolling share with the target band."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from coach.balance.standing import Goal, Tally, window_sum

# Okabe and Ito's orange and sky blue: told apart with every kind of colour vision, on dark and on light.
CONTENT_COLOUR = "#E69F00"
CONVERSATION_COLOUR = "#56B4E9"
INK = "#8A9099"
# Discord shows it 400 pixels wide: two pixels for each one shown, and letters that are still 11 pixels high.
SIZE = (5.0, 4.4)
DPI = 160
FONT = 11


def draw(days: Mapping[date, Tally], today: date, goal: Goal) -> bytes:
    """Draw the last `goal.window_days` local days (7 at least).

    The background is transparent and the ink a mid grey, so that the chart is readable on dark and light themes.
    This takes a few hundred milliseconds, in which other threads hardly run: `coach.balance.chart_process` runs it
    in a process of its own.

    Args:
        days: tallies by local day; days without drafts may be missing.
        today: the last day shown.
        goal: target, band and window.

    Returns:
        A PNG file.
    """
    # Imported on first use: matplotlib takes longer to import than the rest of the bot together.
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    shown = [today - timedelta(days=back) for back in reversed(range(max(7, goal.window_days)))]
    content = [days.get(day, Tally()).content for day in shown]
    conversation = [days.get(day, Tally()).conversation for day in shown]
    shares = [window_sum(days, day, goal.window_days).share for day in shown]
    places = range(len(shown))

    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    figure.patch.set_alpha(0)
    counts, share = figure.subplots(2, 1, sharex=True, height_ratios=(1, 1))
    counts.bar(places, conversation, color=CONVERSATION_COLOUR, label="conversation")
    counts.bar(places, content, bottom=conversation, color=CONTENT_COLOUR, hatch="///", edgecolor="#5c4000",
               linewidth=0, label="content")  # fmt: skip
    counts.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    counts.set_ylim(0, max(1, *(a + b for a, b in zip(content, conversation, strict=True))) * 1.05)
    counts.set_title("Drafts a day", loc="left", color=INK, fontsize=FONT)
    counts.legend(loc="lower right", bbox_to_anchor=(1.02, 0.97), ncols=2, frameon=False, labelcolor=INK,
                  fontsize=FONT, handlelength=1.2, handletextpad=0.5, columnspacing=1.0)  # fmt: skip

    draw_band(share, goal)
    share.plot(places, [float("nan") if s is None else s for s in shares], color=INK, linewidth=2.4, marker="o",
               markersize=4)  # fmt: skip
    share.set_title(
        f"Share of conversation in {_window(goal)}, with the band", loc="left", color=INK, fontsize=FONT
    )
    step = -(-len(shown) // 6)
    ticks = list(places)[::-step][::-1]
    share.set_xticks(ticks, [f"{shown[place].day} {shown[place]:%b}" for place in ticks])
    finish(counts, share)
    return png(figure)


def draw_band(share: Any, goal: Goal) -> None:
    """Draw a goal's target and band into a panel for shares of 0 to 1."""
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

    share.axhspan(goal.low, goal.high, color=CONVERSATION_COLOUR, alpha=0.22, linewidth=0)
    share.axhline(goal.target, color=INK, linewidth=1.2, linestyle=":")
    # Lines at the edges: the band is shown by more than a tint.
    for edge in (goal.low, goal.high):
        share.axhline(edge, color=CONVERSATION_COLOUR, linewidth=1)
    share.set_ylim(-0.03, 1.03)
    share.yaxis.set_major_formatter(PercentFormatter(1.0))
    share.set_yticks((0, 0.5, 1))


def finish(*panels: Any) -> None:
    """Give the panels of a chart its ink, no ground, and a line below."""
    for axes in panels:
        axes.patch.set_alpha(0)
        axes.tick_params(colors=INK, length=0, labelsize=FONT)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(INK)


def png(figure: Any) -> bytes:
    """A chart as a PNG file."""
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _window(goal: Goal) -> str:
    return "1 day" if goal.window_days == 1 else f"{goal.window_days} days"
