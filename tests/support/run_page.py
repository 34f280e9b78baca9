"""What the page for operators says that the doctor says."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def phrases() -> list[str]:
    """What the page for operators says that the doctor says; an ellipsis stands for anything."""
    page = (ROOT / "docs" / "run.md").read_text(encoding="utf-8")
    table = page.partition("| it says | what to do |\n|---|---|\n")[2].partition("\n\n")[0]
    return [part for row in table.splitlines() for part in row.split("|")[1].strip().split(", ")]


def is_on_the_page(text: str) -> bool:
    """Whether the page has a phrase that fits."""
    return any(re.search(re.escape(phrase).replace("…", ".*"), text) for phrase in phrases())
