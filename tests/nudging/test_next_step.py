"""The next step for a draft: built from its subject if that is clear, and never from nothing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.labels import Kind
from coach.nudging.next_step import from_subject, step, subject_of

RNG = random.Random(1)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Our winter opening hours start on Monday: weekdays from nine to five.", "our winter opening hours"),
        ("Doors open 10am Saturday. Come and see the new gallery!", "the new gallery"),
        ("Our cybersecurity report is out. Download your copy: http://example.org/x", "our cybersecurity report"),
        ("Will you stand with our student nurses? Sign the petition to pay them.", "our student nurses"),
        ("You sent us 214 questions about the 2030 targets and here are the answers.", "the 2030 targets"),
        ("Our spring glazing course is full, all twelve places went.", "our spring glazing course"),
        ("This bakery smells of bread. This bakery is ours now!", "this bakery"),
        ("Nothing in this trade beats the sound of a cooling kiln.", None),
        ("Tired of the train playing videos out loud.", None),
        ("Sunny day!", None),
        ("Come by, @the_baker, https://the.baker.example/our/new/oven", None),
        ("", None),
    ],
)
def test_the_subject_is_in_the_drafts_own_words(text: str, subject: str | None) -> None:
    assert subject_of(text) == subject


@given(st.text(max_size=400))
def test_a_subject_is_short_and_quoted_from_the_draft(text: str) -> None:
    subject = subject_of(text)
    if subject is not None:
        assert len(subject) <= 50
        assert all(word in text.lower() for word in subject.lower().split())


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_but_none_has_a_step(kind: Kind) -> None:
    for text in ("Our new ferry timetable is out.", "Sunny day!"):
        found = step(text, kind, "en", RNG)
        assert (found is None) is (kind is Kind.NONE)
        assert found is None or (found.endswith((".", "?”")) and "!" not in found)


def test_conversation_and_stories_are_not_turned_by_a_question() -> None:
    for kind in (Kind.REPLY, Kind.ASK, Kind.APPRECIATE, Kind.BANTER, Kind.ENTERTAIN):
        assert from_subject("Our new ferry timetable is out.", kind, "en", 0) is None


@pytest.mark.parametrize("language", ["de", None])
def test_no_step_is_made_of_a_subject_in_another_language(language: str | None) -> None:
    text = "Our new ferry timetable is out."
    assert from_subject(text, Kind.INFORM, "en", 0) is not None
    assert from_subject(text, Kind.INFORM, language, 0) is None
    assert step(text, Kind.INFORM, language, RNG) is not None
