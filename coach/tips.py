"""Tips and quotations: reading them from the configuration, and choosing the one for this draft."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from coach.labels import Kind
from coach.settings import SettingsError

FOLDER = Path(__file__).resolve().parent.parent / "config"

T = TypeVar("T")
Lacking = Literal["conversation", "content", "neither", "comeback"]


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

    id: str
    lacking: Lacking
    kinds: tuple[Kind, ...]
    advice: str
    reason: str
    quote: str | None = None


@dataclass(frozen=True)
class Tips:
    """All tips and quotations of this installation."""

    tips: tuple[Tip, ...]
    quotes: Mapping[str, Quote]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Tips:
        """Read `tips.yaml` and `quotes.yaml`.

        Raises:
            SettingsError: a file cannot be read or an entry is not as it should be; the message names both.
        """
        quotes = {q.id: q for q in _read(folder / "quotes.yaml", "quotes", TypeAdapter(tuple[Quote, ...]))}
        tips = _read(folder / "tips.yaml", "tips", TypeAdapter(tuple[Tip, ...]))
        seen: set[str] = set()
        for tip in tips:
            if tip.id in seen:
                raise SettingsError(f"{folder / 'tips.yaml'}: tip {tip.id} stands there twice; keep one")
            if tip.quote is not None and tip.quote not in quotes:
                raise SettingsError(f"{folder / 'tips.yaml'}: tip {tip.id} names the unknown quote {tip.quote}")
            seen.add(tip.id)
        return cls(tips, quotes)

    @cached_property
    def _fitting(self) -> dict[tuple[Lacking, Kind], list[Tip]]:
        table: dict[tuple[Lacking, Kind], list[Tip]] = {}
        for tip in self.tips:
            for kind in tip.kinds or tuple(Kind):
                table.setdefault((tip.lacking, kind), []).append(tip)
        return table

    def choose(self, lacking: Lacking, kind: Kind, shown: Mapping[str, int], rng: random.Random) -> Tip:
        """A tip for a direction and the kind of the last draft.

        Args:
            lacking: what the author lacks; "neither" in balance, "comeback" after a silence.
            kind: the kind of their last draft; one that has no tips of its own takes those of its side.
            shown: how often each tip was shown to this author.
            rng: where the choice between equals comes from.

        Returns:
            One of the fitting tips shown least often, so that none returns before the others had their turn.
        """
        fitting = self._fitting.get((lacking, kind)) or [tip for tip in self.tips if tip.lacking == lacking]
        least = min(shown.get(tip.id, 0) for tip in fitting)
        return rng.choice([tip for tip in fitting if shown.get(tip.id, 0) == least])

    def quote_of(self, tip: Tip) -> Quote | None:
        """The quotation that goes beside a tip, if any."""
        return self.quotes[tip.quote] if tip.quote else None


def _read(path: Path, key: str, adapter: TypeAdapter[T]) -> T:
    try:
        loaded: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read ({error})") from None
    entries = cast(dict[str, Any], loaded).get(key) if isinstance(loaded, dict) else None
    if not entries:
        raise SettingsError(f"{path}: must hold a list under the key {key}")
    try:
        return adapter.validate_python(entries)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise SettingsError(f"{path}: {key}.{where}: {problem['msg']}") from None
