"""The rules that the record has to agree with, whatever has happened."""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.intake.drafts import Message, text_hash
from coach.labels import Label
from coach.settings import Settings
from coach.store import StoredDraft
from tests.support.histories.process import MEMO
from tests.support.histories.world import BOT

DRAFTS = (
    "Our winter opening hours start on Monday: weekdays from nine to five, closed at weekends.",
    "How do you keep your seedlings alive when you go away for a week?",
    "Thank you so much, Maria, for driving all the way out to help us on Saturday.",
    "We have baked 200 loaves today. Come and get one while they are warm.",
)
TALK = ("// what do you think?", "🎉")
SOMEBODY = 10
"""Whom a comment answers; never the author of one."""

KEY = b"key"


class Difference(AssertionError):
    """The record is not what the rules say; the message says how they differ."""


@dataclass
class Kept:
    """What the rules have to know about a message besides its text.

    `hand` is the label that its author set, "aside" if they set it aside. `loose` says that the label can't be
    predicted, as things happened at once; `either`, that it may or may not be on record. `private` are texts
    written during a pause. `posted` says whether its author marked it as posted; None if that can't be predicted.
    """

    hand: Label | str | None = None
    before_aside: Label | str | None = None
    posted: bool | None = False
    loose: bool = False
    either: bool = False
    texts: set[str] = field(default_factory=set[str])
    private: set[str] = field(default_factory=set[str])


@dataclass
class Rules:
    """What has happened that decides what has to be on record.

    By member: `paused` has the first id that must not be read, if they have paused the bot; `read_after` the last
    such id, if they have resumed it; `erased` the id up to which everything is erased; `maybe_erased` the same if
    the bot may not have heard of it.
    """

    kept: dict[int, Kept] = field(default_factory=dict[int, Kept])
    paused: dict[int, int] = field(default_factory=dict[int, int])
    read_after: dict[int, int] = field(default_factory=dict[int, int])
    erased: dict[int, int] = field(default_factory=dict[int, int])
    maybe_erased: dict[int, int] = field(default_factory=dict[int, int])

    def agrees(
        self, message: Message, stored: StoredDraft | None, there: set[str], whole: str | None = None
    ) -> None:
        """Check the record of a message that is in its channel, and the bot's signs on it.

        Args:
            message: the message.
            stored: its record.
            there: the signs on it.
            whole: the text of the thread that it is a part of; None if it is in none.

        Raises:
            Difference: they are not what the rules say.
        """
        key, author, kept = message.message_id, message.author_id, self.kept[message.message_id]
        told = f"message {key} of {author}, {message.text!r}, {kept}: {stored}"
        draft = author != BOT and message.replies_to in (None, author) and message.text not in TALK
        silent = author in self.paused or key <= self.read_after.get(author, 0)
        if stored is not None:
            if author == BOT or message.replies_to == SOMEBODY:
                raise Difference(f"no draft, but on record: {told}")
            if key <= self.erased.get(author, 0):
                raise Difference(f"erased, but on record: {told}")
            if any(stored.text_hash == text_hash(text, KEY) for text in kept.private):
                raise Difference(f"written in a pause, but read: {told}")
            aside = stored.label is None
            if not draft and not aside and not silent and not kept.either:
                raise Difference(f"no draft any more, but on record: {told}")
            if kept.posted is not None and kept.posted != (stored.out_at is not None):
                raise Difference(f"posted or not: {told}")
            signs = Settings().reactions
            wanted: set[str] = set() if stored.label is None else {signs.of(stored.label)}
            if there != wanted:
                raise Difference(f"signs {there}: {told}")
            text = message.text if whole is None else whole
            if draft and not silent and not kept.loose and stored.label is not self._label(text, kept):
                raise Difference(f"the label is not the one that it has to have: {told}")
        else:
            erased = key <= max(self.erased.get(author, 0), self.maybe_erased.get(author, 0))
            if draft and not erased and not silent and not kept.either:
                raise Difference(f"lost: {told}")
            if there and not erased:
                raise Difference(f"a sign without a record: {told}")

    @staticmethod
    def _label(text: str, kept: Kept) -> Label | None:
        if kept.hand is None:
            return MEMO.label([text])[0].counted
        return None if kept.hand == "aside" else Label(kept.hand)
