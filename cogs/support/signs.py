"""The signs on drafts: one task for each message makes its sign agree with the record, whatever comes between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from coach.labels import Label
from coach.settings import Reactions
from cogs.support.ending import cancel
from cogs.support.refusals import NO_ANSWER, Refusal, described, meaning, permission

log = logging.getLogger(__name__)

SECONDS_TO_STOP = 1.0

MOST_KEPT = 10_000
"""How many refused signs are remembered, and how many that are put later."""

ADD_REACTIONS = "Add Reactions"

UNKNOWN_EMOJI = 10014
"""Discord's code for a sign that is not there to be removed."""

THREAD_IS_ARCHIVED = 50083
"""Discord's code for a message on which no sign can be put for now."""

AnyMessage = discord.Message | discord.PartialMessage


class Signs:
    """Puts and removes the bot's reactions.

    Args:
        reactions: the sign of each label.
        own_id: the bot's user id.
        label_of: gives the label on record of a guild's message; None if it is not counted as a draft.
        changes: gives a number that grows whenever a label on record may have changed.
        report_missing: says that a permission is missing in a channel.
        note_granted: records that a permission is there in a channel, by its id.
    """

    def __init__(
        self,
        reactions: Reactions,
        own_id: int,
        label_of: Callable[[int, int], Awaitable[Label | None]],
        changes: Callable[[], int],
        report_missing: Callable[[Any, str], Awaitable[None]],
        note_granted: Callable[[int, str], None],
    ) -> None:
        self._of: dict[Label | None, set[str]] = {label: {reactions.of(label)} for label in Label} | {None: set()}
        self._both = reactions.both
        self._me = discord.Object(own_id)
        self._label_of = label_of
        self._changes = changes
        self._report_missing = report_missing
        self._note_granted = note_granted
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._later: dict[int, tuple[int, AnyMessage]] = {}
        self._refused: dict[tuple[int, str], None] = {}

    async def mend(self, guild_id: int, message: AnyMessage, there: set[str] | None = None) -> None:
        """Make the sign on a message the one of its label on record; what goes wrong is logged, never raised.

        Args:
            guild_id: the server.
            message: the message.
            there: the bot's signs on it now; None if that is not known.
        """
        task = self._tasks.get(message.id)
        if task is None:
            self._later.pop(message.id, None)
            task = asyncio.create_task(self._mend(guild_id, message, there), name=f"sign-{message.id}")
            self._tasks[message.id] = task
        else:
            # It knows what is there, and looks at the record once more before it ends.
            self._again.add(message.id)
        await asyncio.shield(task)

    async def try_again(self) -> None:
        """Mend the signs that could not be mended before; within a channel one after the other."""
        channels: dict[int, list[tuple[int, AnyMessage]]] = {}
        for guild_id, message in self._later.values():
            channels.setdefault(message.channel.id, []).append((guild_id, message))
        await asyncio.gather(*(self._retry(waiting) for waiting in channels.values()))

    async def _retry(self, waiting: list[tuple[int, AnyMessage]]) -> None:
        for guild_id, message in waiting:
            await self.mend(guild_id, message)
            if message.id in self._later:
                return  # The trouble goes on.

    def waits(self, message_id: int) -> bool:
        """Whether a sign could not be mended for now, and is tried again later."""
        return message_id in self._later

    async def close(self) -> None:
        """Stop; signs that are missing or wrong are found when the bot catches up."""
        await cancel(list(self._tasks.values()), SECONDS_TO_STOP)

    async def _mend(self, guild_id: int, message: AnyMessage, there: set[str] | None) -> None:
        sure, maybe = (set[str](), self._both) if there is None else (there, there)
        try:
            while True:
                self._again.discard(message.id)
                changes = self._changes()
                label = await self._label_of(guild_id, message.id)
                wanted = self._of[label]
                for sign in wanted - sure:
                    await self._put(message, sign)
                for sign in maybe - wanted:
                    await self._remove(message, sign)
                sure = maybe = wanted
                # The author may have erased the draft since, and nothing tells this task.
                unchanged = self._changes() == changes or await self._label_of(guild_id, message.id) is label
                if unchanged and message.id not in self._again:
                    return
        except NO_ANSWER as error:
            await self._stopped(guild_id, message, error)
        finally:
            self._again.discard(message.id)
            del self._tasks[message.id]

    async def _put(self, message: AnyMessage, sign: str) -> None:
        """Put a sign, unless that was refused before or is refused for good."""
        if (message.id, sign) in self._refused:
            return
        try:
            await message.add_reaction(sign)
            self._note_granted(message.channel.id, ADD_REACTIONS)
        except NO_ANSWER as error:
            what = meaning(error)
            if what not in (Refusal.PERSON, Refusal.FINAL):
                raise
            if getattr(error, "code", 0) == THREAD_IS_ARCHIVED:
                # When somebody writes there, it is open again, and looked at.
                log.warning("no sign on message %s while its thread is archived: %s", message.id, described(error))
                return
            self._refused[message.id, sign] = None
            if len(self._refused) > MOST_KEPT:
                del self._refused[next(iter(self._refused))]
            level = logging.WARNING if what is Refusal.FINAL else logging.INFO
            log.log(level, "no sign on message %s, and it is not tried again: %s", message.id, described(error))

    async def _remove(self, message: AnyMessage, sign: str) -> None:
        """Remove a sign that may be there, unless that is refused for good."""
        try:
            await message.remove_reaction(sign, self._me)
        except NO_ANSWER as error:
            what = meaning(error)
            if what in (Refusal.PERMISSION, Refusal.PASSING):
                raise
            if what is Refusal.FINAL and getattr(error, "code", 0) != UNKNOWN_EMOJI:
                log.warning("message %s: a sign cannot be removed: %s", message.id, described(error))

    async def _stopped(self, guild_id: int, message: AnyMessage, error: BaseException) -> None:
        match meaning(error):
            case Refusal.PERMISSION:
                await self._report_missing(message.channel, permission(error, ADD_REACTIONS))
            case Refusal.PASSING:
                log.warning("no sign on message %s for now: %s", message.id, described(error))
                self._later[message.id] = guild_id, message
                if len(self._later) > MOST_KEPT:
                    del self._later[next(iter(self._later))]
            case _:
                pass  # The message is gone; its deletion arrives as an event of its own.
