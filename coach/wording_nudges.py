"""What the bot says about nudges: why a draft brought none, how some are held back, and whether nudges help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from coach.nudging.policy import Silence
from coach.nudging.trial import LEAST_AUTHORS, Finding, Progress, next_look
from coach.wording import number, percent

WHY_TITLE = "Why no nudge?"
NO_DECISIONS = "There is no draft of yours that I have decided on yet."
BROUGHT_ONE = "It brought a nudge."
DO_THEY_HELP = "Do nudges help?"

TRIAL_OFF = "No nudge of yours is held back any more."
TRIAL_OFF_HERE = "Noted, but here no nudges are held back at all."


def silence_line(silence: Silence | None) -> str:
    """Why a draft brought no nudge, to its author; None: it brought one."""
    match silence:
        case None:
            return BROUGHT_ONE
        case Silence.READ_LATE:
            return "I read it late, or it became a draft by an edit; only new drafts bring nudges."
        case Silence.JOINED:
            return "It counts together with an earlier draft; only the first of a thought brings a nudge."
        case Silence.UNKNOWN_LANGUAGE:
            return "It looked like a language that I don't know."
        case Silence.QUESTION:
            return "I asked you for its label instead."
        case Silence.ASKED_ENOUGH:
            return "I wasn't sure of its label, and had asked you enough that day; **/history** lets you say it."
        case Silence.OFF:
            return "You had turned nudges off; **/nudges where** brings them back."
        case Silence.SUMMARY_ONLY:
            return "For you the daily summary says what is due; **/nudges where** changes that."
        case Silence.DM_REFUSED:
            return "Your nudges come by direct message, and Discord won't let me write to you: **/nudges where**."
        case Silence.TOO_FEW:
            return "There were too few drafts to tell where the balance stood."
        case Silence.INSIDE:
            return "The balance was inside its band."
        case Silence.UNCERTAIN:
            return "The balance was outside its band, but that wasn't certain."
        case Silence.IS_LACKING:
            return "It was just what the balance lacked."
        case Silence.SNOOZED:
            return "You had put nudges off."
        case Silence.QUIET_HOURS:
            return "It came in your quiet hours; **/nudges quiet** moves them."
        case Silence.CAP:
            return "The day's nudges were used up."
        case Silence.GAP:
            return (
                "The last one, shown or held back, or a reminder to answer, was too short a while ago; "
                "**/nudges pace** sets the wait."
            )
        case Silence.HELD_BACK:
            return (
                "A nudge was due, and I held it back on purpose, to learn whether nudges help; **/nudges trial** "
                "turns that off."
            )
        case Silence.OVERTAKEN:
            return "Another of your drafts brought one at the same moment."
        case Silence.NOT_SENT:
            return "I had something to say, but it couldn't be sent, or was settled first."
        case Silence.FAILED:
            return "Something went wrong on my side."
        case _:
            assert_never(silence)


def about_drafts(drafts: Sequence[str], silence: Silence | None) -> str:
    """Why drafts in a row brought no nudge; each is given as the text that Discord shows for it."""
    return f"{', '.join(drafts)}: {silence_line(silence)}"


def nudge_here(silence: Silence | None) -> str:
    """Why a draft brought no nudge, below what is said about its label."""
    return silence_line(silence) if silence is None else f"No nudge: {_lower_first(silence_line(silence))}"


def longer_wait(wait: timedelta) -> str:
    """How long the wait is while it is longer than chosen."""
    hours = wait.total_seconds() / 3600
    return f"For now I wait {number(hours)} hours, as the last nudges led nowhere."


def trial_line(held_back: float) -> str:
    """How many of a member's nudges are held back; `held_back` is their share, above 0."""
    return (
        f"About {percent(held_back)} of the nudges that are due I hold back on purpose, chosen by lot, to learn "
        "whether nudges help. **/nudges trial** turns that off."
    )


def trial_result(progress: Progress) -> str:
    """Whether nudges do anything, as far as the trial shows."""
    finding = progress.finding
    if finding is None and not progress.look:
        first = next_look(0)
        return f"Too early to tell: {progress.occasions} of {first} occasions to nudge so far."
    if finding is None:
        return f"Too few authors to tell: it takes {number(LEAST_AUTHORS)}."
    return (
        f"After a nudge, what was lacking followed in {percent(finding.after_nudge)} of cases, without one in "
        f"{percent(finding.without)}: {_verdict(finding)}. The difference lies between {_points(finding.low)} and "
        f"{_points(finding.high)} points (90% interval, {finding.occasions:,} occasions); I look again at "
        f"{next_look(progress.look):,}."
    )


def _verdict(finding: Finding) -> str:
    if finding.helps:
        return "it holds, nudges help"
    return "nudges do not help" if finding.hinders else "no proof yet"


def _points(difference: float) -> str:
    """A difference of rates in points, as exactly as it takes to be on the same side of none."""
    told = f"{difference * 100:+.1f}"
    return (told if float(told) or not difference else f"{difference * 100:+.1g}").replace("-", "−")


def _lower_first(sentence: str) -> str:
    return sentence if sentence.startswith("I ") else sentence[0].lower() + sentence[1:]
