"""What the bot says about numbers: plain sentences from standings, labels and tips."""

from __future__ import annotations

import re

from coach.balance.standing import SLACK, Goal, Position, Standing, Tally, credible
from coach.balance.week import Week
from coach.labels import Kind, Label, Verdict
from coach.members.preferences import Preferences
from coach.nudging.advice import Nudge
from coach.nudging.tips import Outcome, Quote, Tip
from coach.store import StoredDraft

KIND_WORDS = {
    Kind.REPLY: "a reply to somebody",
    Kind.APPRECIATE: "thanks or good wishes to people",
    Kind.ASK: "a question to readers",
    Kind.BANTER: "social talk",
    Kind.INFORM: "news, knowledge or a link",
    Kind.PROMOTE: "a call to act for you",
    Kind.ENTERTAIN: "a joke, story or play",
    Kind.SHARE: "an opinion, feeling or status",
}

NOT_ENGLISH = "I find no English in this, and English is all that I have learned."

# What Discord takes for bold, italics, underline, spoiler, code, strike-through or a link in disguise.
_MARKUP = re.compile(r"[\\*_~`|\[]")

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(count: int) -> str:
    """A count in words up to ten, in figures beyond."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else str(count)


def counted(number_of: float, thing: str) -> str:
    """A number of things in figures, such as "1 hour" or "2.5 hours"."""
    return f"{number_of:g} {_plural(thing, number_of)}"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}"


def percent_by(goal: Goal, tally: Tally) -> str:
    """A tally's share in per cent, as exactly as it takes to stand on the same side of the band's edges."""
    share = tally.share or 0.0
    for digits in range(3):
        told = f"{share:.{digits}%}"
        rounded = float(told[:-1]) / 100
        if (goal.low - SLACK <= rounded <= goal.high + SLACK) == goal.holds(tally):
            return told
    return f"{share:.3%}"


def band_words(goal: Goal) -> str:
    """The band's edges, such as "35% to 65%"."""
    return f"{percent(goal.low)} to {percent(goal.high)}"


PAUSED = "Paused: drafts are not read at present; `/privacy resume` starts again."


def questions_line(preferences: Preferences) -> str:
    """Whether and where the bot asks about drafts that could be either."""
    if preferences.questions:
        where = "by direct message about" if preferences.nudge_where == "dm" else "below"
        return f"I ask {where} a draft that could be either, with two buttons. `/nudges questions` turns that off."
    return "I do not ask about drafts that could be either. `/nudges questions` turns that on."


def literal(text: str) -> str:
    """A text with the marks in it escaped, so that Discord shows them and lays nothing out by them."""
    return _MARKUP.sub(r"\\\g<0>", text)


def goal_line(goal: Goal) -> str:
    """The goal in words, such as "50% conversation, give or take 15 points (35% to 65%), over 14 days"."""
    points = counted(round(goal.band * 100), "point")
    return (
        f"{percent(goal.target)} conversation, give or take {points} ({band_words(goal)}), over "
        f"{window_words(goal)}"
    )


def window_words(goal: Goal) -> str:
    """The goal's window, such as "14 days"."""
    return counted(goal.window_days, "day")


def share_line(standing: Standing) -> str:
    """The share with its window, or that there is nothing to go by yet."""
    tally, window = standing.tally, window_words(standing.goal)
    if tally.share is None:
        return f"No drafts in the last {window}."
    share = percent_by(standing.goal, tally)
    return f"{share} conversation over the last {window} ({counted(tally.drafts, 'draft')})."


def position_line(standing: Standing, min_drafts: int) -> str:
    """On which side of the band the share lies, and whether there are drafts enough to be sure of it."""
    tally, band = standing.tally, band_words(standing.goal)
    if standing.position is Position.TOO_FEW:
        return f"{tally.drafts} of {counted(min_drafts, 'draft')}: too few to tell."
    if standing.wanted is None:
        return f"Inside the band of {band}."
    side = "below" if standing.wanted is Label.CONVERSATION else "above"
    if standing.position is Position.UNCERTAIN:
        share, drafts = percent_by(standing.goal, tally), counted(tally.drafts, "draft")
        return f"{share} is {side} the band of {band}, but on {drafts} that is not certain."
    due = "more conversation" if standing.wanted is Label.CONVERSATION else "content"
    return f"{side.capitalize()} the band of {band}: {due} is due."


def credit_line(standing: Standing) -> str:
    """The credit in words, such as "Conversation in 14 days has earned three content posts"."""
    window = window_words(standing.goal)
    if due := standing.replies_due:
        drafts = f"{number(due).capitalize()} {_plural('conversation draft', due)}"
        return f"{drafts} away from a square deal, over {window}."
    if earned := standing.posts_earned:
        return f"Conversation in {window} has earned {number(earned)} {_plural('content post', earned)}."
    return f"Conversation and content of {window} are square."


def streak_line(standing: Standing) -> str:
    """The streak in words."""
    if not standing.streak:
        return "No streak at present."
    if standing.streak == 1:
        return "One active day in the band."
    return f"{number(standing.streak).capitalize()} active days in a row in the band."


def breadth_line(people: int, window_days: int) -> str:
    """How many people a member's conversation names with an @; a name without one can't be told from a word."""
    if not people:
        return f"No @names in conversation drafts in {counted(window_days, 'day')}."
    who = "one person" if people == 1 else f"{number(people)} different people"
    return f"Conversation with {who} by @name in {counted(window_days, 'day')}."


def next_step(standing: Standing) -> str:
    """One step in reach, in either direction."""
    if standing.position is Position.TOO_FEW:
        return "Draft what you have in mind; a few more show where you stand."
    wanted = standing.wanted
    if standing.position is Position.UNCERTAIN:
        if wanted is Label.CONVERSATION:
            return "Perhaps below the band; a reply or a question comes next."
        return "Perhaps above the band; something worth publishing comes next."
    if wanted is Label.CONVERSATION:
        return f"{_reach(standing.replies_due, 'reply or question', 'replies or questions')}."
    if wanted is Label.CONTENT:
        return f"{_reach(standing.posts_earned, 'useful post', 'useful posts')}."
    if standing.replies_due:
        return "Inside the band; a reply or a question comes next."
    if standing.posts_earned:
        return "Inside the band; something worth publishing comes next."
    return "All square; take up whichever you have at heart."


TIP_RECORD_HEAD = f"{'tip':<34} {'shown':>6} {'heeded':>7}   heeded rate, 95% credible"


def tip_record(tip: str, past: Outcome) -> str:
    """How a tip fared, with the interval in which its rate of being heeded lies at 95%."""
    low, high = credible(past.heeded, past.ignored)
    shown = past.heeded + past.ignored
    return f"{tip:<34} {shown:>6} {past.heeded:>7}   {percent(low)} to {percent(high)}"


def nudge_text(nudge: Nudge) -> str:
    """A nudge: the steps in reach, the tip with its reason, and the quotation with its source."""
    tally = nudge.standing.tally
    window = window_words(nudge.standing.goal)
    lines = [
        f"**{tally.content} content, {tally.conversation} conversation** in {window}. {next_step(nudge.standing)}",
        *([literal(nudge.step)] if nudge.step else []),
        tip_text(nudge.tip, nudge.quote),
    ]
    return "\n".join(lines)


def week_lines(week: Week, standing: Standing) -> list[str]:
    """The look-back on a week: counts, trend, active days with the streak, and the best day for replies."""
    tally, before = week.tally, week.before
    lines = [f"**{tally.content} content, {tally.conversation} conversation** in 7 days, {_share(tally)}."]
    if before.share is None or tally.share is None:
        lines.append("Nothing was drafted in the 7 days before.")
    else:
        # The difference of the figures beside it: of the bare shares it may be one more or less.
        change = round(tally.share * 100) - round(before.share * 100)
        trend = (
            f"{counted(abs(change), 'point')} {'more' if change > 0 else 'less'} than" if change else "the same as"
        )
        lines.append(f"Conversation: {trend} in the 7 days before ({_share(before)}).")
    lines.append(f"Drafts on {week.active} of 7 days. {streak_line(standing)}")
    if week.best is not None:
        lines.append(f"Best day for replies: {week.best:%A}.")
    return lines


def tip_text(tip: Tip, quote: Quote | None) -> str:
    """A tip's advice and reason, and its quotation below."""
    text = f"{tip.advice} {tip.reason}"
    return f"{text}\n> {quote.line}" if quote else text


def own_tips(count: int) -> str:
    """How many tips of its own a server has."""
    if not count:
        return "This server has the shipped tips only."
    return f"This server has {number(count)} {_plural('tip', count)} of its own now, beside the shipped ones."


def certainty_of(label: Label, probability: float) -> str:
    """How sure the labeller is of a label, such as "87% sure"."""
    return f"{percent(probability if label is Label.CONVERSATION else 1 - probability)} sure"


def question(kind: Kind) -> str:
    """What an author is asked about a draft that could be either."""
    asks = "Is this one **content** (you tell) or **conversation** (you talk with people)?"
    return f"{NOT_ENGLISH} {asks}" if kind is Kind.NONE else asks


def verdict_line(verdict: Verdict) -> str:
    """Label, certainty and kind of a text in one line."""
    if verdict.kind is Kind.NONE:
        return f"{NOT_ENGLISH} I would guess {verdict.label}."
    line = f"**{verdict.label.capitalize()}**, {certainty_of(verdict.label, verdict.probability)}"
    line += f": {KIND_WORDS[verdict.kind]}"
    return line + (". It could be read either way." if verdict.unsure else ".")


def reasons_line(verdict: Verdict) -> str:
    """The cues that moved the label most."""
    return f"Because: {literal('; '.join(verdict.reasons))}." if verdict.reasons else "No single cue decided it."


def draft_line(draft: StoredDraft) -> str:
    """A stored draft's label and where it comes from."""
    if draft.label is None:
        return "Set aside: not counted as a draft."
    if draft.labelled_by == "member":
        return f"**{draft.label.capitalize()}**, set by hand."
    return f"**{draft.label.capitalize()}**, {certainty_of(draft.label, draft.probability)}."


def why_text(draft: StoredDraft, verdict: Verdict | None) -> str:
    """What stands on a draft and what moved it; `verdict` is that of its words, None where it has none."""
    lines = [draft_line(draft)]
    if verdict is not None:
        if draft.labelled_by == "member":
            lines.append(f"By its words alone: {verdict_line(verdict)}")
        lines.append(reasons_line(verdict))
    return "\n".join(lines)


def _reach(count: int, one: str, many: str) -> str:
    # A number that frightens helps nobody; the next step is always one.
    if count <= 1:
        return f"One {one} brings you back to a square deal"
    if count == 2 and " or " in one:
        return f"One {one.replace(' or ', ' and one ')} bring you back to a square deal"
    if count <= 5:
        return f"{number(count).capitalize()} {many} bring you back to a square deal"
    return f"Start with one {one}; the rest follows"


def _share(tally: Tally) -> str:
    return "no drafts" if tally.share is None else f"{percent(tally.share)} conversation"


def _plural(word: str, count: float) -> str:
    return word if count == 1 else word + "s"
