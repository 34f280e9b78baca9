"""Reading a file of an export piece by piece: its characters, its lines, its rows, and the items of its JSON."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from coach import wording_exports
from coach.errors import Refused
from coach.past.members import Count, Member

MOST_OF_AN_ITEM = 4 * 2**20
"""Characters of the longest item of JSON that is read; a post with all its pictures has some thousands."""

MOST_OF_A_LINE = 2**20
"""Characters of the longest line that is read."""

_CHUNK = 2**18
_SPACE = " \t\r\n"
_ESCAPE = re.compile(r'\\(["\\n])')
_ESCAPES = {'"': '""', "n": "\n"}
_EXCEL = re.compile(r"sep=.?")
_DECODER = json.JSONDecoder()


def encoding_of(head: bytes) -> str:
    """The encoding of a text by its first bytes: a byte-order mark, or the NULs that UTF-16 has beside letters."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:2] == b"\0" and head[:1] != b"\0":
        return "utf-16-le"
    if head[:1] == b"\0" and head[1:2] != b"\0":
        return "utf-16-be"
    return "utf-8-sig"


def start_of(member: Member) -> str:
    """The first characters of a file, without its byte-order mark; what can't be read is left out."""
    return member.head.decode(encoding_of(member.head), "ignore").lstrip("\ufeff")


@contextmanager
def opened(member: Member, count: Count | None) -> Generator[io.TextIOWrapper]:
    """A file as a stream of characters.

    Args:
        member: the file.
        count: is told of the bytes that are read; None if nobody is.

    Raises:
        Refused: it is damaged, or not in one encoding; reading raises this inside the block.
    """
    encoding = encoding_of(member.head)
    with io.TextIOWrapper(member.open(count), encoding, newline="") as stream:
        try:
            yield stream
        except UnicodeError as error:
            called = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
            raise Refused(wording_exports.wrong_encoding(member.shown, called)) from error


def lines_of(member: Member, count: Count | None = None) -> Iterator[str]:
    """The lines of a file with their ends.

    Raises:
        Refused: a line is too long, or the file can't be read.
    """
    with opened(member, count) as stream:
        number = 0
        while line := stream.readline(MOST_OF_A_LINE):
            number += 1
            if len(line) == MOST_OF_A_LINE:
                raise Refused(wording_exports.too_big(member.shown, wording_exports.at_line(number)))
            yield line


def rows_of(
    member: Member, count: Count | None = None, delimiter: str = ",", escaped: bool = False
) -> Iterator[list[str]]:
    """The rows of a CSV file that have anything in them, without the line by which Excel is told the delimiter.

    Args:
        member: the file.
        count: is told of the bytes that are read.
        delimiter: what stands between two cells.
        escaped: whether a backslash stands before quotation marks, and before an n for a line break.

    Raises:
        Refused: the file can't be read, or a quotation has no end.
    """
    lines = lines_of(member, count)
    if escaped:
        lines = (_ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), line) for line in lines)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        started = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(wording_exports.too_big(member.shown, wording_exports.at_line(started))) from error
        if any(cell.strip() for cell in row) and not (started == 1 and _EXCEL.fullmatch(row[0])):
            yield row


class _Json:
    """A stream of characters, of which one JSON value after the other is read."""

    def __init__(self, member: Member, read: Callable[[int], str]) -> None:
        self._member, self._read = member, read
        self._text, self._at, self._ended = "", 0, False
        self.items = 0

    def _fill(self) -> bool:
        """Read on; False at the end."""
        more = "" if self._ended else self._read(max(_CHUNK, len(self._text) - self._at))
        self._ended = not more
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more)

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or not self._fill():
                return self._text[self._at : self._at + 1]

    def expect(self, characters: str) -> str:
        """Pass one of these characters."""
        found = self.peek()
        if not found:
            raise self._cut()
        if found not in characters:
            raise Refused(wording_exports.no_json(self._member.shown, self._where()))
        self._at += 1
        return found

    def skip_to(self, character: str, most: int) -> None:
        """Pass everything before a character, which is among the next `most` ones."""
        while (at := self._text.find(character, self._at)) < 0:
            if len(self._text) > most or not self._fill():
                raise Refused(wording_exports.no_json(self._member.shown, self._where()))
        self._at = at

    def value(self) -> Any:
        """The next value."""
        if not self.peek():
            raise self._cut()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
                if end < len(self._text):
                    self._at = end
                    return found
                # A number at the very end may go on.
                if not self._fill():
                    self._at = len(self._text)
                    return found
            except RecursionError as error:
                raise Refused(wording_exports.no_json(self._member.shown, self._where())) from error
            except ValueError as error:
                if len(self._text) - self._at > MOST_OF_AN_ITEM:
                    raise Refused(wording_exports.no_json(self._member.shown, self._where())) from error
                broken = self._broken(error)
                if not self._fill():
                    raise broken from error

    def _where(self) -> str:
        return wording_exports.at_item(self.items + 1)

    def _cut(self) -> Refused:
        return Refused(wording_exports.cut_off(self._member.shown, wording_exports.in_item(self.items + 1)))

    def _broken(self, error: ValueError) -> Refused:
        """Why the rest of the file is no value: it ends too early, or there is something wrong before."""
        if isinstance(error, json.JSONDecodeError):
            left = len(self._text.rstrip()) - error.pos
            # Half a word, half an escape, or a string without its end.
            if (
                error.msg.startswith("Unterminated string")
                or left <= 1
                or (left < 8 and "Expecting ','" not in error.msg)
            ):
                return self._cut()
        return Refused(wording_exports.no_json(self._member.shown, self._where()))


def json_items(
    member: Member, keys: Sequence[str] = (), count: Count | None = None, prefix: int = 0
) -> Iterator[Any]:
    """The items of an array of a JSON file, one by one.

    Only one item is in memory at a time. Python's own decoder reads it: incremental libraries such as `ijson` take
    minutes for a small file of many brackets, and its limit of depth ends that at once.

    Args:
        member: the file.
        keys: under which key of the outermost object the array is, the first of these that comes; empty if the
            array is outermost.
        count: is told of the bytes that are read.
        prefix: how many characters, such as `window.YTD.tweets.part0 =`, may stand before the array.

    Raises:
        Refused: the file is cut off, or not JSON.
    """
    with opened(member, count) as stream:
        reader = _Json(member, stream.read)
        if prefix:
            reader.skip_to("[", prefix)
        elif keys:
            _find(reader, keys)
        if reader.expect("[") and reader.peek() == "]":
            return
        while True:
            yield reader.value()
            reader.items += 1
            if reader.expect(",]") == "]":
                return


def _find(reader: _Json, keys: Sequence[str]) -> None:
    """Read up to the value of one of these keys of the outermost object."""
    reader.expect("{")
    while True:
        key = reader.value()
        reader.expect(":")
        if key in keys:
            return
        reader.value()
        reader.expect(",")


def json_lines(member: Member, count: Count | None = None) -> Iterator[Any]:
    """The values of a file with one JSON value a line.

    Raises:
        Refused: a line is not JSON, or the file can't be read.
    """
    for number, line in enumerate(lines_of(member, count), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Refused(wording_exports.no_json(member.shown, wording_exports.at_line(number))) from error
