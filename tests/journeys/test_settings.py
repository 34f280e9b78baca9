"""Journeys through /target, /timezone and /setup."""

from __future__ import annotations

import discord

from tests.journeys.conftest import ASKS, TELLS, Room, words_of


async def test_a_preset_comes_with_its_source(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "target", preset="thirds"))
    assert "33% conversation, give or take 10 points" in said and "Hootsuite" in said
    assert "33%" in words_of(await room.ann.slash(room.drafts, "target"))
    assert "50%" in words_of(await room.ben.slash(room.drafts, "target"))


async def test_parts_of_a_goal_are_checked_in_plain_words(room: Room) -> None:
    assert "0.05 to 0.95" in words_of(await room.ann.slash(room.drafts, "target", share=100))
    assert "1 to 90" in words_of(await room.ann.slash(room.drafts, "target", window=0))
    said = words_of(await room.ann.slash(room.drafts, "target", share=40, band=5, window=7))
    assert "40% conversation, give or take 5 points (35% to 45%), over 7 days" in said


async def test_a_zone_is_found_by_its_city_and_confirmed_by_the_time(room: Room) -> None:
    choices = await room.ann.autocomplete(room.drafts, "timezone", "zone", "new y")
    assert choices[0] == {"name": "America/New_York, now 04:00", "value": "America/New_York"}
    assert "it is 04:00 there" in words_of(await room.ann.slash(room.drafts, "timezone", zone="America/New_York"))
    typed = words_of(await room.ann.slash(room.drafts, "timezone", zone="mumbai"))
    assert "Your time zone is Asia/Kolkata: it is 14:30 there" in typed
    assert "can be Europe/Dublin, Asia/Jerusalem or Asia/Kolkata" in words_of(
        await room.owner.slash(room.drafts, "setup zone", zone="IST")
    )
    for nowhere in ("Gotham", "\ud83d", "@everyone" * 600):
        assert "no time zone" in words_of(await room.ann.slash(room.drafts, "timezone", zone=nowhere))


async def test_setup_watches_and_leaves_channels(room: Room) -> None:
    ideas = room.guild.create_text_channel("ideas")
    assert "is watched now" in words_of(await room.owner.slash(room.drafts, "setup channel", channel=ideas))
    assert room.signs(await room.ann.send(ideas, TELLS)) == ["📣"]
    assert f"<#{ideas.id}>" in words_of(await room.owner.slash(room.drafts, "setup list"))
    await room.owner.slash(room.drafts, "setup channel", channel=room.drafts, watch=False)
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    await room.restart()
    assert room.signs(await room.ann.send(ideas, TELLS)) == ["📣"]
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    await room.owner.slash(room.drafts, "setup here")
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_setup_check_names_permission_channel_and_cure(room: Room) -> None:
    assert "All is well" in words_of(await room.owner.slash(room.drafts, "setup check"))
    locked = room.guild.create_text_channel(
        "drafts-locked",
        overwrites={room.guild.default_role: discord.PermissionOverwrite(add_reactions=False)},
    )
    await room.owner.slash(room.drafts, "setup channel", channel=locked)
    said = words_of(await room.owner.slash(room.drafts, "setup check"))
    assert f"<#{locked.id}> lacks **Add Reactions**" in said and "The cure" in said


async def test_no_draft_leaves_the_count_when_its_author_moves_west(room: Room) -> None:
    for text in (TELLS, ASKS, TELLS):
        await room.ann.send(room.drafts, text)
    before = words_of(await room.ann.slash(room.drafts, "balance"))
    # It is still yesterday there.
    await room.ann.slash(room.drafts, "timezone", zone="Pacific/Honolulu")
    assert await room.counts() == (2, 1)
    assert words_of(await room.ann.slash(room.drafts, "balance")) == before
    assert "2 content, 1 conversation" in words_of(await room.ann.slash(room.drafts, "summary week"))
    await room.ann.slash(room.drafts, "nudges quiet", start="0:00", end="0:00")
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    assert "8 content, 1 conversation" in room.said()[-1].content
