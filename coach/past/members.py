"""The files inside an upload: of a zip, a tar, a folder, or the upload itself; read one by one, never unpacked."""

from __future__ import annotations

import io
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar, cast

from coach import wording_exports
from coach.errors import Refused
from coach.text import cut, quoted

HEAD = 16 * 1024
"""Bytes at the beginning of a file that are looked at to tell what it is."""

READABLE = frozenset({".json", ".js", ".csv", ".tsv", ".jsonl", ".ndjson", ".txt", ".car", ".html", ".htm"})
"""Endings of the files in an archive that are looked at; pictures and films are not."""

MOST_UNPACKED, SMALL = 100, 100 * 2**20
"""How many times its size an archive may unpack to, and what it may always unpack to, in bytes."""

MOST_DIRECTORY = 24 * 2**20
"""The biggest table of contents of a zip, in bytes; it is read at once."""

_BUFFER = 128 * 1024
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|\Z)", re.DOTALL)
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
)

T = TypeVar("T")

Count = Callable[[int], None]
"""Is told how many bytes more have been read."""


@dataclass(frozen=True)
class Member:
    """A file inside an upload.

    Attributes:
        path: where it lies in its archive or folder, with `/` between folders.
        shown: what it is called in a message.
        size: how many bytes it unpacks to.
        raw: opens it anew each time.
        packed: whether it is compressed, so that each step back in it means unpacking it once more.
    """

    path: PurePosixPath
    shown: str
    size: int
    raw: Callable[[], BinaryIO] = field(repr=False)
    packed: bool = False

    @property
    def name(self) -> str:
        """Its name without folders, in small letters."""
        return self.path.name.lower()

    @cached_property
    def head(self) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(HEAD)

    def open(self, count: Count | None = None) -> io.BufferedReader:
        """Open it at its beginning.

        Args:
            count: is told of what is read; None if it doesn't count as progress.

        Raises:
            Refused: it is locked, packed oddly or damaged; reading may raise this too.
        """
        return io.BufferedReader(_Guarded(self, count), _BUFFER)


class _Guarded(io.RawIOBase):
    """A stream that counts what is read from it, and turns a damaged archive into a sentence."""

    def __init__(self, member: Member, count: Count | None) -> None:
        self._member, self._count, self._at = member, count, 0
        self._stream = self._try(member.raw)

    def _try(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except _BROKEN as error:
            raise Refused(
                wording_exports.damaged(self._member.shown, wording_exports.at_byte(self._at))
            ) from error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._try(lambda: self._stream.seek(offset, whence))

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = self._try(lambda: self._stream.read(len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        if self._count is not None:
            self._count(len(data))
        return len(data)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_stream"):
            self._stream.close()
        super().close()


def members_of(name: str, file: BinaryIO, stack: ExitStack) -> list[Member] | None:
    """The files in an archive that may hold posts; None if the upload is no archive.

    Args:
        name: the upload's name.
        file: the upload, open and seekable.
        stack: closes what is opened.

    Raises:
        Refused: the archive is cut off, damaged, or made to do harm.
    """
    name = shown(name)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    if not head:
        raise Refused(wording_exports.empty_file(name))
    if head.startswith(b"PK"):
        return _in_zip(name, file, size, stack)
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return _in_tar(name, file, size, stack)
    return None


def itself(name: str, file: BinaryIO) -> Member:
    """An upload that is no archive, as a file of its own."""

    def reopened() -> BinaryIO:
        file.seek(0)
        return cast(BinaryIO, View(file))

    return Member(PurePosixPath(name), shown(name), file.seek(0, io.SEEK_END), reopened)


def in_folder(folder: Path) -> list[Member]:
    """The files in a folder that may hold posts: some browsers unpack what they download."""
    return [
        Member(
            PurePosixPath(path.relative_to(folder).as_posix()),
            shown(path.name),
            path.stat().st_size,
            _opener(path),
        )
        for path in sorted(folder.rglob("*"))
        if _wanted(path.relative_to(folder).as_posix()) and path.is_file()
    ]


def shown(name: str) -> str:
    """The name of a file, fit for a message."""
    return cut(quoted(name), 100) or "The file"


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


class View(io.RawIOBase):
    """A view of an upload, which stays open when the view is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _wanted(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        PurePosixPath(path).suffix.lower() in READABLE
        and "__MACOSX" not in parts
        and not parts[-1].startswith(".")
    )


def _stays_inside(archive: str, path: str) -> str:
    """A path of an archive with `/` between its folders."""
    if _OUTSIDE.match(path):
        raise Refused(wording_exports.leads_outside(archive, shown(path)))
    return path.replace("\\", "/")


def _no_bomb(archive: str, unpacked: int, size: int) -> None:
    if unpacked > max(MOST_UNPACKED * size, SMALL):
        raise Refused(wording_exports.bomb(archive))


def _in_zip(name: str, file: BinaryIO, size: int, stack: ExitStack) -> list[Member]:
    try:
        if _directory_size(file, size) > MOST_DIRECTORY:
            raise Refused(wording_exports.too_many_files(name))
        packed = stack.enter_context(zipfile.ZipFile(file))
    except (*_BROKEN, NotImplementedError) as error:
        raise Refused(wording_exports.cut_off(name, wording_exports.EARLY)) from error
    found: list[Member] = []
    for info in packed.infolist():
        path = _stays_inside(name, info.filename)
        if not path or info.is_dir() or not _wanted(path) or stat.S_ISLNK(info.external_attr >> 16):
            continue
        opened = partial(_open_zipped, name, packed, info)
        found.append(Member(PurePosixPath(path), f"{shown(path)} in {name}", info.file_size, opened, packed=True))
    _no_bomb(name, sum(member.size for member in found), size)
    return found


def _directory_size(file: BinaryIO, size: int) -> int:
    """How many bytes the table of contents of a zip has, by its end (APPNOTE 4.3.14 and 4.3.16); 0 if unknown."""
    file.seek(max(0, size - 65_600))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        return 0
    (found,) = struct.unpack_from("<L", tail, at + 12)
    at = tail.rfind(b"PK\6\6")
    if found == 0xFFFFFFFF and at >= 0 and len(tail) >= at + 48:
        (found,) = struct.unpack_from("<Q", tail, at + 40)
    return min(found, size)


def _open_zipped(archive: str, packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    if info.flag_bits & 1:
        raise Refused(wording_exports.locked(archive, shown(info.filename)))
    try:
        return cast(BinaryIO, packed.open(info))
    except (NotImplementedError, RuntimeError) as error:
        raise Refused(wording_exports.packed_oddly(archive, shown(info.filename))) from error


class _Header(tarfile.TarInfo):
    """The header of a file in a tar, without the endless loop that a negative size leads to (CVE-2025-8194)."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError
        return super()._block(count)  # type: ignore


def _in_tar(name: str, file: BinaryIO, size: int, stack: ExitStack) -> list[Member]:
    found: list[Member] = []
    try:
        packed = stack.enter_context(tarfile.open(fileobj=file, mode="r:*", tarinfo=_Header))  # noqa: SIM115
        for info in packed:
            path = _stays_inside(name, info.name)
            _no_bomb(name, info.offset_data + info.size, size)
            if not info.isreg() or info.issparse() or not _wanted(path):
                continue
            member = Member(
                PurePosixPath(path),
                f"{shown(path)} in {name}",
                info.size,
                partial(_open_tarred, packed, info),
                packed=True,
            )
            # Now, as the way back to it would mean unpacking all that comes before it once more.
            _ = member.head
            found.append(member)
    except _BROKEN as error:
        raise Refused(wording_exports.cut_off(name, wording_exports.EARLY)) from error
    return found


def _open_tarred(packed: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    return cast(BinaryIO, packed.extractfile(info))
