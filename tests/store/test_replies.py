"""Replies: they are deleted with their drafts, in whatever order things happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from coach.labels import Kind, Label, Verdict
from coach.store import ByHand, NewDraft, Store
from coach.store.replies import MOST_AT_ONCE
from tests.support.verdicts import NOW, VERDICTS


async def test_a_reply_is_neither_sent_nor_left_if_its_draft_is_deleted_first(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    assert not await store.replies.begin(1, 1, 100, "question")
    await store.drafts.record(draft(1))
    assert await store.replies.begin(1, 1, 100, "question")
    assert await store.replies.stands(1)
    await store.removals.sweep(1, [1], ())
    assert not await store.replies.stands(1)
    assert not await store.replies.note_sent(1, 10, 2)
    assert [(one.message_id, one.reply_id) for one in await store.replies.over(1)] == [(1, 2)]
    await store.replies.drop(1)
    assert await store.replies.guilds_with_any_over() == []


async def test_a_question_is_settled_by_an_edit_that_leaves_no_doubt(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    await store.drafts.record(draft(1))
    await store.replies.begin(1, 1, 100, "question")
    unsure = replace(VERDICTS[Label.CONTENT], unsure=True)
    for verdict, stands in ((unsure, True), (VERDICTS[Label.CONTENT], False)):
        await store.drafts.relabel(1, 1, verdict, length=20, text_hash=b"hash", text=None, addressed=frozenset())
        assert await store.replies.stands(1) is stands


@pytest.mark.parametrize("kinds", [(Kind.NONE, Kind.ASK), (Kind.ASK, Kind.NONE)])
async def test_a_question_is_settled_by_an_edit_into_or_out_of_an_unknown_language(
    store: Store, draft: Callable[..., NewDraft], kinds: tuple[Kind, Kind]
) -> None:
    before, after = (Verdict(Label.CONVERSATION, 0.5, kind, True, ()) for kind in kinds)
    await store.drafts.record(replace(draft(1), verdict=before))
    await store.replies.begin(1, 1, 100, "question")
    for verdict, stands in ((before, True), (after, False)):
        await store.drafts.relabel(1, 1, verdict, length=20, text_hash=b"hash", text=None, addressed=frozenset())
        assert await store.replies.stands(1) is stands


async def test_what_is_done_by_hand_settles_what_was_said_unless_it_was_done_there(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    for message_id in (1, 2):
        await store.drafts.record(draft(message_id))
        await store.replies.begin(message_id, 1, 100, "nudge")
    await store.replies.note_answered(2)
    for message_id in (1, 2):
        await store.corrections.correct(1, message_id, lambda _: Label.CONVERSATION, NOW, by_reply=message_id == 2)
    assert [await store.replies.stands(message_id) for message_id in (1, 2)] == [False, True]
    # What it says is not true any more.
    await store.corrections.correct(1, 2, lambda _: ByHand.SET_ASIDE, NOW)
    assert {one.message_id for one in await store.replies.over(1)} == {1, 2}


async def test_deleting_a_draft_takes_down_what_its_author_said_it_is(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    await store.drafts.record(draft(1))
    await store.replies.begin(1, 1, 100, "question")
    await store.replies.note_answered(1)
    await store.removals.sweep(1, [1], ())
    assert [one.message_id for one in await store.replies.over(1)] == [1]


async def test_a_question_about_a_label_that_an_edit_changes_is_settled(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    await store.drafts.record(draft(1))
    await store.replies.begin(1, 1, 100, "question")
    unsure = replace(VERDICTS[Label.CONVERSATION], unsure=True)
    await store.drafts.relabel(1, 1, unsure, length=20, text_hash=b"hash", text=None, addressed=frozenset())
    assert not await store.replies.stands(1)


async def test_what_was_said_about_drafts_that_grow_too_old_is_taken_down_and_about_a_deleted_channel_forgotten(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    for message_id, channel_id in ((1, 10), (2, 11)):
        await store.drafts.record(draft(message_id, channel_id=channel_id))
        await store.replies.begin(message_id, 1, 100, "nudge")
        await store.replies.note_sent(message_id, channel_id, message_id + 100)
    await store.removals.sweep(1, (), (10,))
    assert await store.replies.over(1) == []
    await store.retention.erase_old(NOW + timedelta(days=1))
    assert [(one.author_id, one.reply_id) for one in await store.replies.over(1)] == [(0, 102)]
    await store.retention.erase_server(1)
    assert await store.replies.find(2) is None


async def test_replies_are_taken_down_the_newest_first_and_not_too_many_at_once(
    store: Store, draft: Callable[..., NewDraft]
) -> None:
    many = range(1, MOST_AT_ONCE + 3)
    for message_id in many:
        await store.drafts.record(draft(message_id))
        await store.replies.begin(message_id, 1, 100, "question")
    await store.removals.sweep(1, many, ())
    over = [one.message_id for one in await store.replies.over(1)]
    assert over == [*many][::-1][:MOST_AT_ONCE]
