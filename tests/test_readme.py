"""What the README promises that readers act on."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_file_that_a_page_points_to_is_there() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "training" / "README.md"):
        links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name
        assert links or page.name != "README.md"


def test_the_two_commands_are_those_that_the_checks_run() -> None:
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pip install uv && uv run pytest" in README
    assert "pip install uv && uv run pytest" in checks
    assert "pip install uv && uv run bot.py" in README
    # Windows PowerShell 5 has no &&.
    assert "`pip install uv; uv run bot.py`" in README
    # Debian's own Python takes no packages from pip.
    assert "externally-managed-environment" in README and "`pipx install uv`" in README


def test_percentages_are_written_one_way_wherever_a_person_reads() -> None:
    pages = [ROOT / "README.md", ROOT / "training" / "README.md", *(ROOT / "docs").glob("*.md")]
    pages += [*(ROOT / "config").glob("*.yaml"), *(ROOT / "coach").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]
    assert [page.name for page in pages if re.search(r"\d %[^\d(]", page.read_text(encoding="utf-8"))] == []
