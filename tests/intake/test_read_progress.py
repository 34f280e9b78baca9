"""Cursors: whatever arrives, is recorded or fails in whatever order, none passes what is not recorded."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.read_progress import LONGEST_WAIT, MOST_TRIES, Cursors, Retries

GUILD, CHANNEL = 1, 10


def connected() -> Cursors:
    cursors = Cursors()
    cursors.plan(GUILD, ())
    return cursors


@given(st.lists(st.tuples(st.sampled_from(["arrive", "record", "fail"]), st.integers(0, 7)), max_size=60))
def test_a_cursor_never_passes_a_message_that_is_not_recorded(steps: list[tuple[str, int]]) -> None:
    cursors = connected()
    in_hand: dict[int, AbstractContextManager[None]] = {}
    arrived: list[int] = []
    recorded: set[int] = set()
    cursor = 0
    for step, which in steps:
        if step == "arrive":
            message = len(arrived) + 1
            arrived.append(message)
            in_hand[message] = cursors.reading(GUILD, CHANNEL, message)
            in_hand[message].__enter__()
        elif in_hand:
            message = sorted(in_hand)[which % len(in_hand)]
            context = in_hand.pop(message)
            if step == "record":
                reach = cursors.reach(GUILD, CHANNEL, message)
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
    cursors = Cursors()
    assert cursors.reach(GUILD, CHANNEL, 5) is None
    cursors.plan(GUILD, [CHANNEL])
    assert cursors.reach(GUILD, CHANNEL, 6) is None
    assert cursors.reach(GUILD, CHANNEL + 1, 6) == 6
    assert cursors.caught_up(GUILD, CHANNEL, 4) == 4
    assert cursors.reach(GUILD, CHANNEL, 7) == 7
    cursors.hold([GUILD])
    assert cursors.reach(GUILD, CHANNEL, 8) is None


def test_what_arrived_while_catching_up_is_covered_at_its_end() -> None:
    cursors = Cursors()
    cursors.plan(GUILD, [CHANNEL])
    with cursors.reading(GUILD, CHANNEL, 9):
        assert cursors.reach(GUILD, CHANNEL, 9) is None
    assert cursors.caught_up(GUILD, CHANNEL, 5) == 9


def test_a_message_that_failed_holds_the_cursor_until_it_is_read_again() -> None:
    cursors = connected()
    with pytest.raises(OSError, match="full"), cursors.reading(GUILD, CHANNEL, 5):
        raise OSError("full")
    assert cursors.reach(GUILD, CHANNEL, 6) == 4
    assert cursors.failing() == {CHANNEL}
    cursors.take_up(CHANNEL, 4, 7)
    assert cursors.caught_up(GUILD, CHANNEL, 7) == 7
    assert not cursors.failing()


def test_a_thread_is_held_with_its_channel() -> None:
    cursors = Cursors()
    cursors.plan(GUILD, [CHANNEL])
    assert cursors.reach(GUILD, CHANNEL + 1, 6, CHANNEL) is None
    assert cursors.caught_up(GUILD, CHANNEL, 4) == 4
    assert cursors.reach(GUILD, CHANNEL + 1, 7, CHANNEL) == 7


def test_a_message_that_always_fails_is_let_go_in_the_end() -> None:
    cursors = connected()
    for _ in range(MOST_TRIES - 1):
        assert cursors.fail(CHANNEL, 5)
        assert cursors.reach(GUILD, CHANNEL, 6) == 4
        cursors.take_up(CHANNEL, 4, 7)
    assert not cursors.fail(CHANNEL, 5)
    assert cursors.reach(GUILD, CHANNEL, 6) == 6


def test_what_fails_is_looked_at_again_at_growing_intervals() -> None:
    retries = Retries()
    minutes = [minute for minute in range(1, 60) if retries.due({CHANNEL})]
    assert minutes[:4] == [1, 3, 7, 15]
    assert {after - before for before, after in itertools.pairwise(minutes[3:])} == {LONGEST_WAIT}
    assert retries.due(set()) == set()
    assert retries.due({CHANNEL}) == {CHANNEL}
