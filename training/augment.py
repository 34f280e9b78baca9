"""Changes to drafts that keep their label, to prevent shortcuts such as "has a link, so it is content"."""

from __future__ import annotations

import random
import re

from coach.text import MENTION, URL

_LEADING = re.compile(rf"^(?:\s*(?:{MENTION.pattern})[\s,:]*)+")
_HASHTAGS_LAST = re.compile(r"(?:\s+#\w+)+\s*$")
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+")


def varied(text: str, rng: random.Random) -> str:
    """A draft as its author could also have written it: with or without mentions, links, hashtags and emoji.

    Args:
        text: a draft.
        rng: makes the choices.

    Returns:
        The changed draft; the draft itself if nothing would be left of it.
    """
    changed = text
    # Rarely: a mention at the beginning addresses somebody. None is added.
    if rng.random() < 0.12:
        changed = _LEADING.sub("", changed)
    if rng.random() < 0.25:
        changed = URL.sub("", changed)
    elif rng.random() < 0.08:
        changed = f"{changed} https://example.org/a"
    if rng.random() < 0.25:
        changed = _HASHTAGS_LAST.sub("", changed)
    if rng.random() < 0.15:
        changed = changed.replace("#", "")
    if rng.random() < 0.3:
        changed = _EMOJI.sub("", changed)
    if rng.random() < 0.15:
        changed = changed.replace("\n", " ")
    if rng.random() < 0.1:
        changed = changed.rstrip(".! ")
    return changed if any(char.isalnum() for char in changed) else text
