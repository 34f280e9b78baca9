"""What the bot says when it arrives: once to a server, and once to each member at their first sign."""

from __future__ import annotations

from collections.abc import Sequence

BEGIN = "open the channel for drafts and type **/setup here** (for those who manage the server)."
CHECK = "type **/setup check** (for those who manage the server): it names what I still may not do, and the cure."


def watched_already(channel: str) -> str:
    """The next step if a channel is watched; `channel` is its mention."""
    return f"write a draft in {channel}, and see which sign it gets."


def greeting(content: str, conversation: str, next_step: str) -> str:
    """What a server is told when the bot joins it.

    Args:
        content: the sign of content.
        conversation: that of conversation.
        next_step: the one thing to do.
    """
    return (
        f"Hello, I'm Square Deal. In a channel for drafts, I mark each draft of a post: {content} is **content** "
        f"(you tell), {conversation} is **conversation** (you talk with people). I keep each author's balance of "
        "the two, and say a word when one falls behind.\n"
        f"**Next step**: {next_step}\n"
        "**/help** shows what else there is, **/privacy what** says what I keep. I say this only once."
    )


YOUR_DRAFT = "your draft"


def draft_in(draft: str, server: str) -> str:
    """A draft, given as its link, and the server that it is in."""
    return f"{draft} in {server}"


def welcome(signs: Sequence[str], draft: str, *, by_author: bool) -> str:
    """What a member is told at their first sign.

    Args:
        signs: those of content and of conversation.
        draft: what their draft is called, or a link to it.
        by_author: whether they change a label by adding the other sign.
    """
    content, conversation = signs
    other = "add the other sign yourself, or " if by_author else ""
    return (
        f"The sign on {draft} is mine: {content} means **content** (you tell), {conversation} means "
        "**conversation** (you talk with people). I keep your balance of the two.\n"
        f"Am I wrong? Then {other}right-click the draft (on a phone, hold it), **Apps**, **Change label**. "
        "To be left alone: **/nudges off** keeps me quiet, **/privacy pause** stops me reading you.\n"
        "I say this only once. **/help** shows the rest."
    )
