"""Time zones: found by city, country, abbreviation or IANA name, whatever the case and the accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

from coach import wording_refusals, yaml_lines
from coach.errors import Refused
from coach.local_days import zone_name

_CONFIG = Path(__file__).resolve().parents[2] / "config"
FILE = _CONFIG / "zones.yaml"
CITIES_FILE = _CONFIG / "cities.yaml"

MOST = 25
"""How many zones are offered: as many choices as Discord shows."""

SHORTEST = 3
"""The fewest letters with which the beginning of a name stands for it, if only one zone fits."""

# Letters that Unicode doesn't split into a letter and its accent.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_GAPS = re.compile(r"[\s_/,.()-]+")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+−–-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a zone: folded for comparing, and as it is shown; `well_known` unless it is one city of many."""

    folded: str
    shown: str
    zone: str
    well_known: bool = True


def checked_zone(words: str, now: datetime) -> ZoneInfo:
    """The time zone that somebody means.

    Args:
        words: an IANA name; a city, country or abbreviation that stands for one zone, or for several that show the
            same time all year; a city with its country or state, such as "Portland, Oregon"; or an offset such as
            "UTC+2", which then holds all year, or "UTC+5:30", which stands for the places that have it now.
        now: aware time.

    Raises:
        Refused: there is none, or several show different times.
    """
    if "/" in words and words in available_timezones():
        return ZoneInfo(words)
    possible = _meant(words)
    if not possible and words in available_timezones():
        return ZoneInfo(words)  # An old name without a region.
    fixed: str | None = None
    if not possible:
        possible, fixed = _at_offset(words, now)
    if fixed is not None:
        return ZoneInfo(fixed)
    if possible and len({_year_of(zone, now) for zone in possible}) == 1:
        return ZoneInfo(possible[0])
    if possible:
        raise Refused(wording_refusals.several_zones(words, possible))
    raise Refused(wording_refusals.no_such_zone(words))


def search_zones(words: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Zones that match a name, best match first, each with its local time.

    Args:
        words: what was typed so far, such as "new y", "mumbai", "germany", "EST" or "UTC+5:30".
        now: aware time.

    Yields:
        Pairs of an IANA name and a text such as "Mumbai: Asia/Kolkata, now 14:35", `MOST` at most.
    """
    found = {name.zone: name.shown for _, name in _in_region(words) or _matches(words)}
    at_offset, fixed = _at_offset(words, now)
    # First of all what the offset itself means: it would be the last of many.
    found = ({fixed: fixed} if fixed else {}) | found | {zone: zone for zone in at_offset if zone not in found}
    for zone, name in list(found.items())[:MOST]:
        known_as = "" if _folded(name) in _folded(zone) else f"{name}: "
        yield zone, f"{known_as}{zone_name(zone)}, now {now.astimezone(ZoneInfo(zone)):%H:%M}"


def changes_clocks(zone: ZoneInfo, now: datetime) -> bool:
    """Whether a zone's offset changes within a year from now, as with summer time."""
    return len(set(_year_of(zone.key, now))) > 1


def _meant(words: str) -> list[str]:
    """The zones that a whole name stands for, or else a city with its region, or else the beginning of a name."""
    matches = _matches(words)
    if whole := [name.zone for rank, name in matches if rank == 0]:
        return whole
    if regional := _in_region(words):
        return [name.zone for _, name in regional]
    if len(_folded(words)) < SHORTEST:
        return []
    begun = [name for rank, name in matches if rank == 1]
    # Well-known names come first: "san fran" is one of them, and the beginning of some smaller cities.
    return [name.zone for name in begun if name.well_known] or [name.zone for name in begun]


def _in_region(words: str) -> list[tuple[int, _Name]]:
    """The zones of a city that is typed with its country or state behind a comma; none if it is not typed so.

    If nothing is known of the region, as of "OR" for Oregon, they are all zones of cities with that name.
    """
    city, comma, region = words.partition(",")
    if not comma or any(rank == 0 for rank, _ in _matches(words)):
        return []
    there = {name.zone for rank, name in _matches(region) if rank == 0}
    return [(rank, name) for rank, name in _matches(city) if rank == 0 and (not there or name.zone in there)]


def _matches(words: str) -> list[tuple[int, _Name]]:
    """The best matching name of each zone, with its rank: 0 for the whole name, 1 for its beginning, 2 for the
    beginning of a word in it, 3 for a part."""
    wanted = _folded(words)
    ranked: list[tuple[int, _Name]] = []
    for name in _names():
        if name.folded == wanted:
            ranked.append((0, name))
        elif name.folded.startswith(wanted):
            ranked.append((1, name))
        elif f" {wanted}" in name.folded:
            ranked.append((2, name))
        elif wanted in name.folded:
            ranked.append((3, name))
    # Names that match equally well keep their order, but "London" comes before "London Ontario".
    ranked.sort(key=lambda match: (match[0], len(match[1].folded) if match[0] == 1 else 0))
    best: dict[str, tuple[int, _Name]] = {}
    for rank, name in ranked:
        best.setdefault(name.zone, (rank, name))
    return list(best.values())


@cache
def _names() -> tuple[_Name, ...]:
    """All names of all zones, in the order in which they are offered."""
    listed = _listed_zones(FILE)
    zones, countries = _by_country()
    # Names without a region are old aliases; Etc holds offsets with their signs turned round.
    regional = (
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    )
    official = dict.fromkeys([*listed, *zones])
    pairs = [(name, zone) for zone, names in listed.items() for name in names]
    pairs += [(zone.rsplit("/", 1)[-1].replace("_", " "), zone) for zone in official if "/" in zone]
    places = {zone: place for place, zone in enumerate(official)}
    pairs += sorted(
        ((country, zone) for country, of in countries.items() for zone in of), key=lambda pair: places[pair[1]]
    )
    pairs += [(zone, zone) for zone in dict.fromkeys([*official, *sorted(regional)])]
    known = [_Name(_folded(name), name, zone) for name, zone in pairs]
    cities = [(name, zone) for zone, names in _listed_zones(CITIES_FILE).items() for name in names]
    return (*known, *(_Name(_folded(name), name, zone, well_known=False) for name, zone in cities))


@cache
def _listed_zones(file: Path) -> dict[str, list[str]]:
    """The zones in one of the files in config/, each with its names."""
    listed, _ = yaml_lines.read(file.read_text(encoding="utf-8"))
    return {zone: names.split(", ") for zone, names in cast("dict[str, str]", listed).items()}


def _by_country() -> tuple[list[str], dict[str, list[str]]]:
    """The zones in the IANA database's own table, and those of each country by its name."""
    tables = files("tzdata.zoneinfo")
    country_names = dict(_rows(tables.joinpath("iso3166.tab").read_text(encoding="utf-8"), 0, 1))
    zones: list[str] = []
    countries: dict[str, list[str]] = {}
    for code, zone in _rows(tables.joinpath("zone.tab").read_text(encoding="utf-8"), 0, 2):
        zones.append(zone)
        countries.setdefault(country_names[code], []).append(zone)
    return zones, countries


def _rows(table: str, first: int, second: int) -> Iterator[tuple[str, str]]:
    for line in table.splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield cells[first], cells[second]


def _folded(name: str) -> str:
    """A name without case, accents and punctuation."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark) and mark not in "'’")
    return _GAPS.sub(" ", bare).strip()


def _at_offset(words: str, now: datetime) -> tuple[list[str], str | None]:
    """The zones of zones.yaml that are now at an offset such as "UTC+5:30", and the zone that always is.

    The latter is None if there is none: only whole hours have one.
    """
    match = _OFFSET.fullmatch(words.strip())
    if match is None:
        return [], None
    hours, minutes = int(match[2]), int(match[3] or 0)
    ahead = timedelta(hours=hours, minutes=minutes) * (1 if match[1] == "+" else -1)
    zones = [zone for zone in _listed_zones(FILE) if now.astimezone(ZoneInfo(zone)).utcoffset() == ahead]
    # One of each clock first: there may be more zones than can be offered.
    clocks = {_year_of(zone, now): zone for zone in reversed(zones)}.values()
    zones = sorted(zones, key=lambda zone: zone not in clocks)
    if minutes or not hours:
        return zones, None if minutes else "UTC"
    # The signs in these names are turned round: Etc/GMT-2 is two hours ahead.
    fixed = f"Etc/GMT{'-' if match[1] == '+' else '+'}{hours}"
    return zones, fixed if fixed in available_timezones() else None


def _year_of(zone: str, now: datetime) -> tuple[timedelta | None, ...]:
    """A zone's offsets through a year from now: two zones with the same show the same time."""
    return tuple((now + timedelta(days=days)).astimezone(ZoneInfo(zone)).utcoffset() for days in range(0, 365, 7))
