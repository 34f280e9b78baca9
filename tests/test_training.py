"""The project's own drafts are well-formed, and augmentation keeps what a draft says."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.text import readable
from training.augment import varied
from training.data import OWN_DRAFTS, READINGS, labelled, read_lines


def test_the_projects_drafts_follow_the_guideline_and_none_is_there_twice() -> None:
    rows = [row for path in OWN_DRAFTS.glob("*.jsonl") for row in labelled(path)]
    assert len(rows) > 6000
    doubled = [text for text, count in Counter(row.text for row in rows).items() if count > 1]
    assert doubled == []
    labels = Counter(row.label for row in rows)
    assert min(labels.values()) / len(rows) > 0.45


def test_readings_hold_hashes_and_labels_and_no_text() -> None:
    readings = list(read_lines(READINGS))
    assert len(readings) > 100
    for line in readings:
        assert line.keys() == {"post", "bare", "kind", "unsure"}
        assert len(line["post"]) == 16


@given(st.text(), st.integers())
def test_a_draft_keeps_something_to_read_however_it_is_varied(text: str, seed: int) -> None:
    changed = varied(text, random.Random(seed))
    assert changed == text or any(char.isalnum() for char in changed)


def test_a_draft_is_varied_by_the_choices_of_the_generator_alone() -> None:
    text = "¡Qué día! It’s über-cold, isn’t it? We open at nine. #shop #leeds"
    seen = {varied(text, random.Random(seed)) for seed in range(400)}
    assert seen == {varied(text, random.Random(seed)) for seed in range(400)}
    read = {readable(changed) for changed in seen}
    for part in ("Que dia", "ueber", "It's", "Its", "¡qué", "at nine ", "#shop #leeds ¡"):
        assert any(part in f"{one} " for one in read), part


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("See https://example.org/a?b=c, @robin", "See http @user"),
        ("one\n\n two", "one ¶ two"),
        ("well done 👏🏽", "well done clapping hands"),
        ("<@123> hi <:wave:42>", "@user hi wave"),
        ("broken \ud800", "broken \ufffd"),
        ("flag 🇺🇸", "flag"),
    ],
)
def test_the_parts_of_a_draft_that_are_read(text: str, read: str) -> None:
    assert readable(text) == read


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_any_text_is_readable_and_holds_no_half_characters(text: str) -> None:
    assert not any("\ud800" <= char <= "\udfff" for char in readable(text))


def test_a_long_draft_is_read_at_both_ends() -> None:
    read = readable("first " + "word " * 5000 + "last?")
    assert read.startswith("first") and read.endswith("last?") and len(read) < 3100
