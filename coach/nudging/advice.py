"""Advice: what the bot shows on a draft once it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from coach.balance.standing import Standing
from coach.labels import Kind, Label
from coach.nudging.next_step import Question
from coach.nudging.tips import Quote, Tip
from coach.settings import NudgeWhere


@dataclass(frozen=True, slots=True)
class Nudge:
    """A nudge to show: on which draft, where it goes, and the one piece of advice in it.

    Attributes:
        message_id: the draft.
        where: where it goes.
        standing: where its author stands.
        advice: a question to copy, made from the draft's own subject, or else a tip.
        quote: the quotation beside the tip; None if there is none.
        account: the name of the account that it speaks of; empty if its draft belongs to none.
        shared: whether that is the balance of all who draft for the account, not of its reader alone.
    """

    message_id: int
    where: NudgeWhere
    standing: Standing
    advice: Question | Tip
    quote: Quote | None = None
    account: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What to show on a recorded draft.

    Attributes:
        message_id: the draft.
        label: its label now; None if it is not counted.
        previous: its label before an edit; None for a new draft.
        ask: the draft's likely kind, if its author is asked which label it has; None for no question.
        where: where a question goes.
        nudge: a nudge to show, if one is due.
        in_thread: whether it is a part of a thread, which has to be read again as a whole.
    """

    message_id: int
    label: Label | None
    previous: Label | None = None
    ask: Kind | None = None
    where: NudgeWhere = "reply"
    nudge: Nudge | None = None
    in_thread: bool = False
