"""The labeller's contract: what it says of clear drafts, of odd ones, and of a damaged model file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.labeller import MODEL, Labeller, ModelError
from coach.labels import CONTENT_KINDS, CONVERSATION_KINDS, Kind, Label, Verdict

LABELLER = Labeller.load()

CONVERSATION = [
    "How do you keep your seedlings alive when you go away for a week? I would love to hear what works.",
    "@robin loved your talk on soil this morning, thank you for answering my question about lime!",
    "Huge thanks to everyone who came out in the rain on Saturday. You made it a lovely day.",
    "Hi Jonas, so sorry to hear that. Could you send us your order number and we will look into it?",
]
CONTENT = [
    "Our winter opening hours start on Monday: weekdays from nine to five, closed at weekends.",
    "New on the blog: five ways to store onions through the winter. https://example.org/onions",
    "Tickets for the spring concert are on sale now. Book yours before Friday and save 10%.",
    "The library published its yearly report today: visits rose by a third, and loans of music by half.",
]
FOREIGN = [
    "今日は新しい窯の話をしましょう。",
    "Nous sommes très heureux de vous annoncer l'ouverture de notre nouvelle boutique samedi prochain.",
    "Vielen Dank an alle, die uns beim Aufräumen des Gartens geholfen haben, ihr seid großartig.",
    "¿Alguien sabe dónde puedo encontrar una buena panadería cerca de la estación?",
    "Сегодня мы открываем новую мастерскую в центре города.",
]


def label(text: str) -> Verdict:
    [verdict] = LABELLER.label([text])
    return verdict


@pytest.mark.parametrize("text", CONVERSATION)
def test_clear_conversation(text: str) -> None:
    assert label(text).label is Label.CONVERSATION


@pytest.mark.parametrize("text", CONTENT)
def test_clear_content(text: str) -> None:
    assert label(text).label is Label.CONTENT


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_not_english_is_said_to_be_so_and_never_guessed_with_confidence(text: str) -> None:
    verdict = label(text)
    assert verdict.kind is Kind.NONE
    assert verdict.unsure
    assert 0.4 < verdict.probability < 0.6


def check(verdict: Verdict) -> None:
    assert 0 <= verdict.probability <= 1
    assert (verdict.label is Label.CONVERSATION) == (verdict.probability >= 0.5)
    if verdict.kind is not Kind.NONE:
        assert verdict.kind in (CONVERSATION_KINDS if verdict.label is Label.CONVERSATION else CONTENT_KINDS)
    assert len(verdict.reasons) <= 3


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=300))
def test_any_text_gets_a_verdict_whose_parts_agree(text: str) -> None:
    check(label(text))


@pytest.mark.parametrize(
    "text",
    ["", "\0" * 50, "\ud800\udfff broken", "\u202e\u200f right to left", "�" * 99, "?" * 5000, "http://" * 9000,
     "#a " * 30000, "@a" * 30000, " " * 100_000 + "x", "word " * 25_000],
    ids=range(11),
)  # fmt: skip
def test_odd_texts_get_a_verdict_soon(text: str) -> None:
    began = time.perf_counter()
    check(label(text))
    # No benchmark: only that nothing grows faster than the text.
    assert time.perf_counter() - began < 2


def test_a_batch_is_labelled_as_its_drafts_alone_and_in_order() -> None:
    texts = CONVERSATION + CONTENT + FOREIGN
    assert LABELLER.label(texts) == [label(text) for text in texts]
    assert LABELLER.label([]) == []


def test_a_question_at_the_end_of_a_long_draft_is_read() -> None:
    story = "We moved the beds last autumn and laid new paths of bark between them. " * 80
    asks = story + "\n\nWhat do you all cover your paths with, and how long does it last you?"
    assert label(asks).probability > label(story).probability


@pytest.mark.parametrize("text", CONVERSATION + CONTENT)
def test_reasons_quote_only_what_is_in_the_draft(text: str) -> None:
    verdict = label(text)
    assert verdict.reasons
    spaced = " ".join("".join(c if c.isalnum() else f" {c} " for c in text).split()).lower()
    for reason in verdict.reasons:
        for quoted in reason.split("“")[1:]:
            words = quoted.split("”")[0].lower()
            spaced_words = " ".join("".join(c if c.isalnum() else f" {c} " for c in words).split())
            assert spaced_words.replace("@ user", "").replace("http", "").strip() in spaced, reason


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_a_missing_or_damaged_model_is_refused_in_one_sentence(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model"
    whole = MODEL.read_bytes()
    contents = {"empty": b"", "cut": whole[: len(whole) // 2], "other": b"no model at all"}
    if damage in contents:
        path.write_bytes(contents[damage])
    with pytest.raises(ModelError, match="missing or damaged") as refusal:
        Labeller.load(path)
    assert "\n" not in str(refusal.value)
