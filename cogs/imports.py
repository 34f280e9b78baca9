"""Bringing one's past: /import takes an export in a form, reads it, and shows the balance by month."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, auto
from typing import Any, BinaryIO, cast

import discord
from discord import app_commands
from discord.ext import commands, tasks

from coach import wording_help, wording_import
from coach.errors import Refused
from coach.imports import MOST_BYTES, MOST_IMPORTS, MOST_KEPT, Found, Reading
from coach.store import Import
from coach.text import whole
from cogs.support.accounts import account_here, known_accounts
from cogs.support.answers import guild_of
from cogs.support.bot import SquareDeal
from cogs.support.downloads import fetch
from cogs.support.ending import cancel
from cogs.support.errors import log_error, plain_words
from cogs.support.import_buttons import NEW, ImportButton, ImportMenu, import_buttons
from cogs.support.past import ImportForm, Shown, menu_options, shown_past
from cogs.support.refusals import NO_ANSWER, described

log = logging.getLogger(__name__)

SECONDS_A_STEP = 3.0
"""How often the progress bar moves: Discord takes five changes of a message in five seconds."""

CAN_BE_CHANGED = timedelta(minutes=14)
"""How long after an interaction its answer is changed; its token ends after fifteen minutes."""

SECONDS_TO_STOP = 2.0


class Stage(IntEnum):
    """How far an import is."""

    FETCHING = auto()
    LOOKING = auto()
    ASKED = auto()
    READING = auto()
    KEEPING = auto()
    KEPT = auto()


@dataclass(eq=False)
class Work:
    """An import on its way. It exists in this process alone: if that ends, nothing of it is left.

    Attributes:
        interaction: the newest one about it, whose answer shows how it goes.
        guild_id: the server.
        member_id: whose past it is.
        import_id: the interaction that brought it.
        account_id: the account that it is about.
        size: how many bytes are to be fetched.
        came: how many have come.
        stage: how far it is.
        reading: its files, once they are here.
        found: what they are, once that is known.
        replaced: earlier imports whose place it takes.
        since: when the reading began.
        stopped: whether its member stopped it.
        task: what carries it out; done while it waits for an answer.
        telling: what moves its progress bar.
    """

    interaction: discord.Interaction[Any]
    guild_id: int
    member_id: int
    import_id: int
    account_id: int
    size: int
    came: int = 0
    stage: Stage = Stage.FETCHING
    reading: Reading | None = None
    found: Found | None = None
    replaced: tuple[int, ...] = ()
    since: datetime | None = None
    stopped: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)
    telling: asyncio.Task[None] | None = field(default=None, repr=False)

    def progress(self, now: datetime) -> str:
        """How far it is, in words."""
        if self.stage is Stage.FETCHING:
            return wording_import.fetching(self.came / max(1, self.size))
        if self.stage is Stage.LOOKING or self.reading is None or self.since is None:
            return wording_import.LOOKING
        done, minutes = self.reading.done, None
        if done > 0.01:
            minutes = (now - self.since) / timedelta(minutes=1) * (1 - done) / done
        return wording_import.reading(self.reading.source, done, self.reading.posts, minutes)


class ImportsCog(commands.Cog):
    """Answers /import."""

    def __init__(self, bot: SquareDeal) -> None:
        self.bot = bot
        self.works: dict[int, Work] = {}

    async def cog_load(self) -> None:
        """Make the buttons of earlier runs work."""
        self.bot.add_dynamic_items(ImportButton, ImportMenu)
        self.sweep.start()

    async def cog_unload(self) -> None:
        """Stop what is being read, and say so; what is being put on record is let finish."""
        self.bot.remove_dynamic_items(ImportButton, ImportMenu)
        self.sweep.cancel()
        works = list(self.works.values())
        keeping = [work.task for work in works if work.task is not None and work.stage is Stage.KEEPING]
        await cancel(
            [work.task for work in works if work.task is not None and work.task not in keeping], SECONDS_TO_STOP
        )
        if keeping:
            await asyncio.wait(keeping, timeout=SECONDS_TO_STOP)
        for work in works:
            self._drop(work)

    @app_commands.command(name="import")
    @app_commands.guild_only()
    async def import_(self, interaction: discord.Interaction[SquareDeal]) -> None:
        """Bring an export of your own posts, and see your balance by month."""
        guild = guild_of(interaction)
        imports = await self.bot.coach.imports.imports(guild.id, interaction.user.id)
        if not imports:
            await self.open_form(interaction)
            return
        view = import_buttons(interaction.user.id, guild.id, 0, "add")
        options = menu_options(imports, wording_import.listed)
        view.add_item(ImportMenu("remove", guild.id, interaction.user.id, 0, options))
        text = wording_import.overview([wording_import.listed(one) for one in imports])
        await interaction.response.send_message(text, view=view, ephemeral=True)

    async def open_form(self, interaction: discord.Interaction[Any]) -> None:
        """Show the form."""
        guild, member = guild_of(interaction), interaction.user
        await self._may_begin(guild.id, member.id)
        self._make_way(guild.id, member.id)
        accounts = await known_accounts(self.bot, guild, cast(discord.Member, member))
        here = await account_here(self.bot, guild, interaction.channel)
        form = ImportForm(interaction.filesize_limit, accounts, here, self.begin)
        await interaction.response.send_modal(form)

    async def _may_begin(self, guild_id: int, member_id: int) -> None:
        await self.bot.coach.imports.begin(guild_id, member_id)
        if len(await self.bot.coach.imports.imports(guild_id, member_id)) >= MOST_KEPT:
            raise Refused(wording_import.too_many(MOST_KEPT))

    async def begin(
        self, interaction: discord.Interaction[Any], account_id: int, uploads: Sequence[discord.Attachment]
    ) -> None:
        """Begin to read what a form brought."""
        guild_id, member_id = guild_of(interaction).id, interaction.user.id
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._may_begin(guild_id, member_id)
        size = sum(upload.size for upload in uploads)
        if size > MOST_BYTES:
            raise Refused(wording_import.too_big(MOST_BYTES))
        self._has_room()
        self._make_way(guild_id, member_id)
        work = Work(interaction, guild_id, member_id, interaction.id, account_id, size)
        self.works[work.import_id] = work
        self._go(work, lambda: self._look(work, uploads))

    def _make_way(self, guild_id: int, member_id: int) -> None:
        """Let go of an upload of a member's that only waits for their answer.

        Raises:
            Refused: another one is being read.
        """
        for work in list(self.works.values()):
            if (work.guild_id, work.member_id) == (guild_id, member_id):
                if work.stage is not Stage.ASKED:
                    raise Refused(wording_import.ONE_AT_A_TIME)
                self._drop(work)

    def _has_room(self) -> None:
        if sum(work.stage is not Stage.ASKED for work in self.works.values()) >= MOST_IMPORTS:
            raise Refused(wording_import.BUSY)

    def _go(self, work: Work, step: Callable[[], Awaitable[None]]) -> None:
        work.task = asyncio.create_task(self._carry_out(work, step), name=f"import-{work.import_id}")

    async def _carry_out(self, work: Work, step: Callable[[], Awaitable[None]]) -> None:
        work.telling = asyncio.create_task(self._tell(work), name=f"import-progress-{work.import_id}")
        try:
            await step()
        except asyncio.CancelledError:
            if not work.stopped:
                await self._answer(work, wording_import.ENDED if work.stage < Stage.KEPT else wording_import.IS_IN)
        except Exception as error:
            words = plain_words(error)
            if words is None:
                log_error("/import", error)
            await self._answer(work, whole(words or wording_help.WENT_WRONG))
        finally:
            work.telling.cancel()
            if work.stage is not Stage.ASKED:
                self._drop(work)

    def _drop(self, work: Work) -> None:
        self.works.pop(work.import_id, None)
        if work.reading is not None:
            work.reading.close()
            work.reading = None

    async def _look(self, work: Work, uploads: Sequence[discord.Attachment]) -> None:
        imports, files = self.bot.coach.imports, list[tuple[str, BinaryIO]]()

        def came(more: int) -> None:
            work.came += more

        try:
            for upload in uploads:
                files.append((upload.filename, imports.new_file()))
                await fetch(self.bot.pieces(self.bot, upload), files[-1][1], MOST_BYTES - work.came, came)
        except BaseException:
            for _, file in files:
                file.close()
            raise
        work.reading, work.stage = Reading(files), Stage.LOOKING
        found = await imports.look(work.guild_id, work.member_id, work.account_id, work.reading)
        work.found = found
        if found.same is not None:
            await self._show(work, wording_import.SAME_AGAIN, found.same.import_id)
        elif work.reading.guesses or found.rivals:
            work.stage = Stage.ASKED
            await self._ask(work, work.reading, found)
        else:
            await self._read(work)

    async def _ask(self, work: Work, reading: Reading, found: Found) -> None:
        """Show what is guessed, and ask which earlier import it takes the place of."""
        parts = [wording_import.guessed(reading.guesses)] if reading.guesses else []
        who = (work.member_id, work.guild_id, work.import_id)
        view = import_buttons(*who, *([] if found.rivals else ["read"]), "stop")
        if found.rivals:
            parts.append(wording_import.rival_question(reading.source))
            new = discord.SelectOption(label=wording_import.ADD_IT, value=NEW)
            options = [new, *menu_options(found.rivals, wording_import.rival)]
            view.add_item(ImportMenu("choose", work.guild_id, work.member_id, work.import_id, options))
        await self._answer(work, "\n\n".join(parts), view=view)

    async def _read(self, work: Work) -> None:
        imports, reading, found = self.bot.coach.imports, work.reading, work.found
        assert reading is not None and found is not None  # noqa: S101  # looked at before
        work.stage, work.since = Stage.READING, self.bot.coach.clock()
        months, left_out = await imports.read(work.guild_id, work.member_id, reading)
        work.stage = Stage.KEEPING
        key = (work.guild_id, work.member_id, work.import_id, work.account_id)
        now = self.bot.coach.clock()
        await imports.keep(Import(*key, reading.source, found.file_hash, now, left_out, months), work.replaced)
        work.stage = Stage.KEPT
        await self._show(work, None, work.import_id)

    async def _show(self, work: Work, said: str | None, import_id: int) -> None:
        """Show the past of the account that an import is about."""
        book = await self.bot.coach.accounts.book(work.guild_id)
        account = book.get(work.account_id)
        report = await self.bot.coach.imports.report(work.guild_id, work.member_id, account)
        if report is None:
            raise Refused(wording_import.removed(None))
        may_attach = work.interaction.app_permissions.attach_files
        shown = await shown_past(
            self.bot.drawing, report, account if account.name else None, may_attach=may_attach
        )
        view = import_buttons(work.member_id, work.guild_id, import_id, "remove")
        await self._answer(work, said, shown, view)

    def _can_be_changed(self, work: Work) -> bool:
        return self.bot.coach.clock() - work.interaction.created_at < CAN_BE_CHANGED

    async def _tell(self, work: Work) -> None:
        """Move the progress bar, until Discord lets nobody do so any more."""
        while True:
            stop = import_buttons(work.member_id, work.guild_id, work.import_id, "stop")
            soon = timedelta(seconds=2 * SECONDS_A_STEP)
            ends = self.bot.coach.clock() - work.interaction.created_at > CAN_BE_CHANGED - soon
            said = wording_import.GOES_ON if ends else work.progress(self.bot.coach.clock())
            try:
                await work.interaction.edit_original_response(content=said, view=stop)
            except NO_ANSWER as error:
                log.info("an import's progress can't be shown: %s", described(error))
            if ends:
                return
            await asyncio.sleep(SECONDS_A_STEP)

    async def _answer(
        self, work: Work, said: str | None, shown: Shown | None = None, view: discord.ui.View | None = None
    ) -> None:
        """Answer in place of the progress bar, or by direct message if that can't be changed any more."""
        if work.telling is not None:
            await cancel([work.telling], SECONDS_TO_STOP)
        embeds = [shown.embed] if shown is not None else []
        files = shown.files if shown is not None else list[discord.File]
        try:
            if self._can_be_changed(work):
                await work.interaction.edit_original_response(
                    content=said, embeds=embeds, attachments=files(), view=view
                )
                return
        except NO_ANSWER as error:
            log.info("an import's answer can't be changed: %s", described(error))
        try:
            await work.interaction.user.send(said, embeds=embeds, files=files(), silent=True)
        except NO_ANSWER as error:
            log.info("an import's result can't be told: %s", described(error))

    async def go_on(self, interaction: discord.Interaction[Any], import_id: int, chosen: str) -> None:
        """Read an upload after its member has answered; `chosen` names the import whose place it takes, if any."""
        work = self.works.get(import_id)
        if work is None or work.stage is not Stage.ASKED:
            await interaction.edit_original_response(content=wording_import.NOT_RUNNING, view=None)
            return
        self._has_room()
        work.interaction, work.replaced = interaction, () if chosen == NEW else (int(chosen),)
        work.stage = Stage.READING
        self._go(work, lambda: self._read(work))

    async def stop(self, interaction: discord.Interaction[Any], import_id: int) -> None:
        """Stop an import; nothing of it is kept."""
        work = self.works.get(import_id)
        said = wording_import.NOT_RUNNING
        if work is not None:
            if work.stage >= Stage.KEEPING:
                raise Refused(wording_import.TOO_LATE)
            work.stopped = True
            if work.task is not None:
                await cancel([work.task], SECONDS_TO_STOP)
            self._drop(work)
            said = wording_import.STOPPED
        await interaction.edit_original_response(content=said, view=None)

    async def remove(self, interaction: discord.Interaction[Any], import_id: int) -> None:
        """Remove an import."""
        guild_id, member_id, imports = guild_of(interaction).id, interaction.user.id, self.bot.coach.imports
        named = {one.import_id: wording_import.listed(one) for one in await imports.imports(guild_id, member_id)}
        removed = await imports.remove(guild_id, member_id, import_id)
        said = wording_import.removed(named.get(import_id) if removed else None)
        await interaction.edit_original_response(content=said, embeds=[], attachments=[], view=None)

    @tasks.loop(minutes=1)
    async def sweep(self) -> None:
        """Let go of uploads whose questions nobody has answered."""
        for work in list(self.works.values()):
            if work.stage is Stage.ASKED and not self._can_be_changed(work):
                self._drop(work)


async def setup(bot: SquareDeal) -> None:
    """Load the cog."""
    await bot.add_cog(ImportsCog(bot))
