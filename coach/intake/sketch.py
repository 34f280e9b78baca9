"""Sketches of drafts, by which two that say the same are recognised without keeping a word of either."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from hashlib import blake2b

from coach.intake.evidence import RAREST, Word, evidence_of

MOST_BYTES = 256
"""The longest that a sketch is."""

# A feature is a kind (5 bits), what two spellings of a word have in common (7 bits), and a keyed hash (20 bits).
_MOST = MOST_BYTES // 4
_KIND, _ENDS = 27, 20
_ENDS_BITS, _HASH_BITS = 0x7F, 0xFFFFF
# The kinds of words are their rarities, 0 to `RAREST`.
_LETTERS, _FIGURE, _SPELT, _DAY, _LINK = range(RAREST + 1, RAREST + 6)
# So that a table of figures leaves room for words.
_MOST_OF_A_KIND = 16

# What a word of each rarity weighs.
_WEIGHTS = (0.1, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
# What a shared number or weekday weighs.
_FACT = 1.0

NEAR_COPY = 0.6
"""The share of their words that near copies have in common, common words included."""
FEWEST_WORDS = 3
"""The fewest words of near copies that differ in nothing but spelling."""
FEWEST_IN_COPY = 2.0
"""The least weight that near copies have in common."""
MOST_IN_A_SLOT = 1.0
"""The weight of their own words that both of two near copies have if they are two uses of a template."""
CONTAINED = 0.56
"""The share of the lesser draft, by weight, that the other one contains."""
FEWEST_SHARED = 5.0
"""The least weight that two versions have in common: below that, it may be chance."""


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
        *hashes.features(_FIGURE, evidence.figures),
        *hashes.features(_SPELT, evidence.spelt - evidence.figures),
        *hashes.features(_DAY, evidence.days),
        *hashes.features(_LINK, evidence.links),
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

    def feature(self, kind: int, value: str) -> int:
        return kind << _KIND | self._hash(value, b"%d" % max(kind, RAREST)) & _HASH_BITS

    def word(self, word: Word) -> int:
        if (ends := self._ends.get(word.ends)) is None:
            ends = self._ends[word.ends] = self._hash(word.ends, b"ends") & _ENDS_BITS
        return self.feature(word.rarity, word.stem) | ends << _ENDS

    def _hash(self, value: str, sort: bytes) -> int:
        data = value.encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(data, digest_size=4, key=self._key, person=sort).digest(), "big")


def _rarest_first(word: int) -> tuple[int, int]:
    return -(word >> _KIND), word & _HASH_BITS


def same_thought(earlier: bytes, later: bytes) -> bool:
    """Whether two drafts say the same, by their sketches under one key; symmetric.

    Not if they contradict each other: if each has a number, a weekday or a link that the other lacks. Otherwise, two
    kinds of pairs are told apart. Drafts that share most of their words, common ones included, are near copies: they
    say the same if what differs is spelling, or is found in one of them alone; where each has a word of its own, they
    are two uses of one template ("Soup of the day: …"). Other pairs are a short and a long version, or two wordings:
    of what the shorter one says, the longer one has to contain most, by the weight of its words.

    Args:
        earlier: a sketch.
        later: another one.
    """
    a, b = _Read(earlier), _Read(later)
    if a.letters == b.letters:
        return True
    if a.contradicts(b):
        return False
    a_words, b_words = a.words_down_to(b.rarest_left_out), b.words_down_to(a.rarest_left_out)
    shared = a_words.keys() & b_words.keys()
    only_a, only_b, respelt = _respelt(
        [word for hashed, word in a_words.items() if hashed not in shared],
        [word for hashed, word in b_words.items() if hashed not in shared],
    )
    said_by_both = sum(min(_weight(a_words[hashed]), _weight(b_words[hashed])) for hashed in shared)
    same = len(shared) + respelt
    if same >= NEAR_COPY * (same + len(only_a) + len(only_b)):
        if not only_a and not only_b:
            return same >= FEWEST_WORDS
        return said_by_both >= FEWEST_IN_COPY and min(_weigh(only_a), _weigh(only_b)) < MOST_IN_A_SLOT
    facts = _FACT * (len(a.numbers & b.numbers) + len(a.days & b.days))
    lesser = min(_weigh(a_words.values()), _weigh(b_words.values())) + facts
    return said_by_both + facts >= max(FEWEST_SHARED, CONTAINED * lesser)


class _Read:
    """A sketch that is being compared."""

    def __init__(self, sketched: bytes) -> None:
        features = struct.unpack(f">{len(sketched) // 4}I", sketched)
        self._words = {word & _HASH_BITS: word for word in features if word >> _KIND <= RAREST}
        kinds: dict[int, set[int]] = {kind: set() for kind in range(_LETTERS, _LINK + 1)}
        for feature in features:
            if feature >> _KIND > RAREST:
                kinds[feature >> _KIND].add(feature)
        self.letters, self.figures, self.days, self.links = (
            kinds[kind] for kind in (_LETTERS, _FIGURE, _DAY, _LINK)
        )
        self.numbers = {figure & _HASH_BITS for figure in self.figures | kinds[_SPELT]}
        self.rarest_left_out = _rarest_first(features[-1]) if len(features) == _MOST else None

    def words_down_to(self, rarest_left_out: tuple[int, int] | None) -> dict[int, int]:
        """The words that another sketch would have if its draft had them, by their hashes."""
        if rarest_left_out is None:
            return self._words
        return {one: word for one, word in self._words.items() if _rarest_first(word) <= rarest_left_out}

    def contradicts(self, other: _Read) -> bool:
        """Whether each draft has a number in figures, a weekday or a link that the other lacks."""
        return (
            (self._figures_beyond(other) and other._figures_beyond(self))
            or bool(self.days - other.days and other.days - self.days)
            or bool(self.links - other.links and other.links - self.links)
        )

    def _figures_beyond(self, other: _Read) -> bool:
        return any(figure & _HASH_BITS not in other.numbers for figure in self.figures)


def _respelt(only_a: list[int], only_b: list[int]) -> tuple[list[int], list[int], int]:
    """The words of each list without pairs that look like two spellings of one word, and how many pairs there are."""
    spellings: dict[int, list[int]] = {}
    for word in only_b:
        spellings.setdefault(word >> _ENDS & _ENDS_BITS, []).append(word)
    left_a: list[int] = []
    for word in only_a:
        others = spellings.get(word >> _ENDS & _ENDS_BITS)
        if others:
            others.pop()
        else:
            left_a.append(word)
    left_b = [word for words in spellings.values() for word in words]
    return left_a, left_b, len(only_a) - len(left_a)


def _weight(word: int) -> float:
    return _WEIGHTS[word >> _KIND]


def _weigh(words: Iterable[int]) -> float:
    return sum(map(_weight, words))
