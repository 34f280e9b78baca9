"""What comes along with a draft that is pasted from elsewhere: HTML, the source of a quotation, a count."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

_WORD = re.compile(r"[^\W_]")

# "&amp;lt;" was escaped twice. Without its semicolon it may be a part of an address.
_ENTITY = re.compile(r"&(?:amp;)*(\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_INLINE = "b|i|u|s|a|em|strong|del|ins|mark|small|big|span|code|font|sub|sup"
_BLOCKS = "p|div|ul|ol|li|h[1-6]|blockquote|pre|section|article|body|html"
_TAG = re.compile(rf"<(/?)({_INLINE}|{_BLOCKS}|br|hr)(?:\s[^<>]{{0,400}})?/?>", re.IGNORECASE)
_ADDRESS = re.compile(r"\bhref\s?=\s?[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
_OPENS = {"blockquote": "\n> ", "li": "\n- "}


def without_html(text: str) -> str:
    """A text with what HTML's tags and entities show in their place.

    A tag that the text is about stays: one that isn't closed or holds no words, or a `<br>` between spaces.

    Args:
        text: any string; the time taken is linear in its length.
    """
    if "&" in text:
        text = _ENTITY.sub(_shown, text)
    return _without_tags(text) if "<" in text else text


def _shown(entity: re.Match[str]) -> str:
    name = entity[1]
    if not name.startswith("#") and f"{name};" not in html5:
        return entity[0]
    shown = unescape(f"&{name};")
    return " " if shown in {"\xa0", "\u200b"} else shown


def _without_tags(text: str) -> str:
    # With each open tag: how many stretches between tags had words before it.
    waiting: dict[str, list[tuple[re.Match[str], int]]] = {}
    instead: dict[tuple[int, int], str] = {}
    worded = end = 0
    for tag in _TAG.finditer(text):
        worded += _WORD.search(text, end, tag.start()) is not None
        name, end = tag[2].lower(), tag.end()
        alone = text[max(0, tag.start() - 1) : tag.start()].isspace() and text[end : end + 1].isspace()
        if name in {"br", "hr", "p"} and not alone:
            instead[tag.span()] = "\n"
        if name in {"br", "hr"}:
            continue
        if not tag[1]:
            waiting.setdefault(name, []).append((tag, worded))
        elif opened := waiting.get(name):
            begin, worded_before = opened.pop()
            if worded == worded_before:
                continue
            block = "" if re.fullmatch(_INLINE, name) else "\n"
            instead[begin.span()] = _OPENS.get(name, block)
            address = _ADDRESS.search(begin[0]) if name == "a" else None
            instead[tag.span()] = f" {address[1]} " if address else block
    if not instead:
        return text
    kept: list[str] = []
    at = 0
    for start, end in sorted(instead):
        kept += (text[at:start], instead[start, end])
        at = end
    return "".join((*kept, text[at:]))


_QUOTED_LINE = re.compile(r"(?:[^\S\n]*>[^\S\n]?)+")
# "— Ursula Le Guin", "- from *The Dispossessed*, 1974": names and titles, not a sentence.
_SOURCE = re.compile(r"(?:[-–—―~]{1,2}|by\b)\s*(?P<name>[^\n]{2,100}?)")
_MOST_WORDS_OF_A_SOURCE = 10
# Names of one word are sources too ("— Rumi"), so the words that answer are listed, in seven languages.
_ANSWERING = (
    "absolutely agreed amen bingo bravo classic correct definitely disagree disagreed exactly facts fair "
    "false haha here indeed literally lol me never no nope not ok okay precisely preach relatable right "
    "same seconded sure thanks this too totally touché true why wow wrong yeah yep yes auch doch ebenso "
    "falsch genau ich ja nein nie quatsch richtig stimmt unsinn wahr absolument exact exactement faux "
    "idem jamais moi non oui pareil vrai absolutamente cierto claro correcto exacto falso igual "
    "igualmente nunca sí también verdad certo concordo discordo exato isso sim também verdade anch'io "
    "appunto esatto giusto mai sì vero eens helaas inderdaad juist klopt nee nooit onzin ook oneens "
    "precies waar "
)
_ANSWERS = frozenset(_ANSWERING.split())


def cited(text: str) -> str:
    """A text, in quotation marks if it is a Markdown quotation with only its source below it, and so no remark.

    Args:
        text: a draft; the time taken is linear in its length.
    """
    if not text.startswith(">"):
        return text
    *lines, last = [line.strip() for line in text.split("\n") if line.strip()]
    source = _SOURCE.fullmatch(last)
    if not lines or source is None or not _is_source(source["name"]) or not all(line[0] == ">" for line in lines):
        return text
    words = "\n".join(_QUOTED_LINE.sub("", line, count=1) for line in lines).strip().strip('"“”')
    return f"“{words}”\n{last}"


def _is_source(name: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'’.-]*", name)
    long = [word for word in words if len(word) > 3 or word is words[0]]
    return (
        0 < len(words) <= _MOST_WORDS_OF_A_SOURCE
        and name.rstrip('"”»)')[-1:] not in {".", "!", "?", "…"}
        and all(word[0].isupper() for word in long)
        and not all(word.lower() in _ANSWERS for word in words)
    )


_COUNT = re.compile(
    r"(?:(?:character |word )?count:?\s*|characters:\s*|zeichen:\s*)?(?:~|≈|ca\.?\s|about\s|approx\.?\s)?"
    r"(?P<count>\d{1,3}(?:[.,\u202f ]?\d{3})?)"
    r"(?:\s*/\s*(?:140|240|280|300|500|2[.,]?200|3[.,]?000)|(?:\s*(?:/|of|von|de|sur|di|van)\s*\d[\d.,]*)?\s*"
    r"(?:char(?:acter)?s?|words?|zeichen|wörter|caractères|mots|caracteres|palabras|palavras|caratteri|parole|tekens"
    r"|woorden)(?:\s(?:with|incl|including|mit|inkl|avec|con|com|met)\b[^\n)\]]{0,30})?)",
    re.IGNORECASE,
)
_LAST_BRACKET = re.compile(r"[\[(]([^\[\]()\n]{1,200})[\])]\Z")
_LONGEST_COUNT = 202
# An author's count may leave out an address or count an emoji twice.
_MISCOUNTED = 0.15


def without_count(text: str) -> str:
    """A text without the note of its length that its author put at the end: "(214 characters)", "[214/280]".

    A note about a picture stays ("[image: two pugs, one asleep]"): the post may be about it.

    Args:
        text: a draft without white space around it; the time taken is linear in its length.
    """
    tail = text[-_LONGEST_COUNT:]
    bracket = _LAST_BRACKET.search(tail)
    note = bracket[0] if bracket else tail[tail.rfind("\n") + 1 :]
    before = text[: len(text) - len(note)]
    words = before.rstrip()
    own_line = "\n" in before[len(words) :]
    if not (bracket or own_line) or _WORD.search(words) is None:
        return text
    inside = bracket[1].strip() if bracket else note.strip("-–—→ ")
    counted = _COUNT.fullmatch(inside)
    if counted is None:
        return text
    count = int(re.sub(r"\D", "", counted["count"]))
    is_its_size = any(abs(count - size) <= 5 + _MISCOUNTED * size for size in (len(words), len(words.split())))
    return words if is_its_size or (own_line and (bracket or "/" in inside)) else text
