"""A model of drafts and thoughts, in sets of Python: what has to count, and what belongs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from coach.labels import Label
from coach.store import Neighbour, Relation, Words


def relate(draft: Neighbour, others: Sequence[Neighbour]) -> Mapping[int, Relation]:
    """A rule for tests: sketches are equal, or part numbers follow one another in a channel."""
    found: dict[int, Relation] = {}
    for one in sorted(others, key=lambda one: (abs(one.message_id - draft.message_id), one.message_id)):
        a, b = sorted((draft, one), key=lambda each: each.message_id)
        in_order = a.words.part is not None and a.words.part + 1 == (b.words.part or 0)
        if in_order and a.channel_id == b.channel_id:
            found[one.message_id] = Relation.PART
        elif one.words.sketch == draft.words.sketch:
            found[one.message_id] = Relation.VARIANT
    return found


@dataclass
class Drafted:
    """What the model knows of a draft on record.

    `thought` and `thread` are shared by those that belong together, `words` is None once they are erased. `before`
    is its label before the last thing done by hand, and whether that was set by hand; `out`: whether it is posted.
    """

    key: int
    author: int
    channel: int
    continues: int | None
    label: Label | None
    words: Words | None
    by_model: Label | None
    by_hand: bool = False
    before: tuple[Label | None, bool] | None = None
    placed: bool = False
    out: bool = False
    thought: object = None
    thread: object = None


@dataclass
class Model:
    """What has to be on record, in sets of Python instead of rows."""

    drafts: dict[int, Drafted] = field(default_factory=dict[int, Drafted])
    deleted: set[int] = field(default_factory=set[int])
    read_again: set[object] = field(default_factory=set[object])

    def thought(self, one: Drafted) -> list[Drafted]:
        """All drafts of a draft's thought, oldest first."""
        return [
            two
            for two in sorted(self.drafts.values(), key=lambda each: each.key)
            if two is one or (one.thought is not None and two.thought is one.thought)
        ]

    def parts(self, one: Drafted) -> list[Drafted]:
        """All parts of a draft's thread, oldest first."""
        return [two for two in self.thought(one) if one.thread is not None and two.thread is one.thread]

    def alone(self, one: Drafted) -> bool:
        """Whether a draft is a thought of its own."""
        return len(self.thought(one)) == 1

    def place(self, me: Drafted) -> None:
        """Find the thought of a draft."""
        links: list[tuple[Drafted, Relation, bool]] = []
        theirs = sorted((one for one in self.drafts.values() if one.author == me.author), key=lambda one: one.key)
        for one in theirs:
            if one is me:
                continue
            if one.key == me.continues or one.continues == me.key:
                words = one.words if one.continues == me.key else me.words
                named = words is not None and words.named
                links.append((one, Relation.VARIANT if named else Relation.PART, False))
        if me.words is not None:
            near = [
                Neighbour(one.key, one.channel, one.key * 3600, one.words)
                for one in theirs
                if one is not me and one.words is not None and abs(one.key - me.key) <= 6
            ]
            mine = Neighbour(me.key, me.channel, me.key * 3600, me.words)
            links += [(self.drafts[key], how, True) for key, how in relate(mine, near).items()]
        taken, parts = [me], list[Drafted]()
        for one, how, by_words in links:
            if one.placed and one.thought is None:
                continue
            if one not in taken:
                group = self.thought(one)
                keys = [two.key for two in (*taken, *group)]
                if by_words and max(keys) - min(keys) > 6:
                    continue
                if len(taken) > 1 and any(two.placed for two in (*taken, *group)):
                    continue
                taken += group
            if how is Relation.PART:
                parts.append(one)
        if len(taken) > 1:
            self.unite(taken, [*parts, me] if parts else [])

    def unite(self, drafts: Sequence[Drafted], parts: Sequence[Drafted]) -> None:
        """Make drafts one thought, and some of them one thread."""
        thought, thread = object(), object()
        threads = {id(one.thread) for one in parts if one.thread is not None}
        for one in drafts:
            one.thought = thought
            if one in parts or (one.thread is not None and id(one.thread) in threads):
                self.read_again.discard(one.thread)
                one.thread = thread
                self.read_again.add(thread)

    def leave(self, one: Drafted) -> None:
        """Take a draft out of its thought."""
        rest = [two for two in self.parts(one) if two is not one]
        if one.thread is not None:
            self.read_again.discard(one.thread)
            if rest:
                self.read_again.add(one.thread)
            self.read_again.add(one.key)
        one.thought = one.thread = None

    def judged(self, one: Drafted, label: Label | None) -> None:
        """Give a draft its label, or that of its thread."""
        fellows = [two for two in self.parts(one) if two is not one and two.label is not None]
        one.by_model = label
        if fellows:
            fellow = max(fellows, key=lambda two: (two.by_hand, two.key))
            label, one.by_model = fellow.label, fellow.by_model
        if not one.by_hand:
            one.label = label

    def tallies(self) -> Counter[tuple[int, date, Label, bool]]:
        """How many thoughts of each label each author has on each day; with True, how many of them are posted."""
        counted: Counter[tuple[int, date, Label, bool]] = Counter()
        for one in self.drafts.values():
            labelled = [two for two in self.thought(one) if two.label is not None]
            if labelled and labelled[-1] is one and one.label is not None:
                key = one.author, day_of(one.key), one.label
                counted[*key, False] += 1
                counted[*key, True] += any(two.out for two in labelled)
        return counted


def day_of(key: int) -> date:
    """The local day of a message."""
    return date(2026, 11, 20) + timedelta(days=key // 8)
