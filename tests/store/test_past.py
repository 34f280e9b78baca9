"""The past on record: what is kept comes back as it was, all of it or nothing, and goes when it should."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from coach.past.judging import Balance
from coach.shards import ALONE
from coach.store import Import, Kept, Store
from tests.support.databases import put_new

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE, ANN, BEN = 998877665544332211, 887766554433221101, 887766554433221102
COUNT = st.integers(0, 100_000)
BALANCES = st.builds(
    Balance,
    replies=COUNT,
    reposts=COUNT,
    judged=COUNT,
    expected=st.floats(0, 1e5),
    variance=st.floats(0, 1e5),
    threads=COUNT,
    unread=COUNT,
)
MONTHS = st.dictionaries(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(lambda day: day.replace(day=1)), BALANCES
)
ONE = Import(
    HERE, ANN, 1_000, 0, "Mastodon", b"hash", NOW, 3, {date(2023, 1, 1): Balance(2, 1, 5, 1.5, 0.8, 1, 2)}
)


async def known(store: Store) -> None:
    await store.guilds.change(HERE, summary_on=True)


@given(months=MONTHS)
async def test_an_import_comes_back_as_it_was(months: dict[date, Balance]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(put_new(Path(folder) / "test.db"), NOW)
        try:
            await known(store)
            one = replace(ONE, months=months)
            assert await store.past.keep(one, b"who") is Kept.KEPT
            assert await store.past.imports(HERE, ANN) == [one]
            assert await store.past.imports(HERE, BEN) == await store.past.imports(HERE + 1, ANN) == []
        finally:
            await store.close()


async def test_one_takes_the_place_of_others_of_the_same_member_alone(store: Store) -> None:
    await known(store)
    of_ben = replace(ONE, member_id=BEN)
    for one in (ONE, of_ben, replace(ONE, import_id=2_000)):
        await store.past.keep(one, b"who")
    newer = replace(ONE, import_id=3_000)
    await store.past.keep(newer, b"who", [ONE.import_id])
    assert [one.import_id for one in await store.past.imports(HERE, ANN)] == [2_000, 3_000]
    assert await store.past.imports(HERE, BEN) == [of_ben]


async def test_nothing_is_kept_of_who_no_longer_lets_the_bot_or_where_it_is_no_longer(store: Store) -> None:
    assert await store.past.keep(ONE, b"who") is Kept.SERVER_LEFT
    await known(store)
    await store.retention.note_departure(HERE, NOW)
    assert await store.past.keep(ONE, b"who") is Kept.SERVER_LEFT
    await store.retention.note_return(HERE)
    await store.members.change(HERE, ANN, paused=True)
    assert await store.past.keep(ONE, b"who") is Kept.REFUSED
    # They have paused the bot and let it read again since: what they brought before that is no more wanted.
    await store.members.change(HERE, ANN, paused=False, read_after=ONE.import_id)
    assert await store.past.keep(ONE, b"who") is Kept.REFUSED
    await store.members.forget(HERE, ANN, b"who", ONE.import_id + 1)
    assert await store.past.keep(ONE, b"who") is Kept.REFUSED
    assert await store.past.imports(HERE, ANN) == []
    assert await store.past.keep(replace(ONE, import_id=2_000), b"who") is Kept.KEPT


async def test_a_replaced_import_stays_if_the_new_one_is_refused(store: Store) -> None:
    await known(store)
    await store.past.keep(ONE, b"who")
    await store.members.change(HERE, ANN, paused=True)
    assert await store.past.keep(replace(ONE, import_id=2_000), b"who", [ONE.import_id]) is Kept.REFUSED
    assert await store.past.imports(HERE, ANN) == [ONE]


async def test_it_goes_when_it_is_removed_or_old_or_its_server_was_left(store: Store, path: Path) -> None:
    await known(store)
    for number in range(3):
        await store.past.keep(
            replace(ONE, import_id=1_000 + number, imported_at=NOW + timedelta(days=number)), b"who"
        )
    assert await store.past.remove(HERE, ANN, 1_002) and not await store.past.remove(HERE, ANN, 1_002)
    assert not await store.past.remove(HERE, BEN, 1_001)
    await store.retention.erase_old(NOW + timedelta(days=1))
    assert [one.import_id for one in await store.past.imports(HERE, ANN)] == [1_001]
    await store.retention.note_present_guilds([], NOW, ALONE)
    await store.retention.erase_server(HERE)
    assert await store.past.imports(HERE, ANN) == []
    content = b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    assert ANN.to_bytes(8, "big") not in content and b"Mastodon" not in content
