"""The bot's settings: their schema, and reading them from YAML files and SQUAREDEAL_ variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from coach import wording_refusals, yaml_lines
from coach.database_url import is_postgresql
from coach.env_file import PREFIX
from coach.errors import SettingsError, YamlError
from coach.labels import Label
from coach.setting_values import (
    PER_CENT,
    DatabasePlace,
    Emoji,
    FilePath,
    Name,
    Switch,
    TimeOfDay,
    ZoneName,
    off_is_a_word,
)
from coach.text import cut
from coach.yaml_lines import Key

DEFAULT_FILE = Path(__file__).resolve().parent.parent / "config" / "squaredeal.yaml"
CONFIG_VARIABLE = "SQUAREDEAL_CONFIG"

MOST_PROBLEMS = 10
"""How many problems a refusal names."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reactions(_Section):
    """The sign that a labelled draft gets, the one for a posted draft, and whether authors' signs are read."""

    content: Emoji = "📣"
    conversation: Emoji = "💬"
    posted: Emoji = "✅"
    by_author: Switch = True

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        # With or without the mark that asks for a coloured picture, it looks the same.
        if len({sign.replace("\ufe0f", "") for sign in self.both}) == 1:
            raise ValueError(wording_refusals.SAME_SIGN)
        return self

    def of(self, label: Label) -> str:
        """The emoji that stands for `label`."""
        return self.content if label is Label.CONTENT else self.conversation

    @property
    def posted_sign(self) -> str | None:
        """The emoji by which authors mark drafts as posted; None if reactions are not read, or it sets a label."""
        return self.posted if self.by_author and self.posted not in self.both else None

    @property
    def both(self) -> set[str]:
        """The emoji of both labels."""
        return {self.content, self.conversation}


Counts = Literal["drafted", "posted"]
"""What a balance counts: everything that was drafted, or only what was posted."""


class Balance(_Section):
    """Goal and evidence, unless a server or member chose their own goal."""

    target: Annotated[float, Field(ge=0.05, le=0.95, description="a share from 5% to 95%"), PER_CENT] = 0.5
    band: Annotated[float, Field(ge=0.02, le=0.45, description="a share from 2% to 45%"), PER_CENT] = 0.15
    window_days: Annotated[int, Field(ge=1, le=90, description="whole days from 1 to 90")] = 14
    certainty: Annotated[float, Field(ge=0.5, le=0.99, description="a share from 50% to 99%"), PER_CENT] = 0.8
    prior_drafts: Annotated[float, Field(ge=0.1, le=100, description="a number from 0.1 to 100")] = 4.0
    min_drafts: Annotated[int, Field(ge=1, le=100, description="a whole number from 1 to 100")] = 6
    counts: Annotated[Counts, Field(description="drafted or posted")] = "drafted"


NudgeWhere = Literal["reply", "dm", "summary", "off"]
"""Where a member gets nudges: as a reply to the draft, by direct message, in the summary alone, or nowhere."""


QuestionWhere = Literal["reply", "dm", "history", "off"]
"""Where a member is asked about drafts: below the draft, by direct message, only in /history, or nowhere."""


class Questions(_Section):
    """How often the bot may ask about drafts."""

    daily_cap: Annotated[int, Field(ge=0, le=20, description="a whole number from 0 to 20")] = 3


class Nudges(_Section):
    """When the bot may speak up."""

    where: Annotated[
        NudgeWhere,
        BeforeValidator(off_is_a_word),
        Field(description="reply, dm, summary or off"),
    ] = "reply"
    daily_cap: Annotated[int, Field(ge=0, le=20, description="a whole number from 0 to 20")] = 3
    gap_hours: Annotated[float, Field(ge=0, le=168, description="hours from 0 to 168")] = 4.0
    patience: Annotated[int, Field(ge=1, le=20, description="a whole number from 1 to 20")] = 3
    quiet_from: TimeOfDay = time(22, 0)
    quiet_until: TimeOfDay = time(7, 0)
    come_back_hours: Annotated[float, Field(ge=0.5, le=72, description="hours from 0.5 to 72")] = 4.0
    held_back: Annotated[float, Field(ge=0, le=0.5, description="a share from 0% (none) to 50%"), PER_CENT] = 0.1


class Thoughts(_Section):
    """Drafts that say the same count once."""

    window_hours: Annotated[float, Field(ge=0, le=168, description="hours from 0 (never compared) to 168")] = 24.0


class Summary(_Section):
    """The daily summary."""

    at: TimeOfDay = time(18, 0)
    grace_hours: Annotated[float, Field(gt=0, le=24, description="hours above 0, up to 24")] = 3.0


class Retention(_Section):
    """How long data is kept."""

    left_server_days: Annotated[int, Field(ge=0, le=365, description="whole days from 0 to 365")] = 30
    draft_days: Annotated[int, Field(ge=0, le=3650, description="whole days from 0 (for ever) to 3650")] = 0


class Rehearsal(_Section):
    """The local web page that opens if no token is set."""

    port: Annotated[int, Field(ge=1024, le=65535, description="a port from 1024 to 65535")] = 8710


class Monitoring(_Section):
    """Health and metrics over HTTP."""

    port: Annotated[int, Field(ge=0, le=65535, description="0 for none, or a port up to 65535")] = 0
    host: Annotated[
        str, Field(min_length=1, max_length=255, description="an address of this machine, such as 127.0.0.1")
    ] = "127.0.0.1"


class Settings(_Section):
    """Everything an operator can set; `config/squaredeal.yaml` lists each key with its default."""

    database: DatabasePlace = "squaredeal.db"
    files: FilePath = "squaredeal"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="debug, info, warning or error")
    ] = "info"
    watch_names: Annotated[
        list[Name],
        Field(min_length=1, max_length=100, description='a list of 1 to 100 channel names, such as ["drafts"]'),
    ] = ["drafts"]
    timezone: ZoneName = "UTC"
    day_ends_at: TimeOfDay = time(0, 0)
    ask_when_unsure: Switch = True
    keep_text: Switch = False
    introductions: Switch = True
    reactions: Reactions = Reactions()
    balance: Balance = Balance()
    thoughts: Thoughts = Thoughts()
    questions: Questions = Questions()
    nudges: Nudges = Nudges()
    summary: Summary = Summary()
    retention: Retention = Retention()
    rehearsal: Rehearsal = Rehearsal()
    monitoring: Monitoring = Monitoring()

    @property
    def beside(self) -> Path:
        """The path after which the files of this machine are named: the key, the locks; uploads lie beside it."""
        return Path(self.files if is_postgresql(self.database) else self.database)

    @property
    def reads_reactions(self) -> bool:
        """Whether anything is done about the reactions of members."""
        return self.reactions.by_author


_SECTIONS = {
    (name,)
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, _Section)
}


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
    places: dict[Key, str] = {}
    for file in (DEFAULT_FILE, path):
        if file is not None:
            read, lines = _read_yaml(file)
            _merge(values, read)
            for key, line in lines.items():
                _put_last(places, key, f"{file}:{line}")
    for key, value, variable in _from_environment(environ):
        _merge(values, _nested(key, value))
        _put_last(places, key, variable)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_explain(error, places)) from None


def _put_last(places: dict[Key, str], key: Key, place: str) -> None:
    """Note where a key was set, in the order of setting, so that a section's last place is the one to blame."""
    # A list's items go with it.
    for old in [at for at in places if at[: len(key)] == key]:
        del places[old]
    places[key] = place


def _read_yaml(path: Path) -> tuple[dict[str, Any], dict[Key, int]]:
    """The mapping in a file, and the line (from 1) of each key in it."""
    try:
        read, lines = yaml_lines.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {wording_refusals.unreadable_file(error.strerror)}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: {wording_refusals.NOT_UTF_8}") from None
    except YamlError as error:
        raise SettingsError(f"{path}:{error.line}: {error}") from None
    if read is None:
        return {}, {}
    if not isinstance(read, dict):
        raise SettingsError(f"{path}:1: {wording_refusals.NOT_A_MAPPING}")
    return cast(dict[str, Any], read), lines


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[Key, object, str]]:
    known = {PREFIX + "_".join(key).upper(): (key, kind) for key, kind in _leaves(Settings, ())}
    for variable, raw in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable not in known:
            # Compared without the prefix, which all of them have.
            names = {name.removeprefix(PREFIX): name for name in known}
            meant = _similar(variable.removeprefix(PREFIX), names)
            problem = wording_refusals.unknown_variable(names[meant] if meant else None, sorted(known))
            raise SettingsError(f"{variable}: {problem}")
        key, kind = known[variable]
        yield key, _from_variable(raw, kind, variable), variable


def _from_variable(raw: str, kind: object, variable: str) -> object:
    """The value of a variable: text as it stands, a list with commas or as YAML writes it."""
    if any(kind is number for number in (bool, int, float)):
        return yaml_lines.scalar(raw.strip())
    if get_origin(kind) is not list:
        return raw
    if not raw.lstrip().startswith("["):
        return raw.split(",")
    try:
        return yaml_lines.read(raw)[0]
    except YamlError as error:
        raise SettingsError(f"{variable}: {wording_refusals.unreadable_value(_shown(raw), error)}") from None


def _leaves(model: type[BaseModel], prefix: Key) -> Iterator[tuple[Key, object]]:
    """Each setting that holds no others, with its type."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _leaves(kind, (*prefix, name))
        else:
            yield (*prefix, name), kind


def _nested(key: Key, value: object) -> dict[str, Any]:
    for name in reversed(key):
        value = {name: value}
    return cast(dict[str, Any], value)


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict | None):
            # A section whose keys are all commented out is read as None.
            _merge(into[key], cast(dict[str, Any], value or {}))
        else:
            into[key] = value


def _explain(error: ValidationError, places: Mapping[Key, str]) -> str:
    """One line per problem: place, key, value, what is allowed."""
    problems = error.errors()
    lines: list[str] = []
    for problem in problems[:MOST_PROBLEMS]:
        key = tuple(str(part) for part in problem["loc"])
        name = cut(".".join(key), 100)
        if problem["type"] == "extra_forbidden":
            known = _siblings(key)
            wrong = wording_refusals.unknown_key(_similar(key[-1], known), known)
            lines.append(f"{_place(key, places)}: {name}: {wrong}")
        elif problem["type"] == "value_error" and key in _SECTIONS:
            # A rule on several keys of a section: the last that was set is the one to change.
            inside = [place for at, place in places.items() if at[: len(key)] == key and len(at) > len(key)]
            lines.append(
                f"{inside[-1] if inside else 'settings'}: {name}: {problem['msg'].removeprefix('Value error, ')}"
            )
        else:
            value = cast(object, problem["input"])
            wrong = wording_refusals.not_allowed(None if value is None else _shown(value), _allowed(key))
            lines.append(f"{_place(key, places)}: {name}: {wrong}")
    if len(problems) > MOST_PROBLEMS:
        lines.append(wording_refusals.more_problems(len(problems) - MOST_PROBLEMS))
    return "\n".join(lines)


def _place(key: Key, places: Mapping[Key, str]) -> str:
    return next((places[key[:n]] for n in range(len(key), 0, -1) if key[:n] in places), "settings")


def _similar(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one is most like; None if it is like none."""
    return next(iter(get_close_matches(name[:100], known, n=1, cutoff=0.7)), None)


def _shown(value: object) -> str:
    return cut(repr(value), 80)


def _model_at(key: Key) -> type[BaseModel]:
    model: type[BaseModel] = Settings
    for name in key:
        field = model.model_fields.get(name)
        kind = field.annotation if field else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            break
        model = kind
    return model


def _siblings(key: Key) -> list[str]:
    return sorted(_model_at(key[:-1]).model_fields)


def _allowed(key: Key) -> str:
    # An error inside a list carries the index behind the key of the list.
    for name in reversed(key):
        field = _model_at(key).model_fields.get(name)
        if field is not None:
            if field.description:
                return field.description
            break
    return wording_refusals.keys_below(sorted(_model_at(key).model_fields))
