"""Which drafts of an author are one thought by their words: variants that say the same, and numbered parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.intake.parts import named_version, numbered_part
from coach.intake.sketch import same_thought, sketch
from coach.store import Neighbour, Relation, Words


def words_of(text: str, secret: bytes) -> Words:
    """What is kept of a draft's words for a while.

    Args:
        text: the draft.
        secret: the key of the sketch, up to 64 bytes.
    """
    part, parts = numbered_part(text) or (None, None)
    return Words(sketch(text, secret), part, parts, named_version(text))


def relate(draft: Neighbour, others: Sequence[Neighbour]) -> dict[int, Relation]:
    """How other drafts are one thought with a draft, by message id: parts of its thread, then what is nearest.

    Args:
        draft: the draft.
        others: others of the same author, from around the same time.
    """
    found = dict.fromkeys(_parts_beside(draft, others), Relation.PART)
    for one in sorted(others, key=lambda one: abs(one.posted_at - draft.posted_at)):
        earlier, later = sorted((draft, one), key=lambda each: each.message_id)
        if one.message_id not in found and same_thought(earlier.words.sketch, later.words.sketch):
            found[one.message_id] = Relation.VARIANT
    return found


def _parts_beside(draft: Neighbour, others: Sequence[Neighbour]) -> list[int]:
    """The numbered drafts just before and after a draft in its channel, if the numbers follow one another."""
    if draft.words.part is None:
        return []
    numbered = [one for one in others if one.channel_id == draft.channel_id and one.words.part is not None]
    numbered = sorted([*numbered, draft], key=lambda one: one.message_id)
    beside = [pair for pair in pairwise(numbered) if draft in pair and _follows(*pair)]
    return [one.message_id for pair in beside for one in pair if one is not draft]


def _follows(first: Neighbour, second: Neighbour) -> bool:
    totals = {first.words.parts, second.words.parts} - {None}
    return (first.words.part or 0) + 1 == second.words.part and len(totals) < 2
