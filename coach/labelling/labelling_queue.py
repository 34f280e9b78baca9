"""Labelling off the event loop: waiting drafts share one trip to a thread, and only one trip is made at a time.

Labels of drafts, explanations that members ask for, and posts of somebody's past have a thread each. Only posts of
the past wait for others, until no draft does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from coach.labels import Label, Lesson, Verdict

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller
    from coach.labelling.personal import PersonalModel

MOST_AT_ONCE = 64

SECONDS_TO_EXPLAIN = 10.0
"""The longest that a member waits for reasons, even if a hundred ask at once."""

P = ParamSpec("P")
T = TypeVar("T")


def load_labeller() -> Labeller:
    """Load the labeller, and its libraries only now: importing them takes half as long as everything else.

    Raises:
        ModelError: its files are missing or damaged.
    """
    from coach.labelling.labeller import Labeller  # noqa: PLC0415

    return Labeller.load()


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    text: str
    personal: PersonalModel | None
    answering: bool
    verdict: asyncio.Future[Verdict]


class LabellingQueue:
    """Labels drafts in the order in which they come.

    Args:
        labeller: gives the labeller, and waits for it to be loaded if it isn't yet.
    """

    def __init__(self, labeller: Callable[[], Awaitable[Labeller]]) -> None:
        self.labeller = labeller
        self._waiting: list[_Waiting] = []
        self._working: asyncio.Task[None] | None = None
        self._labels = ThreadPoolExecutor(1, "labels")
        self._reasons = ThreadPoolExecutor(1, "reasons")
        self._past = ThreadPoolExecutor(1, "past")

    @property
    def waiting(self) -> int:
        """How many drafts wait for a trip to the thread."""
        return len(self._waiting)

    def close(self) -> None:
        """Start nothing more. What a thread is still doing is short, and the program waits for it at its end."""
        for pool in (self._labels, self._reasons, self._past):
            pool.shutdown(wait=False, cancel_futures=True)

    async def explain(self, text: str, personal: PersonalModel | None, answering: bool = False) -> Verdict:
        """The verdict on a text with its reasons.

        Args:
            text: the text.
            personal: the personal model of whoever asks; None if they have none.
            answering: whether it is in a place for answers.

        Raises:
            TimeoutError: it takes longer than `SECONDS_TO_EXPLAIN`.
        """
        return await self._asked((await self.labeller()).explain, text, personal, answering)

    async def lesson(self, text: str, label: Label) -> Lesson | None:
        """What an author teaches by setting a draft's label; None if nothing, or if it takes too long."""
        try:
            return await self._asked((await self.labeller()).lesson, text, label)
        except TimeoutError:
            return None  # The correction itself matters more.

    async def _asked(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(SECONDS_TO_EXPLAIN):
            return await loop.run_in_executor(self._reasons, partial(function, *args, **kwargs))

    async def label(self, text: str, personal: PersonalModel | None, answering: bool = False) -> Verdict:
        """The verdict on a draft.

        Args:
            text: the draft.
            personal: its author's personal model; None if they have none.
            answering: whether it is in a place for answers.
        """
        item = _Waiting(text, personal, answering, asyncio.get_running_loop().create_future())
        self._waiting.append(item)
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="labelling")
        return await item.verdict

    async def label_past(self, texts: Sequence[str], personal: PersonalModel | None) -> list[Verdict]:
        """The verdicts on a few posts of somebody's past, once no draft waits.

        Args:
            texts: the posts; so few that a draft that comes in the meantime hardly notices.
            personal: their author's personal model; None if they have none.
        """
        labeller = await self.labeller()
        while self._working is not None:
            await asyncio.wait({self._working})
        return await asyncio.get_running_loop().run_in_executor(
            self._past, labeller.label, texts, [personal] * len(texts)
        )

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                await self._label_batch([item for item in batch if not item.verdict.done()])
        finally:
            self._working = None
            for item in self._waiting:
                item.verdict.cancel()

    async def _label_batch(self, batch: list[_Waiting]) -> None:
        try:
            labeller = await self.labeller()
            verdicts = await asyncio.get_running_loop().run_in_executor(
                self._labels,
                labeller.label,
                [item.text for item in batch],
                [item.personal for item in batch],
                [item.answering for item in batch],
            )
        except Exception as error:
            if len(batch) == 1:
                if not batch[0].verdict.done():
                    batch[0].verdict.set_exception(error)
                return
            # A text that can't be labelled must not take the others down with it.
            for item in batch:
                await self._label_batch([item])
        else:
            for item, verdict in zip(batch, verdicts, strict=True):
                if not item.verdict.done():
                    item.verdict.set_result(verdict)
