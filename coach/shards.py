"""Which servers a process serves if several share the work."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.errors import SettingsError

MOST_SHARDS = 10_000


@dataclass(frozen=True, slots=True)
class Shards:
    """Some shards out of all of them.

    Attributes:
        ids: the shards of this process.
        count: how many there are in all processes together.
    """

    ids: tuple[int, ...]
    count: int

    @classmethod
    def parse(cls, text: str) -> Shards:
        """Read what is given as `--shards`, such as "0-3/16" or "7/16".

        Raises:
            SettingsError: it is of another form, or names shards that there are not.
        """
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text.strip())
        if found is not None:
            first, last, count = int(found[1]), int(found[2] or found[1]), int(found[3])
            if first <= last < count <= MOST_SHARDS:
                return cls(tuple(range(first, last + 1)), count)
        raise SettingsError(f"--shards {text}: name shards and how many there are in all, such as 0-3/16")

    def covers(self, guild_id: int) -> bool:
        """Whether a server is one of these shards' (Discord's documentation, Gateway, Sharding)."""
        return (guild_id >> 22) % self.count in self.ids


ALONE = Shards((0,), 1)
"""One process with one connection."""
