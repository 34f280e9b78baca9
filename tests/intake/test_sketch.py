"""Sketches: which drafts say the same, and that a sketch gives nothing away."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.evidence import evidence_of
from coach.intake.sketch import MOST_BYTES, same_thought, sketch
from tests.support import odd_text
from tests.support.thought_pairs import HELD, MORE, TUNE, figures, read
from training.layouts import LAYOUTS

KEY = b"a key"

SHORT = "Open studio on Saturday 14 March, 10–4, Mill Lane: forty potters, three kilns, soup from the Copper Pot."
LONG = """
After two winters of planning, our open studio is here. On Saturday 14 March we throw open the doors on Mill Lane.
Forty potters from all over the valley sell what they made this year, three kilns are fired in the yard, and the
Copper Pot brings soup and bread. From 10 until 4, dogs welcome, parking behind the chapel. If you have ever
wondered what happens between a lump of clay and your favourite mug, come and see.
""".strip()

texts = st.one_of(
    st.text(max_size=300),
    st.integers(0, 2**32).map(lambda seed: odd_text.draft(random.Random(seed))),
    st.lists(st.sampled_from(odd_text.WORDS), min_size=1, max_size=12).map(" ".join),
)


def same(first: str, second: str) -> bool:
    return same_thought(sketch(first, KEY), sketch(second, KEY))


def test_pairs_that_say_the_same_are_told_from_others() -> None:
    found = figures(read(TUNE) + read(MORE))
    assert found.precision >= 0.97
    assert found.recall >= 0.48


def test_pairs_that_nothing_was_chosen_on_are_told_apart() -> None:
    found = figures(read(HELD))
    assert found.precision >= 0.93
    assert found.recall >= 0.60


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SHORT, LONG),
        (
            "We're hiring! Junior illustrator, part time, anywhere in Scotland. Portfolios by 12 May.",
            "We're hiring somebody to draw with us. Since Moira opened the studio at a kitchen table we have "
            "wanted a junior illustrator, and now there is money. Part time, with a pension, in Scotland. "
            "We don't ask for a degree. Send a portfolio, eight to ten pictures that you like, until 12 May.",
        ),
        ("Our new kiln arrived tody!", "Our new kiln arrived today!"),
        ("Good morning from the alotment", "Good morning from the allotment 🌱"),
        ("We are recieving applications until friday", "We are receiving applications until Friday."),
        ("Same here.", "same here!"),
        ("Doors at 7pm, £12, at the Anchor Inn in Whitby", "The Anchor Inn, Whitby: doors 19:00, 12 pounds"),
        (
            "Organ fund: £31k of £80k, and the bellows are failing.",
            "The organ was built in 1887. Of the eighty thousand pounds that it needs, thirty-one thousand have "
            "been given, by swimmers, by choirs, in envelopes. The bellows won't survive another winter.",
        ),
        ("Danke an alle, die beim Flomarkt geholfen haben!", "Danke an alle, die beim Flohmarkt geholfen haben!"),
    ],
)
def test_versions_of_a_thought_are_recognised(first: str, second: str) -> None:
    assert same(first, second)
    assert same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (SHORT, SHORT.replace("14 March", "11 April")),
        (SHORT, SHORT.replace("Saturday", "Sunday")),
        ("Weekly question #12: which tool do you love most?", "Weekly question #13: which tool do you love most?"),
        ("Soup of the day: leek, with soda bread.", "Soup of the day: tomato, with soda bread."),
        ("Meet Anna, who runs our kiln room.", "Meet Tomasz, who runs our kiln room."),
        ("Read https://example.org/glazes on glazes", "Read https://example.org/kilns on glazes"),
        ("Good morning all!", "Good morning everyone!"),
        ("Thank you so much!", "Thanks, that's so kind of you!"),
        ("Our kiln is lit. #fernhill #pottery", "Our cat is asleep. #fernhill #pottery"),
        ("Quiz night on 5 November, teams of six", "Quiz night on 3 December, teams of six"),
        ("Atelier mercredi 7 janvier, 5 places", "Atelier mercredi 21 janvier, 3 places"),
        ("", "Our kiln is lit."),
    ],
)
def test_other_thoughts_are_kept_apart(first: str, second: str) -> None:
    assert not same(first, second)
    assert not same(second, first)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("text", [SHORT, LONG])
def test_layout_changes_nothing(text: str, layout: Callable[[str], str]) -> None:
    laid_out = layout(text)
    assert same(laid_out, text)
    # A heading may say which place a draft is for, and that is evidence.
    if not evidence_of(laid_out).versions:
        assert sketch(laid_out, KEY) == sketch(text, KEY)


@given(st.lists(st.sampled_from(odd_text.WORDS), min_size=1, max_size=8).map(" ".join), st.sampled_from("🎉🧵❤👇"))
def test_emoji_at_the_end_change_no_sketch(text: str, emoji: str) -> None:
    assert sketch(f"{text} {emoji}", KEY) == sketch(text, KEY)


@given(texts)
def test_every_text_has_a_small_sketch(text: str) -> None:
    made = sketch(text, KEY)
    assert 0 < len(made) <= MOST_BYTES
    assert made == sketch(text, KEY)
    assert same_thought(made, made)


@given(texts, texts)
def test_it_does_not_matter_which_came_first(first: str, second: str) -> None:
    assert same(first, second) == same(second, first)


@pytest.mark.parametrize("text", odd_text.HARD.values(), ids=odd_text.HARD)
def test_the_hardest_texts_have_sketches(text: str) -> None:
    assert len(sketch(text, KEY)) <= MOST_BYTES


@pytest.mark.parametrize("text", [SHORT, LONG, "Same here."])
def test_another_key_makes_another_sketch(text: str) -> None:
    mine, theirs = sketch(text, KEY), sketch(text, b"another key")
    assert not same_thought(mine, theirs)
    features = [{made[at : at + 4] for at in range(0, len(made), 4)} for made in (mine, theirs)]
    assert features[0].isdisjoint(features[1])


def test_a_sketch_holds_no_text() -> None:
    made = sketch(LONG, KEY)
    for word, after in pairwise(LONG.split()):
        for part in (word, word.lower(), word + after):
            if len(part) > 3:
                assert part.encode() not in made


def test_a_long_draft_is_compared_by_its_rarest_words() -> None:
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghilmnoprstuvz", k=7)) for _ in range(400)]
    long = " ".join(words)
    assert len(sketch(long, KEY)) == MOST_BYTES
    assert same(" ".join(words[:30]), long)
    assert not same(" ".join("".join(rng.choices("abcdefghilmnoprstuvz", k=7)) for _ in range(30)), long)
