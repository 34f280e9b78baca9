"""Where the database is: the path of a file, or the address of a PostgreSQL server."""

from __future__ import annotations

import re
from pathlib import Path


def is_postgresql(where: str | Path) -> bool:
    """Whether this is the address of a PostgreSQL server."""
    return str(where).startswith(("postgresql://", "postgres://"))


def shown(where: str | Path) -> str:
    """Where the database is, fit to be shown: an address without its password and its options."""
    if not is_postgresql(where):
        return str(where)
    return re.sub(r"://[^@/?]*@", "://", str(where)).partition("?")[0]
