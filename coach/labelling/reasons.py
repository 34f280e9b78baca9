"""Reasons for a label: how much each cue and phrase contributes to it, found by leaving it out (occlusion)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.labelling.cues import find, without_marks_in_addresses
from coach.labels import Label
from coach.layout import plain
from coach.text import MENTION, QUERY, URL, cut, excerpt, quoted, whole

_MOST_REASONS = 3
_MOST_PHRASES = 8
_LEAST_PUSH = 0.25
"""How far a cue or phrase has to move the log-odds to be named beside others."""

# What has punctuation in it and is still one word: an address, a mention, a time, date or figure, an abbreviation.
# Addresses may lack their beginning, such as example.org/fair?page=2: a dot between letters ends nothing.
_ONE_WORD = (
    rf"{URL.pattern}|{MENTION.pattern}|(?<!\d)\d++(?:[.,:/]\d++)++|(?:\b[^\W\d_]\.){{2,6}}+(?=[^\S\n]*[^\s])"
    rf"|(?<=\w)\.(?=(?-i:[a-z]))|{QUERY.pattern}"
)
# A phrase ends at a punctuation mark or at the end of the line.
_PHRASE = re.compile(rf"(?:{_ONE_WORD}|[^\s.!?;:,])(?:{_ONE_WORD}|[^.!?;:,\n])*[.!?;:,]*", re.IGNORECASE)
_WORDS_SHOWN = 7
_CHARACTERS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a draft that may be a reason.

    Attributes:
        start: where it begins in the draft.
        end: where it ends.
        says: how to describe it.
        rest: the draft without it.
        side: the label that a reader would take it as a sign of; None if it may be a sign of either.
    """

    start: int
    end: int
    says: str
    rest: str
    side: Label | None = None


def without_parts(text: str) -> list[Part]:
    """The parts of a draft that may be reasons: its cues, then its phrases.

    Args:
        text: a draft; only its excerpt is looked at.
    """
    text = whole(excerpt(plain(text)))
    bare = without_marks_in_addresses(text)
    parts = [
        Part(found.start, found.end, found.says, found.cue.pattern.sub(" ", bare), found.cue.side)
        for found in find(text)
    ]
    return parts + list(_phrases(text))


def most_reasons(parts: Sequence[Part], pushes: Sequence[float], own: float = 0.0) -> tuple[str, ...]:
    """The reasons to show, strongest first, three at most.

    Args:
        parts: the parts, from `without_parts`.
        pushes: how far the draft's log-odds, in the direction of its label, fall without each part.
        own: how far its author's corrections move them in that direction.

    Returns:
        What to say; of parts that overlap, only the first, with cues before phrases.
    """
    # If a draft says one thing in several ways, none of them stands out: then the strongest is named.
    least = min(_LEAST_PUSH, max(pushes, default=0.0))
    strong = [(push, part) for push, part in zip(pushes, parts, strict=True) if push >= least > 0]
    strong.sort(key=lambda pair: (_is_phrase(pair[1]), -pair[0]))
    chosen: list[tuple[float, Part]] = []
    for push, part in strong:
        if not any(part.start < other.end and other.start < part.end for _, other in chosen):
            chosen.append((push, part))
    chosen.sort(key=lambda pair: -pair[0])
    said = [part.says for _, part in chosen]
    if own >= _LEAST_PUSH:
        said.insert(0, "its author has set labels of drafts like this one")
    return tuple(said[:_MOST_REASONS])


def _is_phrase(part: Part) -> bool:
    return part.says.startswith("“")


def _phrases(text: str) -> Iterator[Part]:
    """Phrases from the beginning and the end of a draft, quoted."""
    found = [match for match in _PHRASE.finditer(text) if any(char.isalpha() for char in match[0])]
    if len(found) > _MOST_PHRASES:
        found = found[: _MOST_PHRASES // 2] + found[-(_MOST_PHRASES // 2) :]
    for match in found:
        words = quoted(match[0]).split()
        shown = " ".join(words[:_WORDS_SHOWN]).rstrip(" ,;:")
        if len(words) > _WORDS_SHOWN:
            shown += "…"
        shown = cut(shown, _CHARACTERS_SHOWN + 1)
        yield Part(match.start(), match.end(), f"“{shown}”", text[: match.start()] + text[match.end() :])
