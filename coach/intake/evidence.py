"""What a draft says, as far as it shows whether another says the same: words, numbers, days and links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from coach.layout import plain
from coach.text import CUSTOM_EMOJI, MENTION, URL, excerpt, without_hashtag_blocks

RAREST = 6
"""The rarity of a word that is not even in the table of common words; 0 is for words that say nothing alone."""

# Levels of the table of common words that count as one, the least rarity.
_COMMON = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a draft, whatever its ending.

    Attributes:
        stem: its beginning, without accents and most endings.
        ends: its first and last letter, which a slip of the pen seldom touches.
        rarity: 0 to `RAREST`.
    """

    stem: str
    ends: str
    rarity: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a draft says, in no order.

    Attributes:
        letters: all its letters and digits, without capitals.
        words: its words, each stem once, names of people included.
        figures: its numbers in figures, times and dates included, each as "7:30" or "12".
        spelt: its numbers in words, as `figures` has them.
        days: its weekdays, 1 to 7 for Monday to Sunday.
        links: addresses of pages, not of whole sites.
    """

    letters: str
    words: tuple[Word, ...]
    figures: frozenset[str]
    spelt: frozenset[str]
    days: frozenset[str]
    links: frozenset[str]


def evidence_of(text: str) -> Evidence:
    """What a draft says, apart from its layout, hashtags below it, emoji and the order of its words.

    Args:
        text: any string; of a very long one an excerpt is read, and the time taken is linear in its length.
    """
    # Imported when the first draft is read: Numpy would make the bot's start longer.
    from coach.labelling.language import common_words, folded, rarity  # noqa: PLC0415

    text = unicodedata.normalize("NFC", excerpt(plain(text)))
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    links = frozenset(filter(None, map(_page, URL.findall(text))))
    text = CUSTOM_EMOJI.sub(" ", URL.sub(" ", without_hashtag_blocks(text)))
    people = {person.lower() for person in MENTION.findall(text)}
    text = _HASHTAG.sub(lambda tag: _HUMP.sub(" ", tag[1]), MENTION.sub(" ", text))
    figures = frozenset(_figures(text))
    forms = [form for word in _WORD.findall(_FEIRA.sub("feira", text)) for form in folded(word).split("'")]
    days = frozenset(_DAYS[form] for form in forms if form in _DAYS)
    spelt = frozenset(_SPELT[form] for form in forms if form in _SPELT)
    words = [form for form in forms if len(form) > 1 and form not in _DAYS and form not in _SPELT]
    words_of: dict[str, Word] = {}
    for form, level in zip(words, rarity(words, common_words()), strict=True):
        word = _word(form, max(level - _COMMON, 0))
        if word.stem not in words_of or words_of[word.stem].rarity > word.rarity:
            words_of[word.stem] = word
    for person in people:
        words_of[person] = Word(person, person[-1], RAREST)
    return Evidence(letters, tuple(words_of.values()), figures, spelt, days, links)


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HASHTAG = re.compile(r"#(\w+)")
# Where one word of a hashtag ends: #WorldBookDay.
_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_FEIRA = re.compile(r"(?<=a)-feira\b", re.IGNORECASE)


_ENDINGS = re.compile(r"(?:ings?|ungen|ung|mente?|ed|er[ns]?|e[nsrt]?|as|os|is|[aeiosnty])$")
_SHORTEST, _LONGEST = 3, 7


def _word(form: str, rarity: int) -> Word:
    bare = form
    if not form.isascii():
        bare = "".join(char for char in unicodedata.normalize("NFKD", form) if not unicodedata.combining(char))
    stem = bare
    if len(bare) > _SHORTEST:
        stem = _ENDINGS.sub("", bare)
        if len(stem) < _SHORTEST:
            stem = bare
        if len(stem) > _SHORTEST and stem[-1] == stem[-2]:
            stem = stem[:-1]
    return Word(stem[:_LONGEST], bare[:2] + bare[-1:], rarity)


_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|igsh|si|s|ref)=[^&]*")


def _page(address: str) -> str:
    """An address without what doesn't name the page; empty for a site's first page, which many drafts share."""
    address = address.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    address = _TRACKING.sub("", address.rstrip(".,;:!?)>*_'\"")).rstrip("/")
    return address if "/" in address or "?" in address else ""


def _by_word(text: str) -> dict[str, str]:
    lines = [line.strip().partition(": ") for line in text.strip().splitlines()]
    return {word: meaning for meaning, _, words in lines for word in words.split()}


_DAYS = _by_word("""
    1: monday montag lundi lunes segundafeira lunedì maandag
    2: tuesday dienstag mardi martes terça terçafeira martedì dinsdag
    3: wednesday mittwoch mercredi miércoles quartafeira mercoledì woensdag
    4: thursday donnerstag jeudi jueves quintafeira giovedì donderdag
    5: friday freitag vendredi viernes sexta sextafeira venerdì vrijdag
    6: saturday samstag sonnabend samedi sábado sabato zaterdag
    7: sunday sonntag dimanche domingo domenica zondag
""")
# Without words that are also others in one of the seven languages ("dos", "sei", "once", "due").
_SPELT = _by_word("""
    2: two zwei deux dois twee
    3: three drei trois tres três tre drie
    4: four vier quatre cuatro quatro quattro
    5: five fünf cinq cinco cinque vijf
    6: six sechs seis zes
    7: seven sieben siete sette zeven
    8: eight acht huit ocho oito
    9: nine neun nueve nove negen
    10: ten zehn diez dez dieci tien
    12: twelve zwölf douze doce doze dodici twaalf
    20: twenty zwanzig vingt veinte vinte venti twintig
    30: thirty dreissig dreißig trente treinta trinta trenta dertig
    40: forty vierzig quarante cuarenta quarenta quaranta veertig
    50: fifty fünfzig cinquante cincuenta cinquenta cinquanta vijftig
    80: eighty achtzig ochenta oitenta ottanta tachtig
    100: hundred hundert cent cien cento honderd
""")
_MONTHS = _by_word("""
    1: january jan januar jänner janvier enero janeiro gennaio januari
    2: february feb februar février febrero fevereiro febbraio februari
    3: march mar märz mars marzo março maart
    4: april apr avril abril aprile
    5: may mai mayo maio maggio mei
    6: june jun juni juin junio junho giugno
    7: july jul juli juillet julio julho luglio
    8: august aug août agosto augustus
    9: september sep sept septembre septiembre setembro settembre
    10: october oct oktober okt octobre octubre outubro ottobre
    11: november nov novembre noviembre novembro
    12: december dec dezember dez décembre diciembre dezembro dicembre
""")
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FIGURES = re.compile(
    # A version, or a date: "2.4.1", "14.03.2026", "14.03."
    r"(?P<dotted>\d{1,4}(?:\.\d{1,4}){2,}|\d{1,2}\.\d{1,2}\.(?!\d))"
    # A time: "7 pm", "7.30pm", "19:30", "19h30", "19 Uhr", "19.30 Uhr"
    r"|(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d))?\s?(?:[ap]\.?m\b|uhr\b|uur\b|h\b)"
    r"|(?P<hour2>\d{1,2})[:h](?P<minute2>[0-5]\d)(?!\d)"
    r"|(?P<thousands>\d{1,3}(?:[.,’'\u202f]\d{3})+(?!\d))|(?P<number>\d+(?:[.,]\d{1,2}(?!\d))?)"
    # The month beside a number: "14 March", "1er mars", "14 de marzo", or before it: "March 14"
    rf"(?:(?:st|nd|rd|th|er|\.|º|ª)?\s(?:of\s|de\s)?(?P<month>{_MONTH})\b)?"
    rf"|\b(?P<month2>{_MONTH})(?=\.?\s\d)",
    re.IGNORECASE,
)


def _figures(text: str) -> Iterator[str]:
    """The numbers of a text; a time by a clock of twelve hours, a month by its number."""
    for found in _FIGURES.finditer(text):
        month = found["month"] or found["month2"]
        if month:
            yield _MONTHS[month.lower()]
        if found["dotted"]:
            parts = [part.lstrip("0") or "0" for part in found["dotted"].rstrip(".").split(".")]
            is_date = len(parts) == 2 or (
                len(parts) == 3 and int(parts[0]) <= 31 and int(parts[1]) <= 12 < int(parts[2])
            )
            yield from parts if is_date else (".".join(parts),)
        elif hour := found["hour"] or found["hour2"]:
            minute = found["minute"] or found["minute2"] or "00"
            on_the_clock = str(int(hour) % 12 or 12)
            yield on_the_clock if minute == "00" else f"{on_the_clock}:{minute}"
        elif found["thousands"]:
            yield re.sub(r"\D", "", found["thousands"]).lstrip("0") or "0"
        elif found["number"]:
            whole, _, rest = found["number"].replace(",", ".").partition(".")
            whole, rest = whole.lstrip("0") or "0", rest.rstrip("0")
            yield f"{whole}.{rest}" if rest else whole
