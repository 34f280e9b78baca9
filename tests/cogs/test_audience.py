"""Who may see a summary: what channels allow and deny, compared without knowing their members."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from coach.store import KnownChannel
from cogs.support.audience import unseen_by_readers

EVERYONE, HERE, THERE = 1, 10, 20
OTHERS = (2, 3, 4)
MEANS = {1: True, -1: False, 0: None}


def channel(key: int, rules: dict[int, int], opened: bool) -> Any:
    role = SimpleNamespace(id=EVERYONE, permissions=SimpleNamespace(view_channel=opened))
    overwrites = {
        _Target(one): SimpleNamespace(view_channel=MEANS[rule]) for one, rule in rules.items() if one != HERE
    }
    return SimpleNamespace(id=key, overwrites=overwrites, guild=SimpleNamespace(default_role=role))


class _Target:
    def __init__(self, key: int) -> None:
        self.id = key


def may_view(rules: dict[int, int], opened: bool, roles: set[int], member: int) -> bool:
    """As Discord computes it: @everyone, then all denials of roles, then what they allow, then the member."""
    view = {1: True, -1: False, 0: opened}[rules.get(EVERYONE, 0)]
    of_roles = [rules.get(role, 0) for role in roles]
    view = (view and -1 not in of_roles) or 1 in of_roles
    return {1: True, -1: False, 0: view}[rules.get(member, 0)]


rules = st.dictionaries(st.sampled_from((EVERYONE, *OTHERS)), st.sampled_from((1, -1, 0)))


@given(rules, rules, st.booleans(), st.sets(st.sampled_from(OTHERS[:2])))
def test_no_reader_of_a_summary_learns_of_a_channel_that_they_may_not_view(
    here: dict[int, int], there: dict[int, int], opened: bool, roles: set[int]
) -> None:
    target, other = channel(HERE, here, opened), channel(THERE, there, opened)
    guild = cast(Any, SimpleNamespace(channels=[target, other]))
    unseen = unseen_by_readers(guild, target, {HERE: KnownChannel(None), THERE: KnownChannel(None)})
    assert HERE not in unseen
    member = OTHERS[2]
    if may_view(here, opened, roles, member) and not may_view(there, opened, roles, member):
        assert THERE in unseen


def test_a_thread_is_as_visible_as_its_channel_and_private_or_unknown_ones_are_left_out() -> None:
    guild = cast(Any, SimpleNamespace(channels=[channel(HERE, {}, True)]))
    places = {
        HERE: KnownChannel(None),
        11: KnownChannel(HERE, private=False),
        12: KnownChannel(HERE, private=True),
        13: KnownChannel(HERE),
        30: KnownChannel(None),
        31: KnownChannel(30, private=False),
    }
    assert unseen_by_readers(guild, guild.channels[0], places) == {12, 13, 30, 31}
