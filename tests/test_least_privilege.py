"""Least privilege: four intents at most, only the permissions that are used, and bounded dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import discord

from coach.settings import load
from coach.wording_choices import PERMISSIONS
from cogs.support.bot import create_bot

ROOT = Path(__file__).resolve().parent.parent


async def test_the_bot_asks_for_no_more_than_it_uses_and_pings_nobody() -> None:
    least = {"guilds", "guild_messages", "message_content"}
    for switch, more in (("true", {"guild_reactions"}), ("false", set[str]())):
        bot = create_bot(load(None, {"SQUAREDEAL_REACTIONS_BY_AUTHOR": switch}))
        assert {name for name, wanted in bot.intents if wanted} == least | more
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == {"parse": []}


def test_the_invite_link_grants_what_is_used_and_no_more() -> None:
    [number] = re.findall(r"permissions=(\d+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert discord.Permissions(int(number)) == discord.Permissions(**dict.fromkeys(PERMISSIONS, True))


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    # A group may include another, which is checked by itself.
    grouped = [one for group in groups for one in group if "include-group" not in one]
    for wanted in (*project["project"]["dependencies"], *grouped):
        assert re.search(r">=[\d.]+,<|==[\d.]+$|>=[\d.]+$", wanted.partition(";")[0].strip()), wanted
        assert "<" in wanted or "==" in wanted or wanted.startswith("tzdata"), wanted
