"""Least privilege: four intents at most, only the permissions that are used, and bounded dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import discord

from coach.settings import load
from coach.wording_choices import PERMISSIONS
from cogs.support.bot import create_bot
from cogs.support.invite import invitation

ROOT = Path(__file__).resolve().parent.parent


async def test_the_bot_asks_for_no_more_than_it_uses_and_pings_nobody() -> None:
    least = {"guilds", "guild_messages", "message_content"}
    for switch, more in (("true", {"guild_reactions"}), ("false", set[str]())):
        bot = create_bot(load(None, {"SQUAREDEAL_REACTIONS_BY_AUTHOR": switch}))
        assert {name for name, wanted in bot.intents if wanted} == least | more
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == {"parse": []}


def test_the_invite_link_grants_what_is_used_and_no_more() -> None:
    link = urlsplit(invitation(123456789012345678))
    asked = dict(parse_qsl(link.query))
    assert (link.netloc, link.path) == ("discord.com", "/oauth2/authorize")
    granted = discord.Permissions(int(asked.pop("permissions")))
    assert granted == discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    assert asked == {
        "client_id": "123456789012345678",
        "scope": "bot applications.commands",
        "integration_type": "0",
    }


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    # A group may include another, which is checked by itself.
    grouped = [one for group in groups for one in group if "include-group" not in one]
    extras = [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    for wanted in (*project["project"]["dependencies"], *extras, *grouped):
        assert re.search(r">=[\d.]+,<|==[\d.]+$|>=[\d.]+$", wanted.partition(";")[0].strip()), wanted
        assert "<" in wanted or "==" in wanted or wanted.startswith("tzdata"), wanted
