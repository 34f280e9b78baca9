"""What the bot says about choices: goals, time zones, nudging, summaries, and the set-up of a server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from coach.balance.standing import Goal
from coach.local_days import zone_name
from coach.members.preferences import Preferences
from coach.store.people import Guild
from coach.wording import goal_line, number
from coach.wording_drafts import every_hours

PAUSED = "Paused: I'm not reading your drafts; **/privacy resume** starts again."

NUDGES = {
    "reply": "Nudges come as a silent reply below the draft.",
    "dm": "Nudges come as a direct message.",
    "summary": "No nudges between summaries; the daily summary says what is due.",
    "off": "No nudges at all.",
}
NUDGES_OFF = "No nudges and no questions. **/nudges where** brings them back."
QUESTIONS_OFF_HERE = "Noted, but questions are turned off for this whole server."

AS_SERVER = "server: no goal of your own, but whatever this server's is"

SUMMARY = {
    "server": "You are named in the server's daily summary; **/summary figures** shows your figures too.",
    "dm": "Your daily summary comes as a direct message; the server's leaves you out.",
    "off": "No daily summary for you; the server's leaves you out.",
}
SERVER_SUMMARY_OFF = "The server's daily summary is off; if it is turned on, you are named in it."
NO_WEEKLY = "No weekly look-back."

NO_DIRECT_MESSAGES = (
    "Discord won't let me write to you directly, so for now no nudges, questions or summaries come that way. "
    "Allow direct messages from this server in its privacy settings, then choose again with **/nudges where**, "
    "**/nudges questions** or **/summary where**."
)

CANNOT_WATCH = "I can't look for drafts in a channel of this kind."
NOT_UTF_8 = "That file is not UTF-8 text; save it as UTF-8 and send it again."

PERMISSIONS = {
    "view_channel": "to see drafts",
    "read_message_history": "to read what was drafted while I was away",
    "add_reactions": "to show a draft's label",
    "send_messages": "to ask, to nudge and to send the summary",
    "send_messages_in_threads": "to do the same in threads and forum posts",
    "embed_links": "to lay out the summary",
    "attach_files": "to send charts",
}
"""The permissions that the bot needs, by Discord's names for them, each with what it is for."""

CHECK_TITLE = "Setup check"
NONE_WATCHED = (
    "I can't see any channel to look for drafts in. Create one named **drafts**, or choose one with "
    "**/setup channel**."
)
HOW_TO_FIX = (
    "\nTo fix this, open the channel's settings, Permissions, add my role, and allow the permissions named."
)


def goal_is(goal: Goal) -> str:
    """The goal that a member has."""
    return f"Your goal: {goal_line(goal)}."


def goal_now(goal: Goal) -> str:
    """The goal that a member has just chosen."""
    return f"Your goal is now {goal_line(goal)}."


def server_goal_is(goal: Goal) -> str:
    """The goal that a server has."""
    return f"The goal of members who chose none: {goal_line(goal)}."


def server_goal_now(goal: Goal) -> str:
    """The goal that a server has just chosen."""
    return f"The goal of members who chose none is now {goal_line(goal)}."


def zone_now(zone: str, local: time, changes: bool) -> str:
    """The time zone that a member has just chosen, by its IANA name, and what time it is there.

    Args:
        zone: the zone.
        local: the time.
        changes: whether its clocks change during the year.
    """
    return f"Your time zone is {_zone_line(zone, local, changes)} Days counted so far stay as they are."


def server_zone_now(zone: str, local: time, changes: bool) -> str:
    """The time zone that a server has just chosen; arguments as in `zone_now`."""
    return f"The server's time zone is {_zone_line(zone, local, changes)}"


def _zone_line(zone: str, local: time, changes: bool) -> str:
    line = f"{zone_name(zone)}{', summer time included' if changes else ''}; it is {local:%H:%M} there."
    fixed = zone == "UTC" or zone != zone_name(zone)
    return f"{line} It stays so all year; if your clocks change, choose your city instead." if fixed else line


# Nudges and questions


def nudge_limits(preferences: Preferences) -> str:
    """How often a member is nudged at most, and when not."""
    policy = preferences.nudge_policy
    gap = every_hours(policy.gap.total_seconds() / 3600)
    quiet = (
        f", none from {policy.quiet_from:%H:%M} to {policy.quiet_until:%H:%M} ({zone_name(preferences.zone.key)})"
        if policy.quiet_from != policy.quiet_until
        else ""
    )
    return f"At most {number(policy.daily_cap)} a day and {gap}{quiet}."


def snoozed(until: str) -> str:
    """Until which moment a member has put nudges off."""
    return f"Snoozed until {until}."


def no_nudges_until(until: str) -> str:
    """The answer to a snooze; `until` is the moment at which it ends."""
    return f"No nudges until {until}."


def pace_now(hours: float) -> str:
    """The pace of nudges that a member has just chosen."""
    return f"From now on at most {every_hours(hours)}."


def quiet_now(start: time, end: time) -> str:
    """The quiet hours that a member has just chosen; none if they end when they begin."""
    if start == end:
        return "No quiet hours any more: nudges may come at any time of day."
    return f"No nudges from {start:%H:%M} to {end:%H:%M}, your time."


def questions_line(preferences: Preferences) -> str:
    """Whether and where the bot asks about drafts."""
    if preferences.asks:
        where = "by direct message about" if preferences.question_where == "dm" else "below"
        asks = (
            f"I ask {where} a draft that could be either, and about one in a language I don't know once in each "
            f"channel, at most {number(preferences.question_cap)} a day."
        )
    else:
        asks = "I don't ask about drafts that could be either or are in a language I don't know."
        if preferences.question_where == "history":
            asks = f"{asks.removesuffix('.')}; **/history** marks them."
    return f"{asks} **/nudges questions** changes that."


def languages_line(channels: Sequence[str]) -> str:
    """In which channels, given by their mentions, drafts in languages that the bot doesn't know are skipped."""
    return (
        f"In {', '.join(channels)} I asked about a draft in a language I don't know, and I skip the others. "
        "**/nudges questions** makes me ask again."
    )


# Summaries


def summary_comes(where: str, preferences: Preferences) -> str:
    """Where a member's daily summary comes, and when."""
    return f"{SUMMARY[where]} It comes at {preferences.summary_at:%H:%M} ({zone_name(preferences.zone.key)})."


def weekly_now(day: str, preferences: Preferences) -> str:
    """The weekday of the look-back that a member has just chosen."""
    at = f"{preferences.summary_at:%H:%M} ({zone_name(preferences.zone.key)})"
    return f"Your week comes every {day} at {at}, by direct message."


# A server's set-up


def server_choices(preferences: Preferences, guild: Guild, watched: Sequence[str], channel: str | None) -> str:
    """What a server has chosen.

    Args:
        preferences: what holds for its members who chose nothing.
        guild: its choices.
        watched: the watched channels, as mentions.
        channel: the mention of the summary's channel; None if none was chosen.
    """
    again = " or ".join(f"<@{one}>" for one in sorted(guild.proxies))
    summary = (
        f"at {preferences.summary_at:%H:%M}" + (f" in {channel}" if channel else "") if guild.summary_on else "off"
    )
    return (
        f"Watched: {', '.join(watched) or 'no channel'}.\n"
        f"Goal: {goal_line(preferences.goal)}.\n"
        f"Time zone: {zone_name(preferences.zone.key)}. Daily summary: {summary}.\n"
        f"Questions about drafts: {'on' if preferences.asks else 'off'}."
        + (f"\nDrafts may be posted again by {again}." if again else "")
    )


def server_summary(preferences: Preferences, guild: Guild, channel: str | None) -> str:
    """Whether, when and where a server's daily summary comes; `channel` is a mention, None if none was chosen."""
    place = channel or "the first watched channel"
    when = f"at {preferences.summary_at:%H:%M} ({zone_name(preferences.zone.key)}) in {place}"
    if guild.summary_on:
        return f"The daily summary comes {when}."
    return f"This server has no daily summary. **/setup summary on:True** turns it on, {when}."


def server_questions(on: bool, operator_allows: bool) -> str:
    """Whether a server's authors are asked about their drafts."""
    if not operator_allows:
        return "No author is asked: the operator of this bot has turned questions off."
    if not on:
        return "No author is asked about drafts that could be either or are in a language I don't know."
    return (
        "Authors are asked about drafts that could be either or are in a language I don't know; "
        "each chooses where with **/nudges questions**."
    )


def proxies(named: Sequence[str]) -> str:
    """Which applications may post drafts again for their authors, given by their mentions."""
    if not named:
        return (
            "No application's messages count here. If members have theirs posted again by one such as PluralKit, "
            "name it with **/setup proxy**."
        )
    return (
        f"If {' or '.join(named)} deletes a draft and posts it again within seconds, it stays the draft of "
        "whoever wrote it. Nudges and questions wait some seconds for that."
    )


def file_too_big(kib: int) -> str:
    """Why a file of tips is refused; `kib` is the most that it may have, in units of 1024 bytes."""
    return f"That file is too big; send {kib} KiB at most."


def watched_now(channel: str, watched: bool, lacking: Sequence[str]) -> str:
    """What a channel is from now on.

    Args:
        channel: its mention.
        watched: whether drafts in it count.
        lacking: the permissions that are missing there, as `permission_line` gives them.
    """
    if not watched:
        return f"From now on I'll leave {channel} alone."
    lack = f" I still lack {'; '.join(lacking)} there." if lacking else ""
    return f"From now on I'll look for drafts in {channel}.{lack}"


def permission_line(name: str) -> str:
    """A permission as Discord's settings call it, and what it is for; `name` is a key of `PERMISSIONS`."""
    return f"**{name.replace('_', ' ').title()}**, {PERMISSIONS[name]}"


def lacks(channel: str, lacking: Sequence[str]) -> str:
    """Which permissions are missing in a channel, given by its mention."""
    return f"{channel} lacks {'; '.join(lacking)}."


def not_seen(channel: str) -> str:
    """That a channel, given by its mention, is hidden from the bot."""
    return f"I can't see {channel}, where I look for drafts: it lacks **View Channel**."


def nothing_lacks(channels: Sequence[str]) -> str:
    """That no permission is missing in these channels, given by their mentions."""
    return f"All is well in {', '.join(channels)}."


def permission_missing(channel: str, permission: str) -> str:
    """What the bot says once in a channel, given by its mention, in which it lacks a permission."""
    return (
        f"I can't work in {channel}: the permission **{permission}** is missing. Somebody who manages the server "
        "can grant it; **/setup check** lists everything I need."
    )
