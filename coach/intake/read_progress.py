"""How far each channel has been read without a gap, and which messages are known to be deleted or out of date."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from coach.intake.drafts import Message

LOOK_BACK = timedelta(days=1)
"""How old a message may be to become a draft by an edit, and how far back missed changes are looked for."""

MOST_TRIES = 50
"""How often a failing message is tried before it is given up: with the waits of `Retries`, for eight hours."""

MOST_FAILED = 1_000
"""Messages of a channel remembered as failed; its cursor waits for the oldest of them, and so for all."""

MOST_KEPT = 10_000
"""How many of each are remembered: deleted messages, edited ones, channels. Far more than change at a time."""

LONGEST_WAIT = 10
"""Minutes after which a channel that fails again and again is looked at again."""

T = TypeVar("T")


class ReadProgress:
    """Which messages are in progress, which channels are still to be caught up, and what has just been erased.

    A cursor says up to which message everything in a channel is recorded. It never passes a message that is in
    progress or has failed, nor one that may have been missed while the connection was lost: whatever kills the
    program, reading on from the cursor finds every draft.

    What Discord says is deleted or edited is remembered here before anything is done about it, so that a message
    that is being read at that moment is not recorded afterwards, or not with its old text.

    No method awaits anything, so nothing else can happen between a question to this object and the write that
    relies on the answer.
    """

    def __init__(self) -> None:
        self._in_progress: dict[int, set[int]] = {}
        self._guild_of: dict[int, int] = {}
        self._edits: list[tuple[int, int, int]] = []
        self._failed: dict[int, set[int]] = {}
        self._tries: dict[int, dict[int, int]] = {}
        self._newest: dict[int, int] = {}
        self._connected: set[int] = set()
        self._held: dict[int, set[int]] = {}
        # Channels are kept apart from messages: a thread has the id of the message that it was started from.
        self._deleted: dict[int, None] = {}
        self._not_found: dict[int, None] = {}
        self._deleted_channels: dict[int, None] = {}
        self._edited: dict[int, datetime] = {}

    # Messages in progress

    @contextmanager
    def in_progress(self, guild_id: int, channel_id: int, message_id: int) -> Generator[None]:
        """Keep a message in progress; at the end it is done, or has failed if that raises."""
        in_progress = self._in_progress.setdefault(channel_id, set())
        self._guild_of[channel_id] = guild_id
        in_progress.add(message_id)
        try:
            yield
        except BaseException:
            self._remember_failed(channel_id, message_id)
            raise
        else:
            self._note_newest(channel_id, message_id)
        finally:
            in_progress.discard(message_id)
            if not in_progress:
                self._in_progress.pop(channel_id, None)
                self._guild_of.pop(channel_id, None)

    @contextmanager
    def editing(self, guild_id: int, channel_id: int, message_id: int) -> Generator[None]:
        """Keep an edit in progress that may turn a message into a draft; no cursor waits for it."""
        edit = guild_id, channel_id, message_id
        self._edits.append(edit)
        try:
            yield
        finally:
            self._edits.remove(edit)

    def is_in_progress(self, channel_id: int, message_id: int) -> bool:
        """Whether a message is being read now."""
        return message_id in self._in_progress.get(channel_id, ())

    def channels_in_progress(self, guild_id: int) -> set[int]:
        """The channels of a server in which a message or an edit is in progress."""
        edits = {channel_id for edited_in, channel_id, _ in self._edits if edited_in == guild_id}
        return edits | {channel_id for channel_id in self._in_progress if self._guild_of[channel_id] == guild_id}

    def may_be_recorded(self, channel_id: int) -> set[int]:
        """The messages of a channel that may be recorded any moment, as they or their edits are in progress."""
        edits = {message_id for _, edited_in, message_id in self._edits if edited_in == channel_id}
        return edits | self._in_progress.get(channel_id, set())

    # Messages that failed

    def note_failure(self, channel_id: int, message_id: int) -> bool:
        """Note that a message could not be read or recorded.

        Returns:
            False if it is given up: it has failed too often, or there are too many in its channel.
        """
        tries = self._tries.setdefault(channel_id, {})
        if message_id not in tries and len(tries) >= MOST_FAILED:
            # Those that have been recorded since make room.
            for recorded in tries.keys() - self._failed.get(channel_id, set()):
                del tries[recorded]
            if len(tries) >= MOST_FAILED:
                return False
        tries[message_id] = tries.get(message_id, 0) + 1
        if tries[message_id] >= MOST_TRIES:
            return False
        self._remember_failed(channel_id, message_id)
        return True

    def retry(self, channel_id: int, after: int, upto: int) -> None:
        """Forget which messages after one id and up to another have failed, as they are read again."""
        failed = {failed for failed in self._failed.pop(channel_id, ()) if not after < failed <= upto}
        if failed:
            self._failed[channel_id] = failed

    def channels_with_failures(self) -> set[int]:
        """The channels with messages that could not be recorded."""
        return set(self._failed)

    # Channels to be caught up

    def connection_lost(self, guild_ids: Collection[int]) -> None:
        """Move no cursor in these servers until they are caught up: they may miss something from now on."""
        for guild_id in guild_ids:
            self._connected.discard(guild_id)
            self._held.pop(guild_id, None)

    def start_catch_up(self, guild_id: int, channel_ids: Collection[int]) -> None:
        """Hold the cursors of these channels of a server, and of their threads; all others may move."""
        self._held[guild_id] = set(channel_ids)
        self._connected.add(guild_id)

    def hold_channels(self, guild_id: int, channel_ids: Collection[int]) -> None:
        """Hold the cursors of these channels too: they may have missed something, or are about to."""
        if channel_ids:
            self._held.setdefault(guild_id, set()).update(channel_ids)

    def release(self, guild_id: int, channel_id: int) -> None:
        """Let a channel's cursor move again: it has missed nothing, or nobody reads it."""
        self._held.get(guild_id, set()).discard(channel_id)
        if channel_id not in self._failed:
            self._tries.pop(channel_id, None)

    def finish_catch_up(self, guild_id: int, channel_id: int, message_id: int) -> int | None:
        """Release a channel or thread that has been read up to a message.

        Returns:
            Where its cursor may be set; None if that is unknown, as the connection was lost again.
        """
        self.release(guild_id, channel_id)
        if guild_id not in self._connected:
            return None
        return self._cursor(channel_id, message_id)

    # Cursors

    def safe_cursor(
        self, guild_id: int, channel_id: int, message_id: int, parent_id: int | None = None
    ) -> int | None:
        """Where a channel's cursor may be set once a message is committed; None while that is unknown."""
        held = self._held.get(guild_id, set())
        if guild_id not in self._connected or channel_id in held or parent_id in held:
            return None
        return self._cursor(channel_id, message_id)

    def before_unfinished(self, channel_id: int, upto: int, but: int | None = None) -> int:
        """`upto`, or the id before the first message in progress or failed; `but` is a message that is neither."""
        in_progress = self._in_progress.get(channel_id, set())
        unfinished = (in_progress | self._failed.get(channel_id, set())) - {but}
        return min(upto, min(unfinished) - 1) if unfinished else upto

    # What is deleted or edited

    def note_deleted(self, message_ids: Collection[int]) -> None:
        """Remember that messages are deleted, as an event says; they do not come back."""
        _remember(self._deleted, dict.fromkeys(message_ids))

    def note_channels_deleted(self, channel_ids: Collection[int]) -> None:
        """Remember that channels or threads are deleted, and forget how far they were read."""
        _remember(self._deleted_channels, dict.fromkeys(channel_ids))
        for channel_id in channel_ids:
            for forgotten in (self._failed, self._tries, self._newest):
                forgotten.pop(channel_id, None)
            for held in self._held.values():
                held.discard(channel_id)

    def note_not_found(self, message_ids: Collection[int]) -> None:
        """Remember that Discord did not find messages when asked for each; it may show them again."""
        _remember(self._not_found, dict.fromkeys(message_ids))

    def note_shown(self, message_ids: Collection[int]) -> None:
        """Forget that messages were not found, as a page shows them."""
        for message_id in self._not_found.keys() & set(message_ids):
            del self._not_found[message_id]

    def note_channels_shown(self, channel_ids: Collection[int]) -> None:
        """Forget that channels were deleted, as Discord shows them."""
        for channel_id in self._deleted_channels.keys() & set(channel_ids):
            del self._deleted_channels[channel_id]

    def is_deleted(self, message: Message) -> bool:
        """Whether a message, or the channel or thread that it is in, is known to be deleted."""
        channels = {message.channel_id, message.parent_id}
        deleted = message.message_id in self._deleted or message.message_id in self._not_found
        return deleted or bool(self._deleted_channels.keys() & channels)

    def note_edit(self, message_id: int, edited_at: datetime | None) -> None:
        """Remember an edit before its text is fetched: what was read before it is out of date from now on."""
        if edited_at is not None and edited_at > self._edited.get(message_id, edited_at - LOOK_BACK):
            _remember(self._edited, {message_id: edited_at})

    def is_outdated(self, message: Message) -> bool:
        """Whether a message was read before an edit that is known."""
        read = message.edited_at or message.posted_at
        return read < self._edited.get(message.message_id, message.posted_at)

    def _cursor(self, channel_id: int, message_id: int) -> int:
        return self.before_unfinished(channel_id, self._note_newest(channel_id, message_id), but=message_id)

    def _note_newest(self, channel_id: int, message_id: int) -> int:
        newest = max(self._newest.pop(channel_id, 0), message_id)
        # If a channel is dropped to make room, its cursor is set less far, and it is read again from there.
        _remember(self._newest, {channel_id: newest})
        return newest

    def _remember_failed(self, channel_id: int, message_id: int) -> None:
        failed = self._failed.setdefault(channel_id, set())
        failed.add(message_id)
        if len(failed) > MOST_FAILED:
            # The channel is read again from before its oldest failed message, and so this one is too.
            failed.remove(max(failed))


def _remember(kept: dict[int, T], more: Mapping[int, T]) -> None:
    """Remember more, and forget the oldest beyond `MOST_KEPT`."""
    kept.update(more)
    for oldest in list(itertools.islice(kept, max(0, len(kept) - MOST_KEPT))):
        del kept[oldest]


class Retries:
    """Says when to look again at channels that failed: after a minute, then after twice as long each time."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[int, int]] = {}

    def due(self, channel_ids: Collection[int]) -> set[int]:
        """Note that a minute has passed.

        Args:
            channel_ids: all channels that have to be looked at again; those left out have recovered.

        Returns:
            Which of them have waited long enough.
        """
        due: set[int] = set()
        waiting: dict[int, tuple[int, int]] = {}
        for channel_id in channel_ids:
            tries, minutes = self._waiting.get(channel_id, (0, 0))
            if minutes + 1 >= min(2**tries, LONGEST_WAIT):
                due.add(channel_id)
                waiting[channel_id] = tries + 1, 0
            else:
                waiting[channel_id] = tries, minutes + 1
        self._waiting = waiting
        return due
