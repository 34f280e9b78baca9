"""The processes that another one has started, as Linux shows them."""

from __future__ import annotations

from pathlib import Path

PROCESSES = Path("/proc")


def children_of(process: int) -> set[int]:
    """The ids of the processes whose parent is `process`.

    Read from all processes: the parent's own list has a file for each of its threads, and threads end.
    """
    found: set[int] = set()
    for folder in PROCESSES.iterdir():
        if folder.name.isdecimal():
            try:
                status = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
            # The name before it, in brackets, may contain anything.
            _state, parent, *_ = status.rpartition(")")[2].split()
            if int(parent) == process:
                found.add(int(folder.name))
    return found
