"""How far each channel has been read without a gap: what lies behind a cursor is in the database."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager


class Cursors:
    """Messages in hand, and which channels are yet to be caught up.

    A cursor never passes a message that is still in hand or that failed, nor one that may have been missed while
    the connection was gone: whatever kills the program, reading on from the cursor finds every draft.
    """

    def __init__(self) -> None:
        self._in_hand: dict[int, set[int]] = {}
        self._failed: dict[int, set[int]] = {}
        self._newest: dict[int, int] = {}
        self._connected: set[int] = set()
        self._held: set[int] = set()

    @contextmanager
    def reading(self, channel_id: int, message_id: int) -> Generator[None, None, None]:
        """Hold a message in hand; it is done with at the end, unless that raises."""
        in_hand = self._in_hand.setdefault(channel_id, set())
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

    def hold(self, guild_ids: Collection[int]) -> None:
        """The connection to these servers is gone: no cursor moves until its channel has been caught up."""
        self._connected.difference_update(guild_ids)

    def plan(self, guild_id: int, channel_ids: Collection[int]) -> None:
        """Only these channels of a server may have missed something; the others are free."""
        self._held.update(channel_ids)
        self._connected.add(guild_id)

    def caught_up(self, guild_id: int, channel_id: int, message_id: int) -> int | None:
        """A channel has been read up to a message.

        Returns:
            Where its cursor may stand; None where the connection was lost meanwhile.
        """
        self._held.discard(channel_id)
        return self.reach(guild_id, channel_id, message_id)

    def reach(self, guild_id: int, channel_id: int, message_id: int) -> int | None:
        """How far a channel is read without a gap once a message is committed; None while that is not known."""
        if guild_id not in self._connected or channel_id in self._held:
            return None
        newest = self._newest[channel_id] = max(self._newest.get(channel_id, 0), message_id)
        missing = (self._in_hand.get(channel_id, set()) | self._failed.get(channel_id, set())) - {message_id}
        return min(newest, min(missing) - 1) if missing else newest

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
