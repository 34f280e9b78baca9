"""Which servers a process serves if several processes share the work."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.errors import SettingsError
from coach.wording_refusals import bad_shards

MOST_SHARDS = 10_000


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of one process.

    Attributes:
        ids: the shards of this process, from 0.
        count: how many there are in all processes together.
    """

    ids: tuple[int, ...]
    count: int

    @classmethod
    def parse(cls, text: str) -> Shards:
        """The shards that the value of `--shards`, such as "0-3/16" or "7/16", names.

        Raises:
            SettingsError: it has another form, or names shards that don't exist.
        """
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", text.strip())
        if found is not None:
            first, last, count = int(found[1]), int(found[2] or found[1]), int(found[3])
            if first <= last < count <= MOST_SHARDS:
                return cls(tuple(range(first, last + 1)), count)
        raise SettingsError(bad_shards(text))

    def covers(self, guild_id: int) -> bool:
        """Whether a server belongs to one of these shards (Discord's documentation, Gateway, Sharding)."""
        return (guild_id >> 22) % self.count in self.ids


ALONE = Shards((0,), 1)
"""The only shard of a process that serves all servers."""
