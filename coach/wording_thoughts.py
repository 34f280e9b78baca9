"""What the bot says about thoughts: which drafts count together, and what a click did."""

from __future__ import annotations

from coach.store.thought_store import InThought
from coach.wording import number
from coach.wording_drafts import UNDO

BUTTONS = {
    "own": "Count it on its own",
    "before": "Same thought as the one before",
    "back": UNDO,
}
CHANGE_THOUGHTS = "Count drafts together, or on their own"


def place_words(place: InThought) -> str:
    """The place of a draft in a thought, such as "one of three variants" or "part 2 of 5"."""
    words: list[str] = []
    if place.parts:
        words.append(f"part {place.part} of {place.parts}")
    if place.variants > 1:
        words.append(f"one of {number(place.variants)} variants")
    return ", ".join(words)


def place_text(place: InThought | None, other: str | None = None) -> str:
    """What a draft counts together with.

    Args:
        place: its place in a thought; None if it is a thought of its own.
        other: address of a draft that it has just been put together with; None if there is none.
    """
    if place is None:
        return "This draft counts on its own."
    text = f"This draft is **{place_words(place)}** of one thought, which counts once."
    if place.counts:
        text += " This one counts, as the newest that has a label."
    else:
        text += " The newest one that has a label counts."
    if place.parts:
        text += (
            " The parts of a thread have one label, which I find by reading them together; if you change that of "
            "one part, the others follow."
        )
    return f"Counted together with {other} from now on. {text}" if other else text


def history_note(place: InThought) -> str:
    """What a list of drafts says about one that counts together with others."""
    return place_words(place) if place.counts else f"{place_words(place)}, counted with a newer one"
