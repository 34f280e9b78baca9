"""The queue of drafts to label: drafts of now go before posts of somebody's past."""

from __future__ import annotations

import asyncio

from coach.labelling.labeller import Labeller
from coach.labelling.labelling_queue import LabellingQueue
from tests.support.drafts import ASKS, TELLS


async def test_posts_of_the_past_wait_for_drafts() -> None:
    loaded = Labeller.load()

    async def labeller() -> Labeller:
        return loaded

    queue, done = LabellingQueue(labeller), list[str]()

    async def draft(number: int) -> None:
        await queue.label(f"{TELLS} {number}", None)
        done.append("draft")

    async def past() -> None:
        verdicts = await queue.label_past([ASKS, TELLS], None)
        assert [verdict.label.value for verdict in verdicts] == ["conversation", "content"]
        done.append("past")

    tasks = [asyncio.create_task(draft(number)) for number in range(40)]
    tasks.append(asyncio.create_task(past()))
    await asyncio.gather(*tasks)
    queue.close()
    assert done == ["draft"] * 40 + ["past"]
