"""Time zones are found by the names that people use."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import Refused
from coach.members.time_zones import CITIES_FILE, FILE, MOST, changes_clocks, checked_zone, search_zones

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Mumbai", "Asia/Kolkata"),
        ("San Francisco", "America/Los_Angeles"),
        ("san fran", "America/Los_Angeles"),
        ("berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("NEW YORK", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Łódź", "Europe/Warsaw"),
        ("St. Petersburg", "Europe/Moscow"),
        ("St Johns", "America/St_Johns"),
        ("xian", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("Germany", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
        ("south korea", "Asia/Seoul"),
        ("UK", "Europe/London"),
        ("Ohio", "America/New_York"),
        ("virginia", "America/New_York"),
        ("Missouri", "America/Chicago"),
        ("Wyoming", "America/Denver"),
        ("EST", "America/New_York"),
        ("pst", "America/Los_Angeles"),
        ("CET", "Europe/Paris"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("utc", "UTC"),
        ("NYC", "America/New_York"),
        ("London, Ontario", "America/Toronto"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("portland, maine", "America/New_York"),
        ("Austin, TX", "America/Chicago"),
        ("Mumbai, India", "Asia/Kolkata"),
        ("Zhengzhou", "Asia/Shanghai"),
        ("Göttingen", "Europe/Berlin"),
        ("wolverhampton", "Europe/London"),
        ("UTC+2", "Etc/GMT-2"),
        ("gmt-8", "Etc/GMT+8"),
        ("UTC −3", "Etc/GMT+3"),
        ("UTC+0", "UTC"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("+5:45", "Asia/Kathmandu"),
    ],
)
def test_a_zone_is_accepted_by_any_name_that_means_one_clock(typed: str, zone: str) -> None:
    assert checked_zone(typed, NOW).key == zone
    assert zone in [name for name, _ in search_zones(typed, NOW)]


def test_abbreviations_mean_the_clock_that_people_go_by_with_its_summer_time() -> None:
    for typed in ("EST", "PST", "CET", "BRT"):
        names = [name for name, _ in search_zones(typed, NOW)]
        assert names and all("/" in name for name in names)
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert summer.astimezone(checked_zone("EST", NOW)).hour == 8


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("IST", {"Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"}),
        ("BST", {"Europe/London", "Asia/Dhaka"}),
        ("Australia", {"Australia/Sydney", "Australia/Perth"}),
        ("Tennessee", {"America/New_York", "America/Chicago"}),
        ("USA", {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"}),
        ("CST", {"America/Chicago", "Asia/Shanghai"}),
        ("Portland", {"America/Los_Angeles", "America/New_York"}),
        ("Portland, OR", {"America/Los_Angeles", "America/New_York"}),
        ("Birmingham", {"Europe/London", "America/Chicago"}),
        ("Springfield", {"America/New_York", "America/Chicago"}),
    ],
)
def test_a_name_with_several_possible_clocks_is_offered_and_not_guessed(typed: str, among: set[str]) -> None:
    assert among <= {name for name, _ in search_zones(typed, NOW)}
    with pytest.raises(Refused, match="pick one from the list"):
        checked_zone(typed, NOW)


@pytest.mark.parametrize("typed", ["", " ", "Gotham", "xy", "// \ud83d", "\ud83d", "/", "@everyone" * 600, "İ"])
def test_a_name_that_is_not_a_place_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="pick one from the list"):
        checked_zone(typed, NOW)


@given(st.text(max_size=40))
def test_any_text_is_searched_for(typed: str) -> None:
    found = list(search_zones(typed, NOW))
    assert len(found) <= MOST
    assert len({name for name, _ in found}) == len(found)
    for name, told in found:
        assert name in available_timezones() and len(told) <= 100


def test_each_offer_says_what_was_found_and_the_time_there() -> None:
    assert next(search_zones("mumb", NOW)) == ("Asia/Kolkata", "Mumbai: Asia/Kolkata, now 14:30")
    assert next(search_zones("londo", NOW))[0] == "Europe/London"
    assert next(search_zones("new y", NOW)) == ("America/New_York", "America/New_York, now 04:00")


def test_places_at_an_offset_are_offered_beside_the_offset_itself() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    offers = dict(search_zones("UTC+2", summer))
    assert next(iter(offers.items())) == ("Etc/GMT-2", "UTC+2, now 14:00")
    assert {"Europe/Paris", "Africa/Tripoli"} <= set(offers)
    assert summer.astimezone(checked_zone("UTC+2", summer)).hour == 14
    assert "Asia/Kathmandu" in dict(search_zones("+5:45", NOW))


def test_whether_the_clocks_of_a_zone_change_is_known() -> None:
    assert changes_clocks(checked_zone("EST", NOW), NOW)
    assert not changes_clocks(checked_zone("UTC-5", NOW), NOW)


# The United Nations' list of the largest urban areas, with their zones.
LARGEST = {
    "Tokyo": "Asia/Tokyo",
    "Delhi": "Asia/Kolkata",
    "Shanghai": "Asia/Shanghai",
    "São Paulo": "America/Sao_Paulo",
    "Mexico City": "America/Mexico_City",
    "Cairo": "Africa/Cairo",
    "Mumbai": "Asia/Kolkata",
    "Beijing": "Asia/Shanghai",
    "Dhaka": "Asia/Dhaka",
    "Osaka": "Asia/Tokyo",
    "New York": "America/New_York",
    "Karachi": "Asia/Karachi",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Chongqing": "Asia/Shanghai",
    "Istanbul": "Europe/Istanbul",
    "Kolkata": "Asia/Kolkata",
    "Manila": "Asia/Manila",
    "Lagos": "Africa/Lagos",
    "Rio de Janeiro": "America/Sao_Paulo",
    "Tianjin": "Asia/Shanghai",
    "Kinshasa": "Africa/Kinshasa",
    "Guangzhou": "Asia/Shanghai",
    "Los Angeles": "America/Los_Angeles",
    "Moscow": "Europe/Moscow",
    "Shenzhen": "Asia/Shanghai",
    "Lahore": "Asia/Karachi",
    "Bangalore": "Asia/Kolkata",
    "Paris": "Europe/Paris",
    "Bogotá": "America/Bogota",
    "Jakarta": "Asia/Jakarta",
    "Chennai": "Asia/Kolkata",
    "Lima": "America/Lima",
    "Bangkok": "Asia/Bangkok",
    "Seoul": "Asia/Seoul",
    "Nagoya": "Asia/Tokyo",
    "Hyderabad": "Asia/Kolkata",
    "London": "Europe/London",
    "Tehran": "Asia/Tehran",
    "Chicago": "America/Chicago",
    "Chengdu": "Asia/Shanghai",
    "Nanjing": "Asia/Shanghai",
    "Wuhan": "Asia/Shanghai",
    "Ho Chi Minh City": "Asia/Ho_Chi_Minh",
    "Luanda": "Africa/Luanda",
    "Ahmedabad": "Asia/Kolkata",
    "Kuala Lumpur": "Asia/Kuala_Lumpur",
    "Xi'an": "Asia/Shanghai",
    "Hong Kong": "Asia/Hong_Kong",
    "Dongguan": "Asia/Shanghai",
    "Hangzhou": "Asia/Shanghai",
    "Foshan": "Asia/Shanghai",
    "Shenyang": "Asia/Shanghai",
    "Riyadh": "Asia/Riyadh",
    "Baghdad": "Asia/Baghdad",
    "Santiago": "America/Santiago",
    "Surat": "Asia/Kolkata",
    "Madrid": "Europe/Madrid",
    "Suzhou": "Asia/Shanghai",
    "Pune": "Asia/Kolkata",
    "Harbin": "Asia/Shanghai",
    "Houston": "America/Chicago",
    "Dallas": "America/Chicago",
    "Toronto": "America/Toronto",
    "Dar es Salaam": "Africa/Dar_es_Salaam",
    "Miami": "America/New_York",
    "Belo Horizonte": "America/Sao_Paulo",
    "Singapore": "Asia/Singapore",
    "Philadelphia": "America/New_York",
    "Atlanta": "America/New_York",
    "Fukuoka": "Asia/Tokyo",
    "Khartoum": "Africa/Khartoum",
    "Barcelona": "Europe/Madrid",
    "Johannesburg": "Africa/Johannesburg",
    "Saint Petersburg": "Europe/Moscow",
    "Qingdao": "Asia/Shanghai",
    "Dalian": "Asia/Shanghai",
    "Washington, D.C.": "America/New_York",
    "Yangon": "Asia/Yangon",
    "Alexandria": "Africa/Cairo",
    "Jinan": "Asia/Shanghai",
    "Guadalajara": "America/Mexico_City",
    "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne",
    "Ankara": "Europe/Istanbul",
    "Zhengzhou": "Asia/Shanghai",
    "Nairobi": "Africa/Nairobi",
    "Hanoi": "Asia/Ho_Chi_Minh",
    "Casablanca": "Africa/Casablanca",
    "Kabul": "Asia/Kabul",
    "Addis Ababa": "Africa/Addis_Ababa",
    "Abidjan": "Africa/Abidjan",
    "San Francisco": "America/Los_Angeles",
    "Berlin": "Europe/Berlin",
    "Rome": "Europe/Rome",
}


@pytest.mark.parametrize("city", LARGEST)
def test_the_largest_cities_are_found_typed_and_offered(city: str) -> None:
    plain = unicodedata.normalize("NFKD", city).encode("ascii", "ignore").decode()
    for typed in (city, city.lower(), plain.upper()):
        assert checked_zone(typed, NOW).key == LARGEST[city]
        assert next(search_zones(typed, NOW))[0] == LARGEST[city]


@pytest.mark.parametrize(("file", "at_least"), [(FILE, 600), (CITIES_FILE, 5000)])
def test_every_zone_in_the_lists_exists_and_is_listed_once(file: Path, at_least: int) -> None:
    source = file.read_text(encoding="utf-8")
    listed: dict[str, str] = yaml.safe_load(source)
    assert len([line for line in source.splitlines() if line[:1].isalpha()]) == len(listed)
    assert set(listed) <= available_timezones()
    cities = [name for names in listed.values() for name in names.split(", ")]
    assert len(cities) > at_least and all(cities)
    for names in listed.values():
        assert len(set(names.split(", "))) == len(names.split(", "))
