"""What the bot says about drafts: labels with their reasons, questions, nudges, tips, and what a click did."""

from __future__ import annotations

from collections.abc import Sequence

from coach.intake.drafts import ESCAPE, NotADraft
from coach.labels import Kind, Label, Verdict
from coach.nudging.advice import Nudge
from coach.nudging.tips import Tip
from coach.store import StoredDraft
from coach.wording import counted, percent, plural, window_words

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

UNKNOWN_LANGUAGE = (
    "This doesn't look like English, German, French, Spanish, Portuguese, Italian or Dutch, the languages I know."
)
LEAVE_LANGUAGES = "Skip other languages here"
LANGUAGES_LEFT = (
    "I skip drafts in other languages in this draft's channel. To count one anyway, use **Change label** in its "
    "menu. **/nudges questions** makes me ask again."
)
NOT_COUNTED = "Not counted: another language."
UNLABELLED = "Not counted: it doesn't look like a language I know. To count it, use **Change label** in its menu."

WHY_NO_DRAFT = {
    NotADraft.NOT_A_PERSON: "it was not written by a person",
    NotADraft.FORWARD: "it is a forward",
    NotADraft.COMMENT: "it replies to somebody else's message, so it is talk about a draft",
    NotADraft.ESCAPED: f"it starts with {ESCAPE}, so it is talk",
    NotADraft.COMMAND: "it is a command to me",
    NotADraft.NO_WORDS: "it has no words",
}
NOT_WATCHED = "That message is not counted as a draft: I don't look for drafts in this channel."
NOT_ON_RECORD = (
    "That message is not counted as a draft: I haven't read it yet, it is from a time when I didn't read this "
    "channel or its author, or what I knew about it has been erased."
)

NUDGE_BUTTONS = {
    "another": "Another tip",
    "wrong": "Wrong label",
    "snooze": "Snooze today",
    "less": "Nudge me less",
}

UNDO = "Undo"
NEWER, OLDER = "Newer", "Older"

SOMEBODY_ELSES = "That is for somebody else."
CHANGE_A_LABEL = "Change a label"
NO_DRAFTS = "No drafts in that time."


def why_no_draft(reason: NotADraft) -> str:
    """Why a message has no label, to whoever asks."""
    return f"That message is not counted as a draft: {WHY_NO_DRAFT[reason]}."


def certainty_of(label: Label, probability: float) -> str:
    """How sure the labeller is of a label, such as "87% sure"; `probability` is that of conversation."""
    return f"{percent(probability if label is Label.CONVERSATION else 1 - probability)} sure"


def question(label: Label | None) -> str:
    """What an author is asked about a draft that counts as `label` until then; None if its language is unknown."""
    asks = "Is this one **content** (you tell) or **conversation** (you talk with people)?"
    if label is not None:
        return f"{asks} I'm counting it as {label} until you say."
    return (
        f"{UNKNOWN_LANGUAGE} It won't count until you choose: {asks[0].lower()}{asks[1:]} "
        "I ask only once in each channel."
    )


def verdict_title(verdict: Verdict, sign: str) -> str:
    """What stands above a text's label; `sign` stands for the label."""
    return f"{sign} {verdict.label.capitalize()}"


def verdict_line(verdict: Verdict) -> str:
    """Label, certainty and kind of a text in one line."""
    if verdict.kind is Kind.NONE:
        return f"{UNKNOWN_LANGUAGE} I would guess {verdict.label}."
    line = f"**{verdict.label.capitalize()}**, {certainty_of(verdict.label, verdict.probability)}"
    line += f": {KIND_WORDS[verdict.kind]}"
    return line + (". It could be read either way." if verdict.unsure else ".")


def check_text(verdict: Verdict) -> str:
    """What the labeller makes of a text that is not on record, and why."""
    if verdict.kind is Kind.NONE:
        return f"{verdict_line(verdict)} As a draft it wouldn't count until you choose."
    return f"{verdict_line(verdict)}\n{reasons_line(verdict)}"


def reasons_line(verdict: Verdict) -> str:
    """The cues that moved the label most."""
    if not verdict.reasons:
        return "No single part decides it; it is the draft as a whole."
    return f"Because: {'; '.join(verdict.reasons)}."


def draft_line(draft: StoredDraft) -> str:
    """A stored draft's label and where it comes from."""
    if draft.unlabelled:
        return UNLABELLED
    if draft.label is None:
        return "Set aside: not counted as a draft."
    if draft.labelled_by == "member":
        return f"**{draft.label.capitalize()}**, set by hand."
    return f"**{draft.label.capitalize()}**, {certainty_of(draft.label, draft.probability)}."


def why_text(draft: StoredDraft, verdict: Verdict | None) -> str:
    """The label of a draft and what moved it; `verdict` is the labeller's on its words, None if it has none."""
    lines = [draft_line(draft)]
    if verdict is not None and not draft.unlabelled:
        if draft.labelled_by == "member":
            lines.append(f"By its words alone: {verdict_line(verdict)}")
        # The labeller only guesses in a language that it doesn't know, and a guess has no reasons.
        if verdict.kind is not Kind.NONE:
            lines.append(reasons_line(verdict))
    return "\n".join(lines)


def history_title(days: int, page: int) -> str:
    """What stands above a member's drafts of the last days; `page` is 0 for the newest."""
    title = f"Your drafts of the last {counted(days, 'day')}" if days > 1 else "Your drafts of today"
    return f"{title}, page {page + 1}" if page else title


def history_line(draft: StoredDraft, asks: bool) -> str:
    """A draft's label and where it comes from, short enough for a list of many.

    Args:
        draft: the draft.
        asks: whether its author may be asked about it here if the labeller was unsure.
    """
    if draft.unlabelled:
        return NOT_COUNTED
    if asks and draft.guessed and draft.label is not None:
        return f"❔ **{draft.label.capitalize()}**, {certainty_of(draft.label, draft.probability)}: is that right?"
    return draft_line(draft)


def history_foot(drafts: Sequence[StoredDraft], asks: bool) -> str:
    """What stands below a list of drafts; may be empty."""
    lines: list[str] = []
    if any(draft.unlabelled for draft in drafts):
        lines.append("To count a draft in another language, choose it below.")
    if asks and any(draft.guessed for draft in drafts):
        lines.append("❔ counts as I guess until you say below what it is.")
    return " ".join(lines)


def says_it_is(draft: StoredDraft, label: Label) -> str:
    """What choosing a label for a draft in the menu below the list does."""
    if draft.unlabelled:
        return f"not counted → {label}"
    if draft.label is label:
        return f"{label}, as I guessed"
    undo = " (take it back)" if draft.can_be_taken_back else ""
    return f"{label.other} → {label}{undo}"


def counts_again(draft: StoredDraft) -> str:
    """What choosing a draft that is set aside does."""
    return "set aside → counted again" if draft.by_model else "set aside → as it was before"


NOT_A_DRAFT = "not a draft"


def tilt_head(label: Label) -> str:
    """What stands above a step that turns a text towards the other label."""
    return f"To tilt it towards {label.other}"


def tip_text(tip: Tip) -> str:
    """A tip's advice and reason."""
    return f"{tip.advice} {tip.reason}"


def nudge_text(nudge: Nudge) -> str:
    """A nudge: where its author stands, and one piece of advice; a question to copy goes below it."""
    tally, window = nudge.standing.tally, window_words(nudge.standing.goal)
    head = f"{account_line(nudge.account, shared=nudge.shared)}\n" if nudge.account else ""
    where = f"{head}**{tally.content} content, {tally.conversation} conversation** in {window}."
    match nudge.advice:
        case Tip():
            return f"{where} {tip_text(nudge.advice)}"
        case question:
            return f"{where} {question.use}:"


def account_line(account: str, *, shared: bool) -> str:
    """Of which account's balance a nudge speaks, and of whose part in it."""
    return f"**{account}**, all who draft for it together:" if shared else f"**{account}**:"


def about_draft(link: str) -> str:
    """The first line of a direct message about a draft."""
    return f"On {link}:"


def counted_on_your_word(label: Label, sign: str) -> str:
    """What takes the place of a question or nudge once the author has said what the draft is."""
    return f"{sign} Counted as {label}, because you say so."


def change_to(label: Label) -> str:
    """The button that gives a draft a label."""
    return f"Change to {label}"


def changed(label: Label, sign: str) -> str:
    """The answer to *Change label*."""
    return f"{sign} Now counted as **{label}**."


def counted_again(label: Label) -> str:
    """The answer to *Not a draft* on a draft that was set aside."""
    return f"Counted as **{label}** again."


SET_ASIDE = "Set aside: it is no longer counted. Use **Not a draft** again to count it."


def undone(draft: StoredDraft) -> str:
    """The answer to *Undo*, by the draft as it is again."""
    if draft.label is None:
        return "Undone: not counted, as before."
    return f"Undone: counted as **{draft.label}**, as before."


def snoozed_today(until: str) -> str:
    """The answer to *Snooze today*; `until` is the moment at which the day ends."""
    return f"No more nudges today, until {until}."


def nudged_less(hours: float | None) -> str:
    """The answer to *Nudge me less*; `hours` between two nudges from now on, None if there are to be none."""
    if hours is None:
        return "From now on only the daily summary says what is due. **/nudges where** brings nudges back."
    return f"From now on at most {every_hours(hours)}. **/nudges pace** changes that."


def every_hours(hours: float) -> str:
    """How often nudges come at most, such as "one nudge every four hours"."""
    return f"one nudge every {plural('hour', 1) if hours == 1 else counted(hours, 'hour')}"


def own_tips(count: int) -> str:
    """How many tips of its own a server has."""
    if not count:
        return "This server has only the tips I come with."
    return f"This server now has {counted(count, 'tip')} of its own, besides those I come with."
