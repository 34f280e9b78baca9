"""Journeys of the daily summary: once, at its time, even after failures, and never for a day without drafts."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
import pytest
import simcord

from coach import tip_picker
from coach.balance import chart_process
from cogs.support import bot
from tests.support.drafts import ASKS, TELLS
from tests.support.room import Room, words_of


def digests(room: Room) -> list[discord.Message]:
    return [message for message in room.said() if message.embeds and "summary" in (message.embeds[0].title or "")]


async def show_figures(room: Room, *members: simcord.MemberActor) -> None:
    for member in members:
        await member.slash(room.drafts, "summary figures", choice="on")


async def test_one_summary_at_its_time_lists_who_drafted(room: Room) -> None:
    await show_figures(room, room.ann, room.ben)
    await room.ann.send(room.drafts, TELLS)
    await room.ben.send(room.drafts, ASKS)
    await room.turn_clock(hours=8.9)
    assert digests(room) == []
    await room.turn_clock(minutes=7)
    [digest] = digests(room)
    said = words_of(digest)
    assert "Friday, 20 November 2026" in said
    assert "ann 📣 1 content, 💬 0 conversation today" in said
    assert "ben 📣 0 content, 💬 1 conversation today" in said
    assert digest.attachments[0].filename == "balance.png"
    await room.turn_clock(minutes=5)
    assert len(digests(room)) == 1


async def test_a_day_without_drafts_sends_nothing(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    await room.turn_clock(days=1)
    assert len(digests(room)) == 1


async def test_each_day_has_its_own_summary(room: Room) -> None:
    for day in range(3):
        await room.ann.send(room.drafts, TELLS)
        await room.turn_clock(days=1)
        assert len(digests(room)) == day  # nine o'clock next morning: too late for last evening's
        await room.ann.send(room.drafts, ASKS)
        await room.turn_clock(hours=9.1)
        await room.turn_clock(hours=0)
        assert len(digests(room)) == day + 1
        await room.turn_clock(hours=14.9)


async def test_a_summary_is_not_sent_twice_through_a_restart(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    await room.restart()
    await room.turn_clock(minutes=1)
    assert len(digests(room)) == 1


async def test_a_failed_summary_is_tried_again_within_the_grace_time(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    room.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
    await room.turn_clock(hours=9.1)
    assert digests(room) == []
    room.env.backend.faults.clear()
    await room.turn_clock(hours=1)
    assert len(digests(room)) == 1
    await room.turn_clock(hours=1)
    assert len(digests(room)) == 1


async def test_after_a_long_outage_the_days_summary_is_skipped(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9 + 3.1)
    assert digests(room) == []


async def test_the_servers_zone_and_time_are_honoured(room: Room) -> None:
    await room.owner.slash(room.drafts, "setup zone", zone="America/New_York")
    await room.owner.slash(room.drafts, "setup summary", at="7:30")
    await room.turn_clock(hours=3)  # noon in UTC, seven in New York
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(minutes=29)
    assert digests(room) == []
    await room.turn_clock(minutes=2)
    assert len(digests(room)) == 1


async def test_a_server_can_turn_its_summary_off(room: Room) -> None:
    await room.owner.slash(room.drafts, "setup summary", on=False)
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    assert digests(room) == []


async def test_a_personal_summary_by_direct_message_only(room: Room) -> None:
    await room.ann.slash(room.drafts, "summary time", at="12:00")
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=3.1)
    [own] = room.said(room.ann.user.dm_channel)
    assert "ann 📣 1 content" in words_of(own)
    await room.turn_clock(hours=6)
    assert digests(room) == []  # nobody else drafted, and ann is left out


async def test_summary_now_shows_the_day_and_claims_nothing(room: Room) -> None:
    assert "Nothing that counts has been drafted" in words_of(await room.ann.slash(room.drafts, "summary now"))
    await room.ann.send(room.drafts, TELLS)
    result = await room.ann.slash(room.drafts, "summary now")
    assert result.ephemeral and "1 content" in words_of(result)
    await room.turn_clock(hours=9.1)
    assert len(digests(room)) == 1


async def test_summary_off_and_back(room: Room) -> None:
    await room.ann.slash(room.drafts, "summary off")
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    assert digests(room) == []
    assert "leaves you out" in words_of(await room.ann.slash(room.drafts, "summary show"))
    await room.ann.slash(room.drafts, "summary where", place="server")
    await room.turn_clock(hours=14.9)
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    assert len(digests(room)) == 1


async def test_the_weekly_look_back_comes_on_its_weekday_by_direct_message(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "summary weekly", day="Sunday"))
    assert "every Sunday at 18:00" in said
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(days=1)
    await room.ann.send(room.drafts, ASKS)
    await room.ann.send(room.drafts, ASKS)
    assert room.said(room.ann.user.dm_channel) == []
    await room.turn_clock(hours=33.1)  # Sunday evening; at the first look at the clock, Saturday's is skipped
    await room.turn_clock(minutes=1)
    [week] = room.said(room.ann.user.dm_channel)
    said = words_of(week)
    assert "Your week up to Sunday, 22 November 2026" in said
    assert "1 content, 2 conversation** in seven days, 67% conversation" in said
    assert "Nothing that counts was drafted in the seven days before." in said
    assert "Drafts on two of seven days." in said and "Best day for replies: Saturday." in said
    await room.turn_clock(days=7)
    assert len(room.said(room.ann.user.dm_channel)) == 1  # a week without drafts has no look-back


async def test_day_and_week_come_in_one_message(room: Room) -> None:
    await room.ann.slash(room.drafts, "summary time", at="17:00")
    await room.ann.slash(room.drafts, "summary weekly", day="Friday")
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=8.1)
    [both] = room.said(room.ann.user.dm_channel)
    assert [(embed.title or "").split()[0] for embed in both.embeds] == ["The", "Your"]
    assert len(both.attachments) == 2
    await room.ann.slash(room.drafts, "summary weekly", day="never")


async def test_the_week_on_request(room: Room) -> None:
    assert "nothing to look back on" in words_of(await room.ann.slash(room.drafts, "summary week"))
    await room.ann.send(room.drafts, ASKS)
    said = words_of(await room.ann.slash(room.drafts, "summary week"))
    assert "0 content, 1 conversation** in seven days" in said


async def test_a_new_zone_neither_skips_nor_repeats_a_day(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    await room.owner.slash(room.drafts, "setup zone", zone="America/Los_Angeles")
    await room.turn_clock(hours=9)  # in the evening there, of the day that had its summary
    assert len(digests(room)) == 1
    await room.turn_clock(hours=6)
    await room.ann.send(room.drafts, TELLS)
    await room.owner.slash(room.drafts, "setup zone", zone="Pacific/Auckland")  # where that day is over
    await room.turn_clock(minutes=1)
    assert len(digests(room)) == 2
    assert "Saturday, 21 November" in words_of(digests(room)[1])


async def test_each_member_has_a_next_step_of_their_own_and_opposites_are_not_averaged(room: Room) -> None:
    await show_figures(room, room.ann, room.ben)
    for _ in range(9):
        await room.ann.send(room.drafts, TELLS)
        await room.ben.send(room.drafts, ASKS)
    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    of = {field.name: field.value or "" for field in digest.embeds[0].fields}
    assert "Next: Start with one reply or question" in of["ann"]
    assert "Next: Start with one useful post" in of["ben"]
    # The chart below shows both together, which nobody calls balanced.
    assert list(of) == ["All together", "Who drafted", "ann", "ben", "Tip"]
    assert "50% conversation over the last 14 days" in of["All together"]
    assert "Some publish more, some reply more" in of["All together"] and "band" not in of["All together"]


async def test_a_servers_summaries_keep_a_rotation_of_tips_of_their_own(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "tip")
    summaries = room.bot.coach.summaries
    tips = await room.bot.coach.tips.tips_of(room.guild.id)
    fitting = {tip.id for tip in tips.tips if tip.lacking == "neither" and not tip.on_draft}
    drawn = [await summaries.compose(room.guild.id, None) for _ in fitting]
    assert {digest.tip.id for digest in drawn if digest and digest.tip} == fitting
    # Tips shown to a member count for that member alone.
    assert len(await room.bot.coach.store.nudges.times_shown(room.guild.id, room.ann.id)) == 1


async def test_a_summary_tells_only_of_channels_that_all_its_readers_may_view(room: Room) -> None:
    assert room.bot.user is not None
    let_in = discord.PermissionOverwrite(view_channel=True)
    secret = room.guild.create_text_channel(
        "secret",
        overwrites={
            room.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            room.ann: let_in,
            room.bot.user: let_in,
        },
    )
    await room.owner.slash(room.drafts, "setup channel", channel=secret, watch=True)
    await show_figures(room, room.ann, room.owner)
    await room.ann.send(room.drafts, TELLS)
    for text in (ASKS, ASKS, TELLS):
        await room.ann.send(secret, text)
    await room.owner.send(secret, ASKS)

    to_ben = words_of(await room.ben.slash(room.drafts, "summary now"))
    assert (
        "ann 📣 1 content, 💬 0 conversation today\n0% conversation over the last 14 days (one draft)." in to_ben
    )
    assert "owner" not in to_ben
    to_ann = words_of(await room.ann.slash(room.drafts, "summary now"))
    assert "ann 📣 2 content, 💬 2 conversation today" in to_ann and "owner" in to_ann

    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    assert "ann 📣 1 content, 💬 0 conversation today" in words_of(digest)
    assert "owner" not in words_of(digest)

    # Everybody who may view the one may view the other.
    await room.owner.slash(room.drafts, "setup summary", channel=secret)
    await room.turn_clock(hours=12)
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=12)
    [digest] = [message for message in room.said(secret) if message.embeds]
    assert "(five drafts)" in words_of(digest)


async def test_a_summary_without_names_or_tips_says_the_rest(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def hangs(*_: object, **__: object) -> Any:
        await asyncio.Event().wait()

    await show_figures(room, room.ann)
    await room.ann.send(room.drafts, TELLS)
    monkeypatch.setattr(bot, "SECONDS_FOR_NAME", 0.1)
    monkeypatch.setattr(tip_picker, "SECONDS_FOR_TIP", 0.1)
    monkeypatch.setattr(discord.Guild, "fetch_member", hangs)
    monkeypatch.setattr(room.bot.coach.tips, "choose", hangs)
    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    together, who, field = digest.embeds[0].fields
    assert together.name == "All together" and who.value == f"<@{room.ann.id}>"
    assert field.value is not None and field.value.startswith(f"<@{room.ann.id}>\n📣 1 content")
    assert "no tip can be had: TimeoutError" in caplog.text and "no name for member" in caplog.text

    async def fails(*_: object, **__: object) -> Any:
        raise KeyError("tip")

    monkeypatch.setattr(room.bot.coach.tips, "choose", fails)
    checked = words_of(await room.ann.slash(room.drafts, "check", text=ASKS))
    assert "Conversation" in checked and "Because" in checked and "Tip" not in checked


async def test_if_a_chart_hangs_the_numbers_are_still_sent(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="cogs")
    await show_figures(room, room.ann)
    await room.ann.send(room.drafts, TELLS)
    for limit in ("SECONDS", "FIRST_SECONDS"):
        monkeypatch.setattr(chart_process, limit, 0.0)
    for command, told in (("balance", "(one draft)"), ("summary now", "1 content"), ("summary week", "1 content")):
        result = await room.ann.slash(room.drafts, command)
        assert told in words_of(result)
        assert result.response is not None and result.response.attachments == []
    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    assert digest.attachments == [] and digest.embeds[0].image.url is None
    assert caplog.text.count("goes without its chart: ") == 4


async def test_one_servers_failure_is_tried_again_and_stops_no_other(
    room: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = room.env.create_guild("Bakers", owner=room.env.create_user("baker"))
    kitchen = other.create_text_channel("drafts")
    baker = other.add_member(room.env.create_user("bea"))
    await room.ann.send(room.drafts, TELLS)
    await baker.send(kitchen, TELLS)
    composing = room.bot.coach.summaries.prepare

    async def fails(due: Any, unseen: Any = ()) -> Any:
        if due.guild_id == room.guild.id:
            raise ArithmeticError
        return await composing(due, unseen)

    monkeypatch.setattr(room.bot.coach.summaries, "prepare", fails)
    await room.turn_clock(hours=9.1)
    assert (len(digests(room)), len(room.said(kitchen))) == (0, 1)
    assert f"error in the summary of server {room.guild.id}" in caplog.text
    monkeypatch.undo()
    await room.turn_clock(minutes=1)
    assert (len(digests(room)), len(room.said(kitchen))) == (1, 1)


async def test_without_attach_files_a_summary_comes_without_its_chart(room: Room) -> None:
    no_files = {room.guild.default_role: discord.PermissionOverwrite(attach_files=False)}
    bare = room.guild.create_text_channel("bare", overwrites={**no_files})
    await room.owner.slash(room.drafts, "setup summary", channel=bare)
    await show_figures(room, room.ann)
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(hours=9.1)
    [digest] = room.said(bare)
    assert digest.attachments == [] and "1 content" in words_of(digest)


async def test_a_summary_that_is_off_is_not_said_to_list_anybody_and_a_bare_setup_only_shows(room: Room) -> None:
    assert "comes at 18:00" in words_of(await room.owner.slash(room.drafts, "setup summary"))
    await room.owner.slash(room.drafts, "setup summary", on=False)
    assert "The server's daily summary is off" in words_of(await room.ann.slash(room.drafts, "summary show"))
    for _ in range(2):
        shown = words_of(await room.owner.slash(room.drafts, "setup summary"))
        assert "This server has no daily summary" in shown
    assert "no daily summary" in words_of(await room.owner.slash(room.drafts, "setup summary", at="17:00"))
    assert not (await room.bot.coach.members.guild(room.guild.id)).summary_on
    assert "off" in words_of(await room.ann.slash(room.drafts, "summary where", place="server"))
    assert "comes at 17:00" in words_of(await room.owner.slash(room.drafts, "setup summary", on=True))
    assert "comes at 17:00" in words_of(await room.owner.slash(room.drafts, "setup summary"))
    assert "You are named" in words_of(await room.ann.slash(room.drafts, "summary show"))


async def test_somebody_who_asks_for_too_many_charts_is_told_when_to_ask_again(room: Room) -> None:
    said = [words_of(await room.ann.slash(room.drafts, "summary now")) for _ in range(6)]
    assert "please try again in" in said[-1] and "Nothing that counts has been drafted" in said[-2]
    assert "Nothing that counts has been drafted" in words_of(await room.ben.slash(room.drafts, "summary now"))


async def test_a_summary_that_was_refused_for_a_while_comes_later(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    # Without Discord's own headers: its edge network has blocked this machine.
    room.env.inject_error("POST", "/channels/*/messages", status=429)
    await room.turn_clock(hours=9.1)
    assert digests(room) == []
    await room.turn_clock(minutes=1)
    assert len(digests(room)) == 1


async def test_a_404_that_is_not_discords_does_not_take_a_member_for_gone(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.ann.slash(room.drafts, "summary time", at="18:00")
    room.env.inject_error("GET", "/guilds/*/members/*", status=404)
    await room.turn_clock(hours=9.1)
    assert room.said(room.ann.user.dm_channel) == []
    await room.turn_clock(minutes=1)
    assert len(room.said(room.ann.user.dm_channel)) == 1
