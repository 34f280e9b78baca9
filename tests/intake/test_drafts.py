"""What counts as a draft, and the keyed hash of its text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.drafts import Message, NotADraft, is_for_answers, refusal, text_hash
from coach.text import has_words

DRAFT = Message(1, 2, 3, None, 4, datetime(2026, 11, 20, tzinfo=UTC), "The kiln is lit.")


def test_a_plain_message_counts() -> None:
    assert refusal(DRAFT) is None


def test_a_thread_of_own_posts_counts() -> None:
    assert refusal(replace(DRAFT, replies_to=DRAFT.author_id)) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"by_person": False}, NotADraft.NOT_A_PERSON),
        ({"forwarded": True}, NotADraft.FORWARD),
        ({"replies_to": 5}, NotADraft.COMMENT),
        ({"replies_to": 0}, NotADraft.COMMENT),
        ({"text": "// just talking"}, NotADraft.ESCAPED),
        ({"text": "  //talk"}, NotADraft.ESCAPED),
        ({"to_bot": True}, NotADraft.COMMAND),
        ({"text": ""}, NotADraft.NO_WORDS),
    ],
)
def test_what_does_not_count(changes: dict[str, object], why: NotADraft) -> None:
    assert refusal(replace(DRAFT, **changes)) is why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "replies",
        "li-comments",
        "Réponses à Léa",
        "REPONSES",
        "kommentare_2026",
        "💬│respuestas",
        "comentários",
        "risposte",
    ],
)
def test_places_for_answers_are_known_by_their_names(name: str) -> None:
    assert is_for_answers(name)


@pytest.mark.parametrize("name", ["", "drafts", "noreply", "unanswered", "commentariat"])
def test_other_places_are_not_for_answers(name: str) -> None:
    assert not is_for_answers(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🎉🎉",
        "!!!",
        "https://example.org/a",
        "<@123> <#5>",
        "<:wave:123>",
        "<a:wave:123>",
        "\u2003\u200b",
        "<t:1:R>",
    ],
)
def test_texts_without_words(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize(
    "text", ["a", "7", "今日は", "🎉 yes", "see https://example.org", "<@1> hi", "مرحبا", "<b>"]
)
def test_texts_with_words(text: str) -> None:
    assert has_words(text)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_can_be_asked_about(text: str) -> None:
    has_words(text)
    assert len(text_hash(text, b"key")) == 8


@given(st.text(), st.text())
def test_the_hash_tells_texts_apart_and_depends_on_the_key(one: str, other: str) -> None:
    assert (text_hash(one, b"key") == text_hash(other, b"key")) == (one == other)
    assert text_hash(one, b"key") != text_hash(one, b"another key")
