"""Bluesky's export: a repository as a CAR file, of which the posts and reposts in its tree are read.

A CAR (ipld.io/specs/transport/car/carv1) is a heap of blocks, in which old versions and deleted records may still
lie. What counts is what the Merkle search tree of the newest commit leads to (atproto.com/specs/repository).
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import libipld

from coach import wording_exports
from coach.errors import Refused
from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.values import moment, string

MOST_OF_A_BLOCK = 4 * 2**20
"""Bytes of the biggest block that is read; servers allow 2 MB."""

_POST, _REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_SHA_256 = 0x12
# What is kept of the name of a block, to find it again.
_KEPT = 16


class _Damaged(Exception):
    """The repository is not whole."""


@dataclass(frozen=True, slots=True)
class _Record:
    did: str
    key: str
    value: dict[str, Any]


def find(members: Sequence[Member]) -> Part | None:
    """The repositories among the files of an export."""
    files = tuple(member for member in members if _is_car(member))
    return Part("Bluesky", files, lambda count: _items(files, count), post_of) if files else None


def _is_car(member: Member) -> bool:
    if member.path.suffix.lower() not in (".car", "") and b"eroots" not in member.head[:64]:
        return False
    try:
        length, at = _varint(member.head, 0)
        return libipld.decode_dag_cbor(member.head[at : at + length])["version"] == 1
    except (ValueError, KeyError, TypeError, RecursionError, _Damaged):
        return False


def post_of(record: _Record) -> PastPost:
    """The post that a record is."""
    value, key = record.value, f"bluesky:{record.did}/{record.key}"
    written_at = moment(value["createdAt"])
    if record.key.startswith(f"{_REPOST}/"):
        return PastPost(written_at, "", How.REPOST, key)
    return PastPost(written_at, string(value["text"]), _how(record), key)


def _how(record: _Record) -> How:
    if not record.value.get("reply"):
        return How.POST
    answered = string(record.value["reply"]["parent"]["uri"])
    return How.THREAD if answered.startswith(f"at://{record.did}/") else How.REPLY


def _items(files: Sequence[Member], count: Count) -> Iterator[_Record]:
    for member in files:
        with tempfile.TemporaryFile() as copy, member.open() as inside:
            # In an archive, each step back would mean unpacking it once more.
            stream = cast(BinaryIO, inside)
            if member.packed:
                shutil.copyfileobj(inside, copy)
                stream = cast(BinaryIO, copy)
            try:
                yield from _Repository(stream, count).records()
            except (_Damaged, ValueError, KeyError, TypeError, RecursionError) as error:
                raise Refused(
                    wording_exports.damaged(member.shown, wording_exports.at_byte(stream.tell()))
                ) from error


class _Repository:
    """The blocks of a CAR file, by their names.

    Args:
        stream: the file, seekable.
        count: is told of the bytes of the blocks that are read.
    """

    def __init__(self, stream: BinaryIO, count: Count) -> None:
        self._stream, self._count = stream, count
        self._places: dict[bytes, int] = {}
        stream.seek(0)
        head = libipld.decode_dag_cbor(stream.read(self._length() or 0))
        self._root: bytes = head["roots"][0]
        while (length := self._length()) is not None:
            place = stream.tell()
            name = _name(stream.read(min(length, 80)))
            self._places[name[-_KEPT:]] = place << 24 | length
            if stream.seek(place + length) != place + length:
                raise _Damaged
        end = stream.seek(0, io.SEEK_END)
        if any((packed >> 24) + (packed & 0xFFFFFF) > end for packed in self._places.values()):
            raise _Damaged

    def _length(self) -> int | None:
        """The length of the next block; None at the end of the file."""
        value = shift = 0
        while byte := self._stream.read(1):
            value |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                if value > MOST_OF_A_BLOCK:
                    raise _Damaged
                return value
            shift += 7
            if shift > 28:
                raise _Damaged
        if shift:
            raise _Damaged
        return None

    def _block(self, name: bytes) -> dict[str, Any]:
        packed = self._places[name[-_KEPT:]]
        self._stream.seek(packed >> 24)
        block = self._stream.read(packed & 0xFFFFFF)
        data = block[len(_name(block)) :]
        if name[-34:-32] == bytes((_SHA_256, 32)) and hashlib.sha256(data).digest() != name[-32:]:
            raise _Damaged
        self._count(len(block))
        value = libipld.decode_dag_cbor(data)
        if not isinstance(value, dict):
            raise _Damaged
        return cast("dict[str, Any]", value)

    def records(self) -> Iterator[_Record]:
        """The posts and reposts of the newest commit, in the order of the tree."""
        commit = self._block(self._root)
        did: str = commit["did"]
        # An honest tree has each block once, so this ends one that runs in a circle.
        left = 2 * len(self._places)
        waiting: list[tuple[str, bytes]] = [("", commit["data"])]
        while waiting:
            left -= 1
            if left < 0:
                raise _Damaged
            key, name = waiting.pop()
            if key:
                yield _Record(did, key, self._block(name))
            else:
                waiting += reversed(list(_in_node(self._block(name))))


def _in_node(node: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """What a node of the tree leads to, in order: other nodes, which have no key, and the records wanted."""
    if node.get("l"):
        yield "", node["l"]
    key = b""
    for entry in node["e"]:
        key = key[: entry["p"]] + entry["k"]
        if key.startswith((f"{_POST}/".encode(), f"{_REPOST}/".encode())):
            yield key.decode(), entry["v"]
        if entry.get("t"):
            yield "", entry["t"]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where it ends."""
    value = shift = 0
    while at < len(data) and shift <= 63:
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
        shift += 7
    raise _Damaged


def _name(block: bytes) -> bytes:
    """The name (CID) that a block begins with."""
    if block[:2] == bytes((_SHA_256, 32)):  # version 0: the hash alone
        return block[:34]
    at = 0
    for _ in range(3):  # version, codec, kind of hash
        _, at = _varint(block, at)
    length, at = _varint(block, at)
    return block[: at + length]
