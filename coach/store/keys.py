"""The key of the hashes: 32 random bytes in a file of their own beside the database."""

from __future__ import annotations

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

from coach.errors import StoreError

_SIZE = 32
_SECONDS = 10.0


def key_file(database: Path) -> Path:
    """The file with the key of a database: beside the real file, even if a link leads to it."""
    real = database.resolve()
    return real.with_name(f"{real.name}.key")


def load_key(database: Path) -> bytes:
    """Read the key of a database; the first start makes it.

    Args:
        database: the database file.

    Raises:
        StoreError: the key can't be read or written, or is damaged.
    """
    path = key_file(database)
    try:
        # Several processes may start on one database at once: one of them makes the key, and the others read it.
        with FileLock(f"{path}.lock", timeout=_SECONDS):
            if not path.exists():
                write_key(path, secrets.token_bytes(_SIZE))
            key = bytes.fromhex(path.read_text(encoding="ascii"))
    except Timeout:
        raise StoreError(f"{path}: another process is using it; end that one and start again") from None
    except OSError as error:
        raise StoreError(
            f"{path}: can't be read or written ({error.strerror}); check its owner and mode"
        ) from error
    except ValueError:
        key = b""
    if len(key) != _SIZE:
        raise StoreError(
            f"{path}: is not a key of {_SIZE} bytes; restore a copy of it, or delete it to get a new one"
        )
    return key


def write_key(path: Path, key: bytes) -> None:
    """Write a key into a new file that only its owner may read, completely or not at all.

    Raises:
        OSError: it can't be written.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def fingerprint(key: bytes) -> str:
    """A text that differs from key to key and says nothing about the key."""
    return blake2b(b"", digest_size=8, key=key, person=b"fingerprint").hexdigest()


def member_hash(guild_id: int, member_id: int, key: bytes) -> bytes:
    """A keyed hash of 16 bytes (BLAKE2b, RFC 7693) of a member of a server, to recognise their erasure by."""
    return blake2b(f"{guild_id} {member_id}".encode(), digest_size=16, key=key, person=b"member").digest()
