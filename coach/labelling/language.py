"""The language of a draft: one of those that the labeller knows, or none of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from coach.layout import plain
from coach.text import CUSTOM_EMOJI, LINK, excerpt, masked

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
"""The languages that the labeller knows, because it was tested on them, by their ISO 639-1 codes."""

MOST_LANGUAGES = 32
"""How many languages the table can have."""

LEVELS, STEP = 8, 0.65
"""How many levels of frequency the table has, and how many powers of ten lie between one and the next."""

# What follows is in natural logarithms.
_LEVEL = STEP * np.log(10)
# The most that one word counts against a language that lacks it: there are names and loanwords in every draft.
_MOST = 8.0
# Before its words are looked at, a draft is most likely to be English, and more likely to be in one of the seven
# languages than in any other. If no word gives its language away, that decides.
_PRIOR = np.array([7.0] + [3.0] * (len(LANGUAGES) - 1) + [0.0] * (MOST_LANGUAGES - len(LANGUAGES)))
# In a language that the table has, few words are unknown; in one that it lacks, few are known. Two unknown words
# and no known one are more than even the likeliest language can explain.
_UNKNOWN, _KNOWN_BY_CHANCE = -3.6, -4.2
_FOREIGN_LETTER = -5.0

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_NO_WORD = re.compile(rf"[@#]\w+|\b{LINK}\b")
# A word in the letters of the seven languages.
_LETTERS = re.compile(r"[a-zäöüßàâæçéèêëîïôœùûÿáíñóúãõìòĳ'ªº]*")

Table = NDArray[np.uint32]
"""Which languages have a word, and how common it is there.

It is sorted. Each entry has 24 bits for the word's hash, 5 for a language's number (those of `LANGUAGES` come
first) and 3 for a level (0 for the most common words).
"""


def entry(word: str, language: int, level: int) -> int:
    """A table's entry for a word in a language.

    Args:
        word: as `folded` gives it.
        language: its number, below `MOST_LANGUAGES`.
        level: how rare it is there, below `LEVELS`.
    """
    return _hash(word) << 8 | language << 3 | level


def folded(word: str) -> str:
    """A word as the table knows it: without capitals, and with one form of apostrophe."""
    return word.lower().replace("’", "'")


def language_of(text: str, table: Table) -> str | None:
    """The language of a draft, by its words: naive Bayes, with an unknown language among the possible ones.

    Args:
        text: any string; the time taken is linear in its length, and of a very long one an excerpt is read.
        table: the words of each language.

    Returns:
        One of `LANGUAGES`; None if it seems to be in none of them. A draft counts as English if no word of it
        gives its language away.
    """
    text = unicodedata.normalize("NFC", excerpt(plain(text)))
    letters = [char for char in text if char.isalpha()]
    if sum(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in letters) * 2 < len(letters):
        return None
    # A word that is repeated ("no no no") shows no more than once: it is looked at as it was first written.
    words: dict[str, str] = {}
    for written in _WORD.findall(_NO_WORD.sub(" ", masked(CUSTOM_EMOJI.sub(" ", text)))):
        words.setdefault(folded(written), written)
    found = _entries(table, list(words))
    in_capitals = sum(map(str.isupper, letters)) * 2 > len(letters)
    scores, unknown_language = _PRIOR.copy(), 0.0
    known: list[Table] = []
    for at, ((word, written), entries) in enumerate(zip(words.items(), found, strict=True)):
        others = [entries] if len(entries) else _respelled(table, word)
        known += others
        # A capitalised word inside a text that is not all in capitals is usually a name: if it is unknown or has
        # foreign letters, that shows nothing.
        if at and not in_capitals and written[0].isupper():
            continue
        # Laughs and sounds ("kkkkk", "tadaaaa") are alike in all languages.
        if not others and not _DRAWN_OUT.search(word):
            scores += _UNKNOWN
        if not _LETTERS.fullmatch(word):
            scores[: len(LANGUAGES)] += _FOREIGN_LETTER
    if known:
        scores += _evidence(known)
        unknown_language += _KNOWN_BY_CHANCE * len(known)
    best = int(np.argmax(scores))
    return LANGUAGES[best] if best < len(LANGUAGES) and scores[best] > unknown_language else None


def rarity(words: Sequence[str]) -> list[int]:
    """How rare each word is where it is most common: its lowest level in one of `LANGUAGES`; `LEVELS` if in none.

    Args:
        words: as `folded` gives them.
    """
    hashes, levels = _lowest_levels()
    hashed = np.array([_hash(word) for word in words], np.uint32)
    at = np.minimum(np.searchsorted(hashes, hashed), len(hashes) - 1)
    return np.where(hashes[at] == hashed, levels[at], LEVELS).tolist()


@cache
def _lowest_levels() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The sorted hashes of all words of `LANGUAGES`, and the lowest level of each, from the shipped table."""
    table = np.fromfile(Path(__file__).with_name("model") / "languages.bin", np.uint32)
    table = table[(table >> 3 & 31) < len(LANGUAGES)]
    hashes = (table >> 8).astype(np.uint32)
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    return hashes[starts], np.minimum.reduceat(table & 7, starts).astype(np.uint32)


def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) & 0xFFFFFF


def _entries(table: Table, words: Sequence[str]) -> list[Table]:
    """The entries of each word; none for an unknown one."""
    lowest = np.array([_hash(word) << 8 for word in words], np.uint32)
    starts, ends = np.searchsorted(table, lowest), np.searchsorted(table, lowest | 0xFF, side="right")
    return [table[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _respelled(table: Table, word: str) -> list[Table]:
    """The entries of an unknown word that is drawn out ("sooo", "gooood") or made of two ("l'acqua"), if known."""
    if _DRAWN_OUT.search(word):
        if len(set(word)) == 1:
            return []
        spellings = [_DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)]
        return [entries for entries in _entries(table, spellings) if len(entries)][:1]
    return [entries for entries in _entries(table, word.split("'")) if len(entries)] if "'" in word else []


def _evidence(known: Sequence[Table]) -> NDArray[np.float64]:
    """What the known words of a draft say for each language, compared with the one that fits each word best.

    Returns:
        Sums of log-likelihoods, shape (MOST_LANGUAGES,).
    """
    entries = np.concatenate(known)
    lengths = np.array([len(of_word) for of_word in known])
    levels = (entries & 7).astype(np.float64)
    commonest = np.minimum.reduceat(levels, np.concatenate(([0], np.cumsum(lengths)[:-1])))
    absent = np.maximum(_LEVEL * (commonest - LEVELS), -_MOST)
    present = np.maximum(_LEVEL * (np.repeat(commonest, lengths) - levels), -_MOST)
    gained = np.bincount(entries >> 3 & 31, present - np.repeat(absent, lengths), MOST_LANGUAGES)
    return absent.sum() + gained
