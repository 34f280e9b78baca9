"""Reasons for a label: whole words of the draft, and none that speaks for the other label."""

from __future__ import annotations

import time

import pytest

from coach.labelling.cues import CUES
from coach.labelling.labeller import Labeller
from coach.labelling.reasons import without_parts
from training.data import own_drafts

LABELLER = Labeller.load()

WHOLE = [
    "https://example.org/spring/fair?x=1.2&y=a,b;c",
    "www.example.org/shop",
    "example.org",
    "robin@mill-house.co.uk",
    "mill.example/fair?x=1&y=2",
    "node.js",
    "7:30",
    "10.15",
    "2,500",
    "3.12.2026",
    "1,250.50",
    "@robin.fry",
    "p.m.",
    "e.g.",
]


@pytest.mark.parametrize("word", WHOLE)
@pytest.mark.parametrize(
    "text", ["We meet {} at the mill, bring flour.", "{} is when we start: at the mill", "See {}, then tell us"]
)
def test_a_phrase_never_ends_within_an_address_a_time_or_a_figure(text: str, word: str) -> None:
    draft = text.format(word)
    at = draft.index(word)
    phrases = [part for part in without_parts(draft) if part.says.startswith("“")]
    assert phrases
    for part in phrases:
        assert part.end <= at or part.start >= at + len(word) or (part.start <= at and part.end >= at + len(word))


@pytest.mark.parametrize("address", ["https://example.org/?page=2&what=fair", "example.org/fair?page=2"])
def test_a_query_string_is_not_a_question(address: str) -> None:
    said = [part.says for part in without_parts(f"Our programme: {address} is out now.")]
    assert ("has a link" in said) == address.startswith("https")
    assert not any("question" in reason for reason in said)


@pytest.mark.parametrize("every", [240, pytest.param(60, marks=pytest.mark.slow)])
def test_no_reason_speaks_for_the_other_label(every: int) -> None:
    sides = {cue.says.split("{}")[0]: cue.side for cue in CUES if cue.side is not None}
    for row in own_drafts()[::every]:
        verdict = LABELLER.explain(row.text)
        for reason in verdict.reasons:
            for beginning, side in sides.items():
                assert not reason.startswith(beginning) or side is verdict.label, (row.text, reason)


@pytest.mark.parametrize("part", ["a.", "a.b", "1", "1:", "1,1", "@a.", "www.", "http://", "p.m. ", "A.A"])
def test_phrases_of_odd_texts_are_found_soon(part: str) -> None:
    began = time.process_time()
    without_parts(part * (3000 // len(part)))
    assert time.process_time() - began < 1
