"""Presets: rules of thumb for a target, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.labels import CONVERSATION_KINDS, Kind


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule of thumb for a target.

    Attributes:
        name: what members choose it by.
        says: the rule in words.
        target: share of conversation, 0 to 1.
        band: how far the share may be from the target, 0 to 1.
        source: where the rule comes from.
        parts: for a rule that speaks of more than conversation, the kinds of drafts that come nearest to each of
            its parts, in the order in which it names them. They hold each kind once.
    """

    name: str
    says: str
    target: float
    band: float
    source: str
    parts: tuple[frozenset[Kind], ...] = ()


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "square-deal",
            "do both, half and half, with a wide band",
            0.50,
            0.15,
            "after the essay “It's called ‘social’ media for a reason”, which gives no number",
        ),
        Preset(
            "thirds",
            "a third promotes you, a third shares others' ideas, a third is personal interaction",
            0.33,
            0.10,
            "Sam Milbrath, Hootsuite blog, “Social media rule of thirds”",
            (frozenset({Kind.PROMOTE}), frozenset({Kind.INFORM, Kind.SHARE, Kind.ENTERTAIN}), CONVERSATION_KINDS),
        ),
        Preset(
            "five-five-five",
            "5 about you, 5 about others, 5 replies",
            0.33,
            0.10,
            "Shai Coggins, via Box of Rain, “The art of social media using ratios”",
            (frozenset({Kind.PROMOTE, Kind.SHARE}), frozenset({Kind.INFORM, Kind.ENTERTAIN}), CONVERSATION_KINDS),
        ),
        Preset(
            "seventy-twenty-ten",
            "70% useful information, 20% conversation, 10% yourself",
            0.20,
            0.08,
            "ADR Social Media, 16 September 2011",
            (frozenset({Kind.INFORM}), CONVERSATION_KINDS, frozenset({Kind.PROMOTE, Kind.SHARE, Kind.ENTERTAIN})),
        ),
        Preset(
            "listener",
            "80% in response to others",
            0.80,
            0.10,
            "Sam Flynn, “The 80/20 rule”, 15 November 2010",
        ),
    )
}
