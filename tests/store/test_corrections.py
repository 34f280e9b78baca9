"""Corrections: what they teach, what takes them back, and what is deleted with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from coach.labels import Kind, Label, Lesson, Verdict
from coach.store import ByHand, NewDraft, Store, StoredDraft

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TAUGHT = Lesson(bytes(range(36)), -1.5, Label.CONVERSATION)
Build = Callable[..., NewDraft]


async def stored(store: Store, message_id: int = 1) -> StoredDraft:
    found = await store.drafts.get(1, message_id)
    assert found is not None
    return found


async def take_back(store: Store) -> Label | None:
    corrected = await store.corrections.correct(1, 1, lambda _: ByHand.TAKE_BACK, NOW)
    return corrected.label if corrected is not None else None


async def test_lessons_are_an_authors_own_newest_first_and_limited(store: Store, draft: Build) -> None:
    for n in range(1, 6):
        await store.drafts.record(draft(n, author_id=100 if n < 5 else 200))
        lesson = Lesson(bytes([n]) * 36, float(n), Label.CONVERSATION)
        await store.corrections.correct(1, n, lambda _: Label.CONVERSATION, NOW + timedelta(minutes=n), lesson)
    assert [lesson.log_odds for lesson in await store.corrections.lessons(1, 100, 3)] == [4.0, 3.0, 2.0]
    assert [lesson.log_odds for lesson in await store.corrections.lessons(1, 200, 3)] == [5.0]
    assert await store.corrections.lessons(2, 100, 3) == []


async def test_a_correction_taken_back_leaves_the_models_label_and_no_lesson(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    assert (await stored(store)).can_be_taken_back
    assert await take_back(store) is Label.CONTENT
    now = await stored(store)
    assert (now.label, now.labelled_by, now.can_be_taken_back) == (Label.CONTENT, "model", False)
    assert await store.corrections.lessons(1, 100, 9) == []
    assert await store.tallies.recount() == []


async def test_taking_back_after_an_edit_gives_the_models_label_of_the_new_words(
    store: Store, draft: Build
) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    question = Verdict(Label.CONVERSATION, 0.95, Kind.ASK, False, ())
    await store.drafts.relabel(1, 1, question, length=9, text_hash=b"new hash", text=None, addressed=frozenset())
    assert await take_back(store) is Label.CONVERSATION


async def test_a_confirmed_label_teaches_and_stays_by_hand(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    lesson = replace(TAUGHT, label=Label.CONTENT)
    for _ in range(2):
        await store.corrections.correct(1, 1, lambda _: Label.CONTENT, NOW, lesson)
        now = await stored(store)
        assert (now.label, now.labelled_by, now.can_be_taken_back) == (Label.CONTENT, "member", False)
        assert len(await store.corrections.lessons(1, 100, 9)) == 1


async def test_a_draft_set_aside_teaches_nothing_until_it_is_put_back(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    await store.corrections.correct(1, 1, lambda _: ByHand.SET_ASIDE, NOW)
    assert await store.corrections.lessons(1, 100, 9) == []
    assert await take_back(store) is Label.CONVERSATION
    assert (await stored(store)).labelled_by == "member"
    assert await store.corrections.lessons(1, 100, 9) == [TAUGHT]
    assert await store.tallies.recount() == []


async def test_a_draft_counted_before_its_language_mattered_is_counted_again_after_being_set_aside(
    store: Store, draft: Build
) -> None:
    await store.drafts.record(draft(1))
    await store.database.write(lambda raw: raw.execute("UPDATE drafts SET kind = 'none'"))
    for _ in range(2):
        assert not (await stored(store)).unlabelled
        await store.corrections.correct(1, 1, lambda _: ByHand.SET_ASIDE, NOW)
        assert await take_back(store) is Label.CONTENT
    assert await store.tallies.recount() == []


async def test_somebody_elses_correction_leaves_the_authors_lesson_alone(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    await store.corrections.correct(1, 1, lambda _: Label.CONTENT, NOW)
    assert await store.corrections.lessons(1, 100, 9) == [TAUGHT]


async def test_a_lesson_goes_with_its_draft_and_its_author(store: Store, draft: Build) -> None:
    for n in (1, 2):
        await store.drafts.record(draft(n))
        await store.corrections.correct(1, n, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    await store.removals.sweep(1, [1], ())
    assert len(await store.corrections.lessons(1, 100, 9)) == 1
    await store.members.forget(1, 100, b"who", 0)
    assert await store.corrections.lessons(1, 100, 9) == []
    assert await take_back(store) is None
