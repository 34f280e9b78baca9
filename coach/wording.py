"""What the bot says about numbers: shares, goals, credit, streaks, the day and the week, in plain sentences.

Everything members read is here and in the files `wording_*.py` beside this one, to be read through and
translated. These files know no markup but bold, for what is typed or clicked: a sign, a mention or a moment is
passed to them as the text that Discord shows for it. Numbers up to nine are words in sentences; in tables, and
where counts stand side by side, all are figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from coach.balance.beta import credible_interval
from coach.balance.kinds import Kinds, label_of
from coach.balance.presets import PRESETS
from coach.balance.standing import SLACK, Goal, Position, Standing, Tally, window_sum
from coach.balance.week import Week
from coach.labels import Kind, Label
from coach.nudging.tips import Outcome

GOAL, CREDIT, STREAK, BREADTH, KINDS = "Goal", "Credit", "Streak", "Breadth", "Kinds"
NEXT_STEP, TIP, ALL_TOGETHER, ONE_THING = "Next step", "Tip", "All together", "One thing to try"

A_MEMBER = "A member"
SOMEBODY = "Somebody"
SOMEBODY_WHO_LEFT = "Somebody who left"

NOTHING_TODAY = "Nothing that counts has been drafted today, so there is no summary yet."
NOTHING_THIS_WEEK = (
    "Nothing that counts has been drafted in the last seven days, so there is nothing to look back on."
)

OWN_BALANCE_ONLY = "You can see your own balance; others' only if you manage the server."

A_LITTLE = 0.1
"""How far outside the band a share (0 to 1) may be for "a little below" or "a little above"."""

KIND_NAMES = {
    Kind.INFORM: "inform",
    Kind.PROMOTE: "promote",
    Kind.SHARE: "share",
    Kind.ENTERTAIN: "entertain",
    Kind.REPLY: "reply",
    Kind.APPRECIATE: "thank",
    Kind.ASK: "ask",
    Kind.BANTER: "banter",
}
"""The kinds in the order in which they are listed."""

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(count: float) -> str:
    """A number in words up to nine; in figures beyond, or if it is not whole."""
    if count != int(count):
        return f"{count:g}"
    return _SMALL[int(count)] if 0 <= count < len(_SMALL) else str(int(count))


def counted(count: float, thing: str) -> str:
    """A number of things for a sentence, such as "one hour" or "14 days"."""
    return f"{number(count)} {plural(thing, count)}"


def plural(word: str, count: float) -> str:
    """A noun as it stands after a count."""
    return word if count == 1 else word + "s"


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}"


def percent_by(goal: Goal, share: float) -> str:
    """A share (0 to 1) in per cent, as exactly as it takes to stand where it does: below, in or above the band."""
    told, side = percent(share), _side(goal, share)
    if _side(goal, float(told[:-1]) / 100) == side:
        return told
    # The band's edges are whole tenths of a per cent, so a share that is rounded away from them stays outside.
    rounded = (round, math.floor, math.ceil)[side](share * 1000)
    return f"{rounded / 10:.1f}%"


def exact_percent(share: float) -> str:
    """A goal's share or one of its edges (0 to 1) in per cent, to the tenth if it is not a whole number."""
    return f"{round(share * 100, 1):g}%"


def long_date(day: date) -> str:
    """A date with its weekday, such as "Friday, 20 November 2026"."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def band_words(goal: Goal) -> str:
    """The band's edges, such as "35% to 65%"."""
    return f"{exact_percent(goal.low)} to {exact_percent(goal.high)}"


def goal_line(goal: Goal) -> str:
    """The goal in words, such as "50% conversation, give or take 15 points (35% to 65%), over 14 days"."""
    points = counted(round(goal.band * 100, 1), "point")
    return (
        f"{exact_percent(goal.target)} conversation, give or take {points} ({band_words(goal)}), over "
        f"{window_words(goal)}"
    )


def window_words(goal: Goal) -> str:
    """The goal's window for a sentence, such as "14 days"."""
    return counted(goal.window_days, "day")


def tally_head(sign: str, label: Label, goal: Goal) -> str:
    """What stands above a count, such as "📣 Content, 14 days"; `sign` stands for the label."""
    return f"{sign} {label.capitalize()}, {goal.window_days} {plural('day', goal.window_days)}"


def balance_title(name: str) -> str:
    """What stands above a member's balance."""
    return f"Balance of {name}"


def share_line(standing: Standing) -> str:
    """The share with its window, or that there is nothing to go by yet."""
    tally, days = standing.tally, standing.goal.window_days
    last = "the last day" if days == 1 else f"the last {counted(days, 'day')}"
    if standing.share is None:
        return f"No drafts in {last}."
    share = percent_by(standing.goal, standing.share)
    return f"{share} conversation over {last} ({counted(tally.drafts, 'draft')})."


def position_line(standing: Standing, min_drafts: int) -> str:
    """On which side of the band the share lies, and whether there are enough drafts to be sure of it."""
    tally, band = standing.tally, band_words(standing.goal)
    if standing.position is Position.TOO_FEW:
        drafts = number(tally.drafts) if tally.drafts else "none"
        return f"Too few drafts to tell: {drafts} of {number(min_drafts)}."
    if standing.wanted is None or standing.share is None:
        return f"Inside the band of {band}."
    if standing.position is Position.UNCERTAIN:
        return f"{_outside(standing)} of {band}; too early to be sure."
    due = "more conversation" if standing.wanted is Label.CONVERSATION else "content"
    return f"{_outside(standing)} of {band}: {due} is due."


def credit_line(standing: Standing) -> str:
    """The credit in words, such as "Conversation in 14 days has earned three content posts"."""
    window = window_words(standing.goal)
    if due := standing.replies_due:
        drafts = f"{number(due).capitalize()} {plural('conversation draft', due)}"
        return f"{drafts} away from a square deal, over {window}."
    if earned := standing.posts_earned:
        return f"Conversation in {window} has earned {number(earned)} {plural('content post', earned)}."
    if not standing.tally.drafts:
        return "None yet."
    if abs(standing.credit) > SLACK:
        return f"Less than one draft away from a square deal, over {window}."
    return f"A square deal over {window}."


def streak_line(standing: Standing) -> str:
    """The streak in words."""
    if not standing.streak:
        return "No streak yet."
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
        return "Draft what you have in mind; a few more will show where you stand."
    wanted = standing.wanted
    if standing.position is Position.UNCERTAIN and wanted is not None:
        comes = "a reply or a question" if wanted is Label.CONVERSATION else "something worth publishing"
        return f"{_outside(standing)}, too early to be sure; {comes} comes next."
    if wanted is Label.CONVERSATION:
        return f"{_brings_back(standing.replies_due, 'reply or question', 'replies or questions')}."
    if wanted is Label.CONTENT:
        return f"{_brings_back(standing.posts_earned, 'useful post', 'useful posts')}."
    if standing.replies_due:
        return "Inside the band; a reply or a question comes next."
    if standing.posts_earned:
        return "Inside the band; something worth publishing comes next."
    return "All square; write whichever you like."


def summary_title(day: date) -> str:
    """What stands above a day's summary."""
    return f"The day's summary: {long_date(day)}"


def today_line(today: Tally, content: str, conversation: str) -> str:
    """A member's counts of a day; `content` and `conversation` are the signs of the labels."""
    return f"{content} {today.content} content, {conversation} {today.conversation} conversation today"


def next_line(standing: Standing) -> str:
    """A member's next step on a line of its own."""
    return f"Next: {next_step(standing)}"


def more_line(count: int) -> str:
    """How many members a summary leaves out for want of room."""
    return f"and {number(count)} more who drafted today"


def week_title(week: Week) -> str:
    """What stands above the look-back on a week."""
    return f"Your week up to {long_date(week.last)}"


def week_lines(week: Week, standing: Standing, min_drafts: int) -> list[str]:
    """The look-back on a week: counts, trend, active days and streak, best day for replies, and the verdict."""
    tally, before, goal = week.tally, week.before, standing.goal
    lines = [
        f"**{tally.content} content, {tally.conversation} conversation** in seven days, {_share(goal, tally)}."
    ]
    if before.share is None or tally.share is None:
        lines.append("Nothing that counts was drafted in the seven days before.")
    else:
        # The difference of the figures beside it: that of the unrounded shares may be one more or less.
        shown, shown_before = (float(percent_by(goal, share)[:-1]) for share in (tally.share, before.share))
        change = round(shown - shown_before, 1)
        trend = (
            f"{counted(abs(change), 'point')} {'more' if change > 0 else 'less'} than" if change else "the same as"
        )
        lines.append(f"Conversation: {trend} in the seven days before ({_share(goal, before)}).")
    lines.append(f"Drafts on {number(week.active)} of seven days. {streak_line(standing)}")
    if week.best is not None:
        lines.append(f"Best day for replies: {week.best:%A}.")
    lines.append(f"{share_line(standing)} {position_line(standing, min_drafts)}")
    return lines


def kinds_line(kinds: Kinds, content: str, conversation: str) -> str:
    """How many drafts are of each kind, such as "📣 5 inform, 2 promote; 💬 1 reply"; may be empty.

    Args:
        kinds: the kinds.
        content: the sign of content.
        conversation: the sign of conversation.
    """
    halves: list[str] = []
    for label, sign in ((Label.CONTENT, content), (Label.CONVERSATION, conversation)):
        told = [
            f"{kinds.known[kind]} {name}"
            for kind, name in KIND_NAMES.items()
            if label_of(kind) is label and kind in kinds.known
        ]
        if by_hand := kinds.by_hand.get(label):
            told.append(f"{by_hand} set by hand")
        if told:
            halves.append(f"{sign} {', '.join(told)}")
    return "; ".join(halves)


def kinds_lines(goal: Goal, kinds: Kinds, content: str, conversation: str) -> str:
    """The kinds of some drafts, and what the rule of thumb behind the goal makes of them; may be empty.

    Args:
        goal: the goal.
        kinds: the kinds.
        content: the sign of content.
        conversation: the sign of conversation.
    """
    told = kinds_line(kinds, content, conversation)
    rule = rule_line(goal, kinds) if told else None
    return f"{told}\n{rule}" if rule else told


def rule_line(goal: Goal, kinds: Kinds) -> str | None:
    """How a goal's rule of thumb divides drafts, and how they are divided; None if it has no parts."""
    preset = PRESETS.get(goal.preset or "")
    if preset is None or not preset.parts:
        return None
    *first, last = [str(kinds.of(part)) for part in preset.parts]
    by_hand = kinds.by_hand.get(Label.CONTENT, 0)
    beside = f", beside {by_hand} of no known kind" if by_hand else ""
    return f"{preset.says[0].upper()}{preset.says[1:]}: {', '.join(first)} and {last} of your drafts{beside}."


def chart_text(days: Mapping[date, Tally], today: date, goal: Goal) -> str:
    """A chart in words, for those who can't see it; arguments as for `coach.balance.chart.draw`."""
    tally = window_sum(days, today, goal.window_days)
    window = f"{goal.window_days} {plural('day', goal.window_days)}"
    return (
        f"Drafts by day over {window} up to {today:%d %B %Y}: {tally.content} content, "
        f"{tally.conversation} conversation ({_share(goal, tally)}); the band is {band_words(goal)}."
    )


TIP_RECORD_HEAD = f"{'tip':<34} {'shown':>6} {'heeded':>7}   heeded rate, 95% credible"


def tip_record(tip: str, past: Outcome) -> str:
    """How a tip fared, with the interval in which its rate of being heeded lies at 95%."""
    low, high = credible_interval(past.heeded, past.ignored)
    shown = past.heeded + past.ignored
    return f"{tip:<34} {shown:>6} {past.heeded:>7}   {percent(low)} to {percent(high)}"


def _brings_back(count: int, one: str, many: str) -> str:
    # A number that frightens helps nobody; the next step is always one.
    if count <= 1:
        return f"One {one} brings you back to a square deal"
    if count == 2 and " or " in one:
        return f"One {one.replace(' or ', ' and one ')} bring you back to a square deal"
    if count <= 5:
        return f"{number(count).capitalize()} {many} bring you back to a square deal"
    return f"Start with one {one}; the rest follows"


def _share(goal: Goal, tally: Tally) -> str:
    return "no drafts" if tally.share is None else f"{percent_by(goal, tally.share)} conversation"


def _side(goal: Goal, share: float) -> int:
    """Where a share (0 to 1) is: 0 in the band, 1 below, 2 above."""
    return 1 if share < goal.low - SLACK else 2 if share > goal.high + SLACK else 0


def _outside(standing: Standing) -> str:
    """On which side of the band a share outside of it is, such as "A little below the band"."""
    goal, share = standing.goal, standing.share or 0.0
    below = standing.wanted is Label.CONVERSATION
    side, distance = ("below", goal.low - share) if below else ("above", share - goal.high)
    return f"{f'A little {side}' if distance <= A_LITTLE + SLACK else side.capitalize()} the band"
