"""The numbers of a draft, in figures and in words."""

from __future__ import annotations

import pytest

from coach.intake.quantities import figures, number_word, spelt


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("thirty one thousand pounds", "31000"),
        ("two hundred and forty bags", "240"),
        ("a hundred and seventy four essays", "174"),
        ("three million", "3000000"),
        ("einunddreißig fässer", "31"),
        ("zweihundertvierzig seiten", "240"),
        ("vierendertig planten", "34"),
        ("vingt deux livres", "22"),
        ("treinta y cuatro bicicletas", "34"),
        ("at half past seven", "7:30"),
        ("quarter to eight", "7:45"),
        ("um halb drei", "2:30"),
        ("bis dreizehn uhr", "1"),
        ("a las siete y media", "7:30"),
        ("à huit heures et demie", "8:30"),
    ],
)
def test_numbers_in_words_are_read(text: str, number: str) -> None:
    assert number in spelt(text.split())


def test_two_numbers_in_a_row_are_two() -> None:
    assert spelt(["seven", "and", "eight"]).keys() == {"7", "8"}
    assert not spelt(["one", "or", "two", "of", "them"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("£31k of £80k", "31000"),
        ("£3m", "3000000"),
        ("$2.5m", "2500000"),
        ("a 500m swim", "500"),
        ("1.5 million", "1500000"),
        ("£385,000", "385000"),
        ("19.30", "7:30"),
    ],
)
def test_numbers_in_figures_are_read(text: str, number: str) -> None:
    assert number in dict(figures(text))


def test_a_street_number_is_no_million() -> None:
    assert dict(figures("14 Mill Rise, 5 miles away")).keys() == {"14", "5"}


@pytest.mark.parametrize(
    ("word", "is_one"), [("eleven", True), ("einundzwanzig", True), ("tenant", False), ("hundertprozentig", False)]
)
def test_words_that_are_numbers_are_known(word: str, is_one: bool) -> None:
    assert number_word(word) == is_one
