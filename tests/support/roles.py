"""Who may do what: what each command, menu entry and button of the bot tells each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coach.wording_drafts import NOT_ON_RECORD
from tests.support.drafts import ASKS

ROLES = {
    "author": "whose drafts, choices and nudges they are",
    "other": "another member, without Manage Server",
    "moderator": "a member with every permission but Manage Server and Administrator",
    "manager": "a member with Manage Server and nothing else",
    "stranger": "the owner of another server, there, with ids from this one",
    "robot": "a bot that is a member; Discord gives bots no slash commands, menus or buttons",
    "dm": "the author, by direct message",
}

DONE, NOTHING = "(done)", "(no answer)"
FORM = "A new account"
"""What stands above a form; it is no message."""
NO_RIGHT = "That is for those who manage the server."
OWN_ONLY = "You can see your own balance; others' only if you manage the server."
NOT_YOURS = "Only its author, or somebody who manages the server, may do that."
ONLY_AUTHOR = "Only the author of the draft can do that."
NO_LABEL = "That message is not counted as a draft, so it has no label."
SOMEBODY_ELSE = "That is for somebody else."
IN_SERVERS = "That works only in a server that I have been added to."
NOT_UNDERSTOOD = "I don't understand one of the values; **/help balance** shows how to use it."

Rule = Mapping[str, str]


def rule(*told: str) -> Rule:
    """What each role is told, in the order of the columns below; a robot is told nothing."""
    return dict(
        zip(("author", "other", "moderator", "manager", "stranger", "dm", "robot"), (*told, NOTHING), strict=True)
    )


# fmt: off
#                 author    other          moderator      manager        stranger        dm
OWN = rule(       DONE,     DONE,          DONE,          DONE,          DONE,           IN_SERVERS)
ANOTHERS = rule(  DONE,     OWN_ONLY,      OWN_ONLY,      DONE,          NOT_UNDERSTOOD, IN_SERVERS)
ANYWHERE = rule(  DONE,     DONE,          DONE,          DONE,          DONE,           DONE)
MANAGING = rule(  NO_RIGHT, NO_RIGHT,      NO_RIGHT,      DONE,          DONE,           NO_RIGHT)
ON_DRAFT = rule(  DONE,     NOT_YOURS,     NOT_YOURS,     DONE,          NO_LABEL,       IN_SERVERS)
QUESTION = rule(  DONE,     ONLY_AUTHOR,   ONLY_AUTHOR,   ONLY_AUTHOR,   NO_LABEL,       DONE)
ON_NUDGE = rule(  DONE,     ONLY_AUTHOR,   ONLY_AUTHOR,   ONLY_AUTHOR,   ONLY_AUTHOR,    DONE)
ONES_VIEW = rule( DONE,     SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE,  DONE)
# fmt: on
WHY = {**ON_DRAFT, "stranger": NOT_ON_RECORD}
ENTRIES: Mapping[str, Rule] = {"Why this label?": WHY, "Check this draft": ANYWHERE}

AUTHOR, HERE = "(the author)", "(this channel)"
"""Values that stand for a member or a channel."""


@dataclass(frozen=True)
class Row:
    """A command: its values, what it answers when done, and who may use it.

    `public`: it names who drafted. `form`: it answers with a form, which a typed command can't. `elsewhere`: what
    it answers outside of servers, if that is something else.
    """

    name: str
    says: str
    rule: Rule = field(default_factory=lambda: OWN)
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    public: bool = False
    form: bool = False
    elsewhere: str = ""

    @property
    def hybrid(self) -> bool:
        """Whether it can be typed after a mention, too."""
        return self.rule is not MANAGING and not self.form


COMMANDS = (
    Row("about", "Version", ANYWHERE),
    Row("balance", "Balance of", options={"days": 7}),
    Row("balance", "Balance of quince", ANOTHERS, {"member": AUTHOR}),
    Row("check", "sure", ANYWHERE, {"text": ASKS}),
    Row("help", "How to use Square Deal"),
    Row("history", "Your drafts of the last seven days", options={"days": 7}),
    Row("nudges show", "Nudges come as"),
    Row("nudges form", "Nudges and questions"),
    Row("nudges where", "Nudges come as a direct message.", options={"place": "dm"}),
    Row("nudges off", "No nudges and no questions."),
    Row("nudges questions", "I don't ask", options={"place": "off"}),
    Row("nudges trial", "No nudge of yours", options={"choice": "off"}),
    Row("nudges comeback", "You want to be reminded", options={"choice": "on"}),
    Row("nudges snooze", "No nudges until", options={"hours": 2}),
    Row("nudges pace", "one nudge every five hours", options={"hours": 5}),
    Row("nudges quiet", "from 22:00 to 07:00", options={"start": "22:00", "end": "7:00"}),
    Row("import", "Bring your past", form=True),
    Row("privacy what", "What I keep about you"),
    Row("privacy export", "Everything I have about you"),
    Row("privacy pause", "Paused"),
    Row("privacy resume", "I'm reading your drafts again"),
    Row("privacy forget", "It can't be undone"),
    Row("summary show", "It comes at"),
    Row("summary now", "The day's summary", public=True),
    Row("summary week", "Your week up to"),
    Row("summary weekly", "Your week comes every Sunday", options={"day": "Sunday"}),
    Row("summary time", "It comes at 18:30", options={"at": "18:30"}),
    Row("summary where", "You are named", options={"place": "server"}),
    Row("summary figures", "Your figures are now shown", options={"choice": "on"}),
    Row("summary off", "No daily summary for you"),
    Row("target", "Your goal is now", options={"preset": "thirds"}),
    Row("target", "Your goal:"),
    Row("timezone", "Your time zone is Europe/Berlin", options={"zone": "Europe/Berlin"}),
    Row("why", "Why no nudge?"),
    Row("tip", "conversation over the last", ANYWHERE, elsewhere="Tip"),
    Row("account add", FORM, MANAGING),
    Row("account edit", "There is no account", MANAGING, {"account": "Shop"}),
    Row("account remove", "There is no account", MANAGING, {"account": "Shop"}),
    Row("account list", "This server has no accounts", MANAGING),
    Row("team", "Who drafted for what", MANAGING),
    Row("setup form", "Set me up", MANAGING),
    Row("setup channel", "I'll look for drafts in", MANAGING, {"channel": HERE}),
    Row("setup here", "I'll look for drafts in", MANAGING),
    Row("setup list", "Watched:", MANAGING),
    Row("setup zone", "The server's time zone is", MANAGING, {"zone": "Europe/Berlin"}),
    Row("setup summary", "The daily summary comes", MANAGING, {"channel": HERE, "at": "18:30"}),
    Row("setup goal", "The goal of members who chose none", MANAGING),
    Row("setup goal", "The goal of members who chose none is now", MANAGING, {"share": "40%"}),
    Row("setup summary", "The daily summary comes", MANAGING),
    Row("setup counts", "counts only what is posted", MANAGING, {"what": "posted"}),
    Row("setup questions", "No author is asked", MANAGING, {"choice": "off"}),
    Row("setup proxy", "No application's messages count", MANAGING),
    Row("setup tips", "only the tips I come with", MANAGING),
    Row("setup check", "All is well", MANAGING),
)

MENUS = {
    "Why this label?": "sure",
    "Change label": "ounted as",
    "Not a draft": "ount",
    "Check this draft": "sure",
    "Posted or not": "arked as posted",
}

BUTTONS: dict[str, tuple[str, Rule]] = {
    "label:content": ("Counted as content", QUESTION),
    "label:conversation": ("Counted as conversation", QUESTION),
    "undo": ("I'm counting it as content until you say", ON_NUDGE),
    "languages:leave": ("makes me ask again", QUESTION),
    "nudge:another": ("in 14 days", ON_NUDGE),
    "nudge:wrong": ("because you say so", ON_NUDGE),
    "nudge:snooze": ("No more nudges today", ON_NUDGE),
    "nudge:less": ("From now on", ON_NUDGE),
    "thought:own": ("counts on its own", ON_DRAFT),
    "thought:before": ("Counted together with", ON_DRAFT),
    "thought:back": ("Counted together with", ON_DRAFT),
}

VIEWS = {
    "history": (0, "history", "Your drafts of the last seven days"),
    "thoughts": (1, "history", "Your drafts of the last seven days"),
    "older drafts": (2, "history", "Your drafts of the last seven days, page 2"),
    "forget:erase": (0, "privacy forget", "Erased."),
    "forget:keep": (1, "privacy forget", "Nothing was erased."),
}
"""For one member: the place below the answer, the command that shows it, and what is done."""


def tried() -> dict[str, int]:
    """How much is tried: commands and other things to use, roles, and acts, one for each pair and way."""
    typed_ones = [row for row in COMMANDS if row.hybrid]
    no_robot = len(ROLES) - 1
    return {
        "commands": len(COMMANDS),
        "menu entries": len(MENUS),
        "buttons and menus": len(BUTTONS) + len(VIEWS),
        "roles": len(ROLES),
        "acts": (len(COMMANDS) + len(MENUS) + len(BUTTONS) + len(VIEWS)) * no_robot + len(typed_ones) * len(ROLES),
    }
