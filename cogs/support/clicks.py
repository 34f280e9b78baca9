"""Clicks on drafts: which is the last, as the answer to an earlier one may take longer."""

from __future__ import annotations

MOST_CLICKS = 1_000
"""How many drafts' last clicks are remembered."""


class Clicks:
    """The last click on each recent draft: it is the one that counts, even if an earlier one takes longer."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def note(self, message_id: int, interaction_id: int) -> None:
        """Record a click as it comes in; later clicks have higher ids."""
        self._last[message_id] = max(interaction_id, self._last.pop(message_id, 0))
        if len(self._last) > MOST_CLICKS:
            del self._last[next(iter(self._last))]

    def now(self, message_id: int) -> int:
        """Record what came in just now and has no id of its own; returns one after all clicks so far."""
        self.note(message_id, self._last.get(message_id, 0) + 1)
        return self._last[message_id]

    def is_last(self, message_id: int, interaction_id: int) -> bool:
        """Whether no later click has come in."""
        return self._last.get(message_id, interaction_id) <= interaction_id
