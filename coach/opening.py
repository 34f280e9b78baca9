"""Opening: the database and the key beside it are opened, and the coach is wired to them."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from coach.coach import Coach
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.shards import ALONE, Shards
from coach.store import Store
from coach.store.keys import fingerprint, key_file, load_key

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller

log = logging.getLogger(__name__)


async def open_coach(
    settings: Settings,
    labeller: Callable[[], Awaitable[Labeller]],
    clock: Callable[[], datetime],
    shards: Shards | None,
) -> Coach:
    """Open the database and make the coach that uses it; texts that may no longer be stored are erased first.

    Args:
        settings: the configuration.
        labeller: gives the labeller, waiting until it is loaded.
        clock: gives the present, an aware time.
        shards: the servers that this process serves; None for all.

    Raises:
        StoreError: the database or its key cannot be used.
    """
    tips = Tips.load()
    path = settings.beside
    store = await Store.open(settings.database, clock())
    try:
        key = await asyncio.to_thread(load_key, path)
        if not await store.erasures.use_key(fingerprint(key)):
            log.warning("%s is another key than before; docs/privacy.md says what that means", key_file(path))
        if not settings.keep_text and (erased := await store.retention.erase_texts()):
            log.info("keep_text is off: texts that were stored are erased, %s in all", erased)
        await store.other_languages.withdraw_unsent(shards or ALONE)
    except BaseException:
        await store.close()
        raise
    return Coach(settings, store, labeller, tips, clock, key, random.Random(), shards)  # noqa: S311
