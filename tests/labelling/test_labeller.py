"""The labeller's contract: what it says about clear drafts, odd ones, and a damaged model file."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from coach.errors import ModelError
from coach.labelling.cues import CUES
from coach.labelling.encoder import IS_CONVERSATION, Encoder
from coach.labelling.labeller import ANSWERING, CARD, FOLDER, LANGUAGE_TABLE, MODEL, TOKENIZER, Labeller
from coach.labelling.personal import PersonalModel, features_of, quantised
from coach.labels import CONVERSATION_KINDS, MOST_LESSONS, Kind, Label, Lesson, Verdict
from tests.support.examples import examples
from tests.support.verdicts import CONTENT_KINDS
from training.base_rates import base_rates, typical_log_odds
from training.data import own_drafts

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
    "Vi er meget glade for at kunne fortælle, at vores nye butik åbner på lørdag.",
    "Dziękujemy wszystkim, którzy pomogli nam posprzątać ogród, jesteście wspaniali.",
    "Algú sap on puc trobar una bona fleca a prop de l'estació?",
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
def test_other_languages_are_recognised_and_never_labelled_with_confidence(text: str) -> None:
    verdict = label(text)
    assert verdict.kind is Kind.NONE
    assert verdict.unsure
    assert 0.4 < verdict.probability < 0.6


def log_odds(verdict: Verdict) -> float:
    return math.log(verdict.probability / (1 - verdict.probability))


def test_where_answers_are_drafted_a_draft_is_a_little_likelier_to_be_one_and_the_reasons_say_so() -> None:
    answer, news = "Most of the cost is the scaffolding, if you ask me.", CONTENT[0]
    there = LABELLER.label([answer, news, answer], (), [True, True, False])
    assert [there[2], label(news).label] == [label(answer), there[1].label]
    for text, verdict in zip((answer, news), there, strict=False):
        assert log_odds(verdict) == pytest.approx(log_odds(label(text)) + ANSWERING)
        assert LABELLER.explain(text, answering=True).probability == pytest.approx(verdict.probability)
    assert "is in a place for replies" in LABELLER.explain(answer, answering=True).reasons
    assert "is in a place for replies" not in LABELLER.explain(news, answering=True).reasons


def test_the_place_of_an_answer_comes_behind_what_moves_its_label_more() -> None:
    place = "is in a place for replies"
    thanks = LABELLER.explain("Thank you all so much for coming. The kettle is on.", answering=True).reasons
    assert place in thanks and thanks[0] != place


def check(verdict: Verdict) -> None:
    assert 0 <= verdict.probability <= 1
    assert (verdict.label is Label.CONVERSATION) == (verdict.probability >= 0.5)
    if verdict.kind is not Kind.NONE:
        assert verdict.kind in (CONVERSATION_KINDS if verdict.label is Label.CONVERSATION else CONTENT_KINDS)
    assert len(verdict.reasons) <= 3


@examples(2)
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
    began = time.process_time()
    check(label(text))
    check(LABELLER.label([text], [LABELLER.personal_model(lessons(CONTENT, Label.CONVERSATION))])[0])
    # Not a benchmark: this only shows that no time grows faster than the text.
    assert time.process_time() - began < 2


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
    assert replace(verdict, reasons=()) == label(text)
    folded = " ".join(text.split()).lower()
    for reason in verdict.reasons:
        for quoted in reason.split("“")[1:]:
            assert quoted.split("”")[0].rstrip("…").lower() in folded, reason


@examples(0.5)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_any_text_can_be_explained_in_words_that_can_be_sent(text: str) -> None:
    verdict = LABELLER.explain(text)
    check(verdict)
    assert all(len(reason.encode()) < 400 for reason in verdict.reasons)


@pytest.mark.parametrize("file", [MODEL, TOKENIZER, LANGUAGE_TABLE, CARD])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other"])
def test_a_missing_or_damaged_model_is_refused_in_one_sentence(tmp_path: Path, file: str, damage: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in (MODEL, TOKENIZER, LANGUAGE_TABLE, CARD):
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
        [verdict] = LABELLER.label([text], [LABELLER.personal_model(lessons([text], said))])
        assert verdict.label is said


def test_corrections_leave_drafts_of_other_kinds_alone() -> None:
    personal = LABELLER.personal_model(lessons(CONTENT[1:2], Label.CONVERSATION))
    for text in CONVERSATION:
        [touched] = LABELLER.label([text], [personal])
        assert abs(touched.probability - label(text).probability) < 0.05


VOTES = [
    "The summer menu is out: nine new dishes, three of them with rhubarb. Vote in the comments!",
    "Two covers for the autumn catalogue, red or green. Vote in the comments!",
    "Our new delivery van needs a name before Friday. Vote in the comments!",
]
OFFERS = [
    "Half price on all bulbs until Sunday.",
    "Order now and get free delivery on everything in the shop.",
    "Book your table for Mother's Day before Friday and the first drink is on us.",
    "New in: enamel mugs in four colours, £12 each. Link in bio.",
    "Sign up for our newsletter and save 10% on your first order.",
]


@pytest.mark.slow
def test_a_correction_never_raises_a_question() -> None:
    # Drafts on which a house rule has been taught, and all sorts of others.
    others = [*OFFERS, *CONTENT, *CONVERSATION, *(row.text for row in own_drafts()[::40])]
    before = LABELLER.label(others)
    assert sum(verdict.unsure for verdict in before) < len(others) / 2
    for said in Label:
        personal = LABELLER.personal_model(lessons([*VOTES, *OFFERS[3:]], said))
        after = LABELLER.label(others, [personal] * len(others))
        for text, without, verdict in zip(others, before, after, strict=True):
            assert without.unsure or not verdict.unsure, text
        for text, verdict in zip(OFFERS, after, strict=False):
            assert LABELLER.explain(text, personal).unsure is verdict.unsure


class _LogOdds(Encoder):
    """Gives each draft the same log-odds, before calibration."""

    def __init__(self, log_odds: float) -> None:
        self._scores = np.where(IS_CONVERSATION, log_odds, 0.0).astype(np.float32)

    def run(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(self._scores, (len(texts), 1))


class _Shift(PersonalModel):
    """Moves each draft as far."""

    def __init__(self, shift: float) -> None:
        self._shift = shift

    def logit_shift(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.full(len(features), self._shift)


@given(st.integers(-60, 60), st.integers(-60, 60), st.sampled_from([CONTENT[0], FOREIGN[1]]))
def test_wherever_corrections_move_a_draft_its_author_is_not_asked_unless_they_were_before(
    log_odds: int, shift: int, text: str
) -> None:
    labeller, personal = replace(LABELLER, encoder=_LogOdds(log_odds / 10)), _Shift(shift / 10)
    [before], [after] = labeller.label([text]), labeller.label([text], [personal])
    assert before.unsure or not after.unsure


def test_an_authors_personal_model_is_named_among_the_reasons() -> None:
    text = CONTENT[0]
    verdict = LABELLER.explain(text, LABELLER.personal_model(lessons([text], Label.CONVERSATION)))
    assert "labels of drafts like this one" in verdict.reasons[0]


def test_what_an_author_taught_means_the_same_to_a_model_that_is_surer() -> None:
    surer = replace(LABELLER, temperature=LABELLER.temperature / 2, typical=2 * LABELLER.typical)
    for text in OFFERS:
        said = label(text).label.other
        [lesson], again = lessons([text], said), surer.lesson(text, said)
        assert again is not None
        assert lesson.log_odds == pytest.approx(again.log_odds)
        [verdict] = surer.label([text], [surer.personal_model([lesson])])
        assert verdict.label is said


def test_the_models_card_says_how_sure_the_model_typically_is() -> None:
    measured = typical_log_odds(LABELLER.encoder, LABELLER.temperature)
    assert LABELLER.typical == pytest.approx(measured, rel=0.03)


def test_what_is_stored_of_a_draft_keeps_its_meaning() -> None:
    # Lessons are stored like this: if a cue's name or place changed, so would what members have taught.
    kinds = np.array([0.5, 0.2, 0.1, 0.05, 0.05, 0.04, 0.03, 0.03], np.float32)
    text = "Good morning! Are you all in? Thanks @robin, we open at 9 am: https://example.org #bread #rye 50% off"
    # Eight kinds, the length, and a byte for each cue.
    stored = "b472513939332c2c" + "93" + "00ff000000ff0000ffff00ff00ffff00ffff00ff00ff00ff"
    assert quantised(features_of(text, kinds)).hex() == stored
    assert [cue.name for cue in CUES] == [
        "mention first", "mention", "stock tag", "question last", "question first", "question", "asks how",
        "anyone", "you", "thanks", "wishes", "greeting", "answer", "link", "hashtags", "act", "price", "news",
        "list", "date", "i", "we", "laugh", "exclaims",
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.floats(-12, 12), st.sampled_from(Label)),
        min_size=1,
        max_size=MOST_LESSONS,
    )
)
def test_any_lessons_give_a_personal_model_that_moves_drafts_by_a_finite_amount(
    facts: list[tuple[str, float, Label]],
) -> None:
    kinds = np.full(8, 1 / 8, np.float32)
    places = np.stack([features_of(text, kinds) for text, _, _ in facts])
    taught = [Lesson(quantised(place), odds, said) for place, (_, odds, said) in zip(places, facts, strict=True)]
    assert np.isfinite(LABELLER.personal_model(taught).logit_shift(places)).all()


@pytest.mark.parametrize("features", [b"other", bytes(36), b""])
def test_lessons_from_another_version_teach_nothing(features: bytes) -> None:
    _, found = LABELLER.read(CONTENT)
    personal = LABELLER.personal_model([Lesson(features, -3.0, Label.CONVERSATION)])
    assert personal.logit_shift(found).tolist() == [0.0] * len(CONTENT)
    both = [Lesson(features, -3.0, Label.CONVERSATION), *lessons(CONTENT[:1], Label.CONVERSATION)]
    assert (
        LABELLER.personal_model(both).logit_shift(found).tolist()
        == LABELLER.personal_model(both[1:]).logit_shift(found).tolist()
    )


def test_lessons_teach_what_they_have_in_common_and_not_what_most_drafts_of_their_kind_have() -> None:
    names = ["Priya", "the night shift", "Coach Dee", "our volunteers", "Marek", "the band", "Nan", "Ruth"]
    deeds = ["the soup", "driving us home", "fixing the gate", "all that patience", "the lift", "coming so far"]
    ends = ["!", ".", ". It made the whole week, and we would have been lost without it, as everybody here knows."]
    thanks = [f"Thank you {name} for {deed}{end}" for name in names for deed in deeds for end in ends]
    wishes = [
        "Congratulations Priya, what a run!",
        "Well done Coach Dee, first of forty.",
        "Welcome to the team, Marek",
    ]
    personal = LABELLER.personal_model(lessons(thanks[::14], Label.CONTENT))
    untaught = [text for place, text in enumerate(thanks) if place % 14]
    labels = [verdict.label for verdict in LABELLER.label(untaught, [personal] * len(untaught))]
    assert labels.count(Label.CONTENT) > len(labels) / 2
    assert all(verdict.label is Label.CONVERSATION for verdict in LABELLER.label(wishes, [personal] * len(wishes)))


def test_the_models_card_has_base_rates_for_todays_cues() -> None:
    assert np.array_equal(LABELLER.base_rates, base_rates(own_drafts()))
