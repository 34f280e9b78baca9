"""Accounts in the coach: goals in force, summaries, weeks and the team, and what a form may say."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.accounts import Form, Saved, goal_as_typed
from coach.balance.standing import Goal, Tally
from coach.coach import Coach
from coach.digests import Digest
from coach.errors import Refused
from coach.labelling.labeller import Labeller
from coach.labels import Label
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import Account, AccountBook, NewDraft, Place, Store
from coach.store.account_book import UNNAMED
from tests.support.databases import put_new
from tests.support.verdicts import VERDICTS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SERVER, ANN, BEN, CLEO, DAN = 1, 100, 200, 300, 400
SHOP, US = 10, 11


@pytest.fixture
async def coach(tmp_path: Path) -> AsyncGenerator[Coach]:
    async def labeller() -> Labeller:
        raise NotImplementedError

    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    yield Coach(Settings(), store, labeller, Tips.load(), lambda: NOW, b"key", random.Random(1))
    await store.close()


async def set_up(coach: Coach, name: str, channel: int, goal: str = "", *, shared: bool = True) -> Saved:
    return await coach.accounts.save(SERVER, None, Form(name, goal, shared, frozenset([Place(channel)])))


async def draft(
    coach: Coach, author: int, channel: int, content: int = 0, conversation: int = 0, ago: int = 0
) -> None:
    for label, count in ((Label.CONTENT, content), (Label.CONVERSATION, conversation)):
        for _ in range(count):
            key = draft.key = getattr(draft, "key", 0) + 1  # type: ignore[attr-defined]
            await coach.store.drafts.record(
                NewDraft(
                    message_id=key,
                    guild_id=SERVER,
                    channel_id=channel,
                    parent_id=None,
                    author_id=author,
                    posted_at=NOW,
                    local_day=NOW.date() - timedelta(days=ago),
                    verdict=VERDICTS[label],
                    length=20,
                    text_hash=key.to_bytes(8, "big"),
                    text=None,
                )
            )


async def digest_of(coach: Coach, reader: int | None = None) -> Digest:
    digest = await coach.summaries.compose(SERVER, None, (), reader)
    assert digest is not None
    return digest


@pytest.mark.parametrize(
    ("typed", "target", "band", "window"),
    [
        ("", None, None, None),
        ("50", 0.5, 0.15, None),
        ("40, 10, 28", 0.4, 0.1, 28),
        ("50% ± 15, 14 days", 0.5, 0.15, 14),
        ("Thirds", 0.33, 0.1, None),
        ("thirds, 28", 0.33, 0.1, 28),
        ("listener 28", 0.8, 0.1, 28),
        ("95", 0.95, 0.05, None),
    ],
)
async def test_a_goal_is_typed_as_numbers_or_a_preset(
    coach: Coach, typed: str, target: float | None, band: float | None, window: int | None
) -> None:
    account = (await set_up(coach, "Shop", SHOP, typed)).account
    assert (account.target, account.window_days) == (target, window)
    assert account.band == (pytest.approx(band) if band is not None else None)


@pytest.mark.parametrize(
    "typed", ["half", "50 15 14 3", "100", "50, 60", "50, 15, 400", "-5", "1e3", "thirds 1 2"]
)
async def test_a_goal_that_cannot_be_is_refused(coach: Coach, typed: str) -> None:
    with pytest.raises(Refused):
        await set_up(coach, "Shop", SHOP, typed)
    assert (await coach.accounts.book(SERVER)).accounts == {}


@given(st.integers(5, 95), st.integers(5, 40), st.integers(1, 90))
def test_a_goal_is_filled_in_as_it_was_typed(share: int, band: int, days: int) -> None:
    account = Account(SERVER, 1, "Shop", True, share / 100, band / 100, days)
    assert goal_as_typed(account) == f"{share}, {band}, {days}"


async def test_the_goal_in_force_is_the_members_for_the_account_the_accounts_or_the_usual_one(
    coach: Coach,
) -> None:
    own = (await set_up(coach, "Us", US, "30, 10", shared=False)).account
    shared = (await set_up(coach, "Shop", SHOP)).account
    plain = Account(SERVER, UNNAMED)
    await coach.choices.set_goal(SERVER, None, share=60, band=10, window_days=7)
    await coach.choices.set_goal(SERVER, ANN, share=70, band=5, window_days=21)
    assert await coach.members.goal(SERVER, ANN, plain) == Goal(0.7, 0.05, 21)
    assert await coach.members.goal(SERVER, BEN, plain) == Goal(0.6, 0.1, 7)
    assert await coach.members.goal(SERVER, ANN, shared) == Goal(0.6, 0.1, 7)
    assert await coach.members.goal(SERVER, ANN, own) == Goal(0.3, 0.1, 21)
    await coach.choices.set_goal(SERVER, ANN, share=20, account=own)
    assert await coach.members.goal(SERVER, ANN, own) == Goal(0.2, 0.1, 21)
    assert await coach.members.goal(SERVER, BEN, own) == Goal(0.3, 0.1, 7)
    with pytest.raises(Refused, match="set by those who manage"):
        await coach.choices.set_goal(SERVER, ANN, share=20, account=shared)


async def test_a_server_has_so_many_accounts_and_each_name_once(coach: Coach) -> None:
    for number in range(25):
        await set_up(coach, f"Shop {number}", SHOP)
    with pytest.raises(Refused, match="25 accounts"):
        await set_up(coach, "One more", SHOP)
    await coach.accounts.remove(SERVER, 1, UNNAMED)
    with pytest.raises(Refused, match="already is an account"):
        await set_up(coach, "SHOP  7", SHOP)
    for name in (" ", "x" * 33, "all ACCOUNTS together"):
        with pytest.raises(Refused):
            await set_up(coach, name, SHOP)
    with pytest.raises(Refused, match="no longer there"):
        await coach.accounts.save(SERVER, 1, Form("Shop", "", True, frozenset()))


async def test_a_members_balance_is_the_sum_and_each_account_has_its_own(coach: Coach) -> None:
    shop = (await set_up(coach, "Shop", SHOP)).account
    us = (await set_up(coach, "Us", US, shared=False)).account
    await draft(coach, ANN, SHOP, content=3)
    await draft(coach, BEN, SHOP, conversation=2)
    await draft(coach, ANN, US, conversation=1)
    await draft(coach, ANN, 12, content=1)
    assert (await coach.reports.report(SERVER, ANN)).standing.tally == Tally(4, 1)
    assert (await coach.reports.report(SERVER, ANN, account=shop)).standing.tally == Tally(3, 2)
    assert (await coach.reports.report(SERVER, BEN, account=us)).standing.tally == Tally(0, 0)
    assert (await coach.reports.of_account(Account(SERVER, UNNAMED))).standing.tally == Tally(1, 0)
    assert await coach.reports.by_account(SERVER, ANN, NOW.date(), NOW.date()) == [
        ("Shop", Tally(3, 0)),
        ("", Tally(1, 0)),
        ("Us", Tally(0, 1)),
    ]
    assert await coach.reports.by_account(SERVER, BEN, NOW.date(), NOW.date()) == []
    week = await coach.summaries.look_back(SERVER, BEN, account=shop)
    assert week is not None and week.week.tally == Tally(3, 2)
    assert len(await coach.reports.history(SERVER, ANN, 7, 20, account=shop)) == 3


async def test_a_summary_shows_figures_that_nobody_else_can_be_told_by(coach: Coach) -> None:
    await draft(coach, ANN, US, content=2)
    await draft(coach, BEN, US, conversation=1)
    digest = await digest_of(coach)
    assert digest.authors == (ANN, BEN) and digest.entries == () and digest.report is None
    assert [(entry.account.name, entry.report) for entry in digest.accounts] == [("", None)]
    # One of two agreed: the sum would tell of the other one.
    await coach.choices.set_figures(SERVER, ANN, True)
    digest = await digest_of(coach)
    assert [entry.member_id for entry in digest.entries] == [ANN] and digest.accounts[0].report is None
    # Ben alone reads it, and sees his own.
    digest = await digest_of(coach, BEN)
    assert [entry.member_id for entry in digest.entries] == [ANN, BEN]
    assert digest.accounts[0].report is not None
    # Of two who did not agree, each could tell the other's.
    await draft(coach, CLEO, US, content=1)
    for reader in (None, ANN, BEN):
        assert (await digest_of(coach, reader)).accounts[0].report is None
    # Three are enough, also if one of them reads it; but not for a chart, which has a bar for each day.
    await draft(coach, DAN, US, content=1)
    for reader in (None, BEN):
        digest = await digest_of(coach, reader)
        assert digest.accounts[0].report is not None and digest.report is None
        assert digest.accounts[0].report.standing.tally == Tally(4, 1)
        assert digest.accounts[0].today == Tally(4, 1)
    assert [entry.member_id for entry in (await digest_of(coach)).entries] == [ANN]
    # All agreed.
    for member in (BEN, CLEO, DAN):
        await coach.choices.set_figures(SERVER, member, True)
    digest = await digest_of(coach)
    assert digest.report is not None and digest.report is digest.accounts[0].report
    # Who is left out of the summary is not named.
    await coach.choices.set_summary(SERVER, ANN, where="off")
    assert (await digest_of(coach)).authors == (BEN, CLEO, DAN)


async def test_the_days_counts_of_a_few_are_left_out_beside_a_balance_of_many(coach: Coach) -> None:
    for author in (ANN, BEN, CLEO):
        await draft(coach, author, US, content=2, ago=1)
    await draft(coach, ANN, US, conversation=1)
    [entry] = (await digest_of(coach)).accounts
    assert entry.today is None and entry.report is not None and entry.report.standing.tally == Tally(6, 1)
    [entry] = (await digest_of(coach, ANN)).accounts
    assert entry.today == Tally(0, 1)


async def test_drafts_of_a_day_that_has_not_come_in_the_servers_zone_are_of_somebody_too(coach: Coach) -> None:
    await coach.choices.set_figures(SERVER, ANN, True)
    await draft(coach, ANN, US, content=2)
    assert (await digest_of(coach)).accounts[0].report is not None
    await draft(coach, BEN, US, content=1, ago=-1)
    assert (await digest_of(coach)).accounts[0].report is None


async def test_a_shared_balance_is_shown_and_called_in_the_band_whoever_made_it(coach: Coach) -> None:
    await set_up(coach, "Shop", SHOP)
    await draft(coach, ANN, SHOP, content=5)
    await draft(coach, BEN, SHOP, conversation=5)
    for author, content, conversation in ((ANN, 5, 0), (BEN, 0, 5), (CLEO, 1, 1)):
        await draft(coach, author, 12, content, conversation)
    assert (await digest_of(coach)).named
    shop, rest = sorted((await digest_of(coach)).accounts, key=lambda entry: not entry.account.name)
    assert shop.report is not None and rest.report is not None
    assert shop.report.standing.share == 0.5 and not shop.opposed
    assert rest.report.standing.share == 0.5 and rest.opposed


async def test_the_news_of_figures_is_told_in_one_summary_that_is_sent(coach: Coach) -> None:
    await coach.members.note_guild(SERVER)
    await draft(coach, ANN, US, content=2)
    assert not (await digest_of(coach)).news
    await coach.store.database.write(lambda raw: raw.execute("UPDATE guilds SET tell_of_figures = 1").rowcount)
    assert (await digest_of(coach)).news
    [due] = await coach.store.summaries.due(NOW + timedelta(days=1), NOW + timedelta(days=2))
    day = NOW.date()
    await coach.store.summaries.note_sent(due, day, NOW, (day + timedelta(days=1), NOW + timedelta(days=1)))
    assert not (await digest_of(coach)).news


async def test_the_team_tells_only_of_those_who_agreed_and_no_sum_of_fewer_than_three(coach: Coach) -> None:
    await set_up(coach, "Shop", SHOP)
    await draft(coach, ANN, SHOP, content=5)
    await draft(coach, BEN, SHOP, conversation=4)
    await draft(coach, CLEO, SHOP, content=1, conversation=1)
    await draft(coach, DAN, SHOP, content=7)
    [team] = await coach.team.week(SERVER)
    assert (team.shown, team.others, team.together) == ({}, 4, None)
    for member in (ANN, BEN):
        await coach.choices.set_figures(SERVER, member, True)
    [team] = await coach.team.week(SERVER)
    assert team.shown == {ANN: Label.CONTENT, BEN: Label.CONVERSATION}
    assert (team.others, team.together) == (2, None)
    await coach.choices.set_figures(SERVER, CLEO, True)
    [team] = await coach.team.week(SERVER)
    assert team.shown[CLEO] is None and team.together == pytest.approx(5 / 11)


@given(
    places=st.dictionaries(st.builds(Place, st.integers(1, 3), st.integers(0, 3)), st.integers(1, 3), max_size=8),
    parent=st.none() | st.integers(1, 3),
    tags=st.none() | st.lists(st.integers(1, 4), unique=True, max_size=3),
)
def test_a_place_belongs_to_its_first_tag_with_an_account_or_else_to_its_channel(
    places: dict[Place, int], parent: int | None, tags: list[int] | None
) -> None:
    book = AccountBook(SERVER, {number: Account(SERVER, number, f"{number}") for number in (1, 2, 3)}, places)
    found = book.of(1, parent, tags).account_id
    by_tag = [places[Place(parent or 1, tag)] for tag in tags or () if Place(parent or 1, tag) in places]
    assert found == (by_tag[0] if by_tag else places.get(Place(parent or 1), UNNAMED))
