"""Journeys through /target, /timezone and /setup."""

from __future__ import annotations

import discord
import pytest

from tests.support.drafts import ASKS, TELLS
from tests.support.room import Room, unsure, words_of


async def test_a_preset_comes_with_its_source(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "target", preset="thirds"))
    assert "33% conversation, give or take 10 points" in said and "Hootsuite" in said
    assert "33%" in words_of(await room.ann.slash(room.drafts, "target"))
    assert "50%" in words_of(await room.ben.slash(room.drafts, "target"))


async def test_parts_of_a_goal_are_checked_in_plain_words(room: Room) -> None:
    assert "choose 5% to 95%" in words_of(await room.ann.slash(room.drafts, "target", share="100"))
    assert "choose 2 to 45 percentage points" in words_of(await room.ann.slash(room.drafts, "target", band="46"))
    assert "1 to 90 days" in words_of(await room.ann.slash(room.drafts, "target", window=0))
    said = words_of(await room.ann.slash(room.drafts, "target", share="40", band="5", window=7))
    assert "40% conversation, give or take five points (35% to 45%), over seven days" in said
    assert "over one day." in words_of(await room.ann.slash(room.drafts, "target", window=1))


async def test_a_servers_goal_holds_at_once_for_members_who_chose_none(room: Room) -> None:
    assert "The goal of members who chose none: 50%" in words_of(await room.owner.slash(room.drafts, "setup goal"))
    await room.ben.slash(room.drafts, "target", share="60")
    said = words_of(await room.owner.slash(room.drafts, "setup goal", preset="listener", window=7))
    assert "is now 80% conversation, give or take 10 points (70% to 90%), over seven days" in said
    assert "Sam Flynn" in said
    assert "80% conversation" in words_of(await room.ann.slash(room.drafts, "target"))
    assert "80% conversation" in words_of(await room.ann.slash(room.drafts, "balance"))
    assert "60% conversation" in words_of(await room.ben.slash(room.drafts, "target"))
    assert "Goal: 80% conversation" in words_of(await room.owner.slash(room.drafts, "setup list"))
    assert "choose 5% to 95%" in words_of(await room.owner.slash(room.drafts, "setup goal", share="100"))
    # Whoever chose a goal can go back to the server's, and follows it from then on.
    assert "now 80% conversation" in words_of(await room.ben.slash(room.drafts, "target", preset="server"))
    await room.owner.slash(room.drafts, "setup goal", share="40")
    await room.restart()
    for member in (room.ann, room.ben):
        assert "40% conversation" in words_of(await member.slash(room.drafts, "target"))


async def test_a_band_stays_between_nothing_and_everything(room: Room) -> None:
    refused = words_of(await room.ann.slash(room.drafts, "target", share="10", band="40"))
    assert "That band is not possible around 10%; choose 2 to 10 percentage points." in refused
    assert "10 points (0% to 20%)" in words_of(await room.ann.slash(room.drafts, "target", share="10", band="10"))
    # A band that nobody chose is narrowed for a new share.
    assert "15 points (35% to 65%)" in words_of(await room.ben.slash(room.drafts, "target"))
    assert "eight points (84% to 100%)" in words_of(await room.ben.slash(room.drafts, "target", share="92"))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("nudges questions", {"place": "off"}),
        ("nudges where", {"place": "off"}),
        ("nudges where", {"place": "summary"}),
    ],
)
async def test_a_member_can_switch_questions_off(room: Room, command: str, options: dict[str, str]) -> None:
    await room.ann.slash(room.drafts, command, **options)
    assert "I don't ask" in words_of(await room.ann.slash(room.drafts, "nudges show"))
    assert len(room.signs(await room.ann.send(room.drafts, unsure()))) == 1
    assert room.said() == []
    await room.ben.send(room.drafts, unsure())
    assert len(room.said()) == 1
    said = words_of(await room.ann.slash(room.drafts, "nudges questions", place="reply"))
    assert "I ask below" in said and "in a language I don't know" in said
    await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == 2


async def test_questions_that_were_switched_off_stay_off_wherever_nudges_go(room: Room) -> None:
    await room.ann.slash(room.drafts, "nudges questions", place="off")
    await room.ann.slash(room.drafts, "nudges where", place="reply")
    await room.ann.send(room.drafts, unsure())
    assert room.said() == []
    # Questions that were switched on end when nudges do.
    await room.ann.slash(room.drafts, "nudges questions", place="reply")
    await room.ann.slash(room.drafts, "nudges off")
    await room.ann.send(room.drafts, unsure())
    assert room.said() == []


async def test_a_server_can_switch_questions_off_for_all(room: Room) -> None:
    assert "No author is asked" in words_of(await room.owner.slash(room.drafts, "setup questions", choice="off"))
    assert "Questions about drafts: off" in words_of(await room.owner.slash(room.drafts, "setup list"))
    assert "whole server" in words_of(await room.ann.slash(room.drafts, "nudges questions", place="reply"))
    await room.ann.send(room.drafts, unsure())
    assert room.said() == []
    await room.owner.slash(room.drafts, "setup questions", choice="on")
    await room.restart()
    await room.ann.send(room.drafts, unsure())
    assert len(room.said()) == 1


async def test_a_zone_is_found_by_its_city_and_confirmed_by_the_time(room: Room) -> None:
    choices = await room.ann.autocomplete(room.drafts, "timezone", "zone", "new y")
    assert choices[0] == {"name": "America/New_York, now 04:00", "value": "America/New_York"}
    assert "it is 04:00 there" in words_of(await room.ann.slash(room.drafts, "timezone", zone="America/New_York"))
    typed = words_of(await room.ann.slash(room.drafts, "timezone", zone="mumbai"))
    assert "Your time zone is Asia/Kolkata; it is 14:30 there" in typed
    assert "could be Europe/Dublin, Asia/Jerusalem or Asia/Kolkata" in words_of(
        await room.owner.slash(room.drafts, "setup zone", zone="IST")
    )
    for nowhere in ("Gotham", "\ud83d", "@everyone" * 600):
        assert "no time zone" in words_of(await room.ann.slash(room.drafts, "timezone", zone=nowhere))


async def test_setup_starts_and_stops_watching_channels(room: Room) -> None:
    ideas = room.guild.create_text_channel("ideas")
    assert "I'll look for drafts in" in words_of(
        await room.owner.slash(room.drafts, "setup channel", channel=ideas)
    )
    assert room.signs(await room.ann.send(ideas, TELLS)) == ["📣"]
    assert f"<#{ideas.id}>" in words_of(await room.owner.slash(room.drafts, "setup list"))
    await room.owner.slash(room.drafts, "setup channel", channel=room.drafts, watch=False)
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    await room.restart()
    assert room.signs(await room.ann.send(ideas, TELLS)) == ["📣"]
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    await room.owner.slash(room.drafts, "setup here")
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == ["📣"]


async def test_setup_check_names_permission_channel_and_remedy(room: Room) -> None:
    assert "All is well" in words_of(await room.owner.slash(room.drafts, "setup check"))
    locked = room.guild.create_text_channel(
        "drafts-locked",
        overwrites={room.guild.default_role: discord.PermissionOverwrite(add_reactions=False)},
    )
    await room.owner.slash(room.drafts, "setup channel", channel=locked)
    said = words_of(await room.owner.slash(room.drafts, "setup check"))
    assert f"<#{locked.id}> lacks **Add Reactions**" in said and "To fix this" in said


async def test_no_draft_leaves_the_count_when_its_author_moves_west(room: Room) -> None:
    for text in (TELLS, ASKS, TELLS):
        await room.ann.send(room.drafts, text)
    # It is still yesterday there.
    await room.ann.slash(room.drafts, "timezone", zone="Pacific/Honolulu")
    assert await room.counts() == (2, 1)
    assert "33% conversation over the last 14 days (three drafts)" in words_of(
        await room.ann.slash(room.drafts, "tip")
    )
    week = await room.bot.coach.summaries.look_back(room.guild.id, room.ann.id)
    assert week is not None and week.week.tally == (2, 1)
    await room.ann.slash(room.drafts, "nudges quiet", start="0:00", end="0:00")
    for _ in range(6):
        await room.ann.send(room.drafts, TELLS)
    assert "8 content, 1 conversation" in room.said()[-1].content


async def test_setup_check_names_channels_that_cannot_be_seen(room: Room) -> None:
    hidden = room.guild.create_text_channel(
        "ideas", overwrites={room.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    await room.owner.slash(room.drafts, "setup channel", channel=hidden)
    assert f"I can't see <#{hidden.id}>" in words_of(await room.owner.slash(room.drafts, "setup check"))
    await room.owner.slash(room.drafts, "setup channel", channel=hidden, watch=False)
    assert "All is well" in words_of(await room.owner.slash(room.drafts, "setup check"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("berlin", "Europe/Berlin, summer time included; it is 10:00 there"),
        ("EST", "America/New_York, summer time included; it is 04:00 there"),
        ("san francisco", "America/Los_Angeles, summer time included; it is 01:00 there"),
        ("Mumbai", "Asia/Kolkata; it is 14:30 there"),
        ("UTC+2", "UTC+2; it is 11:00 there. It stays so all year; if your clocks change, choose your city"),
    ],
)
async def test_the_answer_says_which_zone_was_taken_for_what_was_typed(room: Room, typed: str, says: str) -> None:
    assert f"Your time zone is {says}" in words_of(await room.ann.slash(room.drafts, "timezone", zone=typed))
    assert says in words_of(await room.owner.slash(room.drafts, "setup zone", zone=typed))
    await room.ben.send(room.drafts, f"<@{room.bot.own_id}> timezone {typed}")
    assert says in words_of(room.said(room.ben.user.dm_channel)[0])


async def test_a_name_that_could_be_several_zones_is_offered_and_not_guessed(room: Room) -> None:
    for typed, zones in (("Portland", "America/New_York or America/Los_Angeles"), ("CST", "America/Chicago")):
        refused = words_of(await room.ann.slash(room.drafts, "timezone", zone=typed))
        assert f"“{typed}” could be {zones}" in refused and "pick one from the list" in refused
        offered = await room.ann.autocomplete(room.drafts, "timezone", "zone", typed)
        assert len(offered) > 1 and all(typed in choice["name"] for choice in offered[:2])
    assert "(UTC)" in words_of(await room.ann.slash(room.drafts, "nudges show"))


async def test_times_are_understood_in_either_form_wherever_they_are_typed(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "summary time", at="9:30 p.m."))
    assert "It comes at 21:30" in said
    said = words_of(await room.ann.slash(room.drafts, "nudges quiet", start="midnight", end="noon"))
    assert "from 00:00 to 12:00" in said
    assert "at 18:30" in words_of(await room.owner.slash(room.drafts, "setup summary", at="6.30pm"))
    for typed, says in (("nudges quiet 10 pm to 7 am", "from 22:00 to 07:00"), ("summary time 9 pm", "at 21:00")):
        await room.ben.send(room.drafts, f"<@{room.bot.own_id}> {typed}")
        assert says in words_of(room.said(room.ben.user.dm_channel)[-1])
    refused = words_of(await room.ann.slash(room.drafts, "summary time", at="late"))
    assert "“late” is not a time; write it like 9pm, 9:30 pm or 21:30." in refused


async def test_shares_are_in_per_cent_in_question_and_refusal(room: Room) -> None:
    for share in ("60", "60%", "60 %"):
        said = words_of(await room.ann.slash(room.drafts, "target", share=share, band="10 %"))
        assert "60% conversation, give or take 10 points (50% to 70%)" in said
    assert "60% conversation" in words_of(await room.owner.slash(room.drafts, "setup goal", share="60%"))
    refused = words_of(await room.ann.slash(room.drafts, "target", share="0.35"))
    assert "“0.35” is not a percentage; write it in per cent, like 50 or 50%." in refused
