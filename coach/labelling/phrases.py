"""Sentences and phrases of a draft, and how a phrase is quoted: whole words, with no scraps around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coach.labelling.cue_words import CONJUNCTIONS
from coach.text import MENTION, QUERY, cut, quoted

_MOST_PHRASES = 8
_MOST_CLAUSES = 12
"""How many clauses of a sentence make one phrase, at most: in odd texts no bracket is ever closed."""
_LEAST_WORDS = 3
_WORDS_SHOWN = 8
_CHARACTERS_SHOWN = 60
_MOST_DROPPED = 2

_ABBREVIATIONS = (
    "incl|approx|vs|dr|mr|mrs|ms|prof|inkl|bzw|ca|evtl|ggf|tel|nr|str|vgl|max|min|mme|mlle|env|sra?|dott|sig"
    "|bijv|dhr"
)
_AFTER_ORDINALS = (
    "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|klasse|stock|liga|platz"
    "|tag|jahr"
)
# What has punctuation in it and is still one word: an address, a mention, a time, date or figure, an abbreviation,
# a German ordinal number.
# Addresses may lack their beginning, such as example.org/fair?page=2: a dot between letters ends nothing.
_ONE_WORD = (
    rf"(?:https?://|www\.)\S*[\w/]|{MENTION.pattern}|(?<!\d)\d++(?:[.,:/]\d++)++|(?:\b[^\W\d_]\.){{2,6}}+(?=[^\S\n]*[^\s])"
    rf"|(?<=\w)\.(?=(?-i:[a-z])|\d)|(?<=[^\S\n])\.(?=[^\W_])|(?<=\d)\.(?=[ºª])|{QUERY.pattern}|\b(?:{_ABBREVIATIONS})\.(?=[^\S\n])"
    rf"|\b\d{{1,2}}\.(?=[^\S\n](?:(?-i:[a-zäöü])|(?:{_AFTER_ORDINALS})\b))"
)
_SENTENCE = re.compile(rf"(?:{_ONE_WORD}|[^.!?\n])++[.!?]*+[)\]\"”’»“]*+|[.!?]++", re.IGNORECASE)
# A clause ends at a punctuation mark or at the end of the line.
_CLAUSE = re.compile(
    rf"(?:{_ONE_WORD}|[^\s.!?;:,])(?:{_ONE_WORD}|[^.!?;:,\n])*+(?:[.!?;:,]++[)\]\"”’»“]*+)*+", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://|www\.|\w@\w|\.\w++/\w", re.IGNORECASE)
_READABLE = re.compile(r"[^\w@#]*[^\W\d_]+(?:[-'’/][^\W\d_]+)*\W*")
_BEFORE = re.compile(r"(?:[\s\-–—*•>)\]}….,;:!?/\\|=+~]|\d{1,2}[./)](?=\s))++")
_ENDS = re.compile(r"[^\S\n]*+(?:\n|$)")
_LIST_NUMBER = re.compile(r"[:;]\s\d{1,2}[.)]$")
_STRAIGHT = '"'
_OPENING = {"(": ")", "[": "]", "{": "}", "“": "”", "„": "“”"}
_CLOSERS = ')]}"”’»“'


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a draft.

    Attributes:
        start: where it begins in the draft.
        end: where it ends.
        shown: its words, as they are quoted.
    """

    start: int
    end: int
    shown: str


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends; the time is linear in its length."""
    return [found.span() for found in _SENTENCE.finditer(text)]


def phrases(text: str) -> list[Phrase]:
    """Phrases from the beginning and the end of a draft: clauses of three words or more, and short sentences.

    Args:
        text: a draft without layout.
    """
    found = list(_clauses(text))
    if len(found) > _MOST_PHRASES:
        found = found[: _MOST_PHRASES // 2] + found[-(_MOST_PHRASES // 2) :]
    return [
        Phrase(start, end, shown)
        for start, end, inside in found
        if (shown := _shown(text[start:end], inside=inside)) is not None
    ]


def _clauses(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each phrase, and whether it continues a sentence."""
    waiting: tuple[int, int, bool] | None = None
    inside, joined = False, 1
    for clause in _CLAUSE.finditer(text):
        span = clause.span()
        ends = _ENDS.match(text, span[1]) is not None or clause[0].rstrip(_CLOSERS)[-1:] in {".", "!", "?"}
        if waiting is None:
            waiting = (*span, inside)
        elif not inside:
            yield waiting
            waiting, joined = (*span, False), 1
        elif joined < _MOST_CLAUSES and (
            _needs_more(text[slice(*waiting[:2])]) or (ends and _count(clause[0]) < _LEAST_WORDS)
        ):
            waiting, joined = (waiting[0], span[1], waiting[2]), joined + 1
        else:
            yield waiting
            waiting, joined = (*span, True), 1
        inside = not ends
    if waiting is not None:
        yield waiting


def _needs_more(text: str) -> bool:
    return _count(text) < _LEAST_WORDS or _unbalanced(text) is not None


def _count(text: str) -> int:
    return sum(_READABLE.fullmatch(word) is not None or word.isdigit() for word in text.split())


def _shown(phrase: str, *, inside: bool) -> str | None:
    """A phrase as it is quoted; None if it is nothing but an address, a figure or a scrap."""
    words = quoted(phrase[_before(phrase) :]).split()
    if inside and len(words) > _LEAST_WORDS and words[0].lower() in CONJUNCTIONS:
        words = words[1:]
    while words and _ADDRESS.search(words[0]):
        words = words[1:]
    kept = _first_words(words)
    shown, is_whole = _balanced(" ".join(kept), is_whole=len(kept) == len(words))
    shown = _LIST_NUMBER.sub("", shown[_before(shown) :]).rstrip(" ,;:–—-")
    good = [word for word in shown.split() if _READABLE.fullmatch(word)]
    if len(good) < 2 and sum(map(str.isalpha, "".join(good))) < 4:
        return None
    if not is_whole and len(good) < _LEAST_WORDS:
        return None
    return cut(shown if is_whole else shown.rstrip(".") + "…", _CHARACTERS_SHOWN + 1)


def _first_words(words: list[str]) -> list[str]:
    """As many words of a phrase as are quoted: all of a short one, none after an address."""
    most = len(words) if len(words) <= _WORDS_SHOWN + 1 else _WORDS_SHOWN
    kept: list[str] = []
    for word in words[:most]:
        if _ADDRESS.search(word) or (kept and len(" ".join((*kept, word))) > _CHARACTERS_SHOWN):
            break
        kept.append(word[: _CHARACTERS_SHOWN + 2])  # more of a long one is cut off when it is shown
    if len(kept) < len(words):
        for _ in range(_MOST_DROPPED):
            if len(kept) > _LEAST_WORDS and _dangles(kept[-1]):
                kept.pop()
    return kept


def _balanced(shown: str, *, is_whole: bool) -> tuple[str, bool]:
    """The longest stretch of a quotation with all marks in pairs, and whether it ends where the phrase does."""
    while (at := _unbalanced(shown)) is not None:
        before, after = shown[:at].rstrip(), shown[at + 1 :].lstrip()
        if len(before) < len(after):
            shown = after
        else:
            shown, is_whole = before, is_whole and not after
    return shown, is_whole


def _dangles(word: str) -> bool:
    """Whether a word is one that a quotation should not end with when it is cut short: "the", "at", "I've"."""
    letters = word.replace("’", "").replace("'", "")
    return letters.isalpha() and len(letters) <= 3


def _before(text: str) -> int:
    found = _BEFORE.match(text)
    return found.end() if found else 0


def _unbalanced(text: str) -> int | None:
    """The place of a bracket or quotation mark without its partner; None if there is none."""
    opened: list[int] = []
    straight: int | None = None
    for at, char in enumerate(text):
        if char == _STRAIGHT:
            straight = at if straight is None else None
        elif opened and char in _OPENING[text[opened[-1]]]:
            opened.pop()
        elif char in _OPENING:
            opened.append(at)
        elif char in ")]}”" and not (char == ")" and at and text[at - 1] in ":;-"):
            return at
    return opened[-1] if opened else straight
