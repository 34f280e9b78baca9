"""The numbers of a draft, in figures and in words, times and dates among them, in seven languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MOST_TELLING = 2
"""How telling a number is that few drafts have."""

_OF_A_DATE = 1


def by_word(text: str) -> dict[str, str]:
    """A table by its words, from lines such as "1: monday montag"."""
    lines = [line.strip().partition(": ") for line in text.strip().splitlines()]
    return {word: meaning for meaning, _, words in lines for word in words.split()}


# Without words that are also others in one of the seven languages ("sei", "once", "si").
_SPELT = by_word("""
    1: one eins
    2: two second zwei deux dois twee
    3: three third drei trois tres três tre drie
    4: four fourth vier quatre cuatro quatro quattro
    5: five fifth fünf cinq cinco cinque vijf
    6: six sixth sechs seis zes
    7: seven seventh sieben siete zeven
    8: eight eighth acht huit ocho oito
    9: nine ninth neun nueve nove negen
    10: ten tenth zehn diez dez dieci tien
    11: eleven eleventh elf onze undici
    12: twelve twelfth zwölf douze doce doze dodici twaalf dozen dutzend douzaine docena dúzia dozzina dozijn
    13: thirteen thirteenth dreizehn treize trece treze tredici dertien
    14: fourteen fourteenth vierzehn quatorze catorce catorze quattordici veertien
    15: fifteen fifteenth fünfzehn quinze quince quindici vijftien
    16: sixteen sixteenth sechzehn seize dieciséis dezesseis sedici zestien
    17: seventeen seventeenth siebzehn diecisiete dezessete diciassette zeventien
    18: eighteen eighteenth achtzehn dieciocho dezoito diciotto achttien
    19: nineteen nineteenth neunzehn diecinueve dezenove diciannove negentien
    20: twenty twentieth zwanzig vingt veinte vinte venti twintig
    30: thirty thirtieth dreissig dreißig trente treinta trinta trenta dertig
    40: forty vierzig quarante cuarenta quarenta quaranta veertig
    50: fifty fünfzig cinquante cincuenta cinquenta cinquanta vijftig
    60: sixty sechzig soixante sesenta sessenta sessanta zestig
    70: seventy siebzig setenta settanta zeventig
    80: eighty achtzig ochenta oitenta ottanta tachtig
    90: ninety neunzig noventa novanta negentig
    100: hundred hundert cent cien cento honderd
    1000: thousand thousandth tausend mille mil mila duizend
    1000000: million millionen millón millones milhão milhões milione milioni miljoen
""")
_VALUES = {word: int(value) for word, value in _SPELT.items()}
# Between the words of one number: "two hundred and forty", "treinta y cuatro".
_AND = frozenset(("and", "und", "y", "e", "et", "en"))
# German and Dutch write a number as one word.
_GERMAN_OR_DUTCH = frozenset((
    "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun",
    "twee", "drie", "vijf", "zes", "zeven", "negen",
))  # fmt: skip
_UNITS = {"ein": 1, "een": 1} | {
    word: value for word, value in _VALUES.items() if value < 10 and word in _GERMAN_OR_DUTCH
}
_UNIT = "|".join(_UNITS)
_ONE_WORD = re.compile(
    rf"(?:(?P<hundreds>{_UNIT})?(?P<hundred>hundert|honderd))?(?:(?P<units>{_UNIT})(?:und|en|ën))?(?P<rest>[^\W\d_]+)?"
)
_SHORTEST_OF_MANY = 9


def spelt(words: Sequence[str]) -> dict[str, int]:
    """The numbers that a text has in words, and how telling they are; one and two say too little.

    Args:
        words: all words of the text in their order, without capitals, those with a hyphen as two.

    Returns:
        Each number in figures, with 0 to `MOST_TELLING`.
    """
    found = dict.fromkeys(_clock_times(" ".join(words)), _OF_A_DATE)
    at = 0
    while at < len(words):
        value, at = _spelt_at(words, at)
        if value is not None and value > 2:
            found.setdefault(str(value), _telling(str(value)))
    return found


# "Half past seven", "quarter to eight", "halb acht", "sept heures et demie", "las siete y media", "dreizehn Uhr".
_CLOCK = re.compile(
    r"\b(?:(?P<sort>half past|quarter past|quarter to|halb|viertel nach|viertel vor) (?P<hour>[^\W\d_]+)"
    r"|(?P<full>[^\W\d_]+)(?: (?P<unit>o'clock|uhr|uur|heures|horas|ore))?"
    r"(?P<half> (?:et demie|y media|e meia|e mezza))?)"
)
_BEFORE_OR_AFTER = {
    "half past": (0, "30"),
    "quarter past": (0, "15"),
    "viertel nach": (0, "15"),
    "halb": (1, "30"),
    "quarter to": (1, "45"),
    "viertel vor": (1, "45"),
}


def _clock_times(text: str) -> Iterator[str]:
    for found in _CLOCK.finditer(text):
        earlier, minute = _BEFORE_OR_AFTER.get(found["sort"], (0, "30" if found["half"] else "00"))
        hour = _VALUES.get(found["hour"] or found["full"], 0)
        if 0 < hour <= 24 and (found["sort"] or found["unit"] or found["half"]):
            yield _on_the_clock(hour - earlier, minute)


def _on_the_clock(hour: int, minute: str) -> str:
    return f"{hour % 12 or 12}" if minute == "00" else f"{hour % 12 or 12}:{minute}"


def number_word(word: str) -> bool:
    """Whether a word is a number or a part of one."""
    return _value(word) is not None


def _spelt_at(words: Sequence[str], at: int) -> tuple[int | None, int]:
    """The number that begins at a word, if any, and where the next word is."""
    value = _value(words[at])
    at += 1
    if value is None:
        return None, at
    thousands, below, last = 0, value, value
    while at < len(words):
        joined = words[at] in _AND and last >= 20 and at + 1 < len(words)
        following = _value(words[at + joined])
        if following is None:
            break
        if following == 100 and 0 < below < 100:
            below *= 100
        elif following >= 1000 and below:
            thousands, below = thousands + below * following, 0
        elif following < 100 and (below % 100 == 0 or (below % 10 == 0 and below >= 20 and following < 10)):
            below += following
        else:
            break
        last, at = following, at + joined + 1
    return thousands + below, at


def _value(word: str) -> int | None:
    if word in _VALUES or len(word) < _SHORTEST_OF_MANY:
        return _VALUES.get(word)
    found = _ONE_WORD.fullmatch(word)
    if found is None or not (found["hundred"] or found["units"]):
        return None
    rest = _VALUES.get(found["rest"] or "", 0 if found["rest"] is None else 100)
    if rest >= 100 or (found["units"] and rest < 20):
        return None
    hundreds = _UNITS[found["hundreds"]] if found["hundreds"] else 1 if found["hundred"] else 0
    return hundreds * 100 + (_UNITS[found["units"]] if found["units"] else 0) + rest


MONTHS = by_word("""
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
_OF_MONEY = "|".join(rf"(?<=[£$€]{amount})m\b" for amount in (r"\d", r"\d\d", r"\d\d\d", r"\d[.,]\d"))
_FIGURES = re.compile(
    # A version, or a date: "2.4.1", "14.03.2026", "14.03."
    r"(?P<dotted>\d{1,4}(?:\.\d{1,4}){2,}|\d{1,2}\.\d{1,2}\.(?!\d))"
    # A time, or a number with two decimals: "7 pm", "7.30pm", "19:30", "19h30", "19 Uhr", "19.30"
    r"|(?P<hour>\d{1,2})(?:[:.h](?P<minute>[0-5]\d)(?!\d)(?:\s?[ap]\.?m\b)?|\s?(?:[ap]\.?m\b|uhr\b|uur\b|[hu]\b))"
    r"|(?P<thousands>\d{1,3}(?:[.,’'\u202f]\d{3})+(?!\d))|(?P<number>\d+(?:[.,]\d{1,2}(?!\d))?)"
    # "40k" and "£3m", but "500m" is a distance.
    rf"(?P<times>k\b|{_OF_MONEY}|\smi(?:lli|lh|o\b)\w*)?"
    # The word after a number or before it may be a month: "14 March", "1er mars", "14 de marzo", "March 14"
    r"(?P<ordinal>(?:st|nd|rd|th|er|º|ª)\b)?(?:\.?\s(?:of\s|de\s)?(?P<after>[^\W\d_]{3,10})\b)?"
    r"|\b(?P<before>[^\W\d_]{3,10})\.?\s(?=\d)",
    re.IGNORECASE,
)


_TIMES = {"k": 1_000, "m": 1_000_000}


def figures(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that a text has in figures and how telling they are; times by a clock of twelve hours."""
    for found in _FIGURES.finditer(text):
        month = MONTHS.get((found["after"] or found["before"] or "").lower())
        if month:
            yield month, _OF_A_DATE
        if found["dotted"]:
            parts = [part.lstrip("0") or "0" for part in found["dotted"].rstrip(".").split(".")]
            is_date = len(parts) == 2 or (
                len(parts) == 3 and int(parts[0]) <= 31 and int(parts[1]) <= 12 < int(parts[2])
            )
            yield from ((part, _OF_A_DATE) for part in parts) if is_date else ((".".join(parts), MOST_TELLING),)
        elif found["hour"]:
            yield _on_the_clock(int(found["hour"]), found["minute"] or "00"), _OF_A_DATE
        elif found["thousands"]:
            figure = re.sub(r"\D", "", found["thousands"]).lstrip("0") or "0"
            yield figure, _telling(figure)
        elif found["number"]:
            whole, _, rest = found["number"].replace(",", ".").partition(".")
            if found["times"]:
                figure = str(round(float(f"{whole}.{rest or 0}") * _TIMES[found["times"].strip()[0].lower()]))
                yield figure, _telling(figure)
                continue
            whole, rest = whole.lstrip("0") or "0", rest.rstrip("0")
            telling = MOST_TELLING if rest else _OF_A_DATE if month or found["ordinal"] else _telling(whole)
            yield f"{whole}.{rest}" if rest else whole, telling


def _telling(number: str) -> int:
    """How much a shared number tells: many drafts have a 3, some have 40, a year or 500, few have 1,034."""
    value = int(number[:9])
    if value <= 12:
        return 0
    round_one = value % 10 == 0 if value < 100 else value % 100 == 0
    return 1 if value <= 31 or round_one or 1990 <= value <= 2040 else MOST_TELLING
