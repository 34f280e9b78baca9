"""Sketches of drafts, by which two that say the same are recognised without keeping a word of either."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from hashlib import blake2b

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
_WORDS = (0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
_FIGURES = (0.5, 1.0, 2.5)
_DAYS = 1.0

# The constants below were chosen on half of the pairs of `benchmarks.same_thoughts`.
CONTAINED = 0.6
"""The share of the lesser draft, by weight, that the other one contains."""
IN_A_SERIES = 0.4
"""How much more it has to contain if they begin alike, and may be two of a series."""
OF_A_SERIES = 2.0
"""How many times the weight of one of a series another may be: of a short and a long version it is more."""
MOST_CONTRADICTED = 0.03
"""The most that either draft may be other numbers, if they begin alike."""
MOST_IN_A_SLOT = 0.06
"""The most that words of their own may be of both, if they begin alike."""
FOR_FACTS, MOST_FACTS = 0.12, 2.5
"""How much less may be contained for each weight of shared facts, and up to which weight."""
FOR_CONTRADICTIONS = 2.5
"""How much more has to be contained for the share of either draft that is other numbers."""
FOR_VERSIONS = 0.09
"""How much less may be contained if by their headings they are for different places, or not of one length."""
FEWEST_SHARED = 2.5
"""The least weight that two versions have in common: below that, it may be chance."""
FEWEST_ITEMS = 2
"""The fewest words, numbers and days that two versions have in common."""


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

    Of what the shorter draft says, the longer one has to contain most, by the weight of words, numbers and days:
    less if they share numbers and days or have different headings, more if each has numbers that the other lacks.
    Drafts that begin alike are two of a series ("Soup of the day: …") if both have words of their own, other than
    two spellings of one. Drafts with different weekdays or links are never the same. Common words weigh next to
    nothing, so drafts with nothing else are the same only if they have the same letters, spelling aside.

    Args:
        earlier: a sketch that `sketch` made.
        later: another one.
    """
    a, b = _Read(earlier), _Read(later)
    if a.letters == b.letters:
        return True
    if _differ(a.days, b.days) or _differ(a.links, b.links):
        return False
    found = _compare(a, b)
    if found.shared < FEWEST_SHARED or found.items < FEWEST_ITEMS:
        return found.respelt and not found.contradicted
    needed = CONTAINED - FOR_FACTS * min(found.facts, MOST_FACTS) + FOR_CONTRADICTIONS * found.contradicted
    if a.versions != b.versions:
        needed -= FOR_VERSIONS
    if a.openings & b.openings and found.ratio < OF_A_SERIES:
        if found.contradicted > MOST_CONTRADICTED:
            return False
        if found.slot > MOST_IN_A_SLOT:
            needed += IN_A_SERIES
    return found.contained >= needed


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How two drafts compare.

    Attributes:
        shared: the weight of what both say.
        items: how many words, numbers and days both say, without words that say nothing alone.
        facts: the weight of numbers, days and links in it.
        contained: the share of the lesser draft that is shared.
        contradicted: the share of numbers that the other lacks, in the draft where it is less.
        slot: the weight of words of its own, misspelt ones aside, in the draft that has less, as a share of the
            greater draft.
        ratio: the weight of the greater draft over that of the lesser one.
        respelt: they differ in nothing but spelling.
    """

    shared: float
    items: int
    facts: float
    contained: float
    contradicted: float
    slot: float
    ratio: float
    respelt: bool


def _compare(a: _Read, b: _Read) -> _Comparison:
    a_words, b_words = a.words_down_to(b.rarest_left_out), b.words_down_to(a.rarest_left_out)
    both = a_words.keys() & b_words.keys()
    only_a = [word for hashed, word in a_words.items() if hashed not in both]
    only_b = [word for hashed, word in b_words.items() if hashed not in both]
    own_a, own_b = _without_misspelt(only_a, only_b)
    words = sum(min(_weight(a_words[hashed]), _weight(b_words[hashed])) for hashed in both)
    numbers = [one for one in a.numbers.keys() & b.numbers.keys() if one in a.figures or one in b.figures]
    facts = _DAYS * len(a.days & b.days) + sum(max(a.numbers[one], b.numbers[one]) for one in numbers)
    telling = sum(a_words[one] >> _KIND > 0 and b_words[one] >> _KIND > 0 for one in both)
    size_a, size_b = (words + _weigh(only) + of.weight for only, of in ((only_a, a), (only_b, b)))
    contradicted = min(a.beyond(b) / max(size_a, 1), b.beyond(a) / max(size_b, 1))
    return _Comparison(
        shared=words + facts,
        items=telling + len(numbers) + len(a.days & b.days),
        facts=facts,
        contained=(words + facts) / max(min(size_a, size_b), 1),
        contradicted=contradicted,
        slot=min(_weigh(own_a), _weigh(own_b)) / max(size_a, size_b, 1),
        ratio=max(size_a, size_b, 1) / max(min(size_a, size_b), 1),
        respelt=not own_a and not own_b and len(both) >= 2,
    )


class _Read:
    """A sketch that is being compared."""

    def __init__(self, sketched: bytes) -> None:
        features = struct.unpack(f">{len(sketched) // 4}I", sketched)
        self._words: dict[int, int] = {}
        kinds: list[dict[int, int]] = [self._words] * (RAREST + 1) + [{} for _ in range(_LETTERS, _OPENING + 1)]
        for feature in features:
            kinds[feature >> _KIND][feature & _HASH_BITS] = feature
        self.letters, self.days, self.links, self.versions, self.openings = (
            kinds[kind].keys() for kind in (_LETTERS, _DAY, _LINK, _VERSION, _OPENING)
        )
        self.figures = {one: _figure_weight(figure) for one, figure in kinds[_FIGURE].items()}
        # A number in words may be a manner of speaking.
        self.numbers = {one: _figure_weight(spelt) / 2 for one, spelt in kinds[_SPELT].items()} | self.figures
        self.weight = sum(self.figures.values()) + _DAYS * len(self.days)
        self.rarest_left_out = _rarest_first(features[-1]) if len(features) == _MOST else None

    def words_down_to(self, rarest_left_out: tuple[int, int] | None) -> dict[int, int]:
        """The words that another sketch would have if its draft had them, by their hashes."""
        if rarest_left_out is None:
            return self._words
        return {one: word for one, word in self._words.items() if _rarest_first(word) <= rarest_left_out}

    def beyond(self, other: _Read) -> float:
        """The weight of the numbers that another draft lacks."""
        return sum(weight for one, weight in self.numbers.items() if one not in other.numbers)


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
    return sum(map(_weight, words))


def _figure_weight(figure: int) -> float:
    return _FIGURES[figure >> _MARK & _MARK_BITS]
