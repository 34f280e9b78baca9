"""The bot's settings: their schema, and reading them from YAML files and SQUAREDEAL_ variables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, cast
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from coach.calendar import parse_time
from coach.labels import Label

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "config" / "squaredeal.yaml"
PREFIX = "SQUAREDEAL_"
CONFIG_VARIABLE = "SQUAREDEAL_CONFIG"

# What `yaml.safe_load` uses, or the same in C where PyYAML has it, in a tenth of the time.
SAFE: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

type_of_path = tuple[str, ...]


class SettingsError(Exception):
    """A setting cannot be used; the message names the place, the value and what is allowed."""


def _time_of_day(value: object) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str):
        return parse_time(value)
    # YAML 1.1 reads an unquoted 22:00 as the number 1320, so the quotes have to be asked for.
    raise ValueError("not a quoted time")


def _zone_name(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("not an IANA zone")
    return value


# The description of each field is what an error message offers as "allowed".
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), Field(description='a time in quotes, like "22:00"')]
ZoneName = Annotated[str, AfterValidator(_zone_name), Field(description="an IANA zone such as Europe/Berlin")]
Words = Annotated[str, Field(min_length=1, max_length=100, description="1 to 100 characters")]
Emoji = Annotated[str, Field(min_length=1, max_length=64, description="one emoji")]
Switch = Annotated[bool, Field(description="true or false")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reactions(_Section):
    """The sign that a labelled draft gets."""

    content: Emoji = "📣"
    conversation: Emoji = "💬"

    def of(self, label: Label) -> str:
        """The emoji that stands for `label`."""
        return self.content if label is Label.CONTENT else self.conversation

    @property
    def both(self) -> set[str]:
        """The emoji of both labels."""
        return {self.content, self.conversation}


class Balance(_Section):
    """Goal and evidence, unless a server or member chose their own goal."""

    target: Annotated[float, Field(ge=0.05, le=0.95, description="a share from 0.05 to 0.95")] = 0.5
    band: Annotated[float, Field(ge=0.02, le=0.45, description="a share from 0.02 to 0.45")] = 0.15
    window_days: Annotated[int, Field(ge=1, le=90, description="whole days from 1 to 90")] = 14
    certainty: Annotated[float, Field(ge=0.5, le=0.99, description="a probability from 0.5 to 0.99")] = 0.8
    prior_drafts: Annotated[float, Field(gt=0, le=100, description="a number above 0, up to 100")] = 4.0
    min_drafts: Annotated[int, Field(ge=1, le=100, description="a whole number from 1 to 100")] = 6


class Nudges(_Section):
    """When the bot may speak up."""

    where: Annotated[Literal["reply", "dm", "summary", "off"], Field(description="reply, dm, summary or off")] = (
        "reply"
    )
    daily_cap: Annotated[int, Field(ge=0, le=20, description="a whole number from 0 to 20")] = 3
    gap_hours: Annotated[float, Field(ge=0, le=168, description="hours from 0 to 168")] = 4.0
    patience: Annotated[int, Field(ge=1, le=20, description="a whole number from 1 to 20")] = 3
    quiet_from: TimeOfDay = time(22, 0)
    quiet_until: TimeOfDay = time(7, 0)


class Summary(_Section):
    """The daily summary."""

    at: TimeOfDay = time(18, 0)
    grace_hours: Annotated[float, Field(gt=0, le=24, description="hours above 0, up to 24")] = 3.0


class Retention(_Section):
    """How long data is kept."""

    left_server_days: Annotated[int, Field(ge=0, le=365, description="whole days from 0 to 365")] = 30
    draft_days: Annotated[int, Field(ge=0, le=3650, description="whole days from 0 (for ever) to 3650")] = 0


class Rehearsal(_Section):
    """The local web page that opens where no token is set."""

    port: Annotated[int, Field(ge=1024, le=65535, description="a port from 1024 to 65535")] = 8710


class Settings(_Section):
    """Everything an operator can set; `config/squaredeal.yaml` lists each key with its default."""

    database: Words = "squaredeal.db"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="debug, info, warning or error")
    ] = "info"
    watch_names: Annotated[list[Words], Field(description="a list of channel names")] = ["drafts"]
    timezone: ZoneName = "UTC"
    day_ends_at: TimeOfDay = time(0, 0)
    ask_when_unsure: Switch = True
    keep_text: Switch = False
    reactions: Reactions = Reactions()
    balance: Balance = Balance()
    nudges: Nudges = Nudges()
    summary: Summary = Summary()
    retention: Retention = Retention()
    rehearsal: Rehearsal = Rehearsal()


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the shipped defaults, then the operator's file, then single variables.

    Args:
        path: the operator's own file (`--config`); None takes the one that `SQUAREDEAL_CONFIG` names, if any.
        environ: the process's environment; `SQUAREDEAL_NUDGES_DAILY_CAP=2` sets `nudges.daily_cap`.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: a file cannot be read or a key, type or value is not allowed; the message names the
            file and line (or the variable), the value and what is allowed.
    """
    if path is None and environ.get(CONFIG_VARIABLE):
        path = Path(environ[CONFIG_VARIABLE])
    values: dict[str, Any] = {}
    places: dict[type_of_path, str] = {}
    for file in (DEFAULT_FILE, path):
        if file is not None:
            read, lines = _read_yaml(file)
            _merge(values, read)
            places.update({key: f"{file}:{line}" for key, line in lines.items()})
    for key, value, variable in _from_environment(environ):
        _merge(values, _nested(key, value))
        places[key] = variable
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error, places)) from None


def _read_yaml(path: Path) -> tuple[dict[str, Any], dict[type_of_path, int]]:
    """The mapping in a file, and the line (from 1) of each key in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); name a readable file") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    try:
        node = cast("yaml.Node | None", yaml.compose(text, Loader=SAFE))  # pyright: ignore[reportUnknownMemberType]
        loaded: object = yaml.load(text, SAFE)  # noqa: S506  # it is a safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise SettingsError(f"{path}:{line}: not valid YAML: {problem}") from None
    if node is None:
        return {}, {}
    if not isinstance(loaded, dict):
        raise SettingsError(f"{path}:1: must be a mapping of keys to values")
    lines: dict[type_of_path, int] = {}
    for key, line in _key_lines(node, ()):
        if key in lines:
            raise SettingsError(f"{path}:{line}: {'.'.join(key)} is set twice; keep one")
        lines[key] = line
    return cast(dict[str, Any], loaded), lines


def _key_lines(node: yaml.Node, prefix: type_of_path) -> Iterator[tuple[type_of_path, int]]:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = (*prefix, str(key_node.value))
            yield key, key_node.start_mark.line + 1
            yield from _key_lines(value_node, key)


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[type_of_path, object, str]]:
    known = {PREFIX + "_".join(key).upper(): key for key in _leaves(Settings, ())}
    for variable, raw in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable not in known:
            raise SettingsError(f"{variable}: unknown variable; allowed: {', '.join(sorted(known))}")
        key = known[variable]
        # A variable has no quotes to tell 22:00 from the number that YAML 1.1 reads in it.
        if key[-1] in ("at", "quiet_from", "quiet_until", "day_ends_at"):
            yield key, raw, variable
            continue
        try:
            yield key, yaml.safe_load(raw), variable
        except yaml.YAMLError:
            raise SettingsError(f"{variable}: {raw!r} cannot be read as a YAML value") from None


def _leaves(model: type[BaseModel], prefix: type_of_path) -> Iterator[type_of_path]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _leaves(kind, (*prefix, name))
        else:
            yield (*prefix, name)


def _nested(key: type_of_path, value: object) -> dict[str, Any]:
    for name in reversed(key):
        value = {name: value}
    return cast(dict[str, Any], value)


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], cast(dict[str, Any], value))
        else:
            into[key] = value


def _explain(error: ValidationError, places: Mapping[type_of_path, str]) -> str:
    """One line per problem: place, key, value, what is allowed."""
    lines: list[str] = []
    for problem in error.errors():
        key = tuple(str(part) for part in problem["loc"])
        place = next((places[key[:n]] for n in range(len(key), 0, -1) if key[:n] in places), "settings")
        name = ".".join(key)
        if problem["type"] == "extra_forbidden":
            lines.append(f"{place}: {name}: unknown key; allowed here: {', '.join(_siblings(key))}")
        else:
            lines.append(f"{place}: {name}: {_shown(problem['input'])} is not allowed; use {_allowed(key)}")
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _model_at(key: type_of_path) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for name in key:
        field = model.model_fields.get(name)
        kind = field.annotation if field else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            break
        model = kind
    return model


def _siblings(key: type_of_path) -> list[str]:
    return sorted(_model_at(key[:-1]).model_fields)


def _allowed(key: type_of_path) -> str:
    # An error inside a list carries the index behind the key of the list.
    for name in reversed(key):
        field = _model_at(key).model_fields.get(name)
        if field is not None:
            if field.description:
                return field.description
            break
    return f"a mapping with the keys {', '.join(sorted(_model_at(key).model_fields))}"
