"""What the bot says about a past that members bring: the form, how far it is, the balance, and its removal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from coach.balance.past_chart import span
from coach.balance.standing import SLACK, Goal
from coach.past.judging import Balance
from coach.past.parts import Guess
from coach.store.past import Import, Kept
from coach.text import cut, quoted
from coach.wording import band_words, counted, percent

# The form

TITLE = "Bring your past"
FILES, FILES_HINT = "Your export", "The archive as you got it, or the files named above; up to ten at once."
ACCOUNT, ACCOUNT_HINT = "Account", "Which account these posts were published on."
NO_ACCOUNT = "No account"

_WANTED = """\
Give me what a network gave you of your own posts, and I show your balance by month. A file may have **{limit}** \
here. If yours is bigger, take the file with your posts out of it and send that alone:
• **X**: data/tweets.js, and data/note-tweet.js beside it
• **Mastodon**: outbox.json
• **LinkedIn**: Shares.csv and Comments.csv
• **Bluesky**: the .car file
• **Threads**, **Instagram**: threads_and_replies.json, posts_1.json; ask for JSON, not HTML
• **Micro.blog**: feed.json
• **anything else**: a CSV file or JSON lines with columns named text, date and, if there is one, reply

I keep counts by month, no words and no links; the file is gone once I have read it."""

_BAR = 12
# Squares of a progress bar.


def wanted(limit: int) -> str:
    """What can be brought; `limit` is the biggest file that Discord takes, in bytes."""
    return _WANTED.format(limit=_size(limit))


# On the way

PAUSED = "You have paused me, so I read nothing of yours. **/privacy resume** first, then **/import**."
ONE_AT_A_TIME = "I'm still reading what you brought before. Wait for it, or stop it there."
BUSY = "I'm reading for others right now; please try again in a few minutes."
NOT_RUNNING = "Nothing is being read any more, and nothing was kept. **/import** starts again."
TOO_LATE = "That came too late: it is being put on record right now."
STOPPED = "Stopped. Nothing was kept."
IS_IN = "It is in: **/balance** shows it."
ENDED = "I was switched off in the middle, so nothing was kept. Please use **/import** again."
GOES_ON = (
    "It takes longer than Discord lets me change this message. I go on, and send you what comes of it by direct "
    "message; **/balance** shows it too."
)
FILE_GONE = "Discord no longer has that file; use **/import** and send it again."
NO_DOWNLOAD = "I can't get that file from Discord right now; please try again in a few minutes."
SAME_AGAIN = "I have that very file already, so nothing has changed."
LOOKING = "Looking at what it is…"

READ, ADD_MORE, STOP, REMOVE = "Yes, read it", "Bring more", "Stop", "Remove it"
WHAT_TO_DO = "New, or a newer version?"
ADD_IT = "New: count it beside the others"
WHAT_GOES = "Remove…"

NOT_KEPT = {
    Kept.REFUSED: "Nothing was kept, as you have paused me or had everything erased in the meantime.",
    Kept.SERVER_LEFT: "Nothing was kept, as I'm no longer in that server.",
}


def too_big(limit: int) -> str:
    """Files that are too big together; `limit` in bytes."""
    return f"That is more than I read at once, which is {_size(limit)}. Send the file with your posts alone."


def too_many(most: int) -> str:
    """Why nothing more can be brought."""
    return f"You have brought {most} exports, and I keep no more. Remove one of them first, in **/import**."


def nothing_counts(posts: int) -> str:
    """An export in which no post counts."""
    if not posts:
        return "There are no public posts in it, so there is nothing to count."
    return (
        f"None of the {posts:,} posts in it counts: they have no words, are in languages that I can't read, or "
        "are dated ahead."
    )


def fetching(share: float) -> str:
    """How much of the files has come, 0 to 1."""
    return f"Fetching the file.\n{_bar(share)}"


def reading(source: str, share: float, posts: int, minutes: float | None) -> str:
    """How far the reading is.

    Args:
        source: what is being read.
        share: how much of it has been read, 0 to 1.
        posts: posts so far.
        minutes: how long it will still take; None if that can't be told yet.
    """
    so_far = f"{posts:,} {'post' if posts == 1 else 'posts'} so far"
    left = ""
    if minutes is not None:
        left = f", about {counted(math.ceil(minutes), 'minute')} left" if minutes > 1 else ", nearly done"
    return f"Reading your posts from {source}.\n{_bar(share)}\n{so_far}{left}."


def guessed(guesses: Sequence[Guess]) -> str:
    """Which columns are taken for what, to be confirmed; the names and words are safe to show."""
    return "\n\n".join([*map(_guessed, guesses), "Is that right? If not, name the columns text, date and reply."])


def _guessed(guess: Guess) -> str:
    order = {None: "", True: ", the day first", False: ", the month first"}[guess.day_first]
    replies = (
        f"• replies: **{_column(guess.reply)}** says what is one"
        if guess.reply is not None
        else "• replies: no column says, so I judge by the words"
    )
    return (
        f"I don't know this kind of file, so this is a guess about **{guess.file}**:\n"
        f"• words: **{_column(guess.text)}**, such as “{cut(quoted(guess.first_text), 80)}”\n"
        f"• date: **{_column(guess.written_at)}**, such as “{cut(quoted(guess.first_date), 40)}”{order}\n{replies}"
    )


def _column(name: str) -> str:
    return cut(quoted(name), 60) or "(no name)"


def rival_question(source: str) -> str:
    """The question whether an upload is a newer version of an earlier one."""
    return (
        f"You have brought posts from {source} before. Is this another export of the same posts, to take the "
        "place of the earlier one, or is it new?"
    )


def rival(one: Import) -> str:
    """An earlier import in the menu of those that can be replaced."""
    return f"Replaces {listed(one)}"


def listed(one: Import) -> str:
    """An import in a menu."""
    posts = sum(balance.counted for balance in one.months.values())
    return f"{one.source}: {posts:,} posts, {_span(one.months)}"


# The balance


def past_title(name: str | None) -> str:
    """What stands above a past, perhaps for one account, whose name is safe to show."""
    return f"Before, for {name}" if name else "Before"


KNOWN, JUDGED = "Known from the export", "Judged by the words"
LEFT_OUT = "Not counted"
FOOT = "Kept apart from what you draft here. /import takes it away again."


def first_answer(months: Mapping[date, Balance], total: Balance, goal: Goal) -> str:
    """What a past balance was, in one sentence."""
    share, low, high = total.share or (0.0, 0.0, 0.0)
    between = f", somewhere from {percent(low)} to {percent(high)}" if percent(low) != percent(high) else ""
    return (
        f"{_span(months)[:1].upper()}{_span(months)[1:]} you were at {percent(share)} conversation{between}, "
        f"{_where(goal, share, low, high)}."
    )


def _where(goal: Goal, share: float, low: float, high: float) -> str:
    """On which side of today's band a past share lies, and whether its uncertainty leaves that open."""
    edge_low, edge_high = goal.low - SLACK, goal.high + SLACK
    band = f"the band you aim for now ({band_words(goal)})"
    if share < edge_low:
        return f"below {band}" if high < edge_low else f"most likely below {band}"
    if share > edge_high:
        return f"above {band}" if low > edge_high else f"most likely above {band}"
    return f"inside {band}" if edge_low <= low and high <= edge_high else f"most likely inside {band}"


def known_line(total: Balance) -> str:
    """What the export itself shows."""
    return f"{total.replies:,} conversation (replies)\n{total.reposts:,} content (reposts)"


def judged_line(total: Balance) -> str:
    """What was judged, with its uncertainty."""
    if not total.judged:
        return "Nothing: the export shows it all."
    low, high = (round(edge) for edge in total.interval)
    about = round(total.expected)
    rest, least, most = (total.judged - edge for edge in (about, high, low))
    return f"about {about:,} conversation ({low:,} to {high:,})\nabout {rest:,} content ({least:,} to {most:,})"


def left_out_line(total: Balance, left_out: int) -> str:
    """What doesn't count, and why; empty if all does."""
    found = [
        (total.threads, "continuing a post of yours, as a thread counts once"),
        (total.unread, "without words, or in a language that I can't read"),
        (left_out, "not posts, or dated ahead"),
    ]
    return "\n".join(f"{count:,} {why}" for count, why in found if count)


def past_chart_text(months: Mapping[date, Balance], total: Balance) -> str:
    """The chart of a past in words, for those who can't see it."""
    low, high = (round(edge) for edge in total.interval)
    return (
        f"Posts by month {_span(months)}: {total.replies:,} replies and {total.reposts:,} reposts known, "
        f"{total.judged:,} judged, of which {low:,} to {high:,} are conversation; below, the share of "
        "conversation over 12 months with its uncertainty and the band."
    )


# What is there, and its removal


def overview(lines: Sequence[str]) -> str:
    """What a member has brought, a line for each."""
    kept = "\n".join(f"• {line}" for line in lines)
    return f"What you have brought of your past:\n{kept}\n**/balance** shows it."


def removed(one: str | None) -> str:
    """That an import has been removed; None if it was gone already."""
    return f"Removed: {one}. Nothing of it is left." if one is not None else "That is gone already."


def _span(months: Mapping[date, Balance]) -> str:
    """The months with posts that count, such as "from March 2019 to May 2024"."""
    shown = span(months)
    if not shown:
        return "in no month"
    first, last = shown[0], shown[-1]
    return f"in {first:%B %Y}" if first == last else f"from {first:%B %Y} to {last:%B %Y}"


def _size(size: int) -> str:
    """A size for a sentence."""
    return f"{size / 2**20:.0f} MB"


def _bar(share: float) -> str:
    """A progress bar; `share` is 0 to 1."""
    full = min(_BAR, int(share * _BAR))
    return f"{'▰' * full}{'▱' * (_BAR - full)} {percent(min(share, 1.0))}"
