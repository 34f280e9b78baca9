"""What stands in the forms of /check, /target, /nudges and /setup, and what is said when one is sent in."""

from __future__ import annotations

# At most 45 characters for a title or what stands above a field, 100 for what is said about it.

CHECK = "Check a draft"
DRAFT = "Your draft"
DRAFT_HINT = "Line breaks stay. It is not counted and not stored."

GOAL = "Your goal"
SERVERS_GOAL = "The server's goal"
RULE = "Rule of thumb"
RULE_HINT = "A rule brings a share and a band; a number that you change below overrides it."
NO_RULE = "none: the numbers below"
SHARE = "Conversation to aim for, in per cent"
SHARE_HINT = "Such as 50: as much conversation as content."
BAND = "Band, in percentage points"
BAND_HINT = "How far the share may stray: 15 around 50% means 35% to 65%."
WINDOW = "Days that count"
WINDOW_HINT = "Such as 14: the last two weeks."

NUDGES = "Nudges and questions"
WHERE = "Where do nudges go?"
WHERE_OPTIONS = {
    "reply": "below the draft, as a silent reply",
    "dm": "by direct message",
    "summary": "nowhere: only the daily summary says what is due",
    "off": "no nudges at all",
}
QUESTIONS = "Where should I ask about unclear drafts?"
QUESTIONS_HINT = "Those that could be either, and those in a language I don't know."
QUESTIONS_OPTIONS = {
    "reply": "below the draft",
    "dm": "by direct message",
    "history": "nowhere: /history marks them",
    "off": "don't ask",
}
PACE = "Hours between two nudges"
PACE_HINT = "1 to 48."
QUIET = "Quiet hours"
QUIET_HINT = "Your local time, such as 22:00 to 7:00. Leave it empty for none."
TRIAL = "Hold some back, to learn if nudges help"
TRIAL_HINT = "Some nudges then don't come, and the results of both sorts are compared."

SETUP = "Set me up"
CHANNELS = "Where do people draft?"
CHANNELS_HINT = "I read these channels, with their threads and posts."
ZONE = "Time zone of members who chose none"
ZONE_HINT = "A city, or a name such as Europe/Berlin."
SUMMARY = "Daily summary at"
SUMMARY_HINT = "Local time, such as 18:30. Leave it empty for no summary."
SUMMARY_CHANNEL = "Channel of the daily summary"
SUMMARY_CHANNEL_HINT = "Leave it empty for the first channel that I read."
ASK = "Ask authors about unclear drafts"
ASK_HINT = QUESTIONS_HINT


def nothing_changed(how_it_is: str) -> str:
    """The answer to a form in which nothing was changed; `how_it_is` is a sentence."""
    return f"Nothing changed. {how_it_is}"


def opens_by_slash(title: str, command: str) -> str:
    """Why a typed command can't open a form."""
    return f"The form “{title}” opens only if you type **/{command}** and pick it from the list."
