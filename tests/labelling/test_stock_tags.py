"""A stock question at the end of a broadcast does not turn it, and a question that is the point still does."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.labelling.labeller import Labeller
from coach.labelling.stock_tags import without_stock_tag
from coach.labels import Label
from training.data import OWN_DRAFTS, labelled

LABELLER = Labeller.load()


def broadcasts() -> list[tuple[str, str, str]]:
    """Language, stock question and broadcast: 80 in English, 20 in the other languages."""
    with Path(__file__).with_name("broadcasts.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) == 3]
    return [(language, tag, text) for language, tag, text in rows]


def test_a_stock_question_at_the_end_does_not_turn_a_broadcast() -> None:
    rows = broadcasts()
    assert len(rows) == 100 and sum(language == "en" for language, _, _ in rows) == 80
    plain = LABELLER.label([text for _, _, text in rows])
    content = [number for number, verdict in enumerate(plain) if verdict.label is Label.CONTENT]
    assert len(content) >= 98
    for between in (" ", "\n\n"):
        tagged = LABELLER.label([f"{rows[number][2]}{between}{rows[number][1]}" for number in content])
        assert sum(verdict.label is Label.CONVERSATION for verdict in tagged) <= 0.02 * len(content)
        moved = [
            verdict.probability - plain[number].probability
            for number, verdict in zip(content, tagged, strict=True)
        ]
        assert sum(moved) / len(moved) < 0.1
        assert max(moved) < 0.3


def test_a_draft_whose_question_is_the_point_stays_conversation() -> None:
    asked = [row.text for row in labelled(OWN_DRAFTS / "own-tags.jsonl") if row.label is Label.CONVERSATION]
    assert len(asked) == 45
    # "What do you think of them?" asks about two names for a newsletter, and about nothing else.
    assert not [text for text in asked if without_stock_tag(text)]
    verdicts = LABELLER.label(asked)
    assert sum(verdict.label is Label.CONVERSATION for verdict in verdicts) >= 43
    # What nothing but an answer can follow is conversation with or without a stock question after it.
    again = LABELLER.label([f"{text} Thoughts?" for text in asked])
    assert sum(verdict.label is Label.CONVERSATION for verdict in again) >= 42


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("We open at nine. Thoughts?", "We open at nine."),
        ("We open at nine.\n\nWhat do you think? 🤔 #bread #dawn", "We open at nine."),
        ("All of it: https://example.org/a Let me know what you think!", "All of it: https://example.org/a"),
        ("We open at nine 🎉 Who’s with me?!", "We open at nine 🎉"),
        ("**We open at nine. Agree?**", "We open at nine."),
        ("Wir öffnen um neun. Was meint ihr?", "Wir öffnen um neun."),
        ("Abrimos a las nueve. ¿Qué opináis?", "Abrimos a las nueve."),
        ("Thoughts?", None),
        ("What do you think of our two names?", None),
        ("We open at nine or at ten. Which suits you?", None),
        ("I wonder what you think", None),
        ("Turn left, then right?", None),
    ],
)
def test_what_is_left_without_a_stock_question(text: str, rest: str | None) -> None:
    assert without_stock_tag(text) == rest


@given(st.text(), st.sampled_from(["Thoughts?", "Agree?", "Was meint ihr?", ""]))
def test_any_text_can_be_searched(text: str, tag: str) -> None:
    rest = without_stock_tag(f"{text} {tag}")
    assert rest is None or (rest and len(rest) <= len(text))


def test_the_reasons_rest_on_the_same_probability_as_the_label() -> None:
    text = "Cold brew is just coffee that had to wait for its turn. What's your take?"
    assert LABELLER.explain(text).probability == pytest.approx(LABELLER.label([text])[0].probability)
