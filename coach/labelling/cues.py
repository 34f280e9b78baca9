"""Named cues: what a person would point to in a draft to say why it is content or conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coach.labels import Label
from coach.text import QUERY, URL, cut, quoted


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern and how to describe it to a person.

    Attributes:
        name: its name, unique among `CUES`.
        pattern: what to search a draft for.
        says: the description; `{}` in it stands for the words that were found.
        side: the label that a reader would take it as a sign of; None if it may be a sign of either.
    """

    name: str
    pattern: re.Pattern[str]
    says: str
    side: Label | None


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
)
_CONTENT_CUES = frozenset(("link", "hashtags", "act", "price", "news", "list"))


def _cue(name: str, pattern: str, says: str) -> Cue:
    side = Label.CONVERSATION if name in _CONVERSATION_CUES else Label.CONTENT if name in _CONTENT_CUES else None
    return Cue(name, re.compile(pattern, re.IGNORECASE), says, side)


_ACTS = (
    "sign up|join us|book (?:now|yours?|a|via|through)|buy|order (?:now|yours?|by)|shop (?:now|the)|register"
    "|subscribe|donate|vote|follow (?:us|me|along)|click|grab (?:yours?|a|one)|come (?:along|and see|visit)"
    "|visit (?:us|our)|download|apply (?:now|by|here)|get (?:yours?|tickets)|reserve|enter (?:now|to)|share this"
    "|retweet|save the date|check (?:it|them|this) out|link in bio"
)

# Possessive quantifiers (`++`, `*+`) keep a pattern from trying the same characters twice.
# A link or a mention alone says little; these are the things that a reader of the guideline would look at.
CUES: tuple[Cue, ...] = (
    _cue("mention first", r"^\W{0,3}(?:@[\w.\-]*\w|<@!?\d+>)", "starts with a mention"),
    _cue("mention", r"(?<=.)(?<![\w@])(?:@[\w.\-]*\w|<@!?\d+>)", "mentions somebody"),
    _cue("stock tag", r"\b(?:thoughts|agree|who'?s with me|right|am i right|anyone else|yes or no)\s*\?\W*$",
         "ends in the stock tag {}"),
    _cue("question last", r"[^.!?\n]{3,120}\?[^\w?#]*+(?:#\w++\s*+|https?://\S++\s*+)*+$", "ends with a question"),
    _cue("question first", r"^[^.!?\n]{3,160}\?(?=\s*\S)", "opens with a question"),
    _cue("question", r"\?(?=\s*\S)", "has a question in it"),
    _cue("asks how", r"\b(?:how|what|which|where|when|who|why) (?:do|does|did|are|would|should|can|could|have|is) "
         r"(?:you|your|anyone|anybody|everyone|you all|y'all|we|people|folks)\b", "asks readers {}"),
    _cue("anyone", r"\b(?:anyone|anybody|who else|any (?:ideas|tips|advice|suggestions|recommendations))\b",
         "asks around: {}"),
    _cue("you", r"\b(?:you|your|yours|you're|you've|you'll|you'd|y'all|u|ur)\b", "speaks to somebody: {}"),
    _cue("thanks", r"\b(?:thank you|thanks|thx|ty|cheers|much appreciated|grateful to)\b", "says {}"),
    _cue("wishes", r"\b(?:congrat\w*|well done|good luck|get well|welcome|happy (?:birthday|anniversary)"
         r"|bravo|kudos|so sorry|love this|great job|nice work|hats off)\b", "has a word for somebody: {}"),
    _cue("greeting", r"^\W*(?:good (?:morning|evening|afternoon|night)|morning|evening|hi|hello|hey"
         r"|happy \w+day)\b", "opens with a greeting: {}"),
    _cue("answer", r"^\W*(?:yes|yep|yeah|no|nope|haha\w*|lol|same|exactly|agreed|true|sure|ok|okay|oh|ah|aww?"
         r"|hmm+|indeed|of course|sounds|glad|me too|not really|absolutely|sorry)\b", "opens like an answer: {}"),
    _cue("link", URL.pattern, "has a link"),
    _cue("hashtags", r"#\w+(?:\s+#\w+)+", "has a row of hashtags"),
    _cue("act", rf"\b(?:{_ACTS})\b", "calls on readers to act: {}"),
    _cue("price", r"[£$€]\s?\d[\d.,]*|\b\d+\s?% off\b|\bfree (?:shipping|entry|delivery|trial)\b",
         "names a price or an offer: {}"),
    _cue("news", r"\b(?:announc\w+|launch\w*|introducing|now (?:open|available|live)|new (?:post|on the blog|video"
         r"|episode)|breaking|report|press release|opens?|starts?|just published)\b", "tells news: {}"),
    _cue("list", r"(?:^|\n)[^\S\n]*(?:\d+[.)]|[-•*–])[^\S\n]+\S", "lists points"),
    _cue("date", r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,2}(?::\d\d)?\s?(?:am|pm)\b",
         "names a day or time: {}"),
    _cue("i", r"\b(?:i|i'm|i've|i'd|i'll|my|me)\b", "speaks of the author: {}"),
    _cue("we", r"\b(?:we|we're|we've|we'll|our|us)\b", "speaks as “we”"),
    _cue("laugh", r"\b(?:haha\w*|lol|lmao|rofl|hehe\w*)\b|[:;]-?[)D]|😂|🤣|😅", "laughs: {}"),
    _cue("exclaims", r"!", "has an exclamation mark"),
)  # fmt: skip


def without_marks_in_addresses(text: str) -> str:
    """A text of the same length without punctuation in its web addresses: a query string is not a question."""
    return QUERY.sub("x", URL.sub(lambda found: re.sub(r"[^\w:/]", "x", found[0]), text))


def find(text: str) -> Iterator[Found]:
    """The cues that a text has, each once, in the order of `CUES`.

    Args:
        text: a draft; the time that each pattern takes is bounded by its length.
    """
    text = without_marks_in_addresses(text)
    for cue in CUES:
        match = cue.pattern.search(text)
        if match is not None:
            yield Found(cue, match.start(), match.end(), cut(quoted(match[0]), 40))
