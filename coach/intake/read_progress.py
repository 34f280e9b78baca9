"""How far each channel has been read without a gap: what lies behind a cursor is in the database."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager

MOST_TRIES = 50
"""How often a message that fails is tried before it is let go: as `Retries` has it, for eight hours."""

LONGEST_WAIT = 10
"""Minutes after which a channel that fails again and again is looked at again."""


class Cursors:
    """Messages in hand, and which channels are yet to be caught up.

    A cursor never passes a message that is still in hand or that failed, nor one that may have been missed while
    the connection was gone: whatever kills the program, reading on from the cursor finds every draft.
    """

    def __init__(self) -> None:
        self._in_hand: dict[int, set[int]] = {}
        self._guild_of: dict[int, int] = {}
        self._edits: list[tuple[int, int, int]] = []
        self._failed: dict[int, set[int]] = {}
        self._newest: dict[int, int] = {}
        self._connected: set[int] = set()
        self._held: dict[int, set[int]] = {}
        self._tries: dict[int, dict[int, int]] = {}

    @contextmanager
    def reading(self, guild_id: int, channel_id: int, message_id: int) -> Generator[None, None, None]:
        """Hold a message in hand; it is done with at the end, unless that raises."""
        in_hand = self._in_hand.setdefault(channel_id, set())
        self._guild_of[channel_id] = guild_id
        in_hand.add(message_id)
        try:
            yield
        except BaseException:
            self._failed.setdefault(channel_id, set()).add(message_id)
            raise
        else:
            self._newest[channel_id] = max(self._newest.get(channel_id, 0), message_id)
        finally:
            in_hand.discard(message_id)
            if not in_hand:
                self._in_hand.pop(channel_id, None)
                self._guild_of.pop(channel_id, None)

    @contextmanager
    def following(self, guild_id: int, channel_id: int, message_id: int) -> Generator[None, None, None]:
        """Follow an edit, by which a message may become a draft; no cursor waits for it."""
        edit = guild_id, channel_id, message_id
        self._edits.append(edit)
        try:
            yield
        finally:
            self._edits.remove(edit)

    def fail(self, channel_id: int, message_id: int) -> bool:
        """A message could not be read or recorded; False once that has happened too often to try again."""
        tries = self._tries.setdefault(channel_id, {})
        tries[message_id] = tries.get(message_id, 0) + 1
        if tries[message_id] >= MOST_TRIES:
            return False
        self._failed.setdefault(channel_id, set()).add(message_id)
        return True

    def hold(self, guild_ids: Collection[int]) -> None:
        """The connection to these servers is gone: no cursor moves until its channel has been caught up."""
        self._connected.difference_update(guild_ids)

    def hold_channels(self, guild_id: int, channel_ids: Collection[int]) -> None:
        """These channels of a server may have missed something, or are about to: their cursors stay."""
        self._held.setdefault(guild_id, set()).update(channel_ids)

    def plan(self, guild_id: int, channel_ids: Collection[int]) -> None:
        """Only these channels of a server, and their threads, may have missed something; the others are free."""
        self._held[guild_id] = set(channel_ids)
        self._connected.add(guild_id)

    def caught_up(self, guild_id: int, channel_id: int, message_id: int) -> int | None:
        """A channel or thread has been read up to a message.

        Returns:
            Where its cursor may stand; None if that is not known, as the connection was lost meanwhile.
        """
        self.release(guild_id, channel_id)
        if guild_id not in self._connected:
            return None
        return self._reach(channel_id, message_id)

    def release(self, guild_id: int, channel_id: int) -> None:
        """A channel misses nothing any more."""
        self._held.get(guild_id, set()).discard(channel_id)
        if channel_id not in self._failed:
            self._tries.pop(channel_id, None)

    def reach(self, guild_id: int, channel_id: int, message_id: int, parent_id: int | None = None) -> int | None:
        """How far a channel is read without a gap once a message is committed; None while that is not known."""
        held = self._held.get(guild_id, set())
        if guild_id not in self._connected or channel_id in held or parent_id in held:
            return None
        return self._reach(channel_id, message_id)

    def _reach(self, channel_id: int, message_id: int) -> int:
        newest = self._newest[channel_id] = max(self._newest.get(channel_id, 0), message_id)
        return self.before_missing(channel_id, newest, but=message_id)

    def before_missing(self, channel_id: int, upto: int, but: int | None = None) -> int:
        """`upto`, or as far as there is no message in hand or failed; `but` is one that is neither."""
        missing = (self._in_hand.get(channel_id, set()) | self._failed.get(channel_id, set())) - {but}
        return min(upto, min(missing) - 1) if missing else upto

    def channels_in_hand(self, guild_id: int) -> set[int]:
        """The channels of a server in which a message is being read, or an edit followed, just now."""
        edits = {channel_id for edited_in, channel_id, _ in self._edits if edited_in == guild_id}
        return edits | {channel_id for channel_id in self._in_hand if self._guild_of[channel_id] == guild_id}

    def may_be_recorded(self, channel_id: int) -> set[int]:
        """The messages of a channel that may get on record in a moment, as they or their edits are in hand."""
        edits = {message_id for _, edited_in, message_id in self._edits if edited_in == channel_id}
        return edits | self._in_hand.get(channel_id, set())

    def is_in_hand(self, channel_id: int, message_id: int) -> bool:
        """Whether a message is being read just now."""
        return message_id in self._in_hand.get(channel_id, ())

    def take_up(self, channel_id: int, after: int, upto: int) -> None:
        """The messages of a stretch are read again: those that failed get another chance."""
        failed = {failed for failed in self._failed.pop(channel_id, ()) if not after < failed <= upto}
        if failed:
            self._failed[channel_id] = failed

    def failing(self) -> set[int]:
        """The channels with messages that could not be recorded."""
        return set(self._failed)


class Retries:
    """When to look again at channels that failed: after a minute, then after twice as long each time."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[int, int]] = {}

    def due(self, channel_ids: Collection[int]) -> set[int]:
        """A minute has passed.

        Args:
            channel_ids: all channels that are to be looked at again; those that are left out have recovered.

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
