"""The cog that catches up: what it knows of failed messages in channels that are not to be found for now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from coach.intake.read_progress import ReadProgress
from cogs.catch_up import CatchUpCog
from cogs.support.bot import SquareDeal

GUILD, CHANNEL, THREAD = 1, 10, 50


async def test_no_cursor_passes_a_message_that_failed_in_a_thread_before_it_was_archived() -> None:
    progress = ReadProgress()
    progress.start_catch_up(GUILD, ())
    with pytest.raises(OSError, match="file"), progress.in_progress(GUILD, THREAD, 100):
        raise OSError("file")

    async def servers() -> dict[int, int]:
        return {CHANNEL: GUILD}

    def nothing(_: int) -> None:
        """The cache holds no archived threads."""

    bot = SimpleNamespace(
        coach=SimpleNamespace(progress=progress, watching=SimpleNamespace(servers=servers)),
        guilds=(),
        unsettled={THREAD},
        get_channel=nothing,
    )
    cog = CatchUpCog(cast(SquareDeal, bot))
    for _ in range(3):
        await cog.try_again()
    assert progress.safe_cursor(GUILD, THREAD, 200, CHANNEL) == 99
