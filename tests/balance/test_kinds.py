"""Kinds add up to the tally beside them, and no kind stands under a label that it does not belong to."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coach.balance.kinds import KindCount, kinds_in, label_of
from coach.balance.presets import PRESETS
from coach.balance.standing import Tally, window_sum
from coach.labels import Kind, Label

TODAY = date(2026, 11, 20)

counts = st.lists(
    st.builds(
        KindCount,
        st.integers(0, 20).map(lambda back: TODAY - timedelta(days=back)),
        st.sampled_from(Label),
        st.sampled_from(Kind),
        st.integers(1, 9),
    ),
    max_size=30,
)


@given(counts, st.integers(0, 5), st.integers(1, 20))
def test_kinds_and_those_set_by_hand_are_the_tally_of_the_same_days(
    given_counts: list[KindCount], back: int, days: int
) -> None:
    tallies: dict[date, Counter[Label]] = {}
    for count in given_counts:
        tallies.setdefault(count.day, Counter())[count.label] += count.drafts
    last = TODAY - timedelta(days=back)
    by_day = {day: Tally(of[Label.CONTENT], of[Label.CONVERSATION]) for day, of in tallies.items()}
    tally, kinds = window_sum(by_day, last, days), kinds_in(given_counts, last, days)
    for label, drafts in zip((Label.CONTENT, Label.CONVERSATION), tally, strict=True):
        known = sum(number for kind, number in kinds.known.items() if label_of(kind) is label)
        assert known + kinds.by_hand.get(label, 0) == drafts
    # The parts of a rule hold all drafts but those of whose kind nothing is known.
    for preset in PRESETS.values():
        if preset.parts:
            assert sum(kinds.of(part) for part in preset.parts) == tally.drafts - kinds.by_hand.get(
                Label.CONTENT, 0
            )


def test_the_parts_of_a_rule_hold_each_kind_once() -> None:
    for preset in PRESETS.values():
        if preset.parts:
            assert sorted(kind for part in preset.parts for kind in part) == sorted(set(Kind) - {Kind.NONE})
