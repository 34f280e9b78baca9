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
# A line of a quotation, with or without a space after its mark; ">:(" is a face.
_QUOTED = re.compile(r"^(?:[^\S\n]*+>)++[^\S\n]*+(?=[\w\"'“‘@#*(\[])", re.MULTILINE)
# In text copied from LinkedIn, each hashtag has the word "hashtag" before it.
_HASHTAGS = re.compile(r"(?:(?:hashtag\s*+)?#(?=\w*?[^\W\d_])\w++[.,;]?\s*+|hashtag$)*+")
_HASHTAGS_LAST = re.compile(r"(?<=\s)(?:(?:hashtag\s*+)?#(?=\w*?[^\W\d_])\w++[.,;]?\s*+){2,}+\Z")
_SAID = re.compile(rf"[.!?…:)\]\"”»]\Z|{_PICTURES.pattern}\ufe0f?\Z|(?:https?://|www\.)\S+\Z", re.IGNORECASE)
_WORD_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lo", "Lm", "Nd", "Nl", "No"})
# Words in Unicode's names that say how a picture is drawn, not what it means.
_DRAWING = re.compile(r"\b(?:black|white|heavy|large|medium|small|sign|symbol|face|with|of|pointing|backhand)\b")


def has_words(text: str) -> bool:
    """Whether a text holds a letter or digit outside layout, addresses, mentions and custom emoji."""
    return _has_words(plain(text))


def _has_words(text: str) -> bool:
    return any(unicodedata.category(char) in _WORD_CATEGORIES for char in _MARKUP.sub(" ", text))


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


def without_hashtag_blocks(text: str) -> str:
    """A text without blocks of hashtags: whole lines at its beginning or end, or a row after its last sentence.

    A hashtag in a sentence stays, even as its last word, and so do hashtags if the text has nothing else.

    Args:
        text: the excerpt of a draft, without layout.
    """
    if "#" not in text:
        return text
    lines = text.split("\n")
    worded = [place for place, line in enumerate(lines) if not _HASHTAGS.fullmatch(line.strip())]
    if not worded:
        return text
    words = "\n".join(lines[worded[0] : worded[-1] + 1])
    last = _HASHTAGS_LAST.search(words)
    if last is not None and _SAID.search(words[: last.start()].rstrip()[-300:]):
        words = words[: last.start()]
    return words if _has_words(words) else text


def readable(text: str) -> str:
    """A draft as the encoder reads it: its excerpt, masked, without layout, ¶ for line breaks, emoji by name.

    Each line of a quotation begins with "> ", and blocks of hashtags are left out.

    Args:
        text: any string; the time taken is linear in its length.
    """
    text = _QUOTED.sub("> ", without_hashtag_blocks(whole(excerpt(plain(text)))))
    text = masked(CUSTOM_EMOJI.sub(r" \1 ", text))
    return on_one_line(_PICTURES.sub(lambda found: _named(found[0]), _JOINERS.sub("", text)))


def on_one_line(text: str) -> str:
    """The words of a text on one line, with ¶ for one or more line breaks; the time is linear in its length."""
    # Not a pattern such as \s*\n\s*: that tries a long run of white space again from each position in it.
    return f" {_LINE_BREAK} ".join(" ".join(words) for line in text.split("\n") if (words := line.split()))


@lru_cache(maxsize=4096)
def _named(picture: str) -> str:
    name = _DRAWING.sub(" ", unicodedata.name(picture, "").lower())
    return f" {' '.join(name.split()[:3])} "
