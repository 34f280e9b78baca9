"""Journeys of the daily summary: once, at its time, after failures too, and never for nothing."""

from __future__ import annotations

import discord

from tests.journeys.conftest import ASKS, TELLS, Room, words_of


def digests(room: Room) -> list[discord.Message]:
    return [message for message in room.said() if message.embeds and "summary" in (message.embeds[0].title or "")]


async def test_one_summary_at_its_time_lists_who_drafted(room: Room) -> None:
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


async def test_each_day_its_own(room: Room) -> None:
    for day in range(3):
        await room.ann.send(room.drafts, TELLS)
        await room.turn_clock(days=1)
        assert len(digests(room)) == day  # nine o'clock next morning: too late for last evening's
        await room.ann.send(room.drafts, ASKS)
        await room.turn_clock(hours=9.1)
        await room.turn_clock(hours=-9.1 + 9.1)
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


async def test_after_a_long_outage_the_day_is_let_go(room: Room) -> None:
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


async def test_the_server_can_do_without(room: Room) -> None:
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
    assert "Nothing has been drafted" in words_of(await room.ann.slash(room.drafts, "summary now"))
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
    await room.turn_clock(hours=33.1)  # Sunday evening; at the first look at the clock Saturday's is let go
    await room.turn_clock(minutes=1)
    [week] = room.said(room.ann.user.dm_channel)
    said = words_of(week)
    assert "Your week up to Sunday, 22 November 2026" in said
    assert "1 content, 2 conversation** in 7 days, 67% conversation" in said
    assert "Nothing was drafted in the 7 days before." in said
    assert "Drafts on two of 7 days." in said and "Best day for replies: Saturday." in said
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
    assert "0 content, 1 conversation** in 7 days" in said


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
