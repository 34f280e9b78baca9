"""The parts of a draft that the labeller reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.drafts import ATTACHMENT_LIMIT
from coach.text import on_one_line, readable
from tests.support.examples import examples

LONG = ATTACHMENT_LIMIT

# Line breaks and spaces of every sort, words, and a mark that the draft itself contains.
spaced = st.text(
    st.sampled_from("\n\r\t\v\f \x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u200b\u2028\u2029\u202f\u3000¶aé.")
    | st.characters(exclude_categories=())
)


@examples(5)
@given(spaced)
def test_line_breaks_are_marked_by_the_rule_that_the_model_was_trained_on(text: str) -> None:
    assert on_one_line(text) == " ".join(re.sub(r"\s*\n\s*", " ¶ ", text.strip()).split())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (" " * LONG, ""),
        ("a" + " " * LONG + "b", "a b"),
        ("a" + " " * LONG + "\n" + " " * LONG + "b", "a ¶ b"),
        ("a" + "\u3000\t" * LONG + "\n", "a"),
        ("a" + "\n " * LONG + "b\nc", "a ¶ b ¶ c"),
    ],
    ids=range(5),
)
def test_long_runs_of_white_space_are_read_like_short_ones(text: str, read: str) -> None:
    # A pattern that goes back over a run from each place in it takes many seconds for these.
    assert on_one_line(text) == read


def test_a_picture_without_a_name_leaves_a_space() -> None:
    assert readable("a" + "\U0001faff" * 2000 + "b\n\nc") == "a b ¶ c"
