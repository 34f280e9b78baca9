"""The kinds of values that settings have: times, zones, paths, names, emoji and switches, each checked."""

from __future__ import annotations

import os
import re
from datetime import time
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from coach.database_url import is_postgresql
from coach.emoji import is_emoji
from coach.local_days import parse_time

_PER_CENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
# In some systems' lists of zones, and no place on earth.
_NO_ZONES = {"Factory", "localtime", "posixrules"}


def _time_of_day(value: object) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str):
        return parse_time(value)
    raise ValueError("not a time")


def _share(value: object) -> object:
    """A share that is written in per cent, as a number from 0 to 1."""
    if isinstance(value, str) and (match := _PER_CENT.fullmatch(value.strip())):
        return float(match[1]) / 100
    return value


def _zone_name(value: str) -> str:
    if value not in available_timezones() - _NO_ZONES:
        raise ValueError("not an IANA zone")
    return value


def _emoji(value: str) -> str:
    if not is_emoji(value):
        raise ValueError("not an emoji")
    return value


def _switch(value: object) -> object:
    return _SWITCH.get(value.lower(), value) if isinstance(value, str) else value


def off_is_a_word(value: object) -> object:
    """If off is a choice, false means it: other programs that write YAML take the two for the same."""
    return "off" if value is False or value == "false" else value


def _file(value: str) -> str:
    """A path that can be one, with the home folder in place of ~."""
    path = Path(value).expanduser()
    if not value.strip() or "\0" in value or value == ":memory:" or value.startswith("file:"):
        raise ValueError("no path of a file")
    # Longer names are taken by no file system in use.
    if any(len(os.fsencode(part)) > 255 for part in path.parts):
        raise ValueError("too long a name")
    return str(path)


def _without_hash(value: object) -> object:
    return value.strip().removeprefix("#").strip() if isinstance(value, str) else value


# The description of each field is what an error message offers as "allowed".
PER_CENT = BeforeValidator(_share)
"""Behind the bounds of a share, to let it be written in per cent."""
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), Field(description='a time such as "22:00" or "10pm"')]
ZoneName = Annotated[
    str, AfterValidator(_zone_name), Field(description="an IANA name such as Europe/London or America/New_York")
]
DatabasePlace = Annotated[
    str,
    AfterValidator(lambda text: text if is_postgresql(text) else _file(text)),
    Field(max_length=4000, description="the path of a file, or postgresql://user:password@host/name"),
]
FilePath = Annotated[str, AfterValidator(_file), Field(max_length=4000, description="the path of a file")]
Name = Annotated[
    str,
    BeforeValidator(_without_hash),
    Field(min_length=1, max_length=100, description="a channel's name of 1 to 100 characters, in quotes"),
]
Emoji = Annotated[
    str,
    AfterValidator(_emoji),
    Field(description="the emoji itself, such as 📣, or a server's own as <:name:its id>"),
]
Switch = Annotated[bool, BeforeValidator(_switch), Field(description="true or false")]
