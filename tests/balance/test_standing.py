"""Share, evidence, credit and streak, as properties."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.balance.beta import beta_cdf, credible_interval
from coach.balance.presets import PRESETS
from coach.balance.standing import (
    LACKING,
    Goal,
    Position,
    Standing,
    Tally,
    standing,
    up_to,
    window_sum,
)
from coach.settings import Balance

TODAY = date(2026, 11, 20)
GOAL = Goal(0.5, 0.15, 14)
RULES = Balance()

counts = st.integers(0, 60)
goals = st.builds(Goal, st.floats(0.1, 0.9), st.floats(0.05, 0.3), st.integers(1, 30))


def stand(content: int, conversation: int, goal: Goal = GOAL) -> Standing:
    return standing({TODAY: Tally(content, conversation)}, TODAY, goal, RULES)


@given(st.integers(1, 40), st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_posterior_agrees_with_the_binomial_distribution(a: int, b: int, x: float) -> None:
    # I_x(a, b) = P(Binomial(a + b - 1, x) >= a), NIST DLMF 8.17.5.
    n = a + b - 1
    tail = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_cdf(x, a, b) == pytest.approx(tail, abs=1e-9)


@given(st.floats(0.2, 300), st.floats(0.2, 300), st.floats(0, 1), st.floats(0, 1))
def test_the_posterior_grows_with_the_share(a: float, b: float, x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert 0 <= beta_cdf(low, a, b) <= beta_cdf(high, a, b) + 1e-9 <= 1 + 1e-9


@given(st.integers(0, 5).flatmap(lambda c: st.tuples(st.just(c), st.integers(0, 5 - c))), goals)
def test_five_drafts_never_make_a_verdict(tally: tuple[int, int], goal: Goal) -> None:
    assert stand(*tally, goal).position is Position.TOO_FEW


@given(counts, counts)
def test_both_directions_are_judged_alike(content: int, conversation: int) -> None:
    mirror = {
        Position.LACKS_CONTENT: Position.LACKS_CONVERSATION,
        Position.LACKS_CONVERSATION: Position.LACKS_CONTENT,
    }
    here, there = stand(content, conversation).position, stand(conversation, content).position
    assert there is mirror.get(here, here)


@pytest.mark.parametrize(
    ("content", "conversation", "position"),
    [
        (10, 0, Position.LACKS_CONVERSATION),
        (0, 10, Position.LACKS_CONTENT),
        (5, 5, Position.INSIDE),
        (6, 4, Position.INSIDE),
        (24, 6, Position.LACKS_CONVERSATION),
        (23, 9, Position.UNCERTAIN),
        (9, 23, Position.UNCERTAIN),
    ],
)
def test_clear_cases(content: int, conversation: int, position: Position) -> None:
    assert stand(content, conversation).position is position


@given(counts, counts, st.builds(Goal, st.floats(0.05, 0.95), st.floats(0.02, 0.45), st.just(14)))
def test_nothing_is_said_to_lack_while_the_share_is_inside_the_band(
    content: int, conversation: int, goal: Goal
) -> None:
    there = stand(content, conversation, goal)
    if there.tally.drafts and goal.misses(there.tally) is None:
        assert there.position in (Position.INSIDE, Position.TOO_FEW) and there.wanted is None
    elif there.position is not Position.TOO_FEW:
        assert there.wanted is goal.misses(there.tally)
        assert LACKING.get(there.position) in (None, there.wanted)


def test_half_and_half_is_inside_the_narrowest_band_around_it() -> None:
    assert stand(5, 5, Goal(0.5, 0.02, 14)).position is Position.INSIDE


@given(counts, counts, goals)
def test_writing_the_replies_due_settles_the_credit(content: int, conversation: int, goal: Goal) -> None:
    before = stand(content, conversation, goal)
    assert stand(content, conversation + before.replies_due, goal).credit >= -1e-6
    if before.replies_due:
        assert stand(content, conversation + before.replies_due - 1, goal).credit < 0
    if before.posts_earned:
        assert stand(content + before.posts_earned, conversation, goal).credit >= -1e-6
    assert not (before.replies_due and before.posts_earned)


def test_drafts_outside_the_window_do_not_count() -> None:
    days = {TODAY: Tally(1, 1), TODAY - timedelta(days=13): Tally(1, 0), TODAY - timedelta(days=14): Tally(9, 9)}
    assert standing(days, TODAY, GOAL, RULES).tally == (2, 1)


def test_drafts_of_a_day_that_has_not_come_yet_count_as_todays() -> None:
    days = {TODAY - timedelta(days=1): Tally(1, 0), TODAY: Tally(2, 3), TODAY + timedelta(days=1): Tally(4, 4)}
    assert up_to(days, TODAY) == {TODAY - timedelta(days=1): Tally(1, 0), TODAY: Tally(6, 7)}
    there = standing(days, TODAY, GOAL, RULES)
    assert there.tally == (7, 7) and there.position is Position.INSIDE and there.streak == 1


def test_a_streak_passes_over_days_without_drafts() -> None:
    days = {TODAY - timedelta(days=back): Tally(1, 1) for back in (0, 1, 4, 9)}
    assert standing(days, TODAY, GOAL, RULES).streak == 4


def test_a_day_outside_the_band_ends_the_streak() -> None:
    days = {TODAY: Tally(0, 8), TODAY - timedelta(days=1): Tally(1, 1), TODAY - timedelta(days=2): Tally(8, 0)}
    assert standing(days, TODAY, GOAL, RULES).streak == 1


@given(st.dictionaries(st.integers(-5, 40), st.builds(Tally, st.integers(0, 4), st.integers(0, 4))), goals)
def test_days_without_drafts_change_nothing(days: dict[int, Tally], goal: Goal) -> None:
    given_days = {TODAY - timedelta(days=back): tally for back, tally in days.items()}
    drafted = {day: tally for day, tally in given_days.items() if tally.drafts}
    assert standing(given_days, TODAY, goal, RULES) == standing(drafted, TODAY, goal, RULES)


def test_every_preset_names_its_source_and_speaks_of_conversation() -> None:
    for preset in PRESETS.values():
        assert preset.source
        Balance(target=preset.target, band=preset.band)


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_credible_interval_holds_its_mass_and_mirrors(heeded: int, ignored: int) -> None:
    low, high = credible_interval(heeded, ignored)
    inside = beta_cdf(high, 1 + heeded, 1 + ignored) - beta_cdf(low, 1 + heeded, 1 + ignored)
    assert abs(inside - 0.95) < 1e-6
    assert credible_interval(ignored, heeded) == pytest.approx((1 - high, 1 - low), abs=1e-6)


def test_without_evidence_the_interval_is_nearly_everything() -> None:
    assert credible_interval(0, 0) == pytest.approx((0.025, 0.975), abs=1e-6)


@given(st.dictionaries(st.integers(-3, 60), st.builds(Tally, st.integers(0, 4), st.integers(0, 4))), goals)
def test_a_streak_is_the_days_whose_own_window_is_inside_the_band(days: dict[int, Tally], goal: Goal) -> None:
    given_days = {TODAY - timedelta(days=back): tally for back, tally in days.items()}
    so_far = up_to(given_days, TODAY)
    inside = [
        goal.misses(window_sum(so_far, day, goal.window_days)) is None
        for day in sorted(so_far, reverse=True)
        if so_far[day].drafts
    ]
    assert standing(given_days, TODAY, goal, RULES).streak == [*inside, False].index(False)
