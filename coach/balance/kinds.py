"""The kinds of drafts in a span of days, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from coach.labels import CONVERSATION_KINDS, Kind, Label


class KindCount(NamedTuple):
    """How many counted drafts of a local day have a label and a kind; the label may have been set by hand."""

    day: date
    label: Label
    kind: Kind
    drafts: int


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of some drafts.

    The model's kind is that of the label it gave. If the author says that the draft is the other, or if the model
    couldn't read it, only its label is known.

    Attributes:
        known: how many drafts are of each kind; kinds without drafts are missing.
        by_hand: how many of each label have no kind, as their label was set by hand; labels without are missing.
    """

    known: Mapping[Kind, int]
    by_hand: Mapping[Label, int]

    def of(self, kinds: Iterable[Kind]) -> int:
        """How many drafts are of one of these kinds; all conversation counts with all of its kinds."""
        wanted = frozenset(kinds)
        without_kind = self.by_hand.get(Label.CONVERSATION, 0) if wanted >= CONVERSATION_KINDS else 0
        return sum(self.known.get(kind, 0) for kind in wanted) + without_kind


def label_of(kind: Kind) -> Label | None:
    """The label that a kind belongs to; None for `Kind.NONE`."""
    if kind is Kind.NONE:
        return None
    return Label.CONVERSATION if kind in CONVERSATION_KINDS else Label.CONTENT


def kinds_in(counts: Iterable[KindCount], last: date, days: int) -> Kinds:
    """The kinds of the drafts in the `days` local days that end with `last`.

    Args:
        counts: counts by local day, none of a day that has not come yet (see `coach.balance.standing.up_to`).
        last: the last day.
        days: how many days.
    """
    first = last - timedelta(days=days - 1)
    known: dict[Kind, int] = {}
    by_hand: dict[Label, int] = {}
    for day, label, kind, drafts in counts:
        if not first <= day <= last:
            continue
        if label_of(kind) is label:
            known[kind] = known.get(kind, 0) + drafts
        else:
            by_hand[label] = by_hand.get(label, 0) + drafts
    return Kinds(known, by_hand)
