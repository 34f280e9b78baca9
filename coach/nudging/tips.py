"""Tips and quotations: reading them from the configuration, and choosing the one for this draft."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from coach import wording_refusals, yaml_lines
from coach.errors import SettingsError, YamlError
from coach.labels import Kind
from coach.nudging.next_step import QUESTION_TIP
from coach.text import cut, has_words

FOLDER = Path(__file__).resolve().parents[2] / "config"

OWN_FILES, OWN_FILES_SECONDS = 5, 60.0
"""How many files of its own tips a server may send within how many seconds."""

T = TypeVar("T", bound=BaseModel)
Lacking = Literal["conversation", "content", "neither", "comeback"]


def _with_words(sentence: str) -> str:
    # Discord refuses a text of nothing but white space, and one of invisible characters says nothing.
    if not has_words(sentence):
        raise ValueError(wording_refusals.NO_WORDS)
    return sentence


Sentence = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), AfterValidator(_with_words)
]


class Quote(BaseModel):
    """Words of Theodore Roosevelt's with their source, or words attributed to him."""

    # Files of earlier versions have more keys, which nothing reads.
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    source: str
    verified: bool

    @property
    def line(self) -> str:
        """The quotation with its source; an unverified one says that it is only attributed."""
        if self.verified:
            return f"“{self.text}” Theodore Roosevelt, {self.source}"
        return f"“{self.text}” {self.source[0].upper()}{self.source[1:]}"


class Tip(BaseModel):
    """One sentence of advice and one of reason, for what is lacking and for kinds of draft."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    lacking: Lacking
    kinds: tuple[Kind, ...]
    advice: Sentence
    reason: Sentence
    quote: str | None = None
    on_draft: bool = False
    """Whether it calls a draft "this", so that it can only be shown beside one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a tip was heeded when it was shown, and how often it was ignored."""

    heeded: int = 0
    ignored: int = 0


NEVER_SHOWN = Outcome()


@dataclass(frozen=True)
class Tips:
    """All tips and quotations of this installation, or of a server with its own added."""

    tips: tuple[Tip, ...]
    quotes: Mapping[str, Quote]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Tips:
        """Read `tips.yaml` and `quotes.yaml`.

        Raises:
            SettingsError: a file can't be read, or an entry is not valid; the message names the file and the line.
        """
        quotes = {quote.id: quote for quote in _entries(folder / "quotes.yaml", "quotes", Quote)}
        return cls((), quotes).with_more(_read(folder / "tips.yaml"), str(folder / "tips.yaml"))

    def with_more(self, source: str, place: str) -> Tips:
        """These tips, with those of another file added.

        Args:
            source: the text of the file, in the form of `tips.yaml`.
            place: what to call the file in messages.

        Raises:
            SettingsError: an entry is not valid; the message names its line.
        """
        # The record calls a question from the draft's own subject so.
        known = {tip.id for tip in self.tips} | {QUESTION_TIP}
        added: list[Tip] = []
        for tip, line in _parsed(source, place, "tips", Tip):
            if tip.id in known:
                raise SettingsError(f"{place}:{line}: {wording_refusals.tip_already_there(tip.id)}")
            if tip.quote is not None and tip.quote not in self.quotes:
                raise SettingsError(
                    f"{place}:{line}: {wording_refusals.unknown_quote(tip.id, cut(tip.quote, 60))}"
                )
            known.add(tip.id)
            added.append(tip)
        return Tips((*self.tips, *added), self.quotes)

    @cached_property
    def _fitting(self) -> dict[tuple[Lacking, Kind], list[Tip]]:
        table: dict[tuple[Lacking, Kind], list[Tip]] = {}
        for tip in self.tips:
            for kind in tip.kinds or tuple(Kind):
                table.setdefault((tip.lacking, kind), []).append(tip)
        return table

    def choose(
        self,
        lacking: Lacking,
        kind: Kind,
        shown: Mapping[str, int],
        outcomes: Mapping[str, Outcome],
        rng: random.Random,
        *,
        with_draft: bool,
        latest: str | None = None,
    ) -> Tip:
        """A tip for a direction and the kind of the last draft.

        The choice is among the fitting tips that this author was shown least often, so that none comes back before
        the others have had their turn. It is made by Thompson sampling: the rate at which each tip is heeded is
        drawn from its Beta posterior under a uniform prior, and the highest draw wins (Thompson, 1933; Chapelle
        and Li, 2011). Without outcomes, all are equally likely.

        Args:
            lacking: what the author lacks; "neither" if in balance, "comeback" after a silence.
            kind: the kind of their last draft; if no tip fits it, any that fits what is lacking is taken.
            shown: how often each tip was shown to this author.
            outcomes: how often each tip was heeded in the whole server.
            rng: makes the draws.
            with_draft: whether the tip is shown with that draft; if not, tips that call it "this" are left out.
            latest: the tip that this author got last; it is not given twice in a row if there is another.
        """
        usable = [tip for tip in self._fitting.get((lacking, kind), ()) if with_draft or not tip.on_draft]
        fitting = usable or [
            tip for tip in self.tips if tip.lacking == lacking and (with_draft or not tip.on_draft)
        ]
        least = min(shown.get(tip.id, 0) for tip in fitting)

        def drawn(tip: Tip) -> float:
            past = outcomes.get(tip.id, NEVER_SHOWN)
            return rng.betavariate(1 + past.heeded, 1 + past.ignored)

        turn = [tip for tip in fitting if shown.get(tip.id, 0) == least]
        return max([tip for tip in turn if tip.id != latest] or turn, key=drawn)

    def quote_of(self, tip: Tip) -> Quote | None:
        """The quotation that goes with a tip; None if there is none."""
        return self.quotes[tip.quote] if tip.quote else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(wording_refusals.not_readable(path, error)) from None


def _entries(path: Path, key: str, model: type[T]) -> list[T]:
    return [entry for entry, _ in _parsed(_read(path), str(path), key, model)]


def _parsed(source: str, place: str, key: str, model: type[T]) -> Iterator[tuple[T, int]]:
    """The entries of the list under a key, each with the line that it starts on, from 1."""
    try:
        read, lines = yaml_lines.read(source)
    except YamlError as error:
        raise SettingsError(f"{place}:{error.line}: {error}") from None
    entries = cast(dict[str, object], read).get(key) if isinstance(read, dict) else None
    if not isinstance(entries, list) or not entries:
        raise SettingsError(f"{place}:1: {wording_refusals.no_list_under(key)}")
    for number, entry in enumerate(cast(list[object], entries)):
        at = (key, str(number))
        try:
            yield model.model_validate(entry), lines[at]
        except ValidationError as error:
            problem = error.errors()[0]
            field = str(problem["loc"][0]) if problem["loc"] else "entry"
            line = lines.get((*at, field), lines[at])
            raise SettingsError(f"{place}:{line}: {cut(field, 60)}: {problem['msg']}") from None
