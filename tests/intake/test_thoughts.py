"""Which drafts are one thought by their words; how the sketches themselves tell is in `test_sketch.py`."""

from __future__ import annotations

import pytest

from coach.intake.thoughts import relate, words_of
from coach.intake.threads import MOST_READ, to_read
from coach.store import ChangedThread, Neighbour, Relation
from tests.support.drafts import ASKS, TELLS

KEY = b"key"


def draft(key: int, text: str, channel: int = 10) -> Neighbour:
    return Neighbour(key, channel, key * 60, words_of(text, KEY))


def test_the_same_words_make_variants_the_nearest_first() -> None:
    others = [draft(1, TELLS), draft(2, ASKS), draft(3, f"LinkedIn: {TELLS}")]
    assert list(relate(draft(4, TELLS), others).items()) == [(3, Relation.VARIANT), (1, Relation.VARIANT)]


def test_numbered_parts_belong_to_the_one_before_and_the_one_after() -> None:
    first, second, third = (
        draft(1, "1/3 How we learned to mend bicycles."),
        draft(3, "2/3 It started with a broken chain."),
        draft(5, "3/3 The workshop is open on Saturdays."),
    )
    assert relate(second, [first, third]) == {1: Relation.PART, 5: Relation.PART}
    assert relate(third, [first]) == {}


@pytest.mark.parametrize("other", [draft(1, "1/5 Another story begins."), draft(1, "1/3 Elsewhere.", channel=11)])
def test_parts_of_another_length_or_elsewhere_are_another_thread(other: Neighbour) -> None:
    assert relate(draft(2, "2/3 It started with a broken chain."), [other]) == {}


def test_a_new_thread_does_not_go_on_with_an_old_one() -> None:
    old = [draft(1, "1/ How we mend bicycles."), draft(2, "2/ It started with a chain.")]
    assert relate(draft(3, "1/ Ten loaves for a Sunday."), old) == {}
    both = [*old, draft(3, "1/ Ten loaves for a Sunday.")]
    assert relate(draft(4, "2/ Rye first, as it takes longest."), both) == {3: Relation.PART}


def test_of_a_long_thread_the_opening_and_the_close_are_read() -> None:
    ids = to_read(ChangedThread(1, 100, 10, dict.fromkeys(range(1, 41), b"")))
    assert len(ids) == MOST_READ
    assert (ids[0], ids[12], ids[13], ids[-1]) == (1, 13, 29, 40)
