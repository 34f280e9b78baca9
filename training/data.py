"""Reading labelled drafts: the project's own and those of a data folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.labels import CONVERSATION_KINDS, Kind, Label

OWN_DRAFTS = Path(__file__).resolve().parent / "drafts"


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled draft; `source` names its author or the collection that it comes from."""

    text: str
    label: Label
    kind: Kind
    unsure: bool
    source: str


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file, plain or gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def labelled(path: Path) -> list[Row]:
    """The rows of a labelled file; rows whose kind is `none` are left out.

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
            raise ValueError(f"{path}: {line.get('id')}: the label {label} does not go with the kind {kind}")
        unsure = bool(line.get("unsure", line.get("readers_unsure", 0) >= 2))
        rows.append(Row(line["text"], label, kind, unsure, line.get("source", path.stem)))
    return rows


def training_rows(data: Path) -> list[Row]:
    """Everything the shipped model learns labels from: the project's own drafts and the folder's `silver`."""
    rows: list[Row] = []
    for path in [*sorted(OWN_DRAFTS.glob("*.jsonl")), data / "silver.jsonl"]:
        rows += labelled(path)
    return rows


def plain_texts(data: Path) -> Iterator[str]:
    """The texts of all posts in a data folder that nobody has read for a label."""
    for name in ("natural.jsonl.gz", "unlabelled.jsonl.gz"):
        for line in read_lines(data / name):
            yield line["text"]
