"""What the bot says about posted drafts: the mark, what a balance counts, and the reminder to answer replies."""

from __future__ import annotations

from typing import Literal

from coach.settings import Counts, NudgeWhere
from coach.wording import counted, number

MENU = "Posted or not"
"""The entry of the message menu."""

COME_BACK = "This went out a while ago. Go and answer whoever replied: so a post becomes a conversation."

POSTED = "posted"

MIXED = "For some accounts, only drafts that are marked as posted count."

NO_COMEBACKS = "You are not reminded to come back and answer."


def marked(*, posted: bool, sign: str | None) -> str:
    """What using the menu's entry did; `sign` is the emoji that does the same, None if reactions are not read."""
    if not posted:
        return "This draft is no longer marked as posted."
    how = f" A {sign} of its author does the same." if sign is not None else ""
    return f"Marked as posted.{how} To take that back, use **{MENU}** again."


def went_out(drafted: int, posted: int, *, shared: bool = False) -> str:
    """How much of what a member drafted went out, such as "Posted: four of nine drafts".

    `shared` says whether it stands below the figures of all who share a balance.
    """
    begins = "You posted" if shared else "Posted:"
    return f"{begins} {number(posted) if posted else 'none'} of {counted(drafted, 'draft')}."


def nothing_counts(says: str, counts: Counts | Literal["mixed"]) -> str:
    """What is said if there is nothing to show, and why that may be."""
    return f"{says} {only}" if (only := only_posted(counts)) else says


def only_posted(counts: Counts | Literal["mixed"]) -> str:
    """What a balance counts if that is not everything; else empty."""
    match counts:
        case "drafted":
            return ""
        case "posted":
            return "Only drafts that are marked as posted count."
        case "mixed":
            return MIXED


def how_to_mark(sign: str | None) -> str:
    """How a draft is marked as posted; `sign` as for `marked`."""
    menu = f"in its menu, **Apps**, **{MENU}**"
    return (
        f"Its author marks a draft with {sign}, or {menu}." if sign is not None else f"A draft is marked {menu}."
    )


def counts_now(name: str | None, counts: Counts, sign: str | None) -> str:
    """What a balance counts from now on.

    Args:
        name: the account, safe to show; None for drafts that belong to no account.
        counts: what it counts.
        sign: as for `marked`.
    """
    what = f"The balance of **{name}**" if name is not None else "The balance of drafts without an account"
    if counts == "drafted":
        return f"{what} counts everything that is drafted."
    return f"{what} counts only what is posted. {how_to_mark(sign)}"


def comebacks(*, on: bool, hours: float, where: NudgeWhere) -> str:
    """Whether and when a member is reminded to answer.

    Args:
        on: whether they want that.
        hours: how long after a draft was marked as posted.
        where: where their nudges go, and so the reminders.
    """
    if not on:
        return NO_COMEBACKS
    if where not in ("reply", "dm"):
        return (
            "You want to be reminded to come back and answer, but reminders come where nudges do, and yours don't "
            "come between summaries: **/nudges where** changes that."
        )
    return (
        f"About {counted(hours, 'hour')} after content is marked as posted, one line reminds you to answer "
        "whoever replied. It counts as one of the day's nudges."
    )
