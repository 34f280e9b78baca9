"""What the bot says about itself: /about and /help, what goes wrong with a command, and a member's own data."""

from __future__ import annotations

from collections.abc import Sequence

from coach.wording import counted
from coach.wording_nudges import trial_line

# /about and /help

TITLE = "Square Deal"
IDEA = (
    "People draft posts here. I label each draft as **content** (you tell) or **conversation** (you talk with "
    "people), keep the count, and say a word when one of them falls behind. Conversation earns you the right to "
    "publish; you need to do both."
)
VERSION, DATA, THOUGHT = "Version", "Data", "The thought behind it"
WHERE_DATA_IS = "On the bot's own machine; **/privacy what** says which."
NO_DATA_HERE = "Here I keep nothing. What I keep in a server that I was added to, **/privacy what** says there."

HELP_TITLE = "How to use Square Deal"
HELP_TYPED = (
    "Typed commands work too: mention me, then the command. Those about you are answered by direct message. "
    "/help COMMAND shows all options of one."
)
HELP_PAUSED = "You have paused me: **/privacy resume** starts again."
HELP_NOT_WATCHING = (
    "I watch no channel that you see yet; those who manage the server choose one with **/setup here**."
)
HELP_BEGIN = "I watch no channel yet: use **/setup here** in the one for drafts."

# What members want to do, each with examples: the command, the example to copy, and what comes of it.
HELP_TASKS = {
    "See where you stand": (
        ("balance", "/balance", "your share of conversation, with a chart"),
        ("balance", "/balance days:30", "the same over 30 days"),
        ("summary", "/summary now", "today so far"),
        ("summary", "/summary week", "your last seven days"),
        ("tip", "/tip", "one thing to try next"),
    ),
    "Try a text before you post it": (
        ("check", "/check text:What do you do with a rainy Sunday?", "its label and why; nothing is counted"),
        ("check", "/check", "the same in a form, with line breaks; everywhere, once you add me to your account"),
    ),
    "Put a label right": (
        ("history", "/history", "your drafts with their labels, to change or undo"),
        ("why", "/why", "why your drafts brought no nudge"),
    ),
    "Choose your goal": (
        ("target", "/target", "a form for all of it"),
        ("target", "/target preset:thirds", "a rule of thumb"),
        ("target", "/target share:60%", "a share of your own"),
    ),
    "Choose when I speak": (
        ("nudges", "/nudges form", "most of it on one page"),
        ("nudges", "/nudges quiet start:10pm end:7am", "hours without nudges"),
        ("nudges", "/nudges where place:dm", "by direct message"),
        ("nudges", "/nudges off", "never; your drafts still count"),
        ("summary", "/summary time at:6:30 pm", "a summary of your own each day"),
        ("timezone", "/timezone zone:Mumbai", "your city, so that your days end when you sleep"),
    ),
    "Your data": (
        ("privacy", "/privacy what", "what I keep"),
        ("privacy", "/privacy export", "all of it, as a file"),
        ("privacy", "/privacy pause", "I stop reading you"),
        ("privacy", "/privacy forget", "erase it all"),
    ),
    "Run this server": (
        ("setup", "/setup form", "channels, time zone and summary on one page"),
        ("setup", "/setup here", "watch this channel"),
        ("setup", "/setup check", "which permissions I lack, and the cure"),
        ("setup", "/setup zone zone:Berlin", "the server's time zone"),
        ("setup", "/setup summary at:6pm", "when the day's summary comes"),
        ("account", "/account add", "a brand or client that is drafted for"),
        ("team", "/team", "who drafts for what"),
    ),
}
HELP_MENU = (
    "Right-click a draft (on a phone, hold it), **Apps**: **Why this label?**, **Change label**, **Not a draft**, "
    "**Posted or not**. **Check this draft** labels any message without counting it."
)
HELP_MENU_UNDER = "Put a label right"


def help_task(examples: Sequence[tuple[str, str]]) -> str:
    """Examples of commands below each other, each with what comes of it."""
    return "\n".join(f"**{example}** – {says}" for example, says in examples)


def help_watched(channels: Sequence[str]) -> str:
    """Where to draft; the channels are mentions."""
    return f"Write a draft in {', '.join(channels)}."


def version(program: str, labeller: str) -> str:
    """The versions of the program and of its labeller."""
    return f"{program}, labeller {labeller}"


def help_signs(content: str, conversation: str, by_author: bool) -> str:
    """What happens to a draft.

    Args:
        content: the sign of content.
        conversation: that of conversation.
        by_author: whether authors set a label by adding its sign.
    """
    flips = " If I'm wrong, add the other sign yourself." if by_author else ""
    return (
        f"To each draft I add {content} for content or {conversation} for conversation.{flips} "
        "Begin a message with **//** and I leave it alone, as I do replies to somebody else. Drafts that say the "
        "same, and the parts of a thread, count once."
    )


def usage_title(command: str) -> str:
    """What stands above the use of a command."""
    return f"How to use /{command}"


def usage_line(command: str, options: Sequence[str]) -> str:
    """A command with its options as they are typed."""
    return f"**/{' '.join((command, *options))}**"


def option_line(name: str, says: str, choices: Sequence[str]) -> str:
    """An option of a command, what it means, and what can be chosen."""
    return f"• **{name}**: {says}" + (f" ({', '.join(choices)})" if choices else "")


def no_such_command(name: str) -> str:
    """Why there is no help on a command."""
    return f"There is no command “{name}”; **/help** lists them all."


def came_as_text(command: str, bot: str) -> str:
    """How a slash command that came as text becomes a command; `bot` is the bot's mention."""
    return (
        f"That came as text. Type **/{command}** and pick it from the list that opens, or write {bot} and "
        f"**{command}**."
    )


# What goes wrong with a command

WENT_WRONG = "That did not work, and the reason is in the bot's log. Please try again in a minute."
SHUTTING_DOWN = "I am shutting down; please try again in a minute."
IN_SERVERS_ONLY = "That works only in a server that I have been added to."
FOR_MANAGERS = "That is for those who manage the server."
UNKNOWN_COMMAND = "I don't know that command; **/help** lists those I know."
NOT_ALLOWED = "You can't do that here."
USE_THE_SLASH_COMMAND = "I can't write to you directly. Use the slash command: only you see its answer."


def too_quick(seconds: int) -> str:
    """Why a command that was used too often does nothing for now."""
    return f"That was quick; please try again in {counted(seconds, 'second')}."


def say_which(option: str, command: str) -> str:
    """What a command lacks."""
    return f"Please say which {option}; **/help {command}** shows how."


def value_not_understood(command: str) -> str:
    """Why a command does nothing with what was typed."""
    return f"I don't understand one of the values; **/help {command}** shows how to use it."


# A member's own data

WHAT_IS_STORED = """\
**What I keep about you in this server**, so that I can count:
• for each draft: ids of message, channel, author and account, times, label, how sure I was, kind, who set the \
label, when it was posted, length, a keyed hash that shows edits, and one for each name it mentions, to count how \
many people you talk with; which drafts it counts with, and which it replies to{sketch}{text}
• counts for each of your days and accounts; labels you corrected, with kind, cues and rough length of those \
drafts, from which I learn to label your next ones; nudges you were shown or that I held back, the tips in them \
and the labels of your next three drafts; reminders to answer; why your last 20 drafts brought no nudge; which \
tips you were shown elsewhere; how often today and where you were asked about drafts; how a draft was before your \
last change of it; what you chose in commands; that I have told you what my \
signs mean
• what you bring with **/import**: counts by month and account, no words or links, and a keyed hash of the \
file, which is gone once it is read. Nobody but you is shown it
{trial}
**What I read**: messages in the watched channels, to see whether they are drafts{signs}.{proxies} Nothing leaves \
the machine I run on: labels are made there, by a model that is part of the program.

**What you can do**: **/privacy export** gives you all of it, **/privacy pause** stops me reading you, \
**/privacy forget** erases it. All I keep then is a keyed hash of you, so that nothing old comes back and I don't \
introduce myself again, and the fact that you have paused me, if you have. Deleting a message deletes its row."""

POSTED_AGAIN = (
    "If an application posts your draft again, I compare the two, and hold the words in memory for some minutes."
)

EXPORT_FIRST = "Everything I have about you in this server:"
EXPORT_NEXT = "It goes on:"
EXPORT_FILE = "Everything stored about you in this server"

PAUSED_NOW = "Paused: I no longer read your messages. **/privacy resume** starts again."
RESUMED_NOW = "I'm reading your drafts again, from the next one on."

REALLY_FORGET = (
    "This erases every row about you in this server: drafts' labels, counts, corrections, nudges and your "
    "choices. It can't be undone. Your messages stay in Discord; I count new ones unless you pause me or "
    "already have."
)
ERASE, KEEP = "Erase everything", "Keep it"
ERASED = "Erased. I know nothing about you here any more."
ERASED_PAUSED = "Erased. All I know about you here is that you have paused me: **/privacy resume** starts again."
ERASED_BUT = (
    "Erased. Another program, such as a backup, is reading my database right now; until it ends, traces of what "
    "was erased are left in a file beside it."
)
NOTHING_ERASED = "Nothing was erased."
ASKED_LONG_AGO = "Nothing was erased: I asked a while ago. Use **/privacy forget** again if you still want to."


def what_is_stored(
    *, keep_text: bool, reads_reactions: bool, hours: float, held_back: float, posted_again: bool
) -> str:
    """What is stored about a member and what is read of them, and what they can do.

    Args:
        keep_text: whether texts are kept.
        reads_reactions: whether signs that authors add are read.
        hours: how long drafts are compared.
        held_back: the share of their nudges that are held back, 0 to 1.
        posted_again: whether an application may post their drafts again.
    """
    kept = f"; for about {counted(hours, 'hour')}, keyed hashes of its words, to know a draft that says the same"
    text = "; this installation also keeps its text" if keep_text else "; never its text"
    signs = ", and the signs that you add to your own" if reads_reactions else ""
    trial = f"\n**Held back**: {trial_line(held_back)}\n" if held_back else ""
    again = f" {POSTED_AGAIN}" if posted_again else ""
    return WHAT_IS_STORED.format(text=text, signs=signs, sketch=kept if hours else "", trial=trial, proxies=again)
