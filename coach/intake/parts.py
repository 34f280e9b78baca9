"""How authors mark what belongs together: parts of a thread by number, other versions by heading."""

from __future__ import annotations

import re

from coach.headings import heading
from coach.layout import plain

MOST_PARTS = 99
"""The highest number that a part of a thread can have."""

_THREAD = "🧵"
# Words before a part's number, and between it and the number of parts, in seven languages.
_PART = r"(?:part|teil|partie|parte|deel|thread|tweet|post)\s?"
_OF = r"(?:/|(?<=\s)(?:of|von|de|sur|di|van)(?=\s))"
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
_MARKS = re.compile(r"[*_~|`]+")
_BEFORE = rf"[\s>#\-–—•{_THREAD}👇⬇️]*+"

_AT_BEGINNING = re.compile(
    # "Part 2 of 4", "Teil 2:", "(2/5)", "2/5", "2/n"
    rf"{_BEFORE}(?:(?P<named>{_PART})|(?P<bracket>[(\[]))?(?P<part>\d{{1,2}})\s*"
    rf"(?:{_OF}\s*(?P<total>\d{{1,2}}|[nx?](?!\w))|(?P<open>/)|(?P<mark>[.)])(?=\s)|(?P<colon>:)(?=\s))"
    r"(?![\d/])(?P<close>[)\]])?(?P<rest>[\s\S]*)",
    re.IGNORECASE,
)
_AT_END = re.compile(
    rf"(?:(?:^|(?<=\s)|(?<=[{_THREAD}…]))(?P<bracket>[(\[])?\s*(?:{_PART})?(?P<part>\d{{1,2}})\s?"
    r"(?:/\s?(?P<total>\d{1,2}|[nx](?!\w))|(?P<open>/))"
    rf"(?P<close>[)\]])?)[\s.…{_THREAD}👇⬇\ufe0f]*\Z",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    rf"\A\s*(?:a\s)?thread(?:\s*[:{_THREAD}👇⬇]|\s*\n)|\A\s*{_THREAD}|{_THREAD}[^\S\n]*+[👇⬇\ufe0f:]*+[^\S\n]*+(?:\Z|\n)",
    re.IGNORECASE,
)
# "1/2 cup", "9/11", "24/7": fractions, dates and sayings.
_SAYING = frozenset({(9, 11), (7, 11), (50, 50), (10, 10), (20, 20)})
_MEASURED = re.compile(
    r"\s*(?:cups?|tsp|tbsp|teaspoons?|tablespoons?|pints?|pounds?|lbs?|kg|g|l|ml|litres?|liters?|hours?|price|miles?"
    r"|inch(?:es)?|off|of|stars?|tassen?|liter|tl|el|stunden?|preis|tasses?|cuillères?|litre|tazas?|cucharadas?|litros?"
    r"|xícaras?|colheres|tazz[ae]|cucchiai\w*|litri|kopjes?|eetlepels?|uur|sterren|sterne|étoiles?|estrellas|estrelas"
    r"|stelle)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\s*(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec|advent|(?:bundes)?liga|platz)",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:on|until|till|by|before|from|since|to|ends|and|at|is|of|rated|score|rating|am|bis|ab|vom|zum|seit|den|le"
    r"|du|au|dès|jusqu'au|el|hasta|desde|del|al|até|dia|em|il|fino|dal|op|tot|vanaf|den|it|us|them|note|nota|cijfer)"
    r"\s*\Z",
    re.IGNORECASE,
)
_LIST_LINE = re.compile(r"^[^\S\n]*[(\[]?(\d{1,2})(?:/\d{0,2}[)\]]?|[.):])(?=\s)", re.MULTILINE)


def numbered_part(text: str) -> tuple[int, int | None] | None:
    """The number of a draft that its author numbered as a part of a thread.

    A number at the beginning or at the end counts, unless the draft is a list that has more of them. It may be
    wrong ("1/2 the price", "the sale ends 3/7"), so a part other than the first is one only if it comes after the
    part before it, with the same total.

    Args:
        text: a draft, with or without its layout; the time taken is linear in its length.

    Returns:
        The part, from 1 to `MOST_PARTS`, and how many there are, None if the author doesn't say; (1, None) for a
        draft that announces a thread without a number ("🧵"); None for a draft that isn't numbered.
    """
    bare = _MARKS.sub("", _KEYCAP.sub(r"\1) ", text.strip()))
    # The heading of a draft may hide its number ("LinkedIn: 1/3"), or be it ("Post 2/5:").
    for version in (bare, _KEYCAP.sub(r"\1) ", plain(text))):
        found = _at_beginning(version) or _at_end(version)
        if found:
            return found
    if _ANNOUNCED.search(bare) and len(set(_LIST_LINE.findall(bare))) < 2:
        return 1, None
    return None


def _at_beginning(text: str) -> tuple[int, int | None] | None:
    found = _AT_BEGINNING.match(text)
    if found is None or len(set(_LIST_LINE.findall(text))) > 1:
        return None
    if (found["colon"] and not found["named"]) or bool(found["bracket"]) != bool(found["close"]):
        return None
    if found["mark"] and (_MONTH.match(found["rest"]) or found["named"]):
        return None
    rest = found["rest"]
    part = _part(found["part"], found["total"])
    if part and not found["bracket"] and not found["named"]:
        loose = rest[:1] == " " and rest.lstrip()[:1].islower()
        if (part in _SAYING and loose) or _MEASURED.match(rest):
            return None
    return part


def _at_end(text: str) -> tuple[int, int | None] | None:
    found = _AT_END.search(text, max(0, len(text) - 40))
    if found is None or bool(found["bracket"]) != bool(found["close"]):
        return None
    part = _part(found["part"], found["total"])
    if not found["bracket"] and (part in _SAYING or _DATED.search(text[: found.start()][-20:])):
        return None
    return part


def _part(part: str, total: str | None) -> tuple[int, int | None] | None:
    number, of = int(part), int(total) if total and total.isdecimal() else None
    if number < 1 or (of is not None and (number > of or of < 2)):
        return None
    return number, of


_OPENING = 200
_SET_APART = re.compile(r"\s*(?:\*{1,3}|_{1,2}|`)(?=\S)([^*_`\n]{1,60}?)\s?:?\s?(?:\*{1,3}|_{1,2}|`)(?!\w)")
_LAID_OUT = re.compile(r"[*_~|`]+|^[^\S\n]*(?:#{1,3}|-#|>{1,3})[^\S\n]+", re.MULTILINE)
_FIRST = frozenset((
    "1", "#1", "a", "i", "one", "v1", "v.1", "first", "erster", "erste", "premier", "première", "primera",
    "primero", "primeira", "primeiro", "prima", "primo", "eerste",
))  # fmt: skip
_SAYS_ANOTHER = re.compile(
    r"rewrite|revision|variante?|final\w*|shorter|longer|last|revised|alternative|kürzere?|längere?|letzter?|dernière?"
    r"|últim[ao]|ultim[ao]|korter|langer|laatste|definitie[fv]e?"
)
_OTHER_VERSION = re.compile(
    r"""\W*(?:
    (?:the\s|a\s)?(?:short|long|brief|alternative|alternate|alt|other|another|revised|tighter)(?:er)?
        (?:\s(?:version|one|draft|variant|take|option|post))?|or(?:\s(?:maybe|this|simply|just))?|alternatively
    |(?:die\s|eine\s)?(?:kurz|lang|kürzer|länger|andere?)(?:er?)?[\s-]?(?:version|fassung|variante)?|alternativ
        |oder(?:\s(?:so|auch))?
    |(?:autre\s)?version(?:\splus)?\s(?:courte|longue)|autre\s(?:version|variante)|(?:en\s)?plus\s(?:court|long)e?
        |ou(?:\s(?:bien|alors|encore))?
    |(?:otra\s)?versión(?:\smás)?\s(?:corta|larga|breve)|otra\s(?:versión|variante)|más\s(?:cort|larg)[ao]|o(?:\sbien)?
    |(?:outra\s)?versão(?:\smais)?\s(?:curta|longa|breve)|outra\s(?:versão|variante)|mais\s(?:curt|long)[ao]
        |ou\s(?:então|ainda)
    |(?:altra\s)?versione(?:\spiù)?\s(?:corta|breve|lunga)|(?:altra|un'altra)\s(?:versione|variante)
        |più\s(?:cort[ao]|breve|lung[ao])|oppure
    |(?:de\s|een\s)?(?:kort|lang|ander)(?:ere?|e)?(?:\s(?:versie|variant))?|of(?:\szo)?
    |(?:for|für|pour|para|per|voor)\s(?:the\s|den\s|die\s|das\s|la\s|le\s|el\s|o\s|a\s|il\s|de\s|het\s)?
        (?:youtube|newsletter|blog|e-?mail|website|medium|substack|slack|discord|telegram|whatsapp)
    )[^\S\n]?(?::(?=\s)|(?=\n))
    |[(\[](?:short|long|alt|kurz|lang|courte?|longue|cort[ao]|larg[ao]|curt[ao]|long[ao]|breve|lung[ao]|kort)[)\]](?=\s)
    |(?:version|versión|versão|versione|versie)\s(?:[2-9]|1\d)\s[-–—]\s""",
    re.IGNORECASE | re.VERBOSE,
)


def named_version(text: str) -> bool:
    """Whether a draft begins by saying that it is one version among others: "LinkedIn:", "Draft 2", "Shorter:".

    A first one ("Draft 1") doesn't say so, nor does "Draft:". "Short version: it works" and "Version 2 – out now"
    may be posts, so this is evidence only beside an earlier draft of the same author.

    Args:
        text: a draft with its layout.
    """
    text = text[:_OPENING]
    apart = _SET_APART.match(text)
    if apart:
        text = f"{apart[1]}:\n{text[apart.end() :]}"
    text = _LAID_OUT.sub("", text).lstrip()
    while found := heading(text):
        if _is_another(found.said):
            return True
        text = text[found.end :].lstrip()
    return _OTHER_VERSION.match(text) is not None


def _is_another(said: dict[str, str]) -> bool:
    if "place" in said:
        return True
    if said.keys() & {"number", "v", "which"}:
        return all(said[group] not in _FIRST for group in ("number", "v", "which") if group in said)
    return any(_SAYS_ANOTHER.fullmatch(word) for word in said.values())
