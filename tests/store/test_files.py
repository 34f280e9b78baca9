"""The files: who may read them, the key beside the database, what erasing leaves in them, and backups."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.errors import StoreError
from coach.store import NewDraft, Store
from coach.store.backups import backup
from coach.store.keys import key_file, load_key

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Build = Callable[..., NewDraft]

only_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir() if file.suffix != ".lock"}


def open_to_all(file: Path) -> None:
    file.chmod(0o644)


def damage(database: Path) -> None:
    """Overwrite some pages in the middle with noise."""
    content = bytearray(database.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 3 * 4096] = os.urandom(3 * 4096)
    database.write_bytes(content)


async def emptied(log: Path) -> None:
    """Wait until nothing is left in a write-ahead log."""
    while log.stat().st_size:  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.01)


def copied(database: Path, target: Path) -> None:
    """Copy a database and its write-ahead log as they are, as a kill leaves them."""
    for suffix in ("", "-wal"):
        target.with_name(target.name + suffix).write_bytes(database.with_name(database.name + suffix).read_bytes())


@only_posix
async def test_only_the_owner_may_read_the_database_and_its_copies(path: Path, draft: Build) -> None:
    load_key(path)
    store = await Store.open(path, NOW)
    await store.drafts.record(draft(1))
    await asyncio.to_thread(backup, path, path.with_name("copy"))
    names = {path.name + suffix for suffix in ("", "-wal", "-shm", ".key")} | {"copy", "copy.key"}
    assert modes(path.parent) == dict.fromkeys(names, 0o600)
    await store.close()


@only_posix
async def test_a_database_that_others_could_read_is_closed_to_them(path: Path) -> None:
    await (await Store.open(path, NOW)).close()
    open_to_all(path)
    store = await Store.open(path, NOW)
    assert set(modes(path.parent).values()) == {0o600}
    await store.close()


def test_several_processes_starting_at_once_get_one_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_key, [path] * 40))
    assert len(keys) == 1 and len(keys.pop()) == 32


@pytest.mark.parametrize("content", [b"", b"00ff\n", b"no key at all\n", b"\xff" * 32])
def test_a_damaged_key_is_refused_with_what_to_do(path: Path, content: bytes) -> None:
    key_file(path).write_bytes(content)
    with pytest.raises(StoreError, match=r"test\.db\.key: is not a key .* restore a copy"):
        load_key(path)
    assert key_file(path).read_bytes() == content


@only_posix
def test_a_database_has_one_key_whatever_links_lead_to_it(path: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.db"
    link.symlink_to(path)
    assert load_key(link) == load_key(path)


def test_a_backup_has_the_key_beside_it(path: Path, tmp_path: Path) -> None:
    key = load_key(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE t (x)")
    backup(path, tmp_path / "copy.db")
    assert load_key(tmp_path / "copy.db") == key
    assert not list(tmp_path.glob("*.part"))


async def test_a_damaged_database_is_not_called_a_backup(path: Path, tmp_path: Path, draft: Build) -> None:
    store = await Store.open(path, NOW)
    for n in range(1, 400):
        await store.drafts.record(draft(n))
    await store.close()
    damage(path)
    with pytest.raises(StoreError, match=r"test\.db: is damaged .* no backup was made"):
        backup(path, tmp_path / "copy.db")
    assert not [name for name in modes(tmp_path) if name.startswith("copy")]


@pytest.mark.sqlite
async def test_erasing_while_another_program_reads_holds_nobody_up_and_finishes_once_it_ends(
    store: Store, path: Path, draft: Build
) -> None:
    await store.drafts.record(draft(1, text="a secret of theirs"))
    log = path.with_name(path.name + "-wal")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM drafts").fetchone()
        assert await store.members.forget(1, 100, b"who", 1) is False
        assert await store.drafts.record(draft(2, author_id=200))
        assert b"a secret of theirs" in log.read_bytes()
    await emptied(log)
    assert b"a secret of theirs" not in path.read_bytes()  # noqa: ASYNC240


async def test_what_a_kill_left_in_the_log_is_gone_after_the_next_start(path: Path, draft: Build) -> None:
    killed = await Store.open(path, NOW)
    await killed.drafts.record(draft(1, text="a secret of theirs"))
    left = path.with_name("left.db")
    copied(path, left)
    await killed.close()
    store = await Store.open(left, NOW)
    await emptied(left.with_name("left.db-wal"))
    assert await store.drafts.get(1, 1) is not None
    await store.close()


async def test_with_another_key_an_erasure_holds_for_all_of_that_server(store: Store, draft: Build) -> None:
    assert await store.erasures.use_key("one")
    await store.members.forget(1, 100, b"who", 10)
    assert await store.erasures.use_key("one")
    assert not await store.drafts.record(draft(9, who=b"who"))
    assert await store.drafts.record(draft(8, who=b"another", author_id=200))
    assert not await store.erasures.use_key("two")
    assert await store.erasures.use_key("two")
    assert not await store.drafts.record(draft(7, who=b"with the new key"))
    assert await store.drafts.record(draft(11, who=b"with the new key"))
    assert await store.drafts.record(draft(6, guild_id=2, who=b"elsewhere"))
    # Drafts on record stay, and edits of them are still followed.
    assert await store.drafts.get(1, 8) is not None


async def test_an_earlier_click_never_shortens_an_erasure(store: Store, draft: Build) -> None:
    await store.members.forget(1, 100, b"who", 10)
    await store.members.forget(1, 100, b"who", 5)
    assert not await store.drafts.record(draft(10, who=b"who"))
    assert await store.drafts.record(draft(11, who=b"who"))
