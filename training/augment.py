"""Changes to drafts that leave their label alone, against shortcuts such as "has a link, so it is content"."""

from __future__ import annotations

import random
import re

from coach.text import MENTION, URL

_LEADING = re.compile(rf"^(?:\s*(?:{MENTION.pattern})[\s,:]*)+")
_HASHTAGS_LAST = re.compile(r"(?:\s+#\w+)+\s*$")
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+")


def varied(text: str, rng: random.Random) -> str:
    """A draft as its author might as well have written it: without or with mention, link, hashtags, emoji.

    Args:
        text: a draft.
        rng: where the choices come from.

    Returns:
        The changed draft; the draft itself where nothing would be left of it.
    """
    changed = text
    # Seldom: a mention at the beginning does address somebody, and none is put where there was none.
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
