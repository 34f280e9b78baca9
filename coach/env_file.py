"""The .env file: variables for the bot beside where it is started; those of the environment come first."""

from __future__ import annotations

import codecs
import io
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from coach import wording_refusals
from coach.errors import SettingsError

ENV_FILE = Path(".env")

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  # the variable's name, not a token
PREFIX = "SQUAREDEAL_"


def read_env_file(path: Path) -> dict[str, str]:
    """The bot's variables in a file of lines such as `DISCORD_TOKEN=…`; empty if there is no such file.

    Variables of other programs are left out. What a file holds is never shown, as a line may be the token.

    Raises:
        SettingsError: the file can't be read; the message names the line.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: {wording_refusals.unreadable_file(error.strerror)}") from None
    # `>` in Windows PowerShell 5 writes UTF-16.
    utf_16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: {wording_refusals.NOT_UTF_8}") from None
    found: dict[str, str] = {}
    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key and line.value is None):
            raise SettingsError(f"{path}:{line.original.line}: {wording_refusals.NOT_A_VARIABLE}")
        if line.key and line.value is not None and line.key.startswith((TOKEN_VARIABLE, PREFIX)):
            found[line.key] = line.value
    return found


def with_env_file(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, and from the file what it lacks. A variable that is set to nothing is not lacking.

    Raises:
        SettingsError: as `read_env_file`.
    """
    return {**read_env_file(path), **environ}


def token_in(environ: Mapping[str, str]) -> str:
    """The bot's token; empty if none is set."""
    return environ.get(TOKEN_VARIABLE, "").strip()
