"""Tests and benchmarks share what is in tests/support, and import nothing from each other or from a conftest."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    file for folder in ("tests", "benchmarks") for file in (ROOT / folder).rglob("*.py") if file != Path(__file__)
]


def imports(file: Path) -> set[str]:
    """The modules that a file imports, `from a import b` as `a.b`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file} has a relative import"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def refused(place: str, imported: str) -> bool:
    """Whether a file at a place below the root may not import a module."""
    if imported.startswith("benchmarks."):
        return not place.startswith("benchmarks/")
    return imported.startswith("tests.") and not imported.startswith("tests.support.")


def test_tests_and_benchmarks_import_only_what_they_share() -> None:
    assert len(FILES) > 90
    found = {(str(file.relative_to(ROOT)), one) for file in FILES for one in imports(file)}
    assert ("benchmarks/crash.py", "tests.support.loopback.trial.Trial") in found
    assert [pair for pair in sorted(found) if refused(*pair)] == []


@pytest.mark.parametrize(
    ("place", "imported"),
    [
        ("tests/test_a.py", "benchmarks.month.live"),
        ("tests/support/room.py", "benchmarks.report.put"),
        ("benchmarks/crash.py", "tests.test_bad_input.fresh"),
        ("benchmarks/crash.py", "tests.loopback.conftest.town"),
        ("tests/journeys/test_roles.py", "tests.journeys.test_privacy.stored_about"),
    ],
)
def test_anything_else_is_refused(place: str, imported: str) -> None:
    assert refused(place, imported)
