"""Layout: how a draft looks apart from its words; it is taken off before the words are judged."""

from __future__ import annotations

import re
import unicodedata

from coach.headings import heading_end
from coach.pasted import cited, without_count, without_html

# Alphabets that people use as typefaces: mathematical, full-width, superscript and subscript letters.
_ALPHABETS = (
    (0x1D400, 0x1D7FF), (0x2102, 0x2138), (0x2145, 0x2149), (0xFF01, 0xFF5E),
    (0x02B0, 0x02B8), (0x02E1, 0x02E3), (0x1D2C, 0x1D6A), (0x1D9B, 0x1DBF),
    (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x2C7C, 0x2C7D),
)  # fmt: skip
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
# For two letters, generators of small capitals borrow from other alphabets.
_BORROWED = {"ǫ": "q", "ғ": "f"}
_BORROWING = re.compile("(?<=[{0}])[{1}]|[{1}](?=[{0}])".format("".join(_SMALL_CAPITALS), "".join(_BORROWED)))
# A single letter in a circle or a square may be a symbol (a blood group, a car park); several are words.
_ENCLOSED = re.compile("[Ⓐ-ⓩ\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")


def _letters() -> dict[str, str]:
    """The letter that each look-alike stands for."""
    letters = dict(_SMALL_CAPITALS)
    for first, last in _ALPHABETS:
        for char in map(chr, range(first, last + 1)):
            same = unicodedata.normalize("NFKC", char)
            if len(same) == 1 and same.isascii() and same != char:
                letters[char] = same
    return letters


def _enclosed() -> dict[str, str]:
    """The letter that each letter in a circle or a square stands for."""
    letters = {chr(0x24B6 + place): chr(65 + place % 26 + 32 * (place // 26)) for place in range(52)}
    for first in (0x1F130, 0x1F150, 0x1F170):
        letters |= {chr(first + place): chr(65 + place) for place in range(26)}
    return letters


_LETTERS = str.maketrans(_letters())
_LETTERS_ENCLOSED = str.maketrans(_enclosed())
_ODD = re.compile("[^\x00-\x7f]")
# Invisible, or drawn through or below the previous letter: soft hyphens, zero-width marks, strokes.
_UNSEEN = re.compile("[\xad\u200b\u2060\ufeff\u0332\u0333\u0335-\u0338]")

_ESCAPES = re.compile(r"\\+(?=[!-/:-@\[-`{-~])")
_MASKED_LINK = re.compile(r"\[((?:(?!https?://)[^\[\]\n]){1,300}+)\]\(<?(https?://[^\s()<>]++)>?\)", re.IGNORECASE)
_REFERENCE = re.compile(r"<(?:t:-?\d+(?::\w)?|#\d+|id:\w+)>", re.ASCII)
_FENCE_LINE = re.compile(r"^(?:[^\S\n]|>)*+`{3,}+[\w+#\-]*+[^\S\n]*+$\n?", re.MULTILINE)
_FENCE = re.compile("`{3,}")
_MARKS = re.compile(r"[*_~|`]+")
# A line across the page.
_RULE = re.compile(r"^[^\S\n]*+([-_*=~—–─━═])(?:[^\S\n]*+\1){2,}+[^\S\n]*+$\n?", re.MULTILINE)
_HEADING = re.compile(r"(?:(?:\#{1,3}|-\#)[^\S\n]++)++(?=\S)")
_HEADINGS = re.compile(rf"^[^\S\n]*+{_HEADING.pattern}", re.MULTILINE)
_BULLET = re.compile(r"(?:[-*•–][^\S\n]++)++(?=\S)")
_BULLETS = re.compile(rf"^[^\S\n]*+{_BULLET.pattern}", re.MULTILINE)
_QUOTED_REST = re.compile(r"(?:>>>[^\S\n]++)++(?=\S)")
_QUOTED = re.compile(r"(?:>(?:[^\S\n]++|$))++")
_QUOTES = frozenset(('""', "''", "“”", "„“", "„”", "‘’", "«»", "»«"))
_QUOTES_OPEN = frozenset(pair[0] for pair in _QUOTES)
_SPACE = re.compile(r"\s*+")
_WORD = re.compile(r"[^\W_]")

_MOST_LAYERS = 16


def plain(text: str) -> str:
    """A draft as a person reads it: its words and symbols, without what only lays them out.

    Letters of other alphabets that serve as typefaces become ordinary letters, and HTML's tags and entities become
    what they show. Markdown's marks are removed: code fences, headings, small print, lines across the page, the
    brackets of links; so are Discord's references to times and channels. At the beginning, an author's headings
    such as "Draft 3:" or "LinkedIn version" are removed, along with quotation marks around all that follows; so
    are a lone bullet and the marks of a quotation that contains the whole draft. A quotation with a remark below
    it stays, as the remark is an answer; one with only its source below it is put in quotation marks. At the end,
    the author's count of characters is removed.

    Args:
        text: any string.

    Returns:
        The draft without layout; if it has none, the draft itself without white space around it. Applied to its
        own result, this changes nothing, unless the draft has more than `_MOST_LAYERS` layers of layout. The time
        taken is linear in the text's length.
    """
    for _ in range(_MOST_LAYERS):
        bare = _without_a_layer(text)
        if bare == text:
            break
        text = bare
    return text


def _without_a_layer(text: str) -> str:
    text = without_html(_as_letters(text))
    text = _REFERENCE.sub(" ", _MASKED_LINK.sub(r"\1 \2 ", _ESCAPES.sub("", text)))
    text = _RULE.sub("", _FENCE.sub("", _without_marks(_FENCE_LINE.sub("", text))))
    return without_count(cited(_from_its_beginning(_HEADINGS.sub("", text.strip()))))


def _as_letters(text: str) -> str:
    if _ODD.search(text) is None:
        return text
    text = _BORROWING.sub(lambda found: _BORROWED[found[0]], _UNSEEN.sub("", text)).translate(_LETTERS)
    if (first := _ENCLOSED.search(text)) and _ENCLOSED.search(text, first.end()):
        text = text.translate(_LETTERS_ENCLOSED)
    return text


def _without_marks(text: str) -> str:
    """A text without the pairs of marks that make it bold, italic, struck through, hidden or code.

    A mark opens before a word and closes after one; inside a word or between spaces it does neither, so that
    "snake_case", "5 * 3" and "f**k" stay. The neighbours of a mark are the next characters that are not marks:
    removing marks never turns another mark into one that opens or closes.
    """
    waiting: dict[str, list[int]] = {}
    gone: list[int] = []
    for run in _MARKS.finditer(text):
        before = text[run.start() - 1] if run.start() else " "
        after = text[run.end()] if run.end() < len(text) else " "
        opens = not after.isspace() and not before.isalnum()
        closes = not before.isspace() and not after.isalnum()
        left: list[int] = []
        for place, mark in enumerate(run[0], run.start()):
            if closes and (opened := waiting.get(mark)):
                gone += (opened.pop(), place)
            else:
                left.append(place)
        if opens:
            for place in left:
                waiting.setdefault(text[place], []).append(place)
    if not gone:
        return text
    kept = list(text)
    for place in gone:
        kept[place] = ""
    return "".join(kept)


def _from_its_beginning(text: str) -> str:
    """A text without the labels and marks before its first word."""
    at, layers, last_bullet = 0, 0, _last_bullet(text)
    while True:
        at = _end(_SPACE, text, at)
        heading = heading_end(text, at)
        if heading is not None and (in_quotes := _in_quotes(text, heading)) is not None:
            text, at, last_bullet = in_quotes, 0, _last_bullet(in_quotes)
            continue
        end = heading or _end(_HEADING, text, at)
        if end == at:
            end = _end(_QUOTED_REST, text, at)
        if end == at and last_bullet <= at:
            end = _end(_BULLET, text, at)
        if end == at and layers < _MOST_LAYERS and (unquoted := _unquoted(text[at:])) is not None:
            text = _HEADINGS.sub("", unquoted.strip())
            end, layers, last_bullet = 0, layers + 1, _last_bullet(text)
        elif end == at or _WORD.search(text, end) is None:
            return text[at:]
        at = end


def _in_quotes(text: str, at: int) -> str | None:
    """The words of the text from `at` on, if all of it is in one pair of quotation marks; otherwise None."""
    begin = _end(_SPACE, text, at)
    # Only now is the rest copied: once per heading would be quadratic.
    if text[begin : begin + 1] not in _QUOTES_OPEN:
        return None
    text = text[begin:].rstrip()
    pair = text[:1] + text[-1:]
    if pair not in _QUOTES or text.count(pair[0], 1, -1) or text.count(pair[1], 1, -1):
        return None
    return text[1:-1].strip()


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _last_bullet(text: str) -> int:
    """The position of the bullet in the last line that has one; -1 if none has."""
    last = -1
    for found in _BULLETS.finditer(text):
        last = found.start() + len(found[0]) - len(found[0].lstrip())
    return last


def _unquoted(text: str) -> str | None:
    """A text without the quotation marks at the start of its lines; None if a line has none."""
    if not text.startswith(">"):
        return None
    lines = text.split("\n")
    depth: int | None = None
    for line in lines:
        bare = line.strip()
        if bare:
            found = _QUOTED.match(bare)
            if found is None:
                return None
            # A line of nothing but marks is a blank line inside the quotation.
            if found.end() < len(bare):
                depth = min(depth or found[0].count(">"), found[0].count(">"))
    if depth is None:
        return None
    mark = re.compile(rf"\s*(?:>(?:[^\S\n]++|$)){{0,{depth}}}")
    return "\n".join(mark.sub("", line, count=1) for line in lines)
