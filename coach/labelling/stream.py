"""Labelling a stream of lines: one draft in, one JSON object out."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from coach.labels import Verdict

if TYPE_CHECKING:
    from coach.labelling.labeller import Labeller


def as_utf8(source: io.BufferedReader) -> Iterable[bytes]:
    """The lines of an input as UTF-8; UTF-16 is recognised by the byte-order mark that shells on Windows write.

    Args:
        source: the input, open at its beginning.
    """
    if source.peek(2)[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return source
    return (line.encode() for line in io.TextIOWrapper(source, "utf-16", "replace"))


def label_lines(lines: Iterable[bytes], labeller: Labeller) -> Iterator[dict[str, Any]]:
    """Label each line as it comes.

    Args:
        lines: UTF-8; a line that begins with `{` is a JSON object with a string under `text`, any other is the
            draft itself. Empty lines are skipped.
        labeller: the loaded labeller.

    Yields:
        For each line `{"label", "probability", "kind", "unsure", "reasons"}`, or `{"error", "line"}` with the
        number of the line, from 1, if it is malformed.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            text = _text(line)
        except ValueError as error:
            yield {"error": str(error), "line": number}
        else:
            yield _result(labeller.explain(text))


def _text(line: bytes) -> str:
    try:
        decoded = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    if "\0" in decoded:
        raise ValueError("not text: it holds NUL characters; save it as UTF-8")
    if not decoded.startswith("{"):
        return decoded
    try:
        loaded: object = json.loads(decoded)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("not a JSON object") from None
    text = cast(dict[str, object], loaded).get("text")
    if not isinstance(text, str):
        raise ValueError('no string under "text"')
    return text


def _result(verdict: Verdict) -> dict[str, Any]:
    return {
        "label": verdict.label.value,
        "probability": round(verdict.probability, 4),
        "kind": verdict.kind.value,
        "unsure": verdict.unsure,
        "reasons": list(verdict.reasons),
    }
