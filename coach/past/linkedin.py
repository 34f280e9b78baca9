"""LinkedIn's export: `Shares.csv`, `Comments.csv` and `InstantReposts.csv`.

Two dialects of CSV are about. In one, a text is quoted line by line and once more as a whole, so that after
reading a line break looks like `"`, line break, `"` and a quotation mark is doubled. In the other, a backslash
stands before each quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.texts import lines_of, rows_of, start_of
from coach.past.values import digest, moment

_SHARES, _COMMENTS, _REPOSTS = (
    ("Date", "ShareLink", "ShareCommentary"),
    ("Date", "Link", "Message"),
    ("Date", "Link"),
)
_LINE_BREAK = re.compile(r'"(?:\r?\n|\\n)"')
# A quotation mark inside a cell, with a backslash before it; at the end of a cell it may be the last of its words.
_ESCAPED = re.compile(r'(?<!\\)(?:\\\\)*\\"(?=[^,\r\n"])')
_LINES_BEFORE = 20


def find(members: Sequence[Member]) -> Part | None:
    """The tables of posts, comments and reposts among the files of an export."""
    found: list[tuple[Member, Callable[[dict[str, str]], PastPost | None]]] = []
    for member in members:
        if member.path.suffix.lower() != ".csv":
            continue
        start = start_of(member)
        if _header(start, _SHARES):
            found.append((member, _share))
        elif _header(start, _COMMENTS):
            found.append((member, _comment))
        elif member.name == "instantreposts.csv" and _header(start, _REPOSTS):
            found.append((member, _repost))
    if not found:
        return None
    return Part(
        "LinkedIn", tuple(member for member, _ in found), partial(_items, found), lambda item: item[0](item[1])
    )


def _header(start: str, columns: Sequence[str]) -> bool:
    lines = [[cell.strip(' "') for cell in line.split(",")] for line in start.splitlines()[:_LINES_BEFORE]]
    return any(set(columns) <= set(cells) for cells in lines)


def _items(
    files: Sequence[tuple[Member, Callable[[dict[str, str]], PastPost | None]]], count: Count
) -> Iterator[tuple[Callable[[dict[str, str]], PastPost | None], dict[str, str]]]:
    for member, read in files:
        escaped = any(_ESCAPED.search(line) for line in lines_of(member))
        names: list[str] = []
        for row in rows_of(member, count, escaped=escaped):
            if names:
                yield read, dict(zip(names, row, strict=False))
            elif "Date" in (cells := [cell.strip() for cell in row]):
                names = cells


def _share(row: dict[str, str]) -> PastPost:
    text = _unquoted(row["ShareCommentary"])
    link = row["ShareLink"]
    return PastPost(
        moment(row["Date"]), text, How.POST, f"linkedin:{digest(link or row['Date'], '' if link else text)}"
    )


def _comment(row: dict[str, str]) -> PastPost:
    text = _unquoted(row["Message"])
    return PastPost(moment(row["Date"]), text, How.REPLY, f"linkedin:{digest(row['Date'], row['Link'], text)}")


def _repost(row: dict[str, str]) -> PastPost:
    return PastPost(moment(row["Date"]), "", How.REPOST, f"linkedin:{digest(row['Date'], row['Link'])}")


def _unquoted(text: str) -> str:
    """A text without the quotation marks that one dialect puts around each line and doubles inside."""
    if _LINE_BREAK.search(text) or '""' in text:
        text = _LINE_BREAK.sub("\n", text.removeprefix('"').removesuffix('"')).replace('""', '"')
    return text.strip()
