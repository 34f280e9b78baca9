"""Exports as they are uploaded: told by what is in them, and read as one stream of posts, none of them twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from coach import wording_exports
from coach.errors import Refused
from coach.past import bluesky, json_feed, linkedin, mastodon, meta, tables, x
from coach.past.members import READABLE, Member, in_folder, itself, members_of, shown
from coach.past.parts import Guess, Part
from coach.past.posts import PastPost
from coach.past.texts import start_of

FORMATS: tuple[Callable[[Sequence[Member]], Part | None], ...] = (
    mastodon.find,
    x.find,
    linkedin.find,
    bluesky.find,
    meta.find_threads,
    meta.find_instagram,
    json_feed.find,
)

Upload = Path | tuple[str, BinaryIO]
"""A file or folder; or a name, and a seekable stream that stays open until the export is closed."""

_PAGE = re.compile(r"\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)
_ODD = (ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration)


class Export:
    """One or more files that hold somebody's past; to be closed, for which it is a context manager.

    Attributes:
        parts: what was found in them.
        total: bytes that are read.
        done: bytes that have been read.
        unreadable: items that are no posts, as their text, date or number is missing or is something else.
    """

    def __init__(self, files: Sequence[Upload]) -> None:
        """Find out what files are; none of their posts is read yet.

        Args:
            files: the uploads; those that are no archives belong together.

        Raises:
            Refused: one of them is not there, is damaged, or is nothing that is known.
        """
        self.done = self.unreadable = 0
        with ExitStack() as stack:
            self.parts = tuple(_parts_of(files, stack))
            self._stack = stack.pop_all()
        self.total = sum(member.size for part in self.parts for member in part.files)

    @property
    def formats(self) -> tuple[str, ...]:
        """What they are exports of, such as "Mastodon"."""
        return tuple(dict.fromkeys(part.format for part in self.parts))

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """The guesses that somebody has to confirm before the posts are used."""
        return tuple(part.guess for part in self.parts if part.guess is not None)

    def posts(self) -> Generator[PastPost]:
        """The posts, in the order of the files, each once; may be stopped at any time by closing it.

        Raises:
            Refused: a file turns out to be damaged, or holds not one post that can be read.
        """
        seen: set[int] = set()
        self.done = self.unreadable = 0
        before = 0
        for part in self.parts:
            odd = read = 0
            with closing(_generator(part.items(self._count))) as items:
                for item in items:
                    try:
                        post = part.post(item)
                    except _ODD:
                        odd += 1
                        continue
                    read += post is not None
                    if post is not None and (number := hash(post.key)) not in seen:
                        seen.add(number)
                        yield post
            if odd and not read:
                raise Refused(wording_exports.unreadable_posts(part.files[-1].shown, odd))
            self.unreadable += odd
            before += sum(member.size for member in part.files)
            self.done = before

    def _count(self, more: int) -> None:
        self.done = min(self.done + more, self.total)

    def close(self) -> None:
        """Close what was opened."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _generator(items: Iterator[object]) -> Generator[object]:
    """The same as something that can be closed."""
    yield from items


def _parts_of(files: Sequence[Upload], stack: ExitStack) -> Iterator[Part]:
    loose: list[Member] = []
    for file in files:
        name = file.name if isinstance(file, Path) else file[0]
        if isinstance(file, Path) and file.is_dir():
            yield from _in_archive(shown(name), in_folder(file))
            continue
        try:
            stream = stack.enter_context(file.open("rb")) if isinstance(file, Path) else file[1]
        except OSError as error:
            raise Refused(wording_exports.not_there(shown(name))) from error
        inside = members_of(name, stream, stack)
        if inside is None:
            loose.append(itself(name, stream))
        else:
            yield from _in_archive(shown(name), inside)
    if loose:
        yield from _loose(loose)


def _in_archive(name: str, members: Sequence[Member]) -> list[Part]:
    """What an archive or a folder holds: known formats, or if there are none, the only table in it."""
    candidates = [member for member in members if member.path.suffix.lower() in READABLE - {".html", ".htm"}]
    if found := _known(candidates):
        return found
    meta.refuse_pages(name, members)
    if len(candidates) == 1 and (part := tables.find(candidates[0])):
        return [part]
    raise Refused(wording_exports.nothing_inside(name))


def _known(members: Sequence[Member]) -> list[Part]:
    found: list[Part] = []
    left = list(members)
    for find in FORMATS:
        part = find(left)
        if part is not None:
            found.append(part)
            left = [member for member in left if member not in part.files]
    return found


def _loose(members: Sequence[Member]) -> list[Part]:
    """What files are that were uploaded by themselves: each has to be something."""
    found = _known(members)
    taken = {member.path for part in found for member in part.files}
    for member in members:
        if member.path in taken:
            continue
        if found and any(part.format == "X" for part in found) and x.is_about_account(start_of(member)):
            continue
        if _PAGE.match(start_of(member)):
            meta.refuse_pages(member.shown, [member])
            raise Refused(wording_exports.only_pages(member.shown))
        part = tables.find(member)
        if part is None:
            raise Refused(wording_exports.unknown_file(member.shown))
        found.append(part)
    return found
