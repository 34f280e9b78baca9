"""A part of an export: files of one format that are read together, and how each of their items becomes a post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from coach.past.members import Count, Member
from coach.past.posts import PastPost


@dataclass(frozen=True, slots=True)
class Guess:
    """Which columns of a table are taken for what, to be confirmed by somebody who knows.

    Attributes:
        file: the file's name.
        text: the column of the words, by its name or, if the table has no names, such as "column 2".
        written_at: the column of the date.
        reply: the column that says whether it is a reply; None if there seems to be none.
        first_text: the first words in that column.
        first_date: the first date as it stands there.
        day_first: whether such a date begins with the day; None if it can't be misread.
    """

    file: str
    text: str
    written_at: str
    reply: str | None
    first_text: str
    first_date: str
    day_first: bool | None


@dataclass(frozen=True)
class Part:
    """Files of one format that are read together.

    Attributes:
        format: what it is called, such as "Mastodon".
        files: what is read.
        items: reads them, telling of each byte; may raise Refused.
        post: the post that an item is; None for one that isn't counted, such as a private one. Any of ValueError,
            KeyError, TypeError, AttributeError and IndexError means that the item isn't what it should be.
        guess: the columns, if they were guessed.
    """

    format: str
    files: tuple[Member, ...]
    items: Callable[[Count], Iterator[Any]]
    post: Callable[[Any], PastPost | None]
    guess: Guess | None = None
