"""Times and percentages are understood as people type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import Refused
from coach.members.typed import typed_per_cent, typed_times


@pytest.mark.parametrize(
    "typed", ["50", "50%", "50 %", " 50 per cent", "50 percent", "±50 points", "50 PERCENTAGE POINTS"]
)
def test_a_percentage_is_understood(typed: str) -> None:
    assert typed_per_cent(typed) == 50


@pytest.mark.parametrize("typed", ["0.35", "half", "", "50%%", "1000", "-5"])
def test_what_is_no_whole_percentage_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(Refused, match="write it in per cent, like 50 or 50%"):
        typed_per_cent(typed)


@given(st.text(max_size=20))
def test_any_text_is_a_percentage_or_refused_in_one_sentence(typed: str) -> None:
    try:
        assert typed_per_cent(typed) is not None
    except Refused as refused:
        assert "like 50 or 50%" in str(refused)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("22:00", "7:00"),
        ("10pm", "7am"),
        ("10", "pm 7 am"),
        ("10", "p.m. to 7:00"),
        ("22h", "- 7h"),
        ("10pm", "until 7am"),
        ("22:00 to 7:00", ""),
        ("from 10 pm till 7 am", ""),
        ("22h/7h", ""),
    ],
)
def test_two_times_are_understood_wherever_they_are_cut(start: str, end: str) -> None:
    assert typed_times(start, end) == (time(22), time(7))


def test_two_times_of_which_one_is_none_are_refused() -> None:
    with pytest.raises(Refused, match="write it like 9pm, 9:30 pm or 21:30"):
        typed_times("10pm", "late")
    for typed in ("", "10pm", "at night", "25:00 to 7:00"):
        with pytest.raises(Refused, match="is not two times; write them like 22:00 to 7:00"):
            typed_times(typed)
