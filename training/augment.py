"""Changes to drafts that keep their label, to prevent shortcuts such as "has a link, so it is content"."""

from __future__ import annotations

import random
import re
import unicodedata

from coach.text import MENTION, URL
from training.layouts import HASHTAGS, LAYOUTS

_LEADING = re.compile(rf"^(?:\s*(?:{MENTION.pattern})[\s,:]*)+")
_HASHTAGS_LAST = re.compile(r"(?:\s+#\w+)+\s*$")
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+")
_LAYOUTS = (*LAYOUTS.values(), *HASHTAGS.values())
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def varied(text: str, rng: random.Random) -> str:
    """A draft as its author could also have written it: in another layout, with or without things few would miss.

    It may lose or gain a link, hashtags, emoji, a capital letter, accents or the last punctuation mark.

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
    elif rng.random() < 0.04 and (tags := _HASHTAGS_LAST.search(changed)):
        changed = f"{tags[0].strip()} {changed[: tags.start()]}"
    if rng.random() < 0.15:
        changed = changed.replace("#", "")
    if rng.random() < 0.3:
        changed = _EMOJI.sub("", changed)
    if rng.random() < 0.15:
        changed = changed.replace("\n", " ")
    if rng.random() < 0.1:
        changed = changed.rstrip(".! ")
    elif rng.random() < 0.03:
        changed = changed.rstrip("? ")
    changed = _in_other_letters(changed, rng)
    if rng.random() < 0.06:
        changed = rng.choice(_LAYOUTS)(changed)
    return changed if any(char.isalnum() for char in changed) else text


def _in_other_letters(text: str, rng: random.Random) -> str:
    """A draft as somebody in a hurry, or at another keyboard, would have typed it."""
    if rng.random() < 0.05:
        text = text[:1].lower() + text[1:]
    elif rng.random() < 0.03:
        text = text.lower()
    if rng.random() < 0.15:
        text = _APOSTROPHE.sub(rng.choice(("'", "’", "'", "’", "")), text)
    if not text.isascii() and rng.random() < 0.08:
        if rng.random() < 0.5:
            text = text.translate(_GERMAN)
        text = "".join(char for char in unicodedata.normalize("NFD", text) if not "\u0300" <= char <= "\u036f")
    return text
