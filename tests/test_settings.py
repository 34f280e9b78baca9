"""Settings: defaults, overrides, and refusals that name the line, the value and what is allowed."""

from __future__ import annotations

import json
from datetime import time
from operator import attrgetter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coach import yaml_lines
from coach.errors import SettingsError, YamlError
from coach.settings import DEFAULT_FILE, Settings, load


def write(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_holds_every_key_with_its_default() -> None:
    assert load(None, {}) == Settings()
    shipped = yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8"))
    assert shipped.keys() == Settings.model_fields.keys()
    for section in ("reactions", "balance", "nudges", "summary", "rehearsal", "monitoring"):
        assert shipped[section].keys() == getattr(Settings(), section).__class__.model_fields.keys()


def test_the_operators_file_overrides_single_keys_and_leaves_the_others(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "nudges:\n  daily_cap: 1\nwatch_names: [posts, ideas]\n"), {})
    assert settings.nudges.daily_cap == 1
    assert settings.nudges.gap_hours == Settings().nudges.gap_hours
    assert settings.watch_names == ["posts", "ideas"]


def test_the_file_named_by_the_variable_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "database: elsewhere.db\n")
    assert load(None, {"SQUAREDEAL_CONFIG": str(path)}).database == "elsewhere.db"


def test_a_file_named_by_argument_overrides_the_variable(tmp_path: Path) -> None:
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
        ("SQUAREDEAL_BALANCE_BAND", "20 %", "balance.band", 0.2),
        ("SQUAREDEAL_NUDGES_QUIET_FROM", "9pm", "nudges.quiet_from", time(21)),
        ("SQUAREDEAL_WATCH_NAMES", "[a, b]", "watch_names", ["a", "b"]),
        ("SQUAREDEAL_WATCH_NAMES", "#a, b", "watch_names", ["a", "b"]),
        ("SQUAREDEAL_DATABASE", "/data/a #b.db", "database", "/data/a #b.db"),
        ("SQUAREDEAL_DATABASE", "2026-13-45", "database", "2026-13-45"),
        ("SQUAREDEAL_NUDGES_WHERE", "off", "nudges.where", "off"),
        ("SQUAREDEAL_NUDGES_WHERE", "false", "nudges.where", "off"),
        ("SQUAREDEAL_KEEP_TEXT", "on", "keep_text", True),
        ("SQUAREDEAL_REACTIONS_CONTENT", "✅", "reactions.content", "✅"),
    ],
)
def test_single_variables_override_the_file(
    tmp_path: Path, variable: str, value: str, key: str, read: object
) -> None:
    path = write(tmp_path, "database: file.db\nkeep_text: false\n")
    assert attrgetter(key)(load(path, {variable: value})) == read


@pytest.mark.parametrize(
    ("text", "key", "read"),
    [
        ("nudges:\n  where: off\n", "nudges.where", "off"),
        ("nudges:\n  where: false\n", "nudges.where", "off"),
        ("nudges:\n  quiet_from: 22:00\n", "nudges.quiet_from", time(22)),
        ("nudges:\n", "nudges", Settings().nudges),
        ("keep_text: yes\n", "keep_text", True),
        ("ask_when_unsure: off\n", "ask_when_unsure", False),
        ('watch_names: ["#drafts"]\n', "watch_names", ["drafts"]),
        ("watch_names: [yes, on]\n", "watch_names", ["yes", "on"]),
        ("database: ~/x.db\n", "database", str(Path.home() / "x.db")),
        (
            "reactions: {content: '<:news:123456789012345678>'}\n",
            "reactions.content",
            "<:news:123456789012345678>",
        ),
        ("\ufefflog_level: debug\n", "log_level", "debug"),
    ],
)
def test_the_ways_people_write_values_are_understood(tmp_path: Path, text: str, key: str, read: object) -> None:
    assert attrgetter(key)(load(write(tmp_path, text), {})) == read


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("database: x.db\ncolour: blue\n", 2, ["colour", "unknown key", "watch_names"]),
        ("nudges:\n  dailycap: 2\n", 2, ["nudges.dailycap", "did you mean daily_cap?"]),
        ("nudges:\n\tdaily_cap: 2\n", 2, ["not valid YAML", "spaces instead of tabs"]),
        ("reactions:\n  content: :mega:\n", 2, ["not valid YAML", "in quotes"]),
        ("nudges:\n  daily_cap: 2\n gap_hours: 3\n", 3, ["not valid YAML", "indent"]),
        ("nudges:\n  daily_cap: many\n", 2, ["nudges.daily_cap", "'many'", "whole number from 0 to 20"]),
        ("nudges:\n  gap_hours: 4\n  daily_cap: -3\n", 3, ["nudges.daily_cap", "-3", "from 0 to 20"]),
        ("balance:\n  target: 1.2\n", 2, ["balance.target", "1.2", "5% to 95%"]),
        ("nudges:\n  quiet_from: 1320\n", 2, ["nudges.quiet_from", "1320", '"22:00"']),
        ("timezone: Mars/Olympus\n", 1, ["timezone", "Mars/Olympus", "IANA"]),
        ("keep_text: 1\n", 1, ["keep_text", "true or false"]),
        ("watch_names: drafts\n", 1, ["watch_names", "'drafts'", "channel names"]),
        ("watch_names: [drafts, 7]\n", 1, ["watch_names", "7"]),
        ("nudges: off\n", 1, ["nudges", "on an indented line below", "daily_cap"]),
        ("database: a.db\ndatabase: b.db\n", 2, ["database", "twice"]),
        ("nudges:\n  where: [\n", 3, ["not valid YAML"]),
        ("- a\n- b\n", 1, ["must be lines such as"]),
        ("timezone: 2026-13-45\n", 1, ["timezone", "'2026-13-45'", "IANA"]),
        ("timezone: Factory\n", 1, ["timezone", "'Factory'"]),
        ("nudges:\n  daily_cap: !!int ''\n", 2, ["int: tags are not accepted"]),
        ("nudges: &n {}\nbalance: *n\n", 1, ["&n", "not accepted"]),
        ("balance:\n  <<: {target: 0.4}\n", 2, ["<<", "not accepted"]),
        ("? [a]\n: b\n", 1, ["a key must be a word"]),
        ("\nlog_level: info\0\n", 2, ["not valid YAML"]),
        ("a: " + "[" * 900 + "]" * 900, 1, ["nested too deep"]),
        ("log_level: info\n---\nlog_level: debug\n", 3, ["second document"]),
        ("rehearsal:\n  port: " + "9" * 5000, 2, ["rehearsal.port", "999…", "1024 to 65535"]),
        ("balance:\n  target: .nan\n", 2, ["balance.target", "'.nan'"]),
        ("balance:\n  window_days: 14.0\n", 2, ["balance.window_days", " 14.0 "]),
        ('database: ":memory:"\n', 1, ["database", "':memory:'", "path of a file"]),
        ("watch_names: []\n", 1, ["watch_names", "[]", "1 to 100"]),
        ("watch_names:\n  - #drafts\n", 2, ["watch_names", "it is empty", "channel names"]),
        ('reactions:\n  content: ":mega:"\n', 2, ["reactions.content", "':mega:'", "📣", "<:name:"]),
        ("log_level: info\nreactions:\n  content: 💬\n", 3, ["reactions", "same sign"]),
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
        ("SQUAREDEAL_DATABSE", "x.db", ["unknown variable", "did you mean SQUAREDEAL_DATABASE?"]),
        ("SQUAREDEAL_DAILY_CAP", "2", ["unknown variable", "did you mean SQUAREDEAL_NUDGES_DAILY_CAP?"]),
        ("SQUAREDEAL_TOKEN", "x", ["unknown variable", "SQUAREDEAL_DATABASE"]),
        ("SQUAREDEAL_WATCH_NAMES", "drafts,", ["SQUAREDEAL_WATCH_NAMES: watch_names.1: ''", "channel names"]),
        ("SQUAREDEAL_WATCH_NAMES", "", ["SQUAREDEAL_WATCH_NAMES: watch_names.0: ''", "channel names"]),
        ("SQUAREDEAL_NUDGES_DAILY_CAP", "lots", ["'lots'", "0 to 20"]),
        ("SQUAREDEAL_SUMMARY_AT", "late", ["'late'", "22:00"]),
        ("SQUAREDEAL_NUDGES_DAILY_CAP", "2026-13-45", ["'2026-13-45'", "0 to 20"]),
        ("SQUAREDEAL_KEEP_TEXT", "!!bool x", ["'!!bool x'", "true or false"]),
        ("SQUAREDEAL_WATCH_NAMES", "[*a]", ["'[*a]'", "*a", "not accepted"]),
        ("SQUAREDEAL_REACTIONS_CONTENT", "💬", ["same sign"]),
        ("SQUAREDEAL_DATABASE", "x" * 256, ["'xxx", "path of a file"]),
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


@given(st.text() | st.text("&*!<>{}[]:-?#|%@`'\"\\ \n\t,0189.eox~"))
def test_whatever_a_file_holds_is_read_or_refused_with_its_line(source: str) -> None:
    try:
        lines = yaml_lines.read(source)[1].values()
    except YamlError as error:
        assert str(error)
        lines = [error.line]
    assert all(1 <= line <= len(source.splitlines()) + 1 for line in lines)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(-1e6, 1e6, width=32)
    | st.text("abc #:é", max_size=9),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text("abc #:é", max_size=4), part, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_values_are_read_as_they_were_written(value: object) -> None:
    source = json.dumps(value, ensure_ascii=False)
    assert yaml_lines.read(source)[0] == value
