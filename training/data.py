"""Reading labelled drafts: the project's own, and those in a data folder."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.labels import CONVERSATION_KINDS, Kind, Label
from coach.text import LINK, SOMEBODY, masked

OWN_DRAFTS = Path(__file__).resolve().parent / "drafts"
READINGS = Path(__file__).resolve().parent / "readings.jsonl"
"""Labels for posts in the data folder; each names its post by a hash, so that the file contains no text."""

_LEADING_MENTIONS = re.compile(r"^(\s*@\w+[\s,:]*)+")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled draft.

    Attributes:
        text: the draft.
        label: its label.
        kind: its kind.
        unsure: whether whoever labelled it was unsure.
        source: its author, or the collection that it comes from.
        language: the ISO 639-1 code of its language.
    """

    text: str
    label: Label
    kind: Kind
    unsure: bool
    source: str
    language: str = "en"


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects in a JSON-lines file, plain or gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def labelled(path: Path) -> list[Row]:
    """The rows of a labelled file, without those whose kind is `none`.

    Raises:
        ValueError: a row's label does not follow from its kind.
    """
    rows: list[Row] = []
    for line in read_lines(path):
        kind = Kind(line["kind"])
        if kind is Kind.NONE:
            continue
        label = Label(line["label"])
        if (kind in CONVERSATION_KINDS) is not (label is Label.CONVERSATION):
            raise ValueError(f"{path}: {line.get('id')}: the label {label} doesn't go with the kind {kind}")
        unsure = bool(line.get("unsure", line.get("readers_unsure", 0) >= 2))
        source, language = line.get("source", path.stem).lower(), line.get("language", "en")
        rows.append(Row(line["text"], label, kind, unsure, source, language))
    return rows


def own_drafts() -> list[Row]:
    """The project's own drafts."""
    return [row for path in sorted(OWN_DRAFTS.glob("*.jsonl")) for row in labelled(path)]


def training_rows(data: Path) -> list[Row]:
    """The project's own drafts, and `silver.jsonl` and `answers.jsonl` of the data folder."""
    return [*own_drafts(), *labelled(data / "silver.jsonl"), *labelled(data / "answers.jsonl")]


def read_since(data: Path) -> Iterator[Row]:
    """The posts of the data folder that `READINGS` has a label for, some without their leading mentions.

    They are posts that an earlier model was unsure about, or whose label contradicts how they were posted. Those
    that their reader was unsure about too are left out.
    """
    readings = {line["post"]: line for line in read_lines(READINGS)}
    for text, source in posts(data):
        reading = readings.pop(post_hash(text), None)
        if reading is not None and not reading["unsure"] and reading["kind"] != Kind.NONE:
            kind = Kind(reading["kind"])
            label = Label.CONVERSATION if kind in CONVERSATION_KINDS else Label.CONTENT
            # Conversation without its mentions is conversation with them too: half of those keep them.
            keep = not reading["bare"] or (label is Label.CONVERSATION and int(reading["post"], 16) % 2)
            words = text if keep else _LEADING_MENTIONS.sub("", text)
            yield Row(words, label, kind, False, source.lower())


def gist(text: str) -> str:
    """A text's letters and digits without mentions and addresses: what copies of a post have in common."""
    bare = masked(text).replace(SOMEBODY, " ").replace(LINK, " ").lower()
    return "".join(char for char in bare if char.isalnum())


def post_hash(text: str) -> str:
    """The hash by which `READINGS` names a post."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def posts(data: Path) -> Iterator[tuple[str, str]]:
    """Text and source of all posts in a data folder that came without a label."""
    for name in ("natural.jsonl.gz", "unlabelled.jsonl.gz"):
        for line in read_lines(data / name):
            yield line["text"], line["source"]
