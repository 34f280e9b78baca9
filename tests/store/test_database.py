"""The database file: units, failures, migrations, backups, and what a crash leaves."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.errors import StoreError
from coach.store import NewDraft, Store
from coach.store.backups import backup
from coach.store.connection import Connection
from coach.store.database import SqliteDatabase
from coach.store.schema import MIGRATIONS, migrate, migration_files

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def add(name: str) -> Callable[[Connection], object]:
    return lambda raw: raw.execute("INSERT INTO program (name, value) VALUES (?, '')", (name,)).rowcount


async def names(store: Store) -> set[str]:
    rows = await store.database.read(lambda raw: raw.execute("SELECT name FROM program").fetchall())
    return {row[0] for row in rows}


async def test_writers_at_once_lose_nothing_and_a_failing_one_takes_nothing_with_it(store: Store) -> None:
    def fail(raw: Connection) -> None:
        add("half")(raw)
        raise ValueError("on purpose")

    units = [store.database.write(fail if n % 10 == 3 else add(f"unit {n}")) for n in range(200)]
    results = await asyncio.gather(*units, return_exceptions=True)
    assert [type(result) for n, result in enumerate(results) if n % 10 == 3] == [ValueError] * 20
    assert await names(store) == {f"unit {n}" for n in range(200) if n % 10 != 3}


@pytest.mark.sqlite
async def test_a_result_arrives_only_after_the_commit(store: Store, path: Path) -> None:
    await store.database.write(add("committed"))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM program").fetchall() == [("committed",)]


async def test_a_caller_that_gives_up_leaves_no_half_unit(store: Store) -> None:
    def both(raw: Connection) -> None:
        add("first")(raw)
        add("second")(raw)

    tasks = [asyncio.create_task(store.database.write(both if n == 5 else add(f"unit {n}"))) for n in range(10)]
    await asyncio.sleep(0)
    tasks[5].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await names(store) & {"first", "second"} in ({"first", "second"}, set())
    assert {f"unit {n}" for n in range(10) if n != 5} <= await names(store)


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await store.database.read(add("read"))


async def test_closing_carries_out_waiting_writes(path: Path) -> None:
    store = await Store.open(path, NOW)
    tasks = [asyncio.create_task(store.database.write(add(f"unit {n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StoreError, match="closed"):
        await store.database.write(add("late"))


@pytest.mark.sqlite
async def test_a_busy_database_is_waited_for(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(store.database.write(add("patient")))
        await asyncio.sleep(0.3)
        assert not writing.done()
        other.execute("ROLLBACK")
        await writing
    assert await names(store) == {"patient"}


@pytest.mark.sqlite
async def test_opening_sets_pragmas_and_makes_strict_tables(store: Store) -> None:
    def ask(raw: Connection) -> list[object]:
        return [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")]

    assert await store.database.write(ask) == ["wal", 1]
    tables = await store.database.read(
        lambda raw: raw.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    )
    own = {name: strict for name, strict in map(tuple, tables) if not name.startswith("sqlite_")}
    assert set(own.values()) == {1}
    assert {
        "drafts",
        "tallies",
        "corrections",
        "nudges",
        "summaries",
        "members",
        "guilds",
        "channels",
    } <= own.keys()


async def test_migrations_are_recorded_and_run_once(path: Path) -> None:
    for _ in range(2):
        await (await Store.open(path, NOW)).close()
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT version, name, applied_at FROM schema_migrations").fetchall()
    assert rows == [
        (number, file.name.partition(".")[0], NOW.isoformat())
        for number, file in migration_files(MIGRATIONS).items()
    ]


def test_a_migration_that_fails_leaves_the_schema_as_it_was(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_good.sql").write_text("CREATE TABLE good (x INTEGER) STRICT;")
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (x INTEGER) STRICT;\nINSERT INTO nowhere VALUES (1);")
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        with pytest.raises(sqlite3.OperationalError):
            migrate(raw, NOW, folder)
        tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        assert tables == {"good", "schema_migrations"}
        assert raw.execute("SELECT version FROM schema_migrations").fetchall() == [(1,)]


async def test_a_database_newer_than_the_program_is_refused(path: Path) -> None:
    await (await Store.open(path, NOW)).close()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO schema_migrations VALUES (9000, 'future', 'then')")
    with pytest.raises(StoreError, match=r"schema version 9000.*newer program"):
        await Store.open(path, NOW)


async def test_a_file_that_is_not_a_database_is_refused_by_name(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to be looked at" * 50)  # noqa: ASYNC240
    with pytest.raises(StoreError, match=path.name):
        await Store.open(path, NOW)


@pytest.mark.sqlite
async def test_a_folder_that_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        await SqliteDatabase.open(tmp_path / "nowhere" / "x.db", NOW)


@pytest.mark.sqlite
def test_a_refused_file_leaves_no_thread_that_outlives_its_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    threads = threading.active_count()
    for _ in range(100):
        with pytest.raises(StoreError, match="nowhere"):
            asyncio.run(SqliteDatabase.open(tmp_path / "nowhere" / "x.db", NOW))
    assert failures == []
    assert threading.active_count() == threads


CRASH = """
import asyncio, os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from coach.labels import Kind, Label, Verdict
from coach.store import NewDraft, Store
from coach.store import drafts

async def main(path, crash_at):
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store = await Store.open(Path(path), now)
    seen = 0
    def trace(statement):
        nonlocal seen
        seen += 1
        if seen == crash_at:
            os.kill(os.getpid(), signal.SIGKILL)
    await store.database.write(lambda raw: raw.set_trace_callback(trace))
    for n in range(1, 4):
        label = Label.CONTENT if n % 2 else Label.CONVERSATION
        verdict = Verdict(label, 0.5, Kind.SHARE, False, ())
        await store.drafts.record(
            NewDraft(n, 1, 10, None, 100, now, date(2026, 11, 20), verdict, 5, bytes(8), None)
        )
        print(n, flush=True)
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, now)
    await store.removals.sweep(1, [2], ())
    await store.close()

# One process for each crash, forked from here, where all is imported.
folder = Path(sys.argv[1])
for crash_at in range(2, 60, 3):
    if (child := os.fork()) == 0:
        os.dup2(os.open(folder / f"{crash_at}.out", os.O_WRONLY | os.O_CREAT), 1)
        asyncio.run(main(folder / f"{crash_at}.db", crash_at))
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(crash_at, status, flush=True)
    if status == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
async def test_a_kill_between_any_two_statements_leaves_a_database_that_agrees(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: ASYNC221, S603
        [sys.executable, "-c", CRASH, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    killed = 0
    for line in done.stdout.splitlines():
        crash_at, status = map(int, line.split())
        assert status in (0, -9), done.stderr
        killed += status == -9
        store = await Store.open(tmp_path / f"{crash_at}.db", NOW)
        try:
            assert await store.tallies.recount() == []
            said = {int(number) for number in (tmp_path / f"{crash_at}.out").read_text().split()}
            rows = await store.database.read(lambda raw: raw.execute("SELECT message_id FROM drafts").fetchall())
            assert said - {2} <= {row[0] for row in rows}
        finally:
            await store.close()
    assert killed > 5, done.stderr


@pytest.mark.sqlite
async def test_a_backup_is_a_whole_database_while_writing_goes_on(
    store: Store, path: Path, tmp_path: Path, draft: Callable[..., NewDraft]
) -> None:
    for n in range(1, 20):
        await store.drafts.record(draft(n))
    target = tmp_path / "copy.db"
    writing = asyncio.gather(*(store.drafts.record(draft(n)) for n in range(20, 120)))
    await asyncio.to_thread(backup, path, target)
    await writing
    copy = await Store.open(target, NOW)
    try:
        assert await copy.tallies.recount() == []
        assert await copy.drafts.get(1, 19) is not None
    finally:
        await copy.close()


def test_a_backup_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("mine")
    sqlite3.connect(path).close()
    with pytest.raises(StoreError, match="already exists"):
        backup(path, tmp_path / "there.db")
    with pytest.raises(StoreError, match="no database"):
        backup(tmp_path / "nowhere.db", tmp_path / "new.db")
    assert (tmp_path / "there.db").read_text() == "mine"
