"""The labeller's contract: what it says of clear drafts, of odd ones, and of a damaged model file."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.labeller import CARD, FOLDER, MODEL, TOKENIZER, WORDS, Labeller, ModelError
from coach.labels import CONTENT_KINDS, CONVERSATION_KINDS, Kind, Label, Verdict
from coach.touch import MOST_LESSONS, Lesson, Touch, packed, traits_of

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
    "We raised £2,000 for the lifeboats at the weekend fair.",
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
     "#a " * 30000, "@a" * 30000, " " * 100_000 + "x", "word " * 25_000, "\n" * 65_000 + "x",
     "\n- " * 30_000],
    ids=range(13),
)  # fmt: skip
def test_odd_texts_get_a_verdict_soon(text: str) -> None:
    began = time.perf_counter()
    check(label(text))
    check(LABELLER.label([text], [Touch(lessons(CONTENT, Label.CONVERSATION))])[0])
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
    verdict = LABELLER.explain(text)
    assert verdict.reasons
    assert replace(verdict, reasons=()) == label(text)
    folded = " ".join(text.split()).lower()
    for reason in verdict.reasons:
        for quoted in reason.split("“")[1:]:
            assert quoted.split("”")[0].rstrip("…").lower() in folded, reason


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_explained_in_words_that_can_be_sent(text: str) -> None:
    verdict = LABELLER.explain(text)
    check(verdict)
    assert all(len(reason.encode()) < 400 for reason in verdict.reasons)


@pytest.mark.parametrize("file", [MODEL, TOKENIZER, WORDS, CARD])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_a_missing_or_damaged_model_is_refused_in_one_sentence(tmp_path: Path, file: str, damage: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in (MODEL, TOKENIZER, WORDS, CARD):
        (folder / name).symlink_to(FOLDER / name)
    (folder / file).unlink()
    whole = (FOLDER / file).read_bytes()
    contents = {"empty": b"", "cut": whole[: len(whole) // 2], "other": b"no model at all"}
    if damage in contents:
        (folder / file).write_bytes(contents[damage])
    with pytest.raises(ModelError, match="missing or damaged") as refusal:
        Labeller.load(folder)
    assert "\n" not in str(refusal.value)


def lessons(texts: list[str], label: Label) -> list[Lesson]:
    return [lesson for text in texts if (lesson := LABELLER.lesson(text, label)) is not None]


@pytest.mark.parametrize("text", [*FOREIGN, "🎉🎉", "https://example.org"])
def test_a_draft_that_cannot_be_read_teaches_nothing(text: str) -> None:
    assert label(text).kind is Kind.NONE
    assert LABELLER.lesson(text, Label.CONVERSATION) is None


def test_a_corrected_draft_is_labelled_as_its_author_says_from_then_on() -> None:
    for text in CONVERSATION + CONTENT:
        said = label(text).label.other
        [verdict] = LABELLER.label([text], [Touch(lessons([text], said))])
        assert verdict.label is said


def test_corrections_leave_drafts_of_other_kinds_alone() -> None:
    touch = Touch(lessons(CONTENT[1:2], Label.CONVERSATION))
    for text in CONVERSATION:
        [touched] = LABELLER.label([text], [touch])
        assert abs(touched.probability - label(text).probability) < 0.05


def test_an_author_s_own_touch_is_named_among_the_reasons() -> None:
    text = CONTENT[0]
    verdict = LABELLER.explain(text, Touch(lessons([text], Label.CONVERSATION)))
    assert "labels of drafts like this one" in verdict.reasons[0]


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.floats(-12, 12), st.sampled_from(Label)),
        min_size=1,
        max_size=MOST_LESSONS,
    )
)
def test_any_lessons_give_a_touch_that_moves_drafts_by_a_finite_amount(
    facts: list[tuple[str, float, Label]],
) -> None:
    kinds = np.full(8, 1 / 8, np.float32)
    places = np.stack([traits_of(text, kinds) for text, _, _ in facts])
    taught = [Lesson(packed(place), odds, said) for place, (_, odds, said) in zip(places, facts, strict=True)]
    assert np.isfinite(Touch(taught).moves(places)).all()


def test_lessons_of_another_version_teach_nothing() -> None:
    _, traits = LABELLER.read(CONTENT)
    assert Touch([Lesson(b"other", -3.0, Label.CONVERSATION)]).moves(traits).tolist() == [0.0] * len(CONTENT)
