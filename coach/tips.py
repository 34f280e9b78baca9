"""Tips and quotations: reading them from the configuration, and choosing the one for this draft."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from coach.labels import Kind
from coach.settings import SAFE, SettingsError
from coach.text import cut

FOLDER = Path(__file__).resolve().parent.parent / "config"

T = TypeVar("T", bound=BaseModel)
Lacking = Literal["conversation", "content", "neither", "comeback"]
# Discord refuses a text of white space alone.
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Quote(BaseModel):
    """Words of Theodore Roosevelt's with their source, or words attributed to him."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    source: str
    date: str
    place: str
    verified: bool
    speaks_to: tuple[Lacking, ...]

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
    """Whether it speaks of a draft as "this", and so goes only beside it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a tip was heeded when it was shown, and how often not."""

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
            SettingsError: a file cannot be read or an entry is not as it should be; the message names file and
                line.
        """
        quotes = {quote.id: quote for quote in _entries(folder / "quotes.yaml", "quotes", Quote)}
        return cls((), quotes).with_more(_read(folder / "tips.yaml"), str(folder / "tips.yaml"))

    def with_more(self, source: str, place: str) -> Tips:
        """These tips and those of one more file.

        Args:
            source: the file's text, as `tips.yaml` has it.
            place: what to call the file in a message.

        Raises:
            SettingsError: an entry is not as it should be; the message names its line.
        """
        known = {tip.id for tip in self.tips}
        added: list[Tip] = []
        for tip, line in _parsed(source, place, "tips", Tip):
            if tip.id in known:
                raise SettingsError(f"{place}:{line}: a tip named {tip.id} is there already; give it another id")
            if tip.quote is not None and tip.quote not in self.quotes:
                raise SettingsError(f"{place}:{line}: tip {tip.id} names the unknown quote {cut(tip.quote, 60)}")
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
        at_hand: bool,
    ) -> Tip:
        """A tip for a direction and the kind of the last draft.

        Among those that fit, the ones shown least often to this author are drawn from, so that none returns
        before the others had their turn. Between these, Thompson sampling: each tip's rate of being heeded is
        drawn from its Beta posterior under a uniform prior, and the highest draw wins (Thompson, 1933; Chapelle
        and Li, 2011). Without outcomes all are equally likely.

        Args:
            lacking: what the author lacks; "neither" in balance, "comeback" after a silence.
            kind: the kind of their last draft; one that has no tips of its own takes those of its side.
            shown: how often each tip was shown to this author.
            outcomes: how each tip fared in the whole server.
            rng: where the draws come from.
            at_hand: whether the tip is shown with that draft; else tips that speak of it as "this" are left out.
        """
        usable = [tip for tip in self._fitting.get((lacking, kind), ()) if at_hand or not tip.on_draft]
        fitting = usable or [tip for tip in self.tips if tip.lacking == lacking and (at_hand or not tip.on_draft)]
        least = min(shown.get(tip.id, 0) for tip in fitting)

        def drawn(tip: Tip) -> float:
            past = outcomes.get(tip.id, NEVER_SHOWN)
            return rng.betavariate(1 + past.heeded, 1 + past.ignored)

        return max((tip for tip in fitting if shown.get(tip.id, 0) == least), key=drawn)

    def quote_of(self, tip: Tip) -> Quote | None:
        """The quotation that goes beside a tip, if any."""
        return self.quotes[tip.quote] if tip.quote else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from None


def _entries(path: Path, key: str, model: type[T]) -> list[T]:
    return [entry for entry, _ in _parsed(_read(path), str(path), key, model)]


def _parsed(source: str, place: str, key: str, model: type[T]) -> Iterator[tuple[T, int]]:
    """The entries of the list under a key, each with the line (from 1) that it begins on."""
    try:
        loaded: object = yaml.load(source, SAFE)  # noqa: S506  # it is a safe one
        root = cast("yaml.Node | None", yaml.compose(source, Loader=SAFE))  # pyright: ignore[reportUnknownMemberType]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise SettingsError(
            f"{place}:{line}: not valid YAML: {cut(getattr(error, 'problem', None) or str(error), 200)}"
        ) from None
    except (ValueError, AttributeError, RecursionError) as error:
        # PyYAML lets these through: a date that is none, `!!int x`, thousands of brackets.
        raise SettingsError(
            f"{place}:1: not valid YAML: a value in it cannot be read ({type(error).__name__})"
        ) from None
    entries = cast(dict[str, Any], loaded).get(key) if isinstance(loaded, dict) else None
    if not isinstance(entries, list) or not entries or not isinstance(root, yaml.MappingNode):
        raise SettingsError(f"{place}:1: must hold a list under the key {key}")
    lists = [value for name, value in root.value if name.value == key]
    if len(lists) != 1:
        raise SettingsError(f"{place}:1: must hold the key {key} once, written out")
    for entry, node in zip(cast(list[object], entries), lists[0].value, strict=True):
        line = node.start_mark.line + 1
        try:
            yield model.model_validate(entry), line
        except ValidationError as error:
            problem = error.errors()[0]
            field = cut(str(problem["loc"][0]), 60) if problem["loc"] else "entry"
            if isinstance(node, yaml.MappingNode):
                line = next((name.start_mark.line + 1 for name, _ in node.value if name.value == field), line)
            raise SettingsError(f"{place}:{line}: {field}: {problem['msg']}") from None
