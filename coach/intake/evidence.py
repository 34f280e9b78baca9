"""What a draft says, as far as it shows whether another says the same: words, numbers, days and links."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from coach.intake.quantities import by_word, figures, number_word, spelt
from coach.layout import plain
from coach.text import CUSTOM_EMOJI, MENTION, excerpt, without_hashtag_blocks

RAREST = 6
"""The rarity of a word that is not even in the table of common words; 0 is for words that say nothing alone."""

# Levels of the table of common words that count as one, the least rarity.
_COMMON = 2


class Word(NamedTuple):
    """A word of a draft, whatever its ending.

    Attributes:
        stem: its beginning, without accents and most endings.
        ends: its first two letters and its last, which a slip of the pen seldom touches.
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
        figures: its numbers in figures, times and dates included, each as "7:30", "12" or "month 3", and how
            telling each is, from 0 to `coach.intake.quantities.MOST_TELLING`.
        spelt: its numbers in words, likewise.
        days: its weekdays, 1 to 7 for Monday to Sunday.
        links: addresses of pages, not of whole sites.
        versions: what its heading says it is for, or how long it is ("LinkedIn:", "Short version").
        openings: how it begins, as a series or a template does: its first two words, and the three after them.
    """

    letters: str
    words: tuple[Word, ...]
    figures: dict[str, int]
    spelt: dict[str, int]
    days: frozenset[str]
    links: frozenset[str]
    versions: frozenset[str]
    openings: frozenset[str]


def evidence_of(text: str) -> Evidence:
    """What a draft says, apart from its layout, hashtags below it, emoji and the order of its words.

    Args:
        text: any string; of a very long one an excerpt is read, and the time taken is linear in its length.
    """
    # Imported when the first draft is read: Numpy would make the bot's start longer.
    from coach.labelling.language import folded, rarity  # noqa: PLC0415

    versions = _versions(text[:_LONGEST_HEADING])
    text = unicodedata.normalize("NFC", excerpt(plain(text)))
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    text = CUSTOM_EMOJI.sub(" ", text)
    addresses: list[str] = _ADDRESS.findall(text)
    tags: list[str] = _HASHTAG.findall(text)
    # Words that an author puts into hashtags and addresses are in many of their drafts.
    usual = _bare(" ".join([*tags, *map(_site, addresses)]).lower())
    text = _ADDRESS.sub(" ", without_hashtag_blocks(text))
    people: set[str] = {person.lower() for person in MENTION.findall(text)}
    text = _HUMP.sub(" ", MENTION.sub(" ", text))
    in_figures = dict(sorted(figures(text)))
    text = _FEIRA.sub("feira", text)
    short_days = {_SHORT_DAYS[day] for day in _SHORT_DAY.findall(text)}
    text = _SHORT_DAY.sub(" ", text)
    written = [folded(word) for word in _WORD.findall(text)]
    openings = frozenset(" ".join(written[at:end]) for at, end in ((0, 2), (2, 5)) if len(written) >= end)
    day_of = [_day(word) for word in written]
    days = frozenset(filter(None, day_of)) | short_days
    in_words = spelt(written)
    written = [word for word, day in zip(written, day_of, strict=True) if not day and not number_word(word)]
    # A word that ends in s may be the plural of a common one.
    levels = rarity([form for word in written for form in (word, word.removesuffix("s"))])
    words_of: dict[str, Word] = {}
    for whole, level in zip(written, map(min, levels[::2], levels[1::2]), strict=True):
        form = max(whole.split("'"), key=len)
        word = _word(form, max(level - _COMMON, 0))
        if len(form) < _SHORTEST or word.stem in usual or form in _ABOUT_POSTS:
            word = word._replace(rarity=0)
        if word.stem not in words_of or words_of[word.stem].rarity > word.rarity:
            words_of[word.stem] = word
    for person in people:
        words_of[person] = Word(person, person[-1], RAREST)
    links = frozenset(page for address in addresses if (page := _page(address)))
    return Evidence(letters, tuple(words_of.values()), in_figures, in_words, days, links, versions, openings)


# With or without its beginning, or an e-mail address: "https://example.org", "example.org/fair", "jo@example.org".
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?:[\w.+\-]{1,64}@)?\b(?:[a-z0-9\-]{1,63}\.){1,5}(?-i:[a-z]{2,18})\b(?:[/?]\S*)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HASHTAG = re.compile(r"#(\w+)")
# Where one word of a hashtag ends: #WorldBookDay.
_HUMP = re.compile(r"(?<=[a-zß-öø-ÿ]{3})(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2})")
_FEIRA = re.compile(r"(?<=a)-feira\b", re.IGNORECASE)


_ENDINGS = re.compile(r"(?:ings?|ungen|ung|mente?|ed|er[ns]?|e[nsrt]?|as|os|is|[aeiosnty])$")
_SHORTEST, _LONGEST = 3, 5


def _word(form: str, rarity: int) -> Word:
    bare = _bare(form)
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


def _site(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.lower()).partition("/")[0]


def _bare(form: str) -> str:
    if form.isascii():
        return form
    return "".join(char for char in unicodedata.normalize("NFKD", form) if not unicodedata.combining(char))


_PLACES = by_word("""
    linkedin: linkedin li
    x: x twitter tweet
    instagram: instagram insta ig caption
    facebook: facebook fb
    bluesky: bluesky bsky
    mastodon: mastodon toot
    threads: threads
    newsletter: newsletter boletín bulletin nieuwsbrief e-mail email mail
    blog: blog website medium substack
    chat: discord slack whatsapp telegram
    video: youtube tiktok
    short: short shorter kurz kurze kurzfassung kürzer courte court corta corto curta breve kort korte korter
    long: long longer lang lange längere longue larga largo longa lunga langer
""")
# What else is said about posts rather than in them.
_ABOUT_POSTS = frozenset((
    "bio", "draft", "entwurf", "fassung", "link", "please", "pls", "post", "rsvp", "steam", "thread", "version",
    "versión", "versione", "versão", "versie", *_PLACES,
))  # fmt: skip
_LONGEST_HEADING, _MOST_WORDS_OF_A_HEADING = 60, 5
_HEADING = re.compile(r"\W*(\w[^:\n]*?)[^\w\n:]*[:\n]")


def _versions(opening: str) -> frozenset[str]:
    """What a heading says a draft is for: "LinkedIn:", "Bluesky/Mastodon", "Lange Fassung für LinkedIn"."""
    found = _HEADING.match(opening)
    words = _WORD.findall(found[1].lower()) if found else []
    if not words or len(words) > _MOST_WORDS_OF_A_HEADING or not (words[0] in _PLACES or words[-1] in _PLACES):
        return frozenset()
    return frozenset(_PLACES[word] for word in words if word in _PLACES)


# Adverbs and plurals ("samstags", "Tuesdays") count too.
_DAYS = by_word("""
    1: monday montag lundi lunes segundafeira lunedì maandag
    2: tuesday tues dienstag mardi martes terça terçafeira martedì dinsdag
    3: wednesday weds mittwoch mercredi miércoles quartafeira mercoledì woensdag
    4: thursday thurs donnerstag jeudi jueves quintafeira giovedì donderdag
    5: friday freitag vendredi viernes sexta sextafeira venerdì vrijdag
    6: saturday samstag sonnabend samedi sábado sabato zaterdag
    7: sunday sonntag dimanche domingo domenica zondag
""")
# These are other words too, unless they are written with a capital.
_SHORT_DAYS = {"Mon": "1", "Tue": "2", "Wed": "3", "Thu": "4", "Thur": "4", "Fri": "5", "Sat": "6", "Sun": "7"}
# "Mon" begins French sentences.
_SHORT_DAY = re.compile(rf"\b(Mon(?=\s?[–\-/+&\d])|{'|'.join(list(_SHORT_DAYS)[1:])})\b")


def _day(form: str) -> str | None:
    return _DAYS.get(form) or _DAYS.get(form.removesuffix("s").removesuffix("'"))
