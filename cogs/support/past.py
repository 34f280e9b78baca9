"""A member's past as Discord shows it: the form that takes an export, and the balance by month with its chart."""

from __future__ import annotations

import io
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from coach import wording_import
from coach.balance.chart_process import ChartProcess
from coach.errors import DrawingError
from coach.imports import MOST_FILES, PastReport
from coach.store import Account, Import
from coach.store.account_book import UNNAMED
from coach.text import cut
from cogs.support.answers import COLOUR, literal
from cogs.support.forms import LONGEST_OPTION, MOST_OPTIONS, ModalForm

log = logging.getLogger(__name__)

FIELD = 1024
PICTURE = "before.png"

Submitted = Callable[[discord.Interaction[Any], int, Sequence[discord.Attachment]], Awaitable[None]]
"""What to do with a form: the interaction, the account's number, and the files."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A past as it is shown: its words, and its chart if that could be drawn."""

    embed: discord.Embed
    picture: bytes | None = None
    described: str = ""

    def files(self) -> list[discord.File]:
        """The chart as a file, anew for each attempt to send it."""
        if self.picture is None:
            return []
        return [discord.File(io.BytesIO(self.picture), PICTURE, description=self.described)]


async def shown_past(
    drawing: ChartProcess, report: PastReport, account: Account | None, *, may_attach: bool
) -> Shown:
    """A past as it is shown; without the picture it says the same."""
    months, total = report.months, report.total
    embed = discord.Embed(
        colour=COLOUR,
        title=wording_import.past_title(literal(account.name) if account is not None else None),
        description=f"**{wording_import.first_answer(months, total, report.goal)}**",
    )
    embed.add_field(name=wording_import.KNOWN, value=wording_import.known_line(total))
    embed.add_field(name=wording_import.JUDGED, value=wording_import.judged_line(total))
    if told := wording_import.left_out_line(total, report.left_out):
        embed.add_field(name=wording_import.LEFT_OUT, value=cut(told, FIELD), inline=False)
    embed.set_footer(text=wording_import.FOOT)
    if not may_attach:
        return Shown(embed)
    try:
        picture = await drawing.draw_past(months, report.goal)
    except DrawingError as error:
        log.warning("an answer goes without its chart: %s", error)
        return Shown(embed)
    embed.set_image(url=f"attachment://{PICTURE}")
    return Shown(embed, picture, wording_import.past_chart_text(months, total))


def menu_options(imports: Sequence[Import], says: Callable[[Import], str]) -> list[discord.SelectOption]:
    """Imports to choose from, newest first."""
    return [
        discord.SelectOption(label=cut(says(one), LONGEST_OPTION), value=str(one.import_id))
        for one in list(imports)[::-1][: MOST_OPTIONS - 1]
    ]


class ImportForm(ModalForm):
    """The form that takes an export.

    Args:
        limit: the biggest file that its user may send here, in bytes.
        accounts: the accounts that they may know of.
        here: the account of the channel; None if it has none.
        submitted: what to do with it.
    """

    def __init__(
        self, limit: int, accounts: Sequence[Account], here: Account | None, submitted: Submitted
    ) -> None:
        super().__init__(wording_import.TITLE)
        self._submitted = submitted
        self.add_item(discord.ui.TextDisplay[Any](wording_import.wanted(limit)))
        self.uploads = discord.ui.FileUpload[Any](custom_id="files", min_values=1, max_values=MOST_FILES)
        self.ask(wording_import.FILES, wording_import.FILES_HINT, self.uploads)
        self.account = None
        if accounts:
            chosen = here.account_id if here is not None else UNNAMED
            options = [(UNNAMED, wording_import.NO_ACCOUNT), *((one.account_id, one.name) for one in accounts)]
            self.account = discord.ui.Select[Any](
                custom_id="account",
                options=[
                    discord.SelectOption(label=name, value=str(number), default=number == chosen)
                    for number, name in options[:MOST_OPTIONS]
                ],
            )
            self.ask(wording_import.ACCOUNT, wording_import.ACCOUNT_HINT, self.account)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Begin to read the files."""
        account_id = int(self.account.values[0]) if self.account is not None else UNNAMED
        await self._submitted(interaction, account_id, self.uploads.values)
