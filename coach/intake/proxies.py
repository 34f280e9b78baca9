"""Proxies: applications that post members' drafts again for them, and which draft such a message repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from coach import wording_refusals
from coach.errors import Refused
from coach.intake.drafts import Message, text_hash
from coach.intake.read_progress import ReadProgress
from coach.intake.sketch import same_words, sketch
from coach.members.cache import MemberCache
from coach.store import Sketched, Store

REPOSTED_WITHIN = timedelta(seconds=15)
"""How long after a draft was written or edited an application posts it again: PluralKit takes about a second."""

AGAIN_WITHIN = timedelta(minutes=1)
"""How long after that it may be posted anew under another of the member's names, as PluralKit's `reproxy` does."""

SECONDS_TO_WAIT = 5.0
"""How long a deleted draft stays on record in case it is posted again, and how long a nudge or question waits, so
that it goes below the message that stays. PluralKit deletes the original a second after it has posted it again."""

MOST_TAG_WORDS = 8
"""How many words an application takes off at the beginning and end, as they only say whom it is to post for."""

MOST_PROXIES = 10
"""How many applications a server may name."""

MOST_REMEMBERED = 500
"""How many messages of a server are remembered, and how many moves of all servers."""

T = TypeVar("T")

_KEPT, _KEPT_LATE = timedelta(seconds=30), timedelta(hours=1)
_LEADING_MENTION = re.compile(r"\s*+<@!?\d++>")
_WORD = re.compile(r"[^\W_]++")


@dataclass(slots=True)
class Original:
    """A draft that an application may be about to post again.

    Attributes:
        message: it, as it was first read; None if that was before the program was started.
        texts: what it said, and what it said after each edit.
        since: when it was written or last edited.
        within: how long after that it may be posted again.
        until: when it is forgotten, by the bot's own clock.
        deleted: whether it is deleted.
    """

    message_id: int
    channel_id: int
    author_id: int
    since: datetime
    until: datetime
    message: Message | None = None
    texts: list[str] = field(default_factory=list[str])
    within: timedelta = REPOSTED_WITHIN
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class _Late:
    """A message of an application, the drafts on record that it may repeat with their authors, and until when."""

    message: Message
    alike: dict[int, int]
    until: datetime


@dataclass(slots=True)
class _Seen:
    """What is remembered of a server for some seconds, in memory alone.

    Attributes:
        originals: messages of members.
        reposts: messages of applications that nobody's draft has moved to yet, each with when it is forgotten.
        late: messages of applications that may repeat drafts of which only the record is known.
    """

    originals: dict[int, Original] = field(default_factory=dict[int, Original])
    reposts: dict[int, tuple[Message, datetime]] = field(default_factory=dict[int, tuple[Message, datetime]])
    late: dict[int, _Late] = field(default_factory=dict[int, _Late])


class Proxies:
    """Knows the applications that each server named, and says which draft a message of theirs repeats.

    Such a message repeats a draft if it comes within seconds in the same channel and says the same, if the draft
    is deleted, and if nobody else wrote the same there at that time. In which order the bot learns of draft,
    deletion and message doesn't matter.

    Args:
        store: the open database.
        members: the cache of members and servers.
        progress: which messages are deleted.
        clock: gives the present, an aware time.
        secret: the key of the hashes, 1 to 64 bytes.
    """

    def __init__(
        self,
        store: Store,
        members: MemberCache,
        progress: ReadProgress,
        clock: Callable[[], datetime],
        secret: bytes,
    ) -> None:
        self._store = store
        self._members = members
        self._progress = progress
        self._clock = clock
        self._secret = secret
        self._seen: dict[int, _Seen] = {}
        self._moved: dict[int, int] = {}

    # The applications of a server

    async def named(self, guild_id: int) -> frozenset[int]:
        """The applications that a server named, by id."""
        return (await self._members.guild(guild_id)).proxies

    async def sent(self, message: Message) -> bool:
        """Whether an application that its server named sent a message."""
        return message.application_id is not None and message.application_id in await self.named(message.guild_id)

    async def name(self, guild_id: int, application_id: int, use: bool) -> frozenset[int]:
        """Name an application whose messages count for members, or name it no longer; return all of them.

        Raises:
            Refused: the server has named enough.
        """
        named = await self.named(guild_id)
        named = named | {application_id} if use else named - {application_id}
        if len(named) > MOST_PROXIES:
            raise Refused(wording_refusals.too_many_proxies(MOST_PROXIES))
        return (await self._store.guilds.change(guild_id, proxies=named)).proxies

    # What is remembered

    def note_original(self, message: Message) -> None:
        """Remember what a member wrote, or what it says after an edit."""
        originals, now = self._of(message.guild_id).originals, self._clock()
        known = originals.pop(message.message_id, None)
        if known is None:
            since = message.edited_at or message.posted_at
            known = Original(
                message.message_id, message.channel_id, message.author_id, since, now + _KEPT, message
            )
        elif message.edited_at is not None:
            known.since, known.until = max(known.since, message.edited_at), now + known.within + _KEPT
        if message.text not in known.texts:
            known.texts.append(message.text)
        # It may have been deleted before its words were fetched.
        known.deleted = known.deleted or self._progress.is_deleted(message)
        _remember(originals, message.message_id, known)

    def note_repost(self, message: Message) -> None:
        """Remember a message of an application, or what it says after an edit."""
        if not self._progress.is_deleted(message):
            reposts = self._of(message.guild_id).reposts
            _remember(reposts, message.message_id, (message, self._clock() + _KEPT))

    def note_edit(self, message: Message) -> None:
        """Take over an edit of a message of an application that is remembered."""
        seen = self._seen.get(message.guild_id) or _Seen()
        if message.message_id in seen.reposts:
            seen.reposts[message.message_id] = message, seen.reposts[message.message_id][1]
        if message.message_id in seen.originals:
            seen.originals[message.message_id].texts.append(message.text)

    def note_moved(self, original: Original, message: Message) -> None:
        """Remember that a draft has moved to a message, which may be posted anew in turn.

        Args:
            original: the draft as it was.
            message: the message, as if its author were the draft's.
        """
        self._moved[original.message_id] = message.message_id
        while len(self._moved) > MOST_REMEMBERED:
            del self._moved[next(iter(self._moved))]
        until = self._clock() + AGAIN_WITHIN + _KEPT
        again = Original(
            message.message_id,
            message.channel_id,
            original.author_id,
            message.posted_at,
            until,
            message,
            [message.text],
            AGAIN_WITHIN,
            self._progress.is_deleted(message),
        )
        _remember(self._of(message.guild_id).originals, message.message_id, again)

    def put_back(self, guild_id: int, original: Original) -> None:
        """Remember a draft again that did not move, as the message that repeats it was deleted in the meantime."""
        _remember(self._of(guild_id).originals, original.message_id, original)

    def moved_to(self, message_id: int) -> int:
        """The message that a draft stands in now: another one if it has just moved."""
        while message_id in self._moved:
            message_id = self._moved[message_id]
        return message_id

    def note_deleted(self, guild_id: int, message_ids: Collection[int]) -> set[int]:
        """Note that messages are deleted; return those that may be posted again, for which it is worth to wait."""
        seen = self._seen.get(guild_id)
        if seen is None:
            return set()
        self._forget_old(seen)
        for message_id in message_ids:
            self._pop(seen, message_id)
            if message_id in seen.originals:
                seen.originals[message_id].deleted = True
        return seen.originals.keys() & set(message_ids)

    def forget(self, guild_id: int, message_ids: Collection[int]) -> None:
        """Forget deleted messages for which nothing has come."""
        originals = (self._seen.get(guild_id) or _Seen()).originals
        for message_id in message_ids:
            originals.pop(message_id, None)

    def forget_old(self) -> None:
        """Forget, in all servers, what nothing is waited for any more."""
        for seen in self._seen.values():
            self._forget_old(seen)

    @staticmethod
    def _pop(seen: _Seen, message_id: int) -> None:
        seen.reposts.pop(message_id, None)
        seen.late.pop(message_id, None)

    def _of(self, guild_id: int) -> _Seen:
        seen = self._seen.setdefault(guild_id, _Seen())
        self._forget_old(seen)
        return seen

    def _forget_old(self, seen: _Seen) -> None:
        now = self._clock()
        seen.originals = {key: one for key, one in seen.originals.items() if one.until > now}
        seen.reposts = {key: one for key, one in seen.reposts.items() if one[1] > now}
        seen.late = {key: one for key, one in seen.late.items() if one.until > now}

    # What belongs together

    def match(self, guild_id: int) -> tuple[Original, Message] | None:
        """A deleted draft and the message that repeats it, which are forgotten with this; None if there are none.

        If the same author wrote the same more than once, the first that is deleted belongs to the first message.
        """
        seen = self._seen.get(guild_id) or _Seen()
        for message_id in sorted(seen.reposts):
            repost = seen.reposts[message_id][0]
            alike = [one for one in seen.originals.values() if _may_repeat(repost, one)]
            if len({one.author_id for one in alike}) > 1:
                # Nothing that may still come would tell whose it is.
                self._pop(seen, message_id)
                continue
            deleted = [one.message_id for one in alike if one.deleted]
            if deleted:
                self._pop(seen, message_id)
                return seen.originals.pop(min(deleted)), repost
        return None

    async def may_repeat(self, message: Message) -> bool:
        """Whether a message of an application stands where somebody drafted just before it."""
        originals = (self._seen.get(message.guild_id) or _Seen()).originals
        return any(one.channel_id == message.channel_id for one in originals.values()) or bool(
            await self._before(message)
        )

    async def note_late(self, message: Message) -> None:
        """Remember which drafts on record a message may repeat, if no draft in memory says the same.

        That is so in catching up, and just after a start. The drafts' words are not known any more, but their
        hashes are, and perhaps their sketches.
        """
        originals = (self._seen.get(message.guild_id) or _Seen()).originals
        if any(_may_repeat(message, one) for one in originals.values()):
            return  # What is in memory tells more.
        hashed, sketched = text_hash(message.text, self._secret), sketch(message.text, self._secret)
        alike = {
            one.message_id: one.author_id
            for one in await self._before(message)
            if one.text_hash == hashed
            or (one.sketch is not None and same_words(one.sketch, sketched, MOST_TAG_WORDS))
        }
        if len(set(alike.values())) == 1:
            late = _Late(message, alike, self._clock() + _KEPT_LATE)
            _remember(self._of(message.guild_id).late, message.message_id, late)

    def match_late(self, guild_id: int, message_id: int) -> tuple[Original, Message] | None:
        """A draft on record that is gone and the first message that may repeat it; None if none does."""
        seen = self._seen.get(guild_id) or _Seen()
        for key in sorted(seen.late):
            message, alike = seen.late[key].message, seen.late[key].alike
            if message_id in alike:
                self._pop(seen, key)
                author_id, now = alike[message_id], self._clock()
                return Original(message_id, message.channel_id, author_id, message.posted_at, now), message
        return None

    async def _before(self, message: Message) -> list[Sketched]:
        return await self._store.reposts.written_before(
            message.guild_id, message.channel_id, message.message_id, message.posted_at - REPOSTED_WITHIN
        )


def as_author(message: Message, author_id: int, original: Message | None = None) -> Message:
    """A message of an application as if the member had written it for whom it stands.

    Args:
        message: the message.
        author_id: the member.
        original: what the member wrote, if that is known: the message itself doesn't show what it replies to.
    """
    message = replace(message, author_id=author_id, by_person=True)
    if original is None:
        return message
    return replace(
        message,
        replies_to=original.replies_to,
        continues=original.continues,
        answering=original.answering,
        forwarded=original.forwarded,
    )


def repeats(text: str, original: str) -> bool:
    """Whether a text is another one without what the latter may have had before and after it for an application.

    Words have to be the same and in the same order; layout, brackets and a mention at the beginning don't matter.
    What is taken off may stick to the first or last word.
    """
    words, of = _words(text), _words(original)
    count = len(words)
    if not words or not 0 <= len(of) - count <= MOST_TAG_WORDS:
        return False
    return any(_same(words, of[start : start + count]) for start in range(len(of) - count + 1))


def _same(words: list[str], of: list[str]) -> bool:
    if words == of:
        return True
    inner = len(words) > 2 and words[1:-1] == of[1:-1]
    return inner and of[0].endswith(words[0]) and of[-1].startswith(words[-1])


def _words(text: str) -> list[str]:
    return _WORD.findall(_LEADING_MENTION.sub("", text, count=1).casefold())


def _may_repeat(repost: Message, original: Original) -> bool:
    return (
        repost.channel_id == original.channel_id
        and repost.message_id > original.message_id
        and repost.posted_at - original.since <= original.within
        and any(repeats(repost.text, text) for text in original.texts)
    )


def _remember(kept: dict[int, T], key: int, value: T) -> None:
    kept[key] = value
    if len(kept) > MOST_REMEMBERED:
        del kept[next(iter(kept))]
