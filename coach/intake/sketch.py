"""Sketches of drafts, by which two that say the same are recognised without keeping a word of either."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from math import fsum
from operator import mul

from coach.intake.evidence import RAREST, Word, evidence_of

MOST_BYTES = 256
"""The longest that a sketch is."""

# A feature is a kind (5 bits), a mark (7 bits) and a keyed hash (20 bits). The mark of a word is what its two
# spellings have in common, that of a number is how telling it is.
_MOST = MOST_BYTES // 4
_KIND, _MARK = 27, 20
_MARK_BITS, _HASH_BITS = 0x7F, 0xFFFFF
# The kinds of words are their rarities, 0 to `RAREST`.
_LETTERS, _FIGURE, _SPELT, _DAY, _LINK, _VERSION, _OPENING = range(RAREST + 1, RAREST + 8)
# So that a table of figures leaves room for words.
_MOST_OF_A_KIND = 14

# What a word of each rarity weighs, and a number of each mark.
_WORDS = (0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
_NUMBERS = (0.5, 1.0, 2.0)
# What `FEATURES_IF_ALIKE` and `FEATURES_OF_OTHERS` say for two drafts being one thought, and a constant: logistic
# regressions. `python -m training.thoughts` fits them to pairs of drafts and prints what belongs here.
_ALIKE = (2.72, -4.03, -9.67, -4.34)
_OTHERS = (3.34, 1.59, -7.82, -2.97)
# Drafts look alike if they share more than this of all their words, by weight.
_LIKENESS = 0.4
_FEWEST_SHARED = 2

FEATURES_IF_ALIKE = ("words", "contradicted", "slot")
"""The square root of how many words they share; the weight, up to 1, of the numbers that the other lacks, in the
draft where it is less; that of words of its own, misspelt ones aside, where it is less, as a share of the greater
draft."""
FEATURES_OF_OTHERS = ("contained", "facts", "same place")
"""The share of the lesser draft, by weight, that the other one contains; the weight of the numbers and days that
they share; whether by their headings they are for the same place."""


def sketch(text: str, key: bytes) -> bytes:
    """A sketch of a draft: keyed hashes of what it says, by which `same_thought` compares it with others.

    Nobody without the key can test it for a word, and nobody with it can read the text.

    Args:
        text: any string; of a very long one an excerpt is read, and the time taken is linear in its length.
        key: up to 64 bytes that are never in the database; sketches under different keys have nothing in common.

    Returns:
        At most `MOST_BYTES`, the same for all layouts of a draft. Of a long draft, the rarest words are kept.
    """
    hashes = _Hashes(key[:64])
    evidence = evidence_of(text)
    features = [
        hashes.feature(_LETTERS, evidence.letters),
        *hashes.numbers(_FIGURE, evidence.figures),
        *hashes.numbers(_SPELT, evidence.spelt),
        *hashes.features(_DAY, evidence.days),
        *hashes.features(_LINK, evidence.links),
        *hashes.features(_VERSION, evidence.versions),
        *hashes.features(_OPENING, evidence.openings),
    ]
    words = sorted(map(hashes.word, evidence.words), key=_rarest_first)
    features = (features + words)[:_MOST]
    return struct.pack(f">{len(features)}I", *features)


class _Hashes:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._ends: dict[str, int] = {}

    def features(self, kind: int, values: Iterable[str]) -> list[int]:
        return sorted(self.feature(kind, value) for value in values)[:_MOST_OF_A_KIND]

    def numbers(self, kind: int, numbers: Mapping[str, int]) -> list[int]:
        marked = (self.feature(kind, number) | telling << _MARK for number, telling in numbers.items())
        return sorted(marked, reverse=True)[:_MOST_OF_A_KIND]

    def feature(self, kind: int, value: str) -> int:
        # A number has one hash, in figures or in words, and so has a word, common or rare.
        sort = 0 if kind <= RAREST else _FIGURE if kind == _SPELT else kind
        return kind << _KIND | self._hash(value, b"%d" % sort) & _HASH_BITS

    def word(self, word: Word) -> int:
        if (ends := self._ends.get(word.ends)) is None:
            ends = self._ends[word.ends] = self._hash(word.ends, b"ends") & _MARK_BITS
        return self.feature(word.rarity, word.stem) | ends << _MARK

    def _hash(self, value: str, sort: bytes) -> int:
        data = value.encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(data, digest_size=4, key=self._key, person=sort).digest(), "big")


def _rarest_first(word: int) -> tuple[int, int]:
    return -(word >> _KIND), word & _HASH_BITS


def same_thought(earlier: bytes, later: bytes) -> bool:
    """Whether two drafts say the same, by their sketches under one key; symmetric.

    Drafts with the same letters are the same, and so are those that differ in nothing but the spelling of words.
    Drafts with different weekdays or links never are, nor are those that share fewer than two words, numbers and
    days that say something alone. All others are judged by `Features` with fitted weights.

    Args:
        earlier: a sketch that `sketch` made.
        later: another one.
    """
    found = comparison(earlier, later)
    if isinstance(found, bool):
        return found
    *weights, constant = _ALIKE if found.alike else _OTHERS
    return sum(map(mul, weights, found.values), constant) >= 0


def same_words(longer: bytes, shorter: bytes, most_more: int) -> bool:
    """Whether a draft has all words, numbers, days and links of another one, and few more, by their sketches.

    Args:
        longer: a sketch that `sketch` made.
        shorter: that of the other draft, which has to have something of these.
        most_more: how many the first draft may have beyond them.
    """
    has, needs = _said(longer), _said(shorter)
    # In a full sketch, what is more has taken the place of as much.
    most_left_out = most_more if len(longer) == MOST_BYTES else 0
    return bool(needs) and len(needs - has) <= most_left_out and len(has - needs) <= most_more


def _said(sketched: bytes) -> set[int]:
    features = struct.unpack(f">{len(sketched) // 4}I", sketched)
    return {one for one in features if one >> _KIND not in (_LETTERS, _VERSION, _OPENING)}


@dataclass(frozen=True, slots=True)
class Features:
    """What two drafts are judged by.

    Attributes:
        alike: they look alike: they begin with the same words, or share many.
        values: `FEATURES_IF_ALIKE` or `FEATURES_OF_OTHERS`.
    """

    alike: bool
    values: tuple[float, float, float]


def comparison(earlier: bytes, later: bytes) -> bool | Features:
    """What is to be judged about two drafts, or whether they say the same if a rule decides; symmetric.

    Args:
        earlier: a sketch that `sketch` made.
        later: another one.
    """
    a, b = _read(earlier), _read(later)
    if a.letters == b.letters:
        return True
    if _differ(a.days, b.days) or _differ(a.links, b.links):
        return False
    a_words, b_words = a.words_down_to(b.rarest_left_out), b.words_down_to(a.rarest_left_out)
    both = a_words.keys() & b_words.keys()
    words = [weight for one in both if (weight := min(_weight(a_words[one]), _weight(b_words[one])))]
    numbers, days = a.numbers.keys() & b.numbers.keys(), a.days & b.days
    too_few = len(words) + len(numbers) + len(days) < _FEWEST_SHARED
    # Nearly all pairs of drafts are done with here. Only words that come in pairs can all be misspelt ones.
    if too_few and len(a_words) != len(b_words):
        return False
    only_a = [word for one, word in a_words.items() if one not in both]
    only_b = [word for one, word in b_words.items() if one not in both]
    own_a, own_b = _without_misspelt(only_a, only_b)
    beyond_a, beyond_b = a.beyond(b), b.beyond(a)
    contradicted = min(beyond_a, beyond_b)
    if not own_a and not own_b and not contradicted and len(both) >= 2:
        return True
    if too_few:
        return False
    # Sums that don't depend on which comes first.
    shared, weight_a, weight_b = fsum(words), _weigh(only_a), _weigh(only_b)
    if a.openings & b.openings or shared > _LIKENESS * (shared + (weight_a + weight_b)):
        slot = min(_weigh(own_a), _weigh(own_b)) / max(shared + max(weight_a, weight_b), 1)
        return Features(True, (min(len(words), 8) ** 0.5, min(contradicted, 1.0), slot))
    facts = len(days) + fsum(max(a.numbers[one], b.numbers[one]) for one in numbers)
    lesser = shared + facts + min(weight_a + beyond_a, weight_b + beyond_b)
    same_place = bool(a.versions) and a.versions == b.versions
    return Features(False, ((shared + facts) / max(lesser, 3.0), min(facts, 4.0), float(same_place)))


_MOST_READ = 256
"""How many sketches are kept as they were read: an author's last drafts are compared with each new one."""


@lru_cache(_MOST_READ)
def _read(sketched: bytes) -> _Read:
    return _Read(sketched)


class _Read:
    """A sketch that is being compared; it doesn't change."""

    def __init__(self, sketched: bytes) -> None:
        features = struct.unpack(f">{len(sketched) // 4}I", sketched)
        self._words: dict[int, int] = {}
        kinds: list[dict[int, int]] = [self._words] * (RAREST + 1) + [{} for _ in range(_LETTERS, _OPENING + 1)]
        for feature in features:
            kinds[feature >> _KIND][feature & _HASH_BITS] = feature
        self.letters, self.days, self.links, self.versions, self.openings = (
            kinds[kind].keys() for kind in (_LETTERS, _DAY, _LINK, _VERSION, _OPENING)
        )
        self.figures = {one: _number_weight(figure) for one, figure in kinds[_FIGURE].items()}
        self.numbers = {one: _number_weight(spelt) for one, spelt in kinds[_SPELT].items()} | self.figures
        self.rarest_left_out = _rarest_first(features[-1]) if len(features) == _MOST else None

    def words_down_to(self, rarest_left_out: tuple[int, int] | None) -> dict[int, int]:
        """The words that another sketch would have if its draft had them, by their hashes."""
        if rarest_left_out is None:
            return self._words
        return {one: word for one, word in self._words.items() if _rarest_first(word) <= rarest_left_out}

    def beyond(self, other: _Read) -> float:
        """The weight of the numbers that another draft lacks; those in words may be a manner of speaking."""
        return fsum(weight for one, weight in self.figures.items() if one not in other.numbers)


def _differ(some: Set[int], others: Set[int]) -> bool:
    return bool(some - others and others - some)


def _without_misspelt(only_a: list[int], only_b: list[int]) -> tuple[list[int], list[int]]:
    """The words of each list without pairs that look like two spellings of one word."""
    spellings: dict[int, list[int]] = {}
    for word in sorted(only_b, key=_weight):
        spellings.setdefault(word >> _MARK & _MARK_BITS, []).append(word)
    own: list[int] = []
    for word in sorted(only_a, key=_weight, reverse=True):
        others = spellings.get(word >> _MARK & _MARK_BITS)
        if others:
            others.pop()
        else:
            own.append(word)
    return own, [word for words in spellings.values() for word in words]


def _weight(word: int) -> float:
    return _WORDS[word >> _KIND]


def _weigh(words: Iterable[int]) -> float:
    return fsum(map(_weight, words))


def _number_weight(number: int) -> float:
    return _NUMBERS[number >> _MARK & _MARK_BITS]
