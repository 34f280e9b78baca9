"""The table of words that shows a draft's language, from public lists: `python -m training.words FILE`."""

# wordfreq is only in the training group, and some of its types are unknown.
# pyright: reportMissingImports=false, reportMissingTypeStubs=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false, reportUnknownLambdaType=false

from __future__ import annotations

import argparse
import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from wordfreq import get_frequency_dict

from coach.labelling.language import LANGUAGES, LEVELS, MOST_LANGUAGES, STEP, Table, entry, folded

OTHERS = (
    ("ca",), ("cs", "sk"), ("da", "nb"), ("fi",), ("fil",), ("hu",), ("id", "ms"), ("is",), ("lt", "lv"), ("pl",),
    ("ro",), ("sh", "sl"), ("sv",), ("tr",), ("vi",),
)  # fmt: skip
"""Other languages in Latin letters, by wordfreq's codes; near neighbours count as one."""

LISTS = Path(__file__).with_name("languages.txt")
"""Words of further languages, which wordfreq does not have, or not in Latin letters."""

WORDS_OF_ENGLISH, WORDS, WORDS_OF_OTHERS = 40_000, 10_000, 6_000
"""How many words of English, of each further one of `LANGUAGES`, and of each other language.

English has more: in short drafts a rare word, a name or slang is often all there is, and most drafts are English.
"""

# A word that is as frequent as this has the first level.
_FIRST = 0.01
# Of those who write one of the other languages, so many leave out its accents.
_WITHOUT_ACCENTS = 0.2
# In drafts, the words of chats are as frequent as this, which they are not in wordfreq's books and news.
_SLANG = 1e-4
# Letters with a mark that Unicode does not count as an accent.
_BARE = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ø": "o", "æ": "ae"})


def language_table() -> Table:
    """The words of `LANGUAGES` and of the languages that they are told from."""
    lists = [_frequent(code, WORDS_OF_ENGLISH if code == "en" else WORDS) for code in LANGUAGES]
    others = [_mean([_frequent(code, WORDS_OF_OTHERS) for code in codes]) for codes in OTHERS] + _listed()
    lists += [_also_without_accents(words) for words in others]
    lists[LANGUAGES.index("en")] |= {word: max(lists[0].get(word, 0.0), _SLANG) for word in _lines()["English"]}
    if len(lists) > MOST_LANGUAGES:
        raise ValueError(f"{len(lists)} languages are more than a table can have")
    entries: dict[int, int] = {}
    for language, words in enumerate(lists):
        for word, frequency in words.items():
            level = min(max(round(math.log10(_FIRST / frequency) / STEP), 0), LEVELS - 1)
            added = entry(word, language, level)
            # If two words have the same hash, the more common one is kept.
            entries[added >> 3] = min(added, entries.get(added >> 3, added))
    return np.array(sorted(entries.values()), np.uint32)


def _frequent(code: str, count: int) -> dict[str, float]:
    """The most frequent words of a language, with their frequencies, 0 to 1."""
    frequencies: Mapping[str, float] = get_frequency_dict(code, "best")
    words = sorted((word for word in frequencies if _is_word(word)), key=lambda word: (-frequencies[word], word))
    return {folded(word): frequencies[word] for word in words[:count]}


def _is_word(word: str) -> bool:
    return any(char.isalpha() for char in word) and not any(char.isdigit() for char in word)


def _mean(lists: list[dict[str, float]]) -> dict[str, float]:
    return {word: sum(one.get(word, 0.0) for one in lists) / len(lists) for one in lists for word in one}


def _also_without_accents(words: dict[str, float]) -> dict[str, float]:
    added = dict(words)
    for word, frequency in words.items():
        letters = unicodedata.normalize("NFD", word.translate(_BARE))
        bare = "".join(char for char in letters if not unicodedata.combining(char))
        added[bare] = max(added.get(bare, 0.0), frequency * _WITHOUT_ACCENTS)
    return added


def _listed() -> list[dict[str, float]]:
    """The lists of `LISTS` but English, with frequencies by Zipf's law."""
    return [
        {word: 0.05 / (rank + 1) for rank, word in reversed(list(enumerate(words)))}
        for name, words in _lines().items()
        if name != "English"
    ]


def _lines() -> dict[str, list[str]]:
    """The words of each line of `LISTS`."""
    lines = [line.partition(": ") for line in LISTS.read_text(encoding="utf-8").splitlines()]
    return {name: words.split() for name, colon, words in lines if colon and not name.startswith("#")}


def main() -> None:
    """Read the arguments and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="where the table goes")
    file: Path = parser.parse_args().file
    language_table().tofile(file)
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
