"""How a draft is read: its excerpt, without layout, names and addresses, with line breaks and emoji in words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from coach.layout import plain

URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
QUERY = re.compile(r"(?<=[\w/])\?(?=\w++=)")
"""The mark that begins a query string, also in an address that lacks its beginning: example.org/fair?page=2."""
MENTION = re.compile(r"(?<![\w@])@[\w.\-]*\w|<@[!&]?\d+>")
CUSTOM_EMOJI = re.compile(r"<a?:(\w+):\d+>")
LINK = "http"
"""What replaces an address in a masked draft."""
SOMEBODY = "@user"
"""What replaces a mention in a masked draft."""

HEAD, TAIL = 1500, 1500
"""Characters of a long draft that are read at its beginning and its end; a closing question decides a lot."""

_LINE_BREAK = "¶"
_PICTURES = re.compile("[\u2300-\u2bff\u3012\u3013\U0001f000-\U0001faff]")
# Invisible characters, skin tones, and the letters that flags are made of.
_JOINERS = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)
_HALF = re.compile("[\ud800-\udfff]")
# Control characters that are not white space, and those that change the direction of writing.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
# Discord's own markup, and addresses. Possessive (`++`) and never across another `<`: a file full of opening
# brackets is read once, not once for each of them.
_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^:<>]++:)-?\d+(?::\w)?>|https?://\S+", re.ASCII)
_WORD_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lo", "Lm", "Nd", "Nl", "No"})
# Words in Unicode's names that say how a picture is drawn, not what it means.
_DRAWING = re.compile(r"\b(?:black|white|heavy|large|medium|small|sign|symbol|face|with|of|pointing|backhand)\b")


def has_words(text: str) -> bool:
    """Whether a text holds a letter or digit outside layout, addresses, mentions and custom emoji."""
    return any(unicodedata.category(char) in _WORD_CATEGORIES for char in _MARKUP.sub(" ", plain(text)))


def excerpt(text: str) -> str:
    """The part of a draft that is read: all of it up to 3,000 characters, otherwise its beginning and its end.

    Args:
        text: a draft; without its layout if it is to be judged by its words.
    """
    if len(text) <= HEAD + TAIL:
        return text
    return f"{text[:HEAD]} {text[-TAIL:]}"


def whole(text: str) -> str:
    """A text with U+FFFD for each lone surrogate: half a character can't go into a table or a message."""
    return _HALF.sub("\ufffd", text)


def quoted(text: str) -> str:
    """Somebody's words, fit to be quoted in a message: on one line, without control or half characters."""
    return " ".join(_CONTROLS.sub("", whole(text)).split())


def cut(text: str, most: int) -> str:
    """A text cut to `most` characters; a longer one ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def masked(text: str) -> str:
    """A draft with `LINK` for each address and `SOMEBODY` for each mention, so that no name is learned."""
    return MENTION.sub(SOMEBODY, URL.sub(f" {LINK} ", text))


def readable(text: str) -> str:
    """A draft as the encoder reads it: its excerpt, masked, without layout, ¶ for line breaks, emoji by name.

    Args:
        text: any string; the time taken is linear in its length.
    """
    text = masked(CUSTOM_EMOJI.sub(r" \1 ", whole(excerpt(plain(text)))))
    return on_one_line(_PICTURES.sub(lambda found: _named(found[0]), _JOINERS.sub("", text)))


def on_one_line(text: str) -> str:
    """The words of a text on one line, with ¶ for one or more line breaks; the time is linear in its length."""
    # Not a pattern such as \s*\n\s*: that tries a long run of white space again from each position in it.
    return f" {_LINE_BREAK} ".join(" ".join(words) for line in text.split("\n") if (words := line.split()))


@lru_cache(maxsize=4096)
def _named(picture: str) -> str:
    name = _DRAWING.sub(" ", unicodedata.name(picture, "").lower())
    return f" {' '.join(name.split()[:3])} "
