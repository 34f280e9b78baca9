"""Corrections: decided by the draft as it is at the moment of writing; and when its text is fetched."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.coach import Coach
from coach.corrections import Change
from coach.errors import Refused
from coach.labelling.labeller import Labeller
from coach.labels import Kind, Label, Verdict
from coach.nudging.tips import Tips
from coach.settings import Settings
from coach.store import NewDraft, Store, StoredDraft
from tests.support.databases import put_new

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
GUILD, AUTHOR, MANAGER, DRAFT = 1, 100, 200, 5
VERDICT = Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ())
LABELLER = Labeller.load()


@pytest.fixture
async def coach(tmp_path: Path) -> AsyncGenerator[Coach]:
    async def labeller() -> Labeller:
        return LABELLER

    store = await Store.open(put_new(tmp_path / "test.db"), NOW)
    coach = Coach(Settings(), store, labeller, Tips.load(), lambda: NOW, b"key", random.Random(1))
    await store.drafts.record(
        NewDraft(DRAFT, GUILD, 10, None, AUTHOR, NOW, NOW.date(), VERDICT, 5, bytes(8), None)
    )
    yield coach
    coach.labelling.close()
    await store.close()


async def found(coach: Coach) -> StoredDraft:
    return await coach.corrections.find(GUILD, DRAFT, AUTHOR)


async def test_others_are_refused_unless_they_manage_the_server_and_then_not_everywhere(coach: Coach) -> None:
    with pytest.raises(Refused, match="or somebody who manages"):
        await coach.corrections.find(GUILD, DRAFT, MANAGER)
    assert await coach.corrections.find(GUILD, DRAFT, MANAGER, manages=True) == await found(coach)
    with pytest.raises(Refused, match="Only the author"):
        await coach.corrections.find(GUILD, DRAFT, MANAGER, manages=True, author_only=True)
    with pytest.raises(Refused, match="not counted as a draft"):
        await coach.corrections.find(GUILD + 1, DRAFT, AUTHOR)


async def test_only_a_label_that_the_author_sets_needs_the_text(coach: Coach) -> None:
    corrections, draft = coach.corrections, await found(coach)
    assert await corrections.teaches(draft, Label.CONVERSATION, AUTHOR)
    assert await corrections.teaches(draft, Change.OTHER_LABEL, AUTHOR)
    assert not await corrections.teaches(draft, Label.CONVERSATION, MANAGER)
    assert not await corrections.teaches(draft, Change.NOT_A_DRAFT, AUTHOR)
    await corrections.change(draft, Label.CONVERSATION, AUTHOR)
    # Taking a label back, or setting the one it already has, teaches nothing.
    changed = await found(coach)
    assert not await corrections.teaches(changed, Label.CONVERSATION, AUTHOR)
    assert not await corrections.teaches(changed, Change.OTHER_LABEL, AUTHOR)
    await coach.choices.pause(GUILD, AUTHOR)
    assert not await corrections.teaches(draft, Label.CONVERSATION, AUTHOR)


async def test_changes_found_at_once_each_start_from_what_the_one_before_left(coach: Coach) -> None:
    draft = await found(coach)
    changes = [coach.corrections.change(draft, Change.OTHER_LABEL, AUTHOR) for _ in range(3)]
    labels = [corrected.label for corrected in await asyncio.gather(*changes)]
    assert labels == [Label.CONVERSATION, Label.CONTENT, Label.CONVERSATION]
    twice = [coach.corrections.change(draft, Change.NOT_A_DRAFT_OR_BACK, AUTHOR) for _ in range(2)]
    assert [corrected.label for corrected in await asyncio.gather(*twice)] == [None, Label.CONVERSATION]
    assert await coach.store.tallies.recount() == []


async def test_a_lesson_for_a_label_that_the_draft_does_not_get_is_not_learned(coach: Coach) -> None:
    draft = await found(coach)
    await coach.corrections.change(draft, Change.OTHER_LABEL, MANAGER)
    # Asked for by an outdated list: the other label is now the one that the draft had then.
    await coach.corrections.change(draft, Change.OTHER_LABEL, AUTHOR, "The kiln is lit.")
    assert await coach.corrections.label_of(GUILD, DRAFT) is Label.CONTENT
    assert await coach.store.corrections.lessons(GUILD, AUTHOR, 9) == []


async def test_an_author_who_pauses_while_the_text_is_fetched_teaches_nothing(coach: Coach) -> None:
    draft = await found(coach)
    assert await coach.corrections.teaches(draft, Label.CONVERSATION, AUTHOR)
    await coach.choices.pause(GUILD, AUTHOR)
    await coach.corrections.change(draft, Label.CONVERSATION, AUTHOR, "The kiln is lit.")
    assert await coach.corrections.label_of(GUILD, DRAFT) is Label.CONVERSATION
    assert await coach.store.corrections.lessons(GUILD, AUTHOR, 9) == []


async def test_a_draft_that_is_gone_is_refused(coach: Coach) -> None:
    draft = await found(coach)
    await coach.intake.removed(GUILD, [DRAFT])
    with pytest.raises(Refused, match="just been deleted"):
        await coach.corrections.change(draft, Label.CONVERSATION, AUTHOR)
