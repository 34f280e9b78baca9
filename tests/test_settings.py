"""Settings: defaults, overrides, and refusals that name place, value and what is allowed."""

from __future__ import annotations

from datetime import time
from operator import attrgetter
from pathlib import Path

import pytest
import yaml

from coach.settings import DEFAULT_FILE, Settings, SettingsError, load


def write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_holds_every_key_with_its_default() -> None:
    assert load(None, {}) == Settings()
    shipped = yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8"))
    assert shipped.keys() == Settings.model_fields.keys()
    for section in ("reactions", "balance", "nudges", "summary", "rehearsal"):
        assert shipped[section].keys() == getattr(Settings(), section).__class__.model_fields.keys()


def test_an_own_file_overrides_single_keys_and_leaves_the_others(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "nudges:\n  daily_cap: 1\nwatch_names: [posts, ideas]\n"), {})
    assert settings.nudges.daily_cap == 1
    assert settings.nudges.gap_hours == Settings().nudges.gap_hours
    assert settings.watch_names == ["posts", "ideas"]


def test_the_file_named_by_the_variable_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "database: elsewhere.db\n")
    assert load(None, {"SQUAREDEAL_CONFIG": str(path)}).database == "elsewhere.db"


def test_a_file_named_by_argument_goes_before_the_variable(tmp_path: Path) -> None:
    path = write(tmp_path, "database: argument.db\n")
    assert load(path, {"SQUAREDEAL_CONFIG": "/nowhere.yaml"}).database == "argument.db"


@pytest.mark.parametrize(
    ("variable", "value", "key", "read"),
    [
        ("SQUAREDEAL_DATABASE", "/var/lib/x.db", "database", "/var/lib/x.db"),
        ("SQUAREDEAL_NUDGES_DAILY_CAP", "2", "nudges.daily_cap", 2),
        ("SQUAREDEAL_SUMMARY_AT", "21:30", "summary.at", time(21, 30)),
        ("SQUAREDEAL_KEEP_TEXT", "true", "keep_text", True),
        ("SQUAREDEAL_BALANCE_TARGET", "0.4", "balance.target", 0.4),
        ("SQUAREDEAL_WATCH_NAMES", "[a, b]", "watch_names", ["a", "b"]),
    ],
)
def test_single_variables_override_the_file(
    tmp_path: Path, variable: str, value: str, key: str, read: object
) -> None:
    path = write(tmp_path, "database: file.db\nkeep_text: false\n")
    assert attrgetter(key)(load(path, {variable: value})) == read


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("database: x.db\ncolour: blue\n", 2, ["colour", "unknown key", "watch_names"]),
        ("nudges:\n  daily_cap: many\n", 2, ["nudges.daily_cap", "'many'", "whole number from 0 to 20"]),
        ("nudges:\n  gap_hours: 4\n  daily_cap: -3\n", 3, ["nudges.daily_cap", "-3", "from 0 to 20"]),
        ("balance:\n  target: 1.2\n", 2, ["balance.target", "1.2", "0.05 to 0.95"]),
        ("nudges:\n  quiet_from: 22:00\n", 2, ["nudges.quiet_from", "1320", "in quotes"]),
        ("timezone: Mars/Olympus\n", 1, ["timezone", "Mars/Olympus", "IANA"]),
        ("keep_text: 1\n", 1, ["keep_text", "true or false"]),
        ("watch_names: drafts\n", 1, ["watch_names", "'drafts'", "list of channel names"]),
        ("watch_names: [drafts, 7]\n", 1, ["watch_names", "7"]),
        ("nudges: off\n", 1, ["nudges", "mapping", "daily_cap"]),
        ("database: a.db\ndatabase: b.db\n", 2, ["database", "twice"]),
        ("nudges:\n  where: [\n", 3, ["not valid YAML"]),
        ("- a\n- b\n", 1, ["mapping"]),
    ],
)
def test_a_bad_file_is_refused_with_line_value_and_what_is_allowed(
    tmp_path: Path, text: str, line: int, says: list[str]
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as refusal:
        load(path, {})
    message = str(refusal.value)
    assert message.startswith(f"{path}:{line}:")
    for words in says:
        assert words in message


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "keep_text: 1\ncolour: blue\n")
    with pytest.raises(SettingsError) as refusal:
        load(path, {})
    assert len(str(refusal.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SQUAREDEAL_DATABSE", "x.db", ["unknown variable", "SQUAREDEAL_DATABASE"]),
        ("SQUAREDEAL_NUDGES_DAILY_CAP", "lots", ["'lots'", "0 to 20"]),
        ("SQUAREDEAL_SUMMARY_AT", "late", ["'late'", "22:00"]),
    ],
)
def test_a_bad_variable_is_refused_by_name(variable: str, value: str, says: list[str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(None, {variable: value})
    message = str(refusal.value)
    assert variable in message
    for words in says:
        assert words in message


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml", {})
