"""Time zones are found by the names that people use."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import Refused
from coach.members.time_zones import FILE, MOST, checked_zone, search_zones

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
        ("UTC+5:30", {"Asia/Kolkata", "Asia/Colombo"}),
        ("gmt-8", {"America/Los_Angeles"}),
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
    assert next(search_zones("new y", NOW)) == ("America/New_York", "America/New_York, now 04:00")


def test_an_offset_is_answered_with_the_zones_that_have_it_now() -> None:
    with pytest.raises(Refused, match="could be Asia/Kolkata or Asia/Colombo; pick one from the list"):
        checked_zone("UTC+5:30", NOW)
    with pytest.raises(Refused, match=r"could be Asia/Kathmandu; pick"):
        checked_zone("+5:45", NOW)


def test_every_zone_in_the_list_exists_and_is_listed_once() -> None:
    source = FILE.read_text(encoding="utf-8")
    listed: dict[str, str] = yaml.safe_load(source)
    assert len([line for line in source.splitlines() if line[:1].isalpha()]) == len(listed)
    assert set(listed) <= available_timezones()
    cities = [name for names in listed.values() for name in names.split(", ")]
    assert len(cities) > 600 and all(cities)
    for names in listed.values():
        assert len(set(names.split(", "))) == len(names.split(", "))
