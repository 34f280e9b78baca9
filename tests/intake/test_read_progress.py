"""ReadProgress: whatever arrives, is recorded or fails, in any order, no cursor passes what is not recorded."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.drafts import Message
from coach.intake.read_progress import LONGEST_WAIT, MOST_FAILED, MOST_KEPT, MOST_TRIES, ReadProgress, Retries

GUILD, CHANNEL = 1, 10
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def connected() -> ReadProgress:
    progress = ReadProgress()
    progress.start_catch_up(GUILD, ())
    return progress


@given(st.lists(st.tuples(st.sampled_from(["arrive", "record", "fail"]), st.integers(0, 7)), max_size=60))
def test_a_cursor_never_passes_a_message_that_is_not_recorded(steps: list[tuple[str, int]]) -> None:
    progress = connected()
    in_hand: dict[int, AbstractContextManager[None]] = {}
    arrived: list[int] = []
    recorded: set[int] = set()
    cursor = 0
    for step, which in steps:
        if step == "arrive":
            message = len(arrived) + 1
            arrived.append(message)
            in_hand[message] = progress.in_progress(GUILD, CHANNEL, message)
            in_hand[message].__enter__()
        elif in_hand:
            message = sorted(in_hand)[which % len(in_hand)]
            context = in_hand.pop(message)
            if step == "record":
                reach = progress.safe_cursor(GUILD, CHANNEL, message)
                assert reach is not None
                recorded.add(message)
                cursor = max(cursor, reach)
                context.__exit__(None, None, None)
            else:
                with pytest.raises(OSError, match="full"):
                    context.__exit__(OSError, OSError("full"), None)
                    raise OSError("full")
        assert all(message in recorded for message in arrived if message <= cursor)


def test_no_cursor_moves_before_its_channel_is_caught_up() -> None:
    progress = ReadProgress()
    assert progress.safe_cursor(GUILD, CHANNEL, 5) is None
    progress.start_catch_up(GUILD, [CHANNEL])
    assert progress.safe_cursor(GUILD, CHANNEL, 6) is None
    assert progress.safe_cursor(GUILD, CHANNEL + 1, 6) == 6
    assert progress.finish_catch_up(GUILD, CHANNEL, 4) == 4
    assert progress.safe_cursor(GUILD, CHANNEL, 7) == 7
    progress.connection_lost([GUILD])
    assert progress.safe_cursor(GUILD, CHANNEL, 8) is None


def test_what_arrived_while_catching_up_is_covered_at_its_end() -> None:
    progress = ReadProgress()
    progress.start_catch_up(GUILD, [CHANNEL])
    with progress.in_progress(GUILD, CHANNEL, 9):
        assert progress.safe_cursor(GUILD, CHANNEL, 9) is None
    assert progress.finish_catch_up(GUILD, CHANNEL, 5) == 9


def test_a_message_that_failed_holds_the_cursor_until_it_is_read_again() -> None:
    progress = connected()
    with pytest.raises(OSError, match="full"), progress.in_progress(GUILD, CHANNEL, 5):
        raise OSError("full")
    assert progress.safe_cursor(GUILD, CHANNEL, 6) == 4
    assert progress.channels_with_failures() == {CHANNEL}
    progress.retry(CHANNEL, 4, 7)
    assert progress.finish_catch_up(GUILD, CHANNEL, 7) == 7
    assert not progress.channels_with_failures()


def test_a_thread_is_held_with_its_channel() -> None:
    progress = ReadProgress()
    progress.start_catch_up(GUILD, [CHANNEL])
    assert progress.safe_cursor(GUILD, CHANNEL + 1, 6, CHANNEL) is None
    assert progress.finish_catch_up(GUILD, CHANNEL, 4) == 4
    assert progress.safe_cursor(GUILD, CHANNEL + 1, 7, CHANNEL) == 7


def test_a_message_that_always_fails_is_given_up_in_the_end() -> None:
    progress = connected()
    for _ in range(MOST_TRIES - 1):
        assert progress.note_failure(CHANNEL, 5)
        assert progress.safe_cursor(GUILD, CHANNEL, 6) == 4
        progress.retry(CHANNEL, 4, 7)
    assert not progress.note_failure(CHANNEL, 5)
    assert progress.safe_cursor(GUILD, CHANNEL, 6) == 6


def test_if_too_many_fail_the_oldest_hold_the_cursor() -> None:
    progress = connected()
    failing = range(2 * MOST_FAILED, 0, -1)
    for message in failing:
        with pytest.raises(OSError, match="full"), progress.in_progress(GUILD, CHANNEL, message):
            raise OSError("full")
    assert progress.safe_cursor(GUILD, CHANNEL, failing[0] + 1) == 0
    progress.retry(CHANNEL, 0, failing[0])
    assert not progress.channels_with_failures()
    # As many as are remembered are tried again when a page shows them; the others are given up.
    assert sum(progress.note_failure(CHANNEL, message) for message in failing) == MOST_FAILED


def test_a_message_that_fails_after_many_others_have_been_recorded_is_tried_again() -> None:
    progress = connected()
    for message in range(1, MOST_FAILED + 1):
        assert progress.note_failure(CHANNEL, message)
    # They are shown again, and recorded; the next one is not.
    progress.retry(CHANNEL, 0, MOST_FAILED + 1)
    assert progress.note_failure(CHANNEL, MOST_FAILED + 1)
    assert progress.finish_catch_up(GUILD, CHANNEL, MOST_FAILED + 9) == MOST_FAILED


def test_memory_stays_small_however_much_happens() -> None:
    progress, channel, first = connected(), 0, 0
    for channel in range(2 * MOST_KEPT):
        first = channel * 10
        progress.hold_channels(GUILD, [channel])
        with progress.in_progress(GUILD, channel, first), progress.editing(GUILD, channel, first + 1):
            progress.safe_cursor(GUILD, channel, first)
        with pytest.raises(OSError, match="full"), progress.in_progress(GUILD, channel, first + 2):
            raise OSError("full")
        progress.note_failure(channel, first + 3)
        progress.note_deleted([first])
        progress.note_not_found([first + 1])
        progress.note_edit(first + 2, NOW)
        progress.note_channels_deleted([channel])
    progress.connection_lost([GUILD])
    assert remembered(progress) <= 5 * MOST_KEPT
    # The newest are remembered.
    assert progress.is_deleted(Message(first, GUILD, 0, None, 1, NOW, ""))
    assert progress.is_deleted(Message(0, GUILD, channel, None, 1, NOW, ""))
    assert progress.is_outdated(Message(first + 2, GUILD, 0, None, 1, NOW - timedelta(seconds=1), ""))


def remembered(progress: ReadProgress) -> int:
    """How many ids are kept in total, including those inside sets and dicts."""
    kept = cast("list[dict[int, object] | set[object] | list[object]]", list(vars(progress).values()))
    within = [value for one in kept if isinstance(one, dict) for value in one.values()]
    return sum(len(one) for one in kept) + sum(
        len(cast("set[int]", one)) for one in within if hasattr(one, "__len__")
    )


def test_a_deleted_channel_is_known_until_discord_shows_it_and_a_deleted_message_for_ever() -> None:
    progress = connected()
    message, within = Message(5, GUILD, CHANNEL, None, 1, NOW, ""), Message(6, GUILD, 11, CHANNEL, 1, NOW, "")
    progress.note_channels_deleted([CHANNEL])
    assert progress.is_deleted(message) and progress.is_deleted(within)
    progress.note_channels_shown([CHANNEL])
    assert not progress.is_deleted(message)
    progress.note_not_found([5])
    assert progress.is_deleted(message)
    progress.note_shown([5])
    assert not progress.is_deleted(message)
    progress.note_deleted([5])
    progress.note_shown([5])
    assert progress.is_deleted(message)


def test_what_fails_is_looked_at_again_at_growing_intervals() -> None:
    retries = Retries()
    minutes = [minute for minute in range(1, 60) if retries.due({CHANNEL})]
    assert minutes[:4] == [1, 3, 7, 15]
    assert {after - before for before, after in itertools.pairwise(minutes[3:])} == {LONGEST_WAIT}
    assert retries.due(set()) == set()
    assert retries.due({CHANNEL}) == {CHANNEL}
