"""Imports: a member's export is read, judged and counted by month off the event loop, then kept all at once."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

from coach import wording_import
from coach.balance.standing import Goal
from coach.errors import Refused
from coach.labelling.labelling_queue import LabellingQueue
from coach.members.cache import MemberCache
from coach.past.judging import Balance, Judged, add_to_month
from coach.past.members import View
from coach.past.parts import Guess
from coach.past.posts import How, PastPost
from coach.store import Account, Import, Kept, Store
from coach.store.keys import member_hash

if TYPE_CHECKING:
    from coach.past.exports import Export

T = TypeVar("T")

AT_ONCE = 8
"""Posts that are read and judged in one trip: a tenth of a second."""

MOST_BYTES = 512 * 2**20
"""The most that one import may bring, in bytes; it lies on disk while it is read."""

MOST_FILES = 10
"""Files of one import: as many as a form of Discord's takes."""

MOST_KEPT = 24
"""Imports that a member may have in a server: as many as a menu of Discord's has entries, besides one."""

MOST_IMPORTS = 3
"""Imports that are read at a time, for all members together."""

_CHUNK = 2**20


class _Stopped(Exception):
    """The reading of an upload was stopped from outside."""


class _Stoppable(View):
    """An upload that can be read until somebody stops it, even in the middle of a long search in it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.stopped = False

    def readinto(self, buffer: memoryview, /) -> int:
        if self.stopped:
            raise _Stopped
        return super().readinto(buffer)


class Reading:
    """Files that a member has uploaded, read in a thread of their own.

    Args:
        files: each with its name; they are closed with this.

    Attributes:
        posts: how many posts have been read.
    """

    def __init__(self, files: Sequence[tuple[str, BinaryIO]]) -> None:
        self.posts = 0
        self._files = files
        self._streams = [_Stoppable(file) for _, file in files]
        self._pool = ThreadPoolExecutor(1, "reading")
        self._export: Export | None = None
        self._posts: Iterator[PastPost] = iter(())

    @property
    def done(self) -> float:
        """How much has been read, 0 to 1."""
        return self._export.done / self._export.total if self._export is not None and self._export.total else 0.0

    @property
    def source(self) -> str:
        """What it is an export of, such as "Mastodon"."""
        return ", ".join(self._looked_at.formats)

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """What has to be confirmed before the posts are used."""
        return self._looked_at.guesses

    @property
    def unreadable(self) -> int:
        """How many items that have been read are no posts."""
        return self._looked_at.unreadable

    async def look(self, secret: bytes) -> bytes:
        """Find out what the files are.

        Args:
            secret: the key of the hashes.

        Returns:
            A keyed hash of the files, whatever their names and their order.

        Raises:
            Refused: they are nothing that can be read.
        """
        return await self._run(lambda: self._look(secret))

    async def some(self) -> list[PastPost]:
        """The next posts; none if that was all.

        Raises:
            Refused: a file turns out to be damaged.
        """
        posts = await self._run(lambda: list(islice(self._posts, AT_ONCE)))
        self.posts += len(posts)
        return posts

    def close(self) -> None:
        """Stop reading, and let go of the files as soon as the thread does."""
        for stream in self._streams:
            stream.stopped = True
        self._pool.submit(self._close)
        self._pool.shutdown(wait=False)

    @property
    def _looked_at(self) -> Export:
        assert self._export is not None  # noqa: S101  # `look` came first
        return self._export

    async def _run(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function)

    def _look(self, secret: bytes) -> bytes:
        hashes: list[bytes] = []
        for stream in self._streams:
            one = hashlib.blake2b(digest_size=16, key=secret, person=b"upload")
            stream.seek(0)
            while chunk := stream.read(_CHUNK):
                one.update(chunk)
            hashes.append(one.digest())
        uploads = [
            (name, io.BufferedReader(stream)) for (name, _), stream in zip(self._files, self._streams, strict=True)
        ]
        from coach.past.exports import Export  # noqa: PLC0415  # readers of each format, needed here alone

        self._export = Export(uploads)
        self._posts = self._export.posts()
        return hashlib.blake2b(b"".join(sorted(hashes)), digest_size=16, key=secret, person=b"upload").digest()

    def _close(self) -> None:
        if self._export is not None:
            self._export.close()
        for _, file in self._files:
            file.close()


@dataclass(frozen=True, slots=True)
class Found:
    """What an upload is, before any of it is read.

    Attributes:
        file_hash: a keyed hash of the files.
        same: the import that has brought the same files for the same account already; None if none has.
        rivals: earlier imports of which this may be a newer version.
    """

    file_hash: bytes
    same: Import | None
    rivals: tuple[Import, ...]


@dataclass(frozen=True, slots=True)
class PastReport:
    """A member's past as far as it was imported.

    Attributes:
        months: by the first day of each month.
        total: all of them together.
        left_out: how many items of the exports were no posts, or are dated ahead.
        sources: what was imported, such as "Mastodon".
        goal: what the member aims for now.
    """

    months: Mapping[date, Balance]
    total: Balance
    left_out: int
    sources: tuple[str, ...]
    goal: Goal


class Imports:
    """Reads exports that members upload, and keeps what they say by month.

    Args:
        store: the open database.
        members: the cache of members.
        labelling: where texts are labelled.
        clock: gives the present, an aware time.
        secret: the key of the hashes.
        folder: the folder of the database, where uploads lie while they are read.
    """

    def __init__(
        self,
        store: Store,
        members: MemberCache,
        labelling: LabellingQueue,
        clock: Callable[[], datetime],
        secret: bytes,
        folder: Path,
    ) -> None:
        self._store = store
        self._members = members
        self._labelling = labelling
        self._clock = clock
        self._secret = secret
        self._folder = folder

    def new_file(self) -> BinaryIO:
        """A file for an upload that nobody else can see, gone once it is closed or the process ends."""
        return cast(BinaryIO, tempfile.TemporaryFile(dir=self._folder))

    async def begin(self, guild_id: int, member_id: int) -> None:
        """Make sure that a member lets the bot read what they bring, and that their server is on record.

        Raises:
            Refused: they have paused it.
        """
        # Now and not at the end: the bot may have left by then, which is noted in the record of the server.
        await self._members.note_guild(guild_id)
        if (await self._members.preferences(guild_id, member_id)).paused:
            raise Refused(wording_import.PAUSED)

    async def look(self, guild_id: int, member_id: int, account_id: int, reading: Reading) -> Found:
        """Find out what an upload is, and whether it has been imported before.

        Raises:
            Refused: it is nothing that can be read.
        """
        file_hash = await reading.look(self._secret)
        imports = await self.imports(guild_id, member_id)
        twins = [one for one in imports if one.file_hash == file_hash]
        same = next((one for one in twins if one.account_id == account_id), None)
        namesakes = (one for one in imports if one.account_id == account_id and one.source == reading.source)
        rivals = {one.import_id: one for one in (*twins, *namesakes)}
        return Found(file_hash, same, tuple(rivals.values()))

    async def read(self, guild_id: int, member_id: int, reading: Reading) -> tuple[dict[date, Balance], int]:
        """Count an upload's posts by month.

        Returns:
            The months, and how many items are left out.

        Raises:
            Refused: a file turns out to be damaged, or no post in it counts.
        """
        known = await self._members.get(guild_id, member_id)
        now, ahead = self._clock(), 0
        months: dict[date, Balance] = {}
        while posts := await reading.some():
            texts = [post.text for post in posts if post.how is How.POST]
            verdicts = iter(await self._labelling.label_past(texts, known.personal) if texts else ())
            for post in posts:
                judged = Judged(post, next(verdicts) if post.how is How.POST else None)
                if post.written_at > now:
                    ahead += 1
                else:
                    add_to_month(months, judged, known.preferences.zone)
        if not any(balance.counted for balance in months.values()):
            raise Refused(wording_import.nothing_counts(reading.posts))
        return months, reading.unreadable + ahead

    async def keep(self, one: Import, replaced: Sequence[int] = ()) -> None:
        """Put an import on record, all of it or nothing.

        Args:
            one: the import.
            replaced: the imports whose place it takes.

        Raises:
            Refused: its member has paused the bot or had everything erased in the meantime, or the bot has left.
        """
        who = member_hash(one.guild_id, one.member_id, self._secret)
        kept = await self._store.past.keep(one, who, replaced)
        if kept is not Kept.KEPT:
            raise Refused(wording_import.NOT_KEPT[kept])

    async def imports(self, guild_id: int, member_id: int) -> list[Import]:
        """What a member has imported, oldest first."""
        return await self._store.past.imports(guild_id, member_id)

    async def remove(self, guild_id: int, member_id: int, import_id: int) -> bool:
        """Remove an import of a member; False if it is gone already."""
        return await self._store.past.remove(guild_id, member_id, import_id)

    async def report(self, guild_id: int, member_id: int, account: Account | None) -> PastReport | None:
        """A member's past for an account, or for None everything that they imported; None if that is nothing."""
        found = [
            one
            for one in await self.imports(guild_id, member_id)
            if account is None or one.account_id == account.account_id
        ]
        if not found:
            return None
        months: dict[date, Balance] = {}
        for one in found:
            for month, balance in one.months.items():
                months[month] = months.get(month, Balance()) + balance
        goal = (await self._members.preferences(guild_id, member_id)).goal
        if account is not None:
            goal = await self._members.goal(guild_id, member_id, account)
        sources = tuple(dict.fromkeys(one.source for one in found))
        return PastReport(
            months, sum(months.values(), Balance()), sum(one.left_out for one in found), sources, goal
        )
