"""Accounts: whatever moves between them and in whatever order, each draft counts for the account a model says."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coach.balance.standing import Tally
from coach.labels import Label
from coach.nudging.policy import Silence
from coach.store import Account, ByHand, Deciding, NewDraft, OwnGoal, Place, Placing, Store, StoredNudge, Words
from coach.store.account_book import UNNAMED
from coach.store.nudges import nudges_of
from coach.store.tallies import days_of
from tests.support.databases import IN_MEMORY, put_new
from tests.support.thoughts import BEGIN, WINDOW, relate
from tests.support.verdicts import NOW, VERDICTS

SERVER, ANN, BEN = 1, 100, 200
DAY = date(2026, 11, 20)
Build = Callable[..., NewDraft]

PARENTS = {10: None, 11: None, 12: 10, 31: 30, 32: 30, 33: 30}
"""Where drafts are written: two channels, a thread of the first, and three posts of a forum."""
POSTS = (31, 32, 33)
PLACES = [Place(10), Place(11), Place(30), Place(30, 7), Place(30, 8)]

keys = st.integers(1, 30)
which = st.integers(1, 3)
tags = st.lists(st.sampled_from([7, 8, 9]), unique=True, max_size=2)


@dataclass
class Drafted:
    """What the model knows of a draft."""

    author: int
    channel: int
    account: int
    label: Label


@dataclass
class Model:
    """Drafts, accounts and places, in dictionaries instead of rows.

    `given` is the last number that an account was given, `tags` are of those posts that are on record.
    """

    drafts: dict[int, Drafted] = field(default_factory=dict[int, Drafted])
    copies: dict[int, Drafted] = field(default_factory=dict[int, Drafted])
    accounts: set[int] = field(default_factory=set[int])
    given: int = 0
    places: dict[Place, int] = field(default_factory=dict[Place, int])
    tags: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def account(self, place: int) -> int:
        """The number of the first, second or third account; one that none has had if there is no such."""
        return [*sorted(self.accounts), *[self.given + 1] * 3][place - 1]

    def account_of(self, channel: int) -> int:
        """The account of a channel, thread or post: of its first tag that has one, else of the channel."""
        parent = PARENTS[channel] or channel
        for tag in self.tags.get(channel, ()):
            if Place(parent, tag) in self.places:
                return self.places[Place(parent, tag)]
        return self.places.get(Place(parent), UNNAMED)


class Accounts(RuleBasedStateMachine):
    """Anything may happen to drafts and accounts at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.runner = asyncio.Runner()
        self.store = self.runner.run(Store.open(put_new(Path(self.folder.name) / "accounts.db"), BEGIN))
        self.model = Model()

    @rule(
        key=keys,
        who=st.sampled_from([ANN, BEN]),
        channel=st.sampled_from(list(PARENTS)),
        label=st.sampled_from(Label),
        words=st.none() | st.builds(Words, st.sampled_from([b"a", b"b"]), st.sampled_from([None, None, 1, 2])),
        to=st.sampled_from([None, -1]),
        shown=tags,
    )
    def arrive(
        self,
        key: int,
        who: int,
        channel: int,
        label: Label,
        words: Words | None,
        to: int | None,
        shown: list[int],
    ) -> None:
        posted = BEGIN + timedelta(hours=key)
        new = NewDraft(
            message_id=key,
            guild_id=SERVER,
            channel_id=channel,
            parent_id=PARENTS[channel],
            author_id=who,
            posted_at=posted,
            local_day=posted.date(),
            verdict=VERDICTS[label],
            length=20,
            text_hash=key.to_bytes(8, "big"),
            text=None,
            continues=None if to is None else key + to,
            placing=Placing(words, WINDOW, relate),
            # Those that its message came with may be out of date.
            tags=tuple(shown) if channel in POSTS else None,
        )
        if channel in POSTS:
            self.model.tags.setdefault(channel, shown)
        recorded = self.runner.run(self.store.drafts.record(new))
        if key not in self.model.drafts:
            account = self.model.account_of(channel)
            assert recorded is not None and recorded.account_id == account
            self.model.drafts[key] = Drafted(who, channel, account, recorded.label or label)

    @rule(gone=st.lists(keys, min_size=1, max_size=3))
    def remove(self, gone: list[int]) -> None:
        self.runner.run(self.store.removals.sweep(SERVER, gone, (), NOW))
        for key in gone:
            if key in self.model.drafts:
                self.model.copies[key] = self.model.drafts.pop(key)

    @rule(key=keys, label=st.sampled_from(Label))
    def correct(self, key: int, label: Label) -> None:
        self.runner.run(self.store.corrections.correct(SERVER, key, lambda _: label, NOW))

    @rule(key=keys, posted=st.booleans())
    def post(self, key: int, posted: bool) -> None:
        self.runner.run(self.store.comebacks.mark(SERVER, key, lambda _: posted, NOW, timedelta()))

    @rule(key=keys)
    def set_aside(self, key: int) -> None:
        self.runner.run(self.store.corrections.correct(SERVER, key, lambda _: ByHand.SET_ASIDE, NOW))

    @rule(key=keys)
    def put_with_the_one_before(self, key: int) -> None:
        self.runner.run(self.store.thoughts.put_with(SERVER, key))

    @rule(key=keys)
    def put_on_its_own(self, key: int) -> None:
        self.runner.run(self.store.thoughts.put_on_its_own(SERVER, key))

    @rule(which=which, places=st.sets(st.sampled_from(PLACES)), shared=st.booleans())
    def save(self, which: int, places: set[Place], shared: bool) -> None:
        number = self.model.account(which)
        known = number in self.model.accounts
        account = Account(SERVER, number if known else UNNAMED, f"account {number} {known}", shared)
        saved = self.runner.run(self.store.accounts.save(account, places))
        # No number comes again, whoever had it.
        assert saved is not None and saved.account_id == number
        self.model.given = max(self.model.given, number)
        self.model.accounts.add(number)
        kept = {place: one for place, one in self.model.places.items() if one != number}
        self.model.places = kept | dict.fromkeys(places, number)

    @rule(which=which)
    def bring_home(self, which: int) -> None:
        number = self.model.account(which)
        astray = self.runner.run(self.store.accounts.astray(SERVER, number))
        moved = self.runner.run(self.store.accounts.bring_home(SERVER, number))
        expected = 0
        for draft in self.model.drafts.values() if number in self.model.accounts else ():
            at = self.model.account_of(draft.channel)
            if (at == number) != (draft.account == number):
                draft.account, expected = at, expected + 1
        assert astray == moved == expected

    @rule(which=which, other=st.integers(0, 3))
    def remove_account(self, which: int, other: int) -> None:
        number, into = self.model.account(which), self.model.account(other) if other else UNNAMED
        if number not in self.model.accounts:
            return
        self.runner.run(self.store.accounts.remove(SERVER, number, into))
        self.model.accounts.remove(number)
        target = into if into in self.model.accounts else UNNAMED
        for draft in (*self.model.drafts.values(), *self.model.copies.values()):
            draft.account = target if draft.account == number else draft.account
        moved = {place: target if one == number else one for place, one in self.model.places.items()}
        self.model.places = {place: one for place, one in moved.items() if one != UNNAMED}

    @rule(post=st.sampled_from(POSTS), tags=tags)
    def tag(self, post: int, tags: list[int]) -> None:
        before = self.model.account_of(post)
        if post in self.model.tags:
            self.model.tags[post] = tags
        after = self.model.account_of(post)
        self.runner.run(self.store.accounts.note_tags(SERVER, {post: tags}))
        for draft in self.model.drafts.values():
            if draft.channel == post and draft.account == before:
                draft.account = after

    @rule()
    def put_back(self) -> None:
        self.runner.run(self.store.removals.put_back())

        def query(raw: object) -> list[tuple[int, int, int, int, str | None]]:
            return raw.execute(  # type: ignore[attr-defined]
                "SELECT message_id, author_id, channel_id, account_id, label FROM drafts"
            ).fetchall()

        for key, author, channel, account, label in self.runner.run(self.store.database.read(query)):
            stayed = self.model.drafts.get(key)
            if stayed is None or stayed.account != account:
                assert account == self.model.copies[key].account
            self.model.drafts[key] = Drafted(author, channel, account, Label(label or "content"))
        self.model.copies.clear()

    @invariant()
    def each_draft_counts_where_the_model_says(self) -> None:
        rows = self.runner.run(
            self.store.database.read(
                lambda raw: raw.execute(
                    "SELECT message_id, author_id, account_id, label, counts, out_at, thought FROM drafts"
                ).fetchall()
            )
        )
        assert {row[0]: row[2] for row in rows} == {key: one.account for key, one in self.model.drafts.items()}
        assert self.runner.run(self.store.tallies.recount()) == []
        counted = Counter(row[2] for row in rows if row[3] is not None and row[4])
        thoughts = {row[6] or -row[0]: row[2] for row in rows if row[3] is not None and row[5] is not None}
        posted = Counter(thoughts.values())
        tallies, since, accounts = self.store.tallies, DAY - timedelta(days=1), {UNNAMED, *self.model.accounts}
        for account in accounts:
            for only, expected in ((set[int](), counted), (accounts, posted)):
                days = self.runner.run(tallies.account_days(SERVER, account, since, only))
                assert sum(tally.drafts for tally in days.values()) == expected[account]
                each = self.runner.run(tallies.authors_since(SERVER, since, only))
                shown = [
                    sum(one.drafts for one in days.values()) for key, days in each.items() if key[1] == account
                ]
                assert sum(shown) == expected[account]

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        self.folder.cleanup()


Accounts.TestCase.settings = settings(stateful_step_count=30)
TestAccounts = Accounts.TestCase


async def decided_on(store: Store, new: NewDraft) -> tuple[int, dict[date, Tally]]:
    """The account and the tallies that a nudge on a new draft is decided on."""
    seen: list[tuple[int, dict[date, Tally]]] = []

    def silence(account_id: int, days: dict[date, Tally], _: object) -> Silence:
        seen.append((account_id, days))
        return Silence.INSIDE

    await store.drafts.record(new, None, Deciding(DAY, silence, NOW, 0.0))
    return seen[0]


async def tallied(store: Store, account: int | None = None, author: int = ANN) -> Tally:
    days = await store.database.read(lambda raw: days_of(raw, SERVER, author, DAY, account))
    return days.get(DAY, Tally())


async def test_without_accounts_everything_belongs_to_the_unnamed_one(store: Store, draft: Build) -> None:
    assert await decided_on(store, draft(1)) == (UNNAMED, {DAY: Tally(1, 0)})
    assert await tallied(store) == await tallied(store, UNNAMED) == Tally(1, 0)


async def test_a_shared_account_has_one_balance_and_others_one_for_each_author(store: Store, draft: Build) -> None:
    shared = await store.accounts.save(Account(SERVER, UNNAMED, "Shop", shared=True), [Place(10)])
    own = await store.accounts.save(Account(SERVER, UNNAMED, "Us", shared=False), [Place(11)])
    assert shared is not None and own is not None
    await store.drafts.record(draft(1))
    both = await decided_on(store, draft(2, Label.CONVERSATION, author_id=BEN))
    await store.drafts.record(draft(3, channel_id=11))
    alone = await decided_on(store, draft(4, Label.CONVERSATION, channel_id=11, author_id=BEN))
    assert both == (shared.account_id, {DAY: Tally(1, 1)})
    assert alone == (own.account_id, {DAY: Tally(0, 1)})
    assert await tallied(store) == Tally(2, 0)
    assert await tallied(store, shared.account_id) == Tally(1, 0)


async def test_a_thread_follows_its_channel_and_a_post_its_first_tag_that_has_an_account(
    store: Store, draft: Build
) -> None:
    await store.accounts.save(Account(SERVER, UNNAMED, "Forum"), [Place(30), Place(10)])
    await store.accounts.save(Account(SERVER, UNNAMED, "Tagged"), [Place(30, 7)])
    placed = {
        1: {"channel_id": 12, "parent_id": 10},
        2: {"channel_id": 31, "parent_id": 30, "tags": (9, 7)},
        3: {"channel_id": 32, "parent_id": 30, "tags": (9,)},
        4: {"channel_id": 11},
    }
    found: dict[int, int] = {}
    for key, where in placed.items():
        recorded = await store.drafts.record(draft(key, **where))
        assert recorded is not None
        found[key] = recorded.account_id
    assert found == {1: 1, 2: 2, 3: 1, 4: UNNAMED}


async def test_a_thought_that_comes_to_lie_in_two_accounts_counts_once_in_each(store: Store, draft: Build) -> None:
    words = Placing(Words(b"offer"), WINDOW, relate)
    await store.drafts.record(draft(1, placing=words))
    await store.drafts.record(draft(2, Label.CONVERSATION, channel_id=11, placing=words))
    assert await tallied(store) == Tally(0, 1)
    account = await store.accounts.save(Account(SERVER, UNNAMED, "Shop"), [Place(10)])
    assert account is not None
    assert await store.accounts.astray(SERVER, 1) == 1
    assert await store.accounts.bring_home(SERVER, 1) == 1
    assert await tallied(store, 1) == Tally(1, 0)
    assert await tallied(store, UNNAMED) == Tally(0, 1)
    # And a new variant joins those of its own account only.
    await store.drafts.record(draft(3, channel_id=11, placing=words))
    assert await tallied(store, UNNAMED) == Tally(1, 0)
    assert await tallied(store, 1) == Tally(1, 0)
    assert await store.tallies.recount() == []


async def test_a_nudge_is_answered_by_a_draft_for_the_same_account(store: Store, draft: Build) -> None:
    await store.accounts.save(Account(SERVER, UNNAMED, "Shop"), [Place(10)])
    await store.drafts.record(draft(1))
    await store.nudges.add(StoredNudge(1, SERVER, ANN, "a-tip", Label.CONVERSATION), NOW, None)
    await store.drafts.record(draft(2, channel_id=11))
    [nudge] = await store.database.read(lambda raw: nudges_of(raw, SERVER, ANN))
    assert nudge.heeded is None
    await store.drafts.record(draft(3, Label.CONVERSATION))
    [nudge] = await store.database.read(lambda raw: nudges_of(raw, SERVER, ANN))
    assert nudge.heeded is True


async def test_a_members_own_goals_go_with_the_member_and_with_the_account(store: Store) -> None:
    await store.accounts.save(Account(SERVER, UNNAMED, "Us"), [])
    await store.accounts.set_goal(SERVER, ANN, 1, OwnGoal(0.4, 0.1, 7))
    assert await store.accounts.goals(SERVER, ANN) == {1: OwnGoal(0.4, 0.1, 7)}
    await store.members.forget(SERVER, ANN, b"", 0)
    assert await store.accounts.goals(SERVER, ANN) == {}
    await store.accounts.set_goal(SERVER, BEN, 1, OwnGoal(0.4, 0.1, 7))
    await store.accounts.remove(SERVER, 1, UNNAMED)
    assert await store.accounts.goals(SERVER, BEN) == {}


async def test_a_server_that_is_erased_leaves_no_account(store: Store, draft: Build) -> None:
    await store.accounts.save(Account(SERVER, UNNAMED, "Us"), [Place(10)])
    await store.drafts.record(draft(1))
    await store.accounts.set_goal(SERVER, ANN, 1, OwnGoal(0.4, 0.1, 7))
    await store.retention.erase_server(SERVER)
    tables = ("accounts", "account_numbers", "account_places", "account_goals", "account_tallies", "tallies")
    for table in (*tables, "server_tallies"):
        rows = await store.database.read(lambda raw, table=table: raw.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608
        assert rows == [], table


async def test_a_thread_that_comes_to_lie_in_two_accounts_is_one_in_each(store: Store, draft: Build) -> None:
    words = Placing(Words(b"offer"), WINDOW, relate)
    # The thread has the number of its first part, and its thought that of the variant before it.
    await store.drafts.record(draft(1, placing=words))
    await store.drafts.record(draft(2, channel_id=11, placing=words))
    await store.drafts.record(draft(3, continues=2))
    assert await tallied(store) == Tally(1, 0)
    account = await store.accounts.save(Account(SERVER, UNNAMED, "Shop"), [Place(11)])
    assert account is not None and await store.accounts.bring_home(SERVER, 1) == 1
    assert await store.tallies.recount() == []
    assert await tallied(store, UNNAMED) == Tally(1, 0) == await tallied(store, 1)


async def test_drafts_that_are_put_back_are_of_no_thread_in_another_account(store: Store, draft: Build) -> None:
    words = Placing(Words(b"offer"), WINDOW, relate)
    await store.drafts.record(draft(1, channel_id=11, placing=words))
    await store.drafts.record(draft(2, channel_id=11, placing=words))
    await store.drafts.record(draft(3, continues=2))
    await store.removals.sweep(SERVER, [2], (), keep=NOW)
    account = await store.accounts.save(Account(SERVER, UNNAMED, "Shop"), [Place(10)])
    assert account is not None and await store.accounts.bring_home(SERVER, 1) == 1
    assert await store.removals.put_back() == 1
    assert await store.tallies.recount() == []
    assert await tallied(store, UNNAMED) == Tally(1, 0) == await tallied(store, 1)


async def test_a_draft_that_came_back_to_another_thought_may_be_on_its_own_again(
    store: Store, draft: Build
) -> None:
    offer, other = (Placing(Words(words), WINDOW, relate) for words in (b"offer", b"other"))
    for key in (2, 3, 4):
        await store.drafts.record(draft(key, placing=offer))
    await store.removals.sweep(SERVER, [2], ())
    await store.accounts.save(Account(SERVER, UNNAMED, "Shop"), [Place(11), Place(12)])
    await store.drafts.record(draft(1, channel_id=11, placing=other))
    # The others have kept its id as their number.
    await store.drafts.record(draft(2, channel_id=12, placing=other))
    assert await tallied(store, UNNAMED) == Tally(1, 0) == await tallied(store, 1)
    await store.accounts.save(Account(SERVER, UNNAMED, "Other"), [Place(12)])
    assert await store.accounts.bring_home(SERVER, 2) == 1
    assert await store.tallies.recount() == []
    assert await tallied(store, 2) == Tally(1, 0) == await tallied(store, 1)
