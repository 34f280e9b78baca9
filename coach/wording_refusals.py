"""What the bot says when it can't do what it is asked: to members about commands, to operators about settings."""

from __future__ import annotations

from collections.abc import Sequence

# Drafts and their labels

NOT_COUNTED = "That message is not counted as a draft, so it has no label."
ONLY_AUTHOR = "Only the author of the draft can do that."
ONLY_AUTHOR_OR_MANAGERS = "Only its author, or somebody who manages the server, may do that."
JUST_DELETED = "That draft has just been deleted."
WITH_OTHERS_ALREADY = "That draft counts together with others already. Count it on its own first."
NOTHING_BEFORE = "There is no earlier draft that it could count together with."
OTHER_GONE = "The draft that it counted together with is gone."
NO_LONGER_ON_RECORD = "That draft is no longer on record."
NOTHING_TO_UNDO = "There is nothing to undo: it was undone before, or changed again since."
NOTHING_TO_CHECK = "There are no words in that message to look at."
TOO_BUSY = "I can't get to that just now; please try again in a minute."

# Nudges and tips

NUDGE_NO_LONGER_ON_RECORD = "This nudge is no longer on record."
NUDGE_JUST_CHANGED = "This nudge was changed a moment ago; please try again."


def bad_tips_file(problem: object) -> str:
    """Why a server's own tips are refused; `problem` names the line and what is wrong there."""
    return f"{problem}. Nothing was changed; fix that line and send the file again."


def too_many_tips(count: int, most: int) -> str:
    """Why a file with more tips than a server may have is refused."""
    return f"That file has {count} tips; send {most} at most."


NO_WORDS = "it has no words"


def not_readable(path: object, error: Exception) -> str:
    """Why a file can't be used, by what the system says."""
    return f"{path}: can't be read ({error})"


def tip_already_there(tip_id: str) -> str:
    """Why a file of tips that has an id twice is refused."""
    return f"there is already a tip named {tip_id}; choose another id"


def unknown_quote(tip_id: str, quote_id: str) -> str:
    """Why a tip that names an unknown quotation is refused."""
    return f"tip {tip_id} names the unknown quote {quote_id}"


def no_list_under(key: str) -> str:
    """Why a file without entries is refused."""
    return f"must have a list under the key {key}"


# Choices


def no_such_preset(name: str, presets: Sequence[str]) -> str:
    """Why a goal can't be chosen by a name."""
    return f"There is no preset “{name[:40]}”; choose one of {', '.join(presets)}."


def share_out_of_bounds(lowest: float, highest: float) -> str:
    """Why a target share can't be chosen; the bounds are shares, 0 to 1."""
    return f"That share is not possible; choose {lowest:.0%} to {highest:.0%}."


def band_out_of_bounds(target: float, narrowest: int, widest: int) -> str:
    """Why a band can't be chosen around a target share, 0 to 1; the bounds are percentage points."""
    return f"That band is not possible around {target:.0%}; choose {narrowest} to {widest} percentage points."


def window_out_of_bounds(shortest: int, longest: int) -> str:
    """Why a window can't be chosen; the bounds are days."""
    return f"That window is not possible; choose {shortest} to {longest} days."


def _as_typed(typed: str) -> str:
    """A short text as it was typed. A longer one is not repeated: it may be a draft in the wrong place."""
    return f"“{typed}”" if len(typed) <= 20 else "That"


def not_a_time(typed: str) -> str:
    """Why a text is not a time of day."""
    return f"{_as_typed(typed)} is not a time; write it like 9pm, 9:30 pm or 21:30."


def not_per_cent(typed: str) -> str:
    """Why a text is not a percentage."""
    return f"{_as_typed(typed)} is not a percentage; write it in per cent, like 50 or 50%."


def not_two_times(typed: str) -> str:
    """Why a text is not a span of the day."""
    return f"{_as_typed(typed)} is not two times; write them like 22:00 to 7:00."


def not_a_number(typed: str) -> str:
    """Why a text is not a whole number."""
    return f"{_as_typed(typed)} is not a whole number; write it like 14."


def out_of_bounds(number: int, least: float, most: float) -> str:
    """Why a number can't be chosen."""
    return f"{number} is not possible; choose {least:g} to {most:g}."


def several_zones(typed: str, zones: Sequence[str]) -> str:
    """Why a name is not enough to tell a time zone; the first four of those it could be are named."""
    *others, last = zones[:4]
    listed = f"{', '.join(others)} or {last}" if others else last
    return f"“{typed[:60]}” could be {listed}; pick one from the list."


def no_such_zone(typed: str) -> str:
    """Why a text is not a time zone."""
    return f"There is no time zone “{typed[:60]}”; pick one from the list, such as Europe/Berlin."


NO_PROXY = "Choose the bot that posts members' messages again for them, such as PluralKit."


def too_many_proxies(most: int) -> str:
    """Why a server can't name another application that posts for its members."""
    return f"This server has named {most} of them, which is as many as I can watch. Take one off first."


# Accounts

NAME_EMPTY = "Give the account a name with a letter or a figure in it."
NAME_RESERVED = "That name stands for all accounts together; choose another one."
NO_SUCH_ACCOUNT = "There is no account by that name; pick one from the list."
"""There may be one that its user may not see."""
ACCOUNT_GONE = "That account is no longer there; **/account list** shows those that are."
MANAGERS_SET_THIS_GOAL = (
    "All who draft for that account share its balance, so its goal is set by those who manage the server, with "
    "**/account edit**."
)


def name_taken(name: str) -> str:
    """Why an account can't have a name."""
    return f"There already is an account “{name[:40]}”; choose another name."


def name_too_long(most: int) -> str:
    """Why an account can't have a name; `most` is in characters."""
    return f"That name is too long; use {most} characters at most."


def too_many_accounts(most: int) -> str:
    """Why no more accounts can be added."""
    return f"A server can have {most} accounts; remove one with **/account remove** first."


def goal_not_understood(typed: str, presets: Sequence[str]) -> str:
    """Why a goal that was typed into the form can't be used."""
    return (
        f"“{typed[:40]}” is not a goal; write share, band and days like 50%, 15%, 14, or one of "
        f"{', '.join(presets)}."
    )


# YAML, in an operator's settings or a server's own tips

SECOND_DOCUMENT = "a second document begins; keep one"
CANNOT_BE_PARSED = "it cannot be parsed"
HALF_A_CHARACTER = "not valid YAML: it holds half a character"
KEY_NOT_A_WORD = "a key must be a word"
NO_MERGE_KEYS = "merge keys (<<) are not accepted; write the keys out"

YAML_CURES = {
    "found character that cannot start any token": (
        "; use spaces instead of tabs, and put a text that begins with @ or ` in quotes"
    ),
    "mapping values are not allowed in this context": (
        "; put a text with a colon in quotes, and indent the keys of one section alike"
    ),
    "did not find expected key": "; indent the keys of one section alike",
}
"""What to do about the most frequent mistakes, by libyaml's words for them."""


def not_valid_yaml(problem: str) -> str:
    """What libyaml has against a text, and what to do if that is known."""
    return f"not valid YAML: {problem}{YAML_CURES.get(problem, '')}"


def nested_too_deep(levels: int) -> str:
    """Why a text with more levels than are allowed is refused."""
    return f"it is nested too deep; {levels} levels are allowed"


def set_twice(key: str) -> str:
    """Why a mapping that has a key twice is refused."""
    return f"{key} is set twice; keep one"


def no_anchors(found: str, sign: str) -> str:
    """Why an anchor or alias is refused; `sign` is its first character."""
    return f"{found}: anchors and aliases are not accepted; put a text with {sign} in quotes"


def no_tags(found: str) -> str:
    """Why a tag is refused."""
    return f"{found}: tags are not accepted; put a text with ! in quotes"


# Settings

SAME_SIGN = "content and conversation have the same sign; give each its own"
NOT_A_MAPPING = "must be lines such as `timezone: UTC`"
NOT_UTF_8 = "is not UTF-8 text; save it as UTF-8"
NOT_A_VARIABLE = "is not a line such as DISCORD_TOKEN=your-token; a value with a # or a line break needs quotes"


def unreadable_file(why: str | None) -> str:
    """Why a settings file can't be used; `why` is the system's word for it."""
    return f"cannot be read ({why}); name a readable file"


def unreadable_value(value: str, problem: object) -> str:
    """Why a variable's value can't be used."""
    return f"{value} cannot be read: {problem}"


def unknown_variable(meant: str | None, known: Sequence[str]) -> str:
    """Why a variable sets nothing; `meant` is the known one that it is most like."""
    return f"unknown variable; {_instead(meant, 'allowed', known)}"


def unknown_key(meant: str | None, known: Sequence[str]) -> str:
    """Why a key sets nothing; `meant` is the known one that it is most like."""
    return f"unknown key; {_instead(meant, 'allowed here', known)}"


def not_allowed(value: str | None, allowed: str) -> str:
    """Why a value can't be used, and which can; None if there is no value."""
    wrong = "it is empty" if value is None else f"{value} is not allowed"
    return f"{wrong}; use {allowed}"


def keys_below(keys: Sequence[str]) -> str:
    """What is allowed where a section belongs."""
    return f"its keys, each on an indented line below it: {', '.join(keys)}"


def more_problems(count: int) -> str:
    """How many problems there are beside those that are named."""
    return f"and {count} more"


def _instead(meant: str | None, allowed: str, known: Sequence[str]) -> str:
    return f"did you mean {meant}?" if meant else f"{allowed}: {', '.join(known)}"


# The command line

NO_APPLICATION = (
    "bot.py invite needs to know the application: give its id, from General Information in Discord's developer "
    "portal, or set DISCORD_TOKEN"
)


def not_an_id(typed: str) -> str:
    """Why an application's id can't be used."""
    return f"“{typed[:40]}” is not an application's id; copy the number from General Information"


def port_taken(host: str, port: int, why: str | None) -> str:
    """Why health and metrics can't be served; `why` is the system's word for it."""
    return (
        f"Nothing can be served on {host}, port {port} ({why}); choose another with SQUAREDEAL_MONITORING_PORT, "
        "or 0 for none"
    )


def bad_shards(typed: str) -> str:
    """Why the value of `--shards` can't be used."""
    return f"--shards {typed}: name the shards and the total, such as 0-3/16"


def no_database_yet(path: object) -> str:
    """Why a command has nothing to answer from."""
    return f"{path}: there is no database yet; start the bot first"


def unreadable_database(path: object, error: object) -> str:
    """Why a command can't answer from a database."""
    return (
        f"{path}: can't be read ({error}); `bot.py doctor` says whether it is damaged; if it is, restore a backup"
    )


def unusable_database(error: object) -> str:
    """Why the program ends; `error` is SQLite's word for it."""
    return (
        f"The database cannot be used ({error}); `bot.py doctor` says whether it is damaged. If so, restore a "
        "backup."
    )


def output_refused(why: str | None) -> str:
    """Why a command ends in the middle of its output; `why` is the system's word for it."""
    return f"The output can't be written: {why}."
