"""Labels off the event loop: drafts that wait share one trip to a thread, and no more than one is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.labels import Verdict

if TYPE_CHECKING:
    from coach.labeller import Labeller
    from coach.touch import Touch

MOST_AT_ONCE = 64


def load_labeller() -> Labeller:
    """Load the labeller, and only now its libraries: to import those takes half as long as all the rest.

    Raises:
        ModelError: its files are missing or damaged.
    """
    from coach.labeller import Labeller  # noqa: PLC0415

    return Labeller.load()


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    text: str
    touch: Touch | None
    verdict: asyncio.Future[Verdict]


class Labelling:
    """Labels drafts in the order they come.

    Args:
        labeller: gives the labeller, waiting for it to be loaded where need be.
    """

    def __init__(self, labeller: Callable[[], Awaitable[Labeller]]) -> None:
        self._labeller = labeller
        self._waiting: list[_Waiting] = []
        self._working: asyncio.Task[None] | None = None

    async def label(self, text: str, touch: Touch | None) -> Verdict:
        """The verdict on a draft.

        Args:
            text: the draft.
            touch: what the corrections of its author have taught.
        """
        item = _Waiting(text, touch, asyncio.get_running_loop().create_future())
        self._waiting.append(item)
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="labelling")
        return await item.verdict

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                await self._settle([item for item in batch if not item.verdict.done()])
        finally:
            self._working = None
            for item in self._waiting:
                item.verdict.cancel()

    async def _settle(self, batch: list[_Waiting]) -> None:
        try:
            labeller = await self._labeller()
            verdicts = await asyncio.to_thread(
                labeller.label, [item.text for item in batch], [item.touch for item in batch]
            )
        except Exception as error:
            if len(batch) == 1:
                if not batch[0].verdict.done():
                    batch[0].verdict.set_exception(error)
                return
            # A text that cannot be labelled must not take the others with it.
            for item in batch:
                await self._settle([item])
        else:
            for item, verdict in zip(batch, verdicts, strict=True):
                if not item.verdict.done():
                    item.verdict.set_result(verdict)
