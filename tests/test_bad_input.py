"""Drafts and names at their oddest: nothing raises, and Discord would accept every message; its limits."""

from __future__ import annotations

import asyncio
import functools
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import wording_drafts
from coach.coach import Coach
from coach.errors import SettingsError
from coach.labelling.labeller import Labeller
from coach.labelling.reasons import without_parts
from coach.labels import Kind, Label, Verdict
from coach.nudging.advice import Nudge
from coach.nudging.next_step import Question
from coach.nudging.tips import Tips
from coach.settings import load
from coach.store import Store
from coach.text import quoted
from cogs.support.answers import safe_verdict, shown_name
from cogs.support.buttons import nudge_text
from tests.support import limits
from tests.support.bad_input import GUILD, START, Trial, run
from tests.support.databases import put_new
from tests.support.examples import examples
from tests.support.odd_text import HARD, PIECES, WORDS

Strings = st.SearchStrategy[str]
TIPS = Tips.load()

characters: Strings = st.characters(exclude_categories=())
pieces: Strings = st.one_of(
    st.sampled_from(WORDS), characters, *(st.sampled_from(PIECES[kind]) for kind in sorted(PIECES))
)

lines: Strings = st.sampled_from(("", " ", "\n", ". ")).flatmap(lambda glue: st.lists(pieces).map(glue.join))
runs: Strings = st.tuples(pieces, st.integers(1, 80)).map(lambda drawn: drawn[0] * drawn[1])
texts: Strings = st.one_of(lines, st.lists(runs, max_size=4).map("".join), st.text(characters))
names: Strings = st.lists(pieces, min_size=1).map(lambda parts: "".join(parts)[:32] or "x")


@functools.cache
def begun() -> Trial:
    """A trial for all tests, as its tips and standings take a moment to make."""
    return Trial.begin(1, Labeller.load())


def fresh() -> Trial:
    """A trial in which nothing has happened yet."""
    return replace(begun(), rng=random.Random(1), counts=Counter(), failures=[], listed=[], names=[])


async def through(tmp_path: Path, work: Callable[[Trial, Coach], Awaitable[None]]) -> list[str]:
    """Do some work with a trial and a coach that keeps texts; return what failed.

    The trial itself is not returned: asyncio writes out the result of whatever it has run, which takes long.
    """

    trial = fresh()

    async def loaded() -> Labeller:
        return trial.labeller

    store = await Store.open(put_new(tmp_path / "bad.db"), START)
    try:
        keeping = load(None, {"SQUAREDEAL_KEEP_TEXT": "true"})
        await work(trial, Coach(keeping, store, loaded, TIPS, lambda: START, b"key", random.Random(1)))
        trial.failures += await store.tallies.recount()
    finally:
        await store.close()
    return trial.failures


@examples(3)
@given(texts, names)
def test_any_draft_and_any_name_give_messages_that_discord_takes(text: str, name: str) -> None:
    async def put() -> list[str]:
        trial = fresh()
        # Often enough to fill up lists of drafts and summaries.
        for number in range(20):
            trial.draft(number, text, name)
        return trial.failures

    assert asyncio.run(put()) == []


@given(st.lists(texts, min_size=1, max_size=3))
def test_any_draft_goes_through_encoder_and_database(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[str]
) -> None:
    async def work(trial: Trial, coach: Coach) -> None:
        for number, text in enumerate(drafts):
            await trial.coached(coach, number, text)
        await trial.explained(coach, drafts[0])

    assert asyncio.run(through(tmp_path_factory.mktemp("bad"), work)) == []


async def test_the_hard_cases_go_through_everything(tmp_path: Path) -> None:
    async def work(trial: Trial, coach: Coach) -> None:
        for number, text in enumerate(HARD.values()):
            trial.draft(number, text, text[:32] or "x")
            await trial.coached(coach, number, text)
            await trial.explained(coach, text)

    assert await through(tmp_path, work) == []


@pytest.mark.slow
async def test_the_benchmark_counts_and_finds_nothing() -> None:
    trial = await run(250, seed=3)
    assert trial.failures == []
    assert trial.counts["nudge"] == trial.counts["balance"] == 250
    assert trial.counts["through the database"] == 5
    assert trial.counts["history"] == 12 and trial.counts["digest"] == 25


async def test_a_kept_text_with_half_a_character_is_recorded_and_exported(tmp_path: Path) -> None:
    async def work(trial: Trial, coach: Coach) -> None:
        await trial.coached(coach, 1, HARD["half a character in a sentence"])
        export = await coach.store.members.export(GUILD, 2)
        assert json.dumps(export, ensure_ascii=False).encode()
        assert [row["text"] for row in export["drafts"]] == ["How do you keep your \ufffd seedlings alive?"]

    assert await through(tmp_path, work) == []


def verdict_on(text: str) -> Verdict:
    """A verdict for which every part of a text is a reason."""
    return Verdict(
        Label.CONVERSATION,
        0.9,
        Kind.ASK,
        False,
        tuple(part.says for part in without_parts(text)) or ("x",),
        language="en",
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("```How about code", "How about code"),
        ("How about `code", "How about \\`code"),
        ("||How about that|| you know", "How about that you know"),
        ("How about 5 * 3 a||b", "How about 5 \\* 3 a\\|\\|b"),
        ("How about **[this](x)**", "How about \\[this](x)"),
        ("How\u202e about\x00 that", "How about that"),
        ("How\ud83d about that", "How\ufffd about that"),
        ("my " + "very " * 20, "my very very very very very very very…"),
    ],
)
def test_a_draft_is_quoted_without_its_layout_and_lays_nothing_out(text: str, shown: str) -> None:
    assert f"“{shown}”" in wording_drafts.reasons_line(safe_verdict(verdict_on(f"{text}\nIt rained.")))


def test_a_word_that_is_too_long_to_show_is_not_quoted() -> None:
    assert "aaa" not in wording_drafts.reasons_line(safe_verdict(verdict_on("my " + "a" * 80 + "\nIt rained.")))


def test_marks_in_a_subject_are_escaped() -> None:
    question = Question("Ask", "What do you think of our snake_case__naming__course?")
    standing = fresh().reports[0].standing
    text = nudge_text(Nudge(1, "reply", standing, question))
    assert "snake\\_case\\_\\_naming\\_\\_course" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann", "Ann"),
        ("**Ann**", "\\*\\*Ann\\*\\*"),
        ("||@everyone||", "\\|\\|@everyone\\|\\|"),
        ("\u3000", "Somebody"),
        ("\x00", "Somebody"),
        ("A\u202enn", "Ann"),
        ("A\ud83d", "A\ufffd"),
        ("a\nb", "a b"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_names_are_shown_safely(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert quoted(quoted(name)) == quoted(name)


# Nine times as long with each line: in full it would be gigabytes.
BOMB = "x0: &x0 [a,a,a,a,a,a,a,a,a]\n" + "".join(
    f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
TIP = "tips:\n  - {id: ours, lacking: content, kinds: [], reason: Because., advice: "


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (TIP + '"  "}', "your file:2: advice"),
        (TIP + '"\\ud83d"}', "your file:2: "),
        (TIP + "\u200b}", "your file:2: advice: .*no words"),
        (TIP + "!!int x}", "your file:2: .*int: tags are not accepted"),
        ("tips: " + "[" * 30_000, "your file:1: .*nest"),
        ("tips:\n" + "- " * 30_000 + "x", "your file:2: .*nest"),
        (TIP + "Do., quote: " + "x" * 5000 + "}", "unknown quote xxx"),
        (TIP + "Do., " + "x" * 100 + ": 1}", "Extra inputs"),
        ("tips: []\n" + TIP + "Do.}", "your file:2: tips is set twice"),
        ("more: &more {tips: [{id: x}]}\n<<: *more\n", "your file:1: &more: anchors and aliases"),
        ("tips: *more", r"your file:1: \*more: anchors and aliases"),
        (TIP + "Do., <<: {quote: x}}", "your file:2: merge keys"),
        (BOMB, "your file:1: &x0: anchors"),
    ],
)
def test_a_servers_own_file_is_refused_in_a_short_sentence(source: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refusal:
        TIPS.with_more(source, "your file")
    assert len(str(refusal.value)) < 300


def embed(**changes: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "T", "fields": [{"name": "n", "value": "v"}], **changes}]}


def row(*items: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [{"type": 1, "components": list(items)}]}


BUTTON: dict[str, Any] = {"type": 2, "label": "Go", "custom_id": "go"}
MENU: dict[str, Any] = {"type": 3, "custom_id": "m", "options": [{"label": "a", "value": "1"}]}


@pytest.mark.parametrize(
    "message",
    [
        {"content": "x" * 2000},
        embed(),
        {"attachments": [{"id": 0}]},
        row(BUTTON),
        row(MENU),
        embed(description="😀" * 4096),
    ],
)
def test_messages_that_discord_accepts(message: dict[str, Any]) -> None:
    assert limits.refusals(message) == []


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({}, "the message is empty"),
        ({"content": " \n"}, "the message is empty"),
        ({"content": "x" * 2001}, "content has 2001 characters of 2000"),
        ({"content": "a\ud83d"}, "content holds half a character"),
        (embed(title="x" * 257), "title has 257"),
        (embed(title="\u3000"), "title is empty"),
        (embed(description="x" * 4097), "description has 4097"),
        (embed(footer={"text": "x" * 2049}), "footer has 2049"),
        (embed(author={"name": "x" * 257}), "author has 257"),
        (embed(fields=[{"name": "", "value": "v"}]), "field name is empty"),
        (embed(fields=[{"name": "n", "value": " "}]), "field value is empty"),
        (embed(fields=[{"name": "n" * 257, "value": "v"}]), "field name has 257"),
        (embed(fields=[{"name": "n", "value": "v" * 1025}]), "field value has 1025"),
        (embed(fields=[{"name": "n", "value": "v"}] * 26), "26 fields"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds of 6002 characters"),
        ({"embeds": [{"title": "x"}] * 11}, "11 embeds"),
        (row({**BUTTON, "label": "x" * 81}), "button has 81"),
        (row({**BUTTON, "label": ""}), "button is empty"),
        (row({**BUTTON, "custom_id": "x" * 101}), "custom id has 101"),
        (row(BUTTON, BUTTON), "a custom id twice"),
        (row(BUTTON, MENU), "a row that is too full"),
        (row(), "a row that is none, or empty"),
        ({"content": "x", "components": [{"type": 1, "components": [BUTTON]}] * 6}, "6 rows"),
        (row({**MENU, "options": []}), "0 options"),
        (row({**MENU, "options": MENU["options"] * 2}), "an option twice"),
        (row({**MENU, "options": [{"label": str(n), "value": str(n)} for n in range(26)]}), "26 options"),
        (row({**MENU, "options": [{"label": "x" * 101, "value": "1"}]}), "option label has 101"),
        (row({**MENU, "placeholder": "x" * 151}), "placeholder has 151"),
        ({"attachments": [{"description": "x" * 1025}]}, "file description has 1025"),
    ],
)
def test_messages_that_discord_refuses(message: dict[str, Any], why: str) -> None:
    assert [found for found in limits.refusals(message) if found.startswith(why)]


@pytest.mark.parametrize(
    ("allowed", "pings"),
    [
        (None, True),
        ({"parse": ["users"]}, True),
        ({"parse": [], "users": ["1"]}, True),
        ({"parse": [], "replied_user": True}, True),
        ({"parse": []}, False),
        (discord.AllowedMentions.none().to_dict(), False),
    ],
)
def test_who_may_be_pinged(allowed: Any, pings: bool) -> None:
    assert limits.may_ping({"content": "x", "allowed_mentions": allowed}) is pings
