"""Corrections: what they teach, what takes them back, and what is deleted with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.labels import Kind, Label, Lesson, Verdict
from coach.store import ByHand, NewDraft, Store, StoredDraft
from tests.support.databases import put_new

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


async def record_of(store: Store) -> dict[str, object]:
    """Everything about the author but what can be undone."""
    export = await store.members.export(1, 100)
    return {table: rows for table, rows in export.items() if table != "undos"}


BY_HAND = st.sampled_from([Label.CONTENT, Label.CONVERSATION, ByHand.SET_ASIDE, ByHand.TAKE_BACK, ByHand.KEEP])


@given(st.lists(st.tuples(BY_HAND, st.booleans()), min_size=1, max_size=6), st.booleans())
@settings(max_examples=30, deadline=None)
async def test_undoing_the_last_change_restores_label_tally_and_lesson(
    steps: list[tuple[Label | ByHand, bool]], readable: bool
) -> None:
    kind = Kind.INFORM if readable else Kind.NONE
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(put_new(Path(folder) / "undo.db"), NOW)
        verdict = Verdict(Label.CONTENT, 0.2, kind, True, ())
        await store.drafts.record(NewDraft(1, 1, 10, None, 100, NOW, NOW.date(), verdict, 5, bytes(8), None))
        for number, (step, teaches) in enumerate(steps):
            before, change = await record_of(store), f"click-{number}"
            lesson = Lesson(bytes([number]) * 36, float(number), Label(step)) if isinstance(step, Label) else None
            at = NOW + timedelta(minutes=number)
            made = await store.corrections.correct(
                1, 1, lambda _, step=step: step, at, lesson if teaches else None, change=change
            )
            assert made is not None and made.changed is (step is not ByHand.KEEP)
            after = await record_of(store)
            # Nothing else than the last change can be undone.
            assert await store.corrections.undo(1, 1, "click-none") is None
            undone = await store.corrections.undo(1, 1, change)
            assert (undone is not None) is made.changed
            assert await record_of(store) == before
            assert await store.tallies.recount() == []
            assert await store.corrections.undo(1, 1, change) is None
            await store.corrections.correct(
                1, 1, lambda _, step=step: step, at, lesson if teaches else None, change=change
            )
            assert await record_of(store) == after
        await store.close()


async def test_after_an_edit_undoing_gives_the_models_label_of_the_new_words(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.corrections.correct(1, 1, lambda _: ByHand.SET_ASIDE, NOW, change="click-1")
    question = Verdict(Label.CONVERSATION, 0.95, Kind.ASK, False, ())
    await store.drafts.relabel(1, 1, question, length=9, text_hash=b"new hash", text=None, addressed=frozenset())
    undone = await store.corrections.undo(1, 1, "click-1")
    assert undone is not None and undone.label is Label.CONVERSATION
    assert await store.tallies.recount() == []


async def test_an_answer_that_is_undone_where_it_was_given_is_a_question_again(store: Store, draft: Build) -> None:
    await store.drafts.record(draft(1))
    await store.replies.begin(1, 1, 100, "question")
    await store.replies.note_answered(1)
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW, change="click-1", by_reply=True)
    await store.corrections.undo(1, 1, "click-1", by_reply=True)
    assert await store.replies.stands(1)
    # Answered somewhere else, it goes.
    await store.corrections.correct(1, 1, lambda _: Label.CONVERSATION, NOW)
    assert not await store.replies.stands(1)


async def test_what_can_be_undone_goes_with_its_draft_and_its_author(store: Store, draft: Build) -> None:
    for n in (1, 2):
        await store.drafts.record(draft(n))
        await store.corrections.correct(1, n, lambda _: Label.CONVERSATION, NOW, TAUGHT, change="click-1")
    await store.removals.sweep(1, [1], ())
    assert [row["message_id"] for row in (await store.members.export(1, 100))["undos"]] == [2]
    await store.members.forget(1, 100, b"who", 0)
    assert (await store.members.export(1, 100))["undos"] == []


async def test_a_lesson_goes_with_its_draft_and_its_author(store: Store, draft: Build) -> None:
    for n in (1, 2):
        await store.drafts.record(draft(n))
        await store.corrections.correct(1, n, lambda _: Label.CONVERSATION, NOW, TAUGHT)
    await store.removals.sweep(1, [1], ())
    assert len(await store.corrections.lessons(1, 100, 9)) == 1
    await store.members.forget(1, 100, b"who", 0)
    assert await store.corrections.lessons(1, 100, 9) == []
    assert await take_back(store) is None
