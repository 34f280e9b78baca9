"""Reasons for a label: how much each cue and phrase contributes to it, found by leaving it out (occlusion)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach.labelling.cues import Found, find, without_marks_in_addresses
from coach.labelling.phrases import phrases, sentences
from coach.labels import Label
from coach.layout import plain
from coach.text import cut, excerpt, has_words, quoted, whole

_MOST_REASONS = 3
_LEAST_PUSH = 0.25
"""How far a cue or phrase has to move the log-odds to be named beside others."""
_LEAST_ALONE = 0.02
"""How far it has to move them to be named at all."""

# A phrase with one of these in it is taken for a sign of the cue's side.
_SPEAKING = frozenset(
    ("mention first", "question last", "question", "asks how", "anyone", "thanks", "wishes", "greeting", "answer")
) | {"link", "hashtags", "act"}
# Words that can announce news but mostly don't.
_EVERYDAY = frozenset(("start", "starts", "open", "opens", "report", "update")) | {
    *("startet", "ouvre", "rouvre", "abre", "começa", "lancio", "apre", "riapre", "inizia", "esce", "opent")
}
# Words that begin questions and relative clauses.
_RELATIVE = ("which", "who", "when", "where")
# Lines of a quotation; ">:(" is a face.
_QUOTATION = re.compile(r"(?:[^\S\n]*+>++(?=[\s\w\"'“‘«@#*(\[¿¡]|\Z)[^\n]*+\n?)++")
_AROUND = ' \t\n"“”‘«»„()[]{}>*•–—-…'

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a draft that may be a reason.

    Attributes:
        start: where it begins in the draft.
        end: where it ends.
        says: how to describe it.
        rest: the draft without it, and without anything else in the draft that fits the description.
        side: the label that a reader would take it as a sign of; None if it may be a sign of either.
        clear: whether it says more than a phrase that it is in.
    """

    start: int
    end: int
    says: str
    rest: str
    side: Label | None = None
    clear: bool = False


def without_parts(text: str, language: str = "en") -> list[Part]:
    """The parts of a draft that may be reasons: its cues, then its phrases.

    A part is not among them if it holds all the words of the draft: then it is the draft as a whole that decides.

    Args:
        text: a draft; only its excerpt is looked at.
        language: the ISO 639 code of its language.
    """
    text = whole(excerpt(plain(text)))
    bare = without_marks_in_addresses(text)
    found = [(cue, list(_places(cue, bare))) for cue in find(text, language)]
    parts = [*_cue_parts(text, bare, found), *_quotation(text)]
    same: dict[str, list[Span]] = {}
    for phrase in phrases(text):
        same.setdefault(phrase.shown, []).append((phrase.start, phrase.end))
    for shown, places in same.items():
        parts.append(Part(*places[0], f"“{shown}”", _without(text, places), _side(places, found)))
    # The first and the last question may be the same one.
    once = {part.says: part for part in reversed(parts) if has_words(part.rest)}
    return [part for part in parts if once.get(part.says) is part]


def most_reasons(
    parts: Sequence[Part], pushes: Sequence[float], own: float = 0.0, place: float = 0.0
) -> tuple[str, ...]:
    """The reasons to show, strongest first, three at most.

    Args:
        parts: the parts, from `without_parts`.
        pushes: how far the draft's log-odds, in the direction of its label, fall without each part.
        own: how far its author's corrections move them in that direction.
        place: how far being in a place for answers does.

    Returns:
        What to say; of parts that overlap, only the first, with clear cues before phrases.
    """
    # If a draft says one thing in several ways, none of them stands out: then the strongest is named.
    least = min(_LEAST_PUSH, max(pushes, default=0.0))
    least = max(least, _LEAST_ALONE)
    strong = [
        (push, part)
        for push, part in zip(pushes, parts, strict=True)
        if push >= (least if part.clear or _is_phrase(part) else _LEAST_PUSH)
    ]
    strong.sort(key=lambda pair: (not pair[1].clear, -pair[0]))
    chosen: list[tuple[float, Part]] = []
    for push, part in strong:
        if not any(part.start < other.end and other.start < part.end for _, other in chosen):
            chosen.append((push, part))
    chosen.sort(key=lambda pair: -pair[0])
    said = [(push, part.says) for push, part in chosen]
    if own >= _LEAST_PUSH:
        said.insert(0, (own, "its author has set labels of drafts like this one"))
    if place >= _LEAST_PUSH:
        behind = max((at for at, (push, _) in enumerate(said, 1) if push > place), default=0)
        said.insert(behind, (place, "is in a place for replies"))
    return tuple(says for _, says in said[:_MOST_REASONS])


def _is_phrase(part: Part) -> bool:
    return part.says.startswith("“")


def _side(places: Sequence[Span], found: Iterable[tuple[Found, list[Span]]]) -> Label | None:
    """The label that a phrase speaks for, by the cues in it."""
    sides = {
        cue.cue.side
        for cue, where in found
        if cue.cue.name in _SPEAKING
        and any(start < last and first < end for start, end in where for first, last in places)
    }
    return sides.pop() if len(sides) == 1 else None


def _cue_parts(text: str, bare: str, found: Iterable[tuple[Found, list[Span]]]) -> Iterator[Part]:
    for cue, places in found:
        name, says = cue.cue.name, cue.cue.says
        taken = [place for place in places if _words(cue, text[slice(*place)]).lower() not in _EVERYDAY]
        if not says or not taken:
            continue
        start, end = taken[0]
        words = _words(cue, text[start:end])
        if name.startswith("question"):
            taken = _asking(bare, places)
            if not taken:
                continue
            start, end = taken[0]
            if not has_words(_without(text, taken)):
                says, taken = "is a question", [mark.span() for mark in re.finditer(r"\?", bare)]
            elif not has_words(text[taken[-1][1] :]):
                says = "ends with a question"
        elif name == "asks how" and words.lower().startswith(_RELATIVE) and not _asking(bare, places):
            continue
        yield Part(
            start, end, says.format(f"“{cut(words, 40)}”"), _without(text, taken), cue.cue.side, cue.cue.clear
        )


def _words(found: Found, words: str) -> str:
    """The words of a cue, as they are quoted."""
    words = quoted(words)
    if found.cue.name == "laugh":
        return words
    if found.cue.name in {"greeting", "answer"}:
        words = re.sub(r"^\W+", "", words)
    return words.strip(_AROUND).lstrip("'’").rstrip(".,")


def _asking(bare: str, places: Iterable[Span]) -> list[Span]:
    """The sentences that contain any of the places and have a question mark."""
    spans = sentences(bare)
    starts = [start for start, _ in spans]
    marks = (max(bare.rfind("?", start, end), start) for start, end in places)
    at = sorted({bisect_right(starts, mark) - 1 for mark in marks})
    return [spans[place] for place in at if place >= 0 and "?" in bare[slice(*spans[place])]]


def _quotation(text: str) -> Iterator[Part]:
    """The quotation at the beginning of a draft, if there are words below it."""
    found = _QUOTATION.match(text)
    if found:
        says = "comments on a quotation"
        yield Part(0, found.end(), says, text[found.end() :], Label.CONVERSATION, clear=True)


def _places(found: Found, bare: str) -> Iterator[Span]:
    """All places of a cue, in whole words."""
    for match in found.cue.pattern.finditer(bare):
        start, end = match.span()
        while 0 < end < len(bare) and bare[end - 1].isalnum() and bare[end].isalnum():
            end += 1
        yield start, end


def _without(text: str, places: Iterable[Span]) -> str:
    """A text with some places in it deleted, as a person would do it."""
    kept: list[str] = []
    at = 0
    for start, end in places:
        kept.append(text[at:start])
        at = max(at, end)
    rest = " ".join((*kept, text[at:]))
    return rest.lstrip(" \t\n,;:.!–—") if not kept or not kept[0].strip() else rest
