"""YAML as settings and tips use it: mappings, lists and plain values, each with the line that it stands on.

It is read from the parser's events, so that nothing is built before it was looked at: aliases and merge keys can
unfold a few hundred bytes into gigabytes, and PyYAML's own conversion of values raises errors of many kinds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import cast

import yaml

from coach import wording_refusals
from coach.errors import YamlError
from coach.text import cut

MOST_LEVELS = 8
"""How deep mappings and lists may stand within each other."""

Key = tuple[str, ...]
"""The way to a value: the names of the keys, and the positions in lists as digits."""

# The parser in C if PyYAML has it, in a tenth of the time.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Numbers longer than any setting needs stay text, as do dates and "22:00", which YAML 1.1 takes for 1320.
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?=[0-9.]{1,40}(?:[eE]|$))[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read(source: str) -> tuple[object, dict[Key, int]]:
    """Read a document.

    `yes`, `no`, `on` and `off` stay text: whether they are a switch or a word is for the reader to know.

    Args:
        source: the text.

    Returns:
        The value, made of dict, list, str, int, float, bool and None, and the line (from 1) of each key and each
        item of a list in it.

    Raises:
        YamlError: it is not valid YAML, holds an alias, anchor, merge key, tag, second document, or a key twice,
            or is nested too deep.
    """
    lines: dict[Key, int] = {}
    events = _events(source)
    event = next(events, None)
    value = None if event is None else _value(event, events, (), lines)
    if (extra := next(events, None)) is not None:
        raise YamlError(_line(extra), wording_refusals.SECOND_DOCUMENT)
    return value, lines


def scalar(text: str) -> object:
    """The value of an unquoted word: a number, true, false, nothing, or the word itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.fullmatch(text):
        return int(text)
    if any(char.isdigit() for char in text) and _DECIMAL.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def _events(source: str) -> Iterator[yaml.Event]:
    """What stands in the text, without the marks of stream and document."""
    try:
        # Some editors begin a file with a byte-order mark.
        for event in cast("Iterator[yaml.Event]", yaml.parse(source.removeprefix("\ufeff"), Loader=_LOADER)):  # pyright: ignore[reportUnknownMemberType]
            if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield event
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line if mark is not None else source.count("\n", 0, getattr(error, "position", None) or 0)
        problem = (
            getattr(error, "problem", None) or getattr(error, "reason", None) or wording_refusals.CANNOT_BE_PARSED
        )
        raise YamlError(line + 1, wording_refusals.not_valid_yaml(cut(problem, 200))) from None
    except UnicodeError:
        raise YamlError(1, wording_refusals.HALF_A_CHARACTER) from None


def _value(event: yaml.Event, events: Iterator[yaml.Event], at: Key, lines: dict[Key, int]) -> object:
    _refuse_references(event)
    if isinstance(event, yaml.ScalarEvent):
        return scalar(event.value) if event.implicit[0] else event.value
    if len(at) >= MOST_LEVELS:
        raise YamlError(_line(event), wording_refusals.nested_too_deep(MOST_LEVELS))
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[object] = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            here = (*at, str(len(items)))
            lines[here] = _line(item)
            items.append(_value(item, events, here, lines))
        return items
    mapping: dict[str, object] = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        _refuse_references(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise YamlError(_line(key), wording_refusals.KEY_NOT_A_WORD)
        if key.value == "<<" and key.implicit[0]:
            raise YamlError(_line(key), wording_refusals.NO_MERGE_KEYS)
        here = (*at, key.value)
        if here in lines:
            raise YamlError(_line(key), wording_refusals.set_twice(cut(".".join(here), 60)))
        lines[here] = _line(key)
        mapping[key.value] = _value(next(events), events, here, lines)
    return mapping


def _refuse_references(event: yaml.Event) -> None:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor is not None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        raise YamlError(_line(event), wording_refusals.no_anchors(cut(sign + anchor, 60), sign))
    if tag is not None:
        raise YamlError(_line(event), wording_refusals.no_tags(cut(tag, 60)))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1
