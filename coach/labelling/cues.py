"""Named cues: what a person would point to in a draft to say why it is content or conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from coach.labelling.cue_words import WORDS
from coach.labels import Label
from coach.text import QUERY, URL, cut, quoted


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern and how to describe it to a person.

    Attributes:
        name: its name, unique among `CUES`.
        pattern: what to search a draft for.
        says: the description; `{}` in it stands for the words that were found; empty if it is never a reason.
        side: the label that a reader would take it as a sign of; None if it may be a sign of either.
        clear: whether it says more than the phrase that it is in.
    """

    name: str
    pattern: re.Pattern[str]
    says: str
    side: Label | None
    clear: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A cue that a text has, and the first place where it occurs."""

    cue: Cue
    start: int
    end: int
    words: str

    @property
    def says(self) -> str:
        """The description of the cue, with the words found in quotation marks."""
        return self.cue.says.format(f"“{self.words}”")


_CONVERSATION_CUES = frozenset(
    ("mention first", "question last", "asks how", "anyone", "thanks", "wishes", "greeting", "answer", "question")
) | {"mention", "you"}
_CONTENT_CUES = frozenset(("link", "hashtags", "act", "price", "news", "list")) | {"date", "i", "we"}
_FAINT_CUES = frozenset(("mention", "date", "i", "we"))

# The patterns that hold in every language; the others are in `WORDS`.
# Possessive quantifiers (`++`, `*+`) keep a pattern from trying the same characters twice.
_EVERYWHERE = {
    "mention first": r"^\W{0,3}(?:@[\w.\-]*\w|<@!?\d+>)",
    "mention": r"(?<=.)(?<![\w@])(?:@[\w.\-]*\w|<@!?\d+>)",
    "question last": r"[^.!?\n]{3,120}\?[^\w?#]*+(?:#\w++\s*+|https?://\S++\s*+)*+$",
    "question first": r"^[^.!?\n]{3,160}\?(?=\s*\S)",
    "question": r"\?(?=\s*\S)",
    "link": URL.pattern,
    "hashtags": r"#\w+(?:\s+#\w+)+",
    "list": r"(?:^|\n)[^\S\n]*(?:\d+[.)]|[-•*–])[^\S\n]+\S",
    "exclaims": r"!",
}
# A link or a mention alone says little; these are the things that a reader of the guideline would look at.
# The order has to stay: members' lessons refer to a cue by its place in it.
_SAYS = {
    "mention first": "starts with a mention",
    "mention": "mentions somebody",
    "stock tag": "ends in the stock tag {}",
    "question last": "ends with a question",
    "question first": "opens with a question",
    "question": "has a question in it",
    "asks how": "asks readers {}",
    "anyone": "asks around: {}",
    "you": "speaks to somebody: {}",
    "thanks": "says {}",
    "wishes": "has kind words for somebody: {}",
    "greeting": "opens with a greeting: {}",
    "answer": "opens like a reply: {}",
    "link": "has a link",
    "hashtags": "has a row of hashtags",
    "act": "calls on readers to act: {}",
    "price": "names a price or an offer: {}",
    "news": "shares news: {}",
    "list": "lists points",
    "date": "names a day or time: {}",
    "i": "is about its author: {}",
    "we": "speaks for a group: {}",
    "laugh": "laughs: {}",
    "exclaims": "",
}


@lru_cache(maxsize=len(WORDS))
def cues(language: str = "en") -> tuple[Cue, ...]:
    """The cues of drafts in a language: every language has the same ones, in the same order.

    Args:
        language: its ISO 639 code; one that `WORDS` does not have gets the English cues.
    """
    words = WORDS.get(language, WORDS["en"])
    return tuple(
        Cue(
            name,
            re.compile(_EVERYWHERE.get(name) or _of_language(words[name], language), re.IGNORECASE),
            says,
            Label.CONVERSATION if name in _CONVERSATION_CUES else Label.CONTENT if name in _CONTENT_CUES else None,
            name not in _FAINT_CUES,
        )
        for name, says in _SAYS.items()
    )


def _of_language(pattern: str, language: str) -> str:
    return pattern.replace("'", "['’]") if language in WORDS and language != "en" else pattern


CUES = cues()
"""The cues of English drafts."""


def without_marks_in_addresses(text: str) -> str:
    """A text of the same length without punctuation in its web addresses: a query string is not a question."""
    return QUERY.sub("x", URL.sub(lambda found: re.sub(r"[^\w:/]", "x", found[0]), text))


def find(text: str, language: str = "en") -> Iterator[Found]:
    """The cues that a text has, each once, in the order of `CUES`.

    Args:
        text: a draft; the time that each pattern takes is bounded by its length.
        language: the ISO 639 code of its language.
    """
    text = without_marks_in_addresses(text)
    for cue in cues(language):
        match = cue.pattern.search(text)
        if match is not None:
            yield Found(cue, match.start(), match.end(), cut(quoted(match[0]), 40))
