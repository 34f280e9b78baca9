"""Journeys through the forms of /check, /target, /nudges and /setup."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord

from tests.support.acting import Who, changed, rows_of, typed
from tests.support.drafts import ASKS, TELLS
from tests.support.room import Room, words_of


def filled(shown: simcord.InteractionResult) -> dict[str, Any]:
    """What a form holds when it opens, by field."""
    assert shown.modal is not None
    held: dict[str, Any] = {}
    for row in shown.modal["components"]:
        if "component" not in row:
            continue
        one = row["component"]
        if "options" in one:
            chosen = [option["value"] for option in one["options"] if option.get("default")]
            held[one["custom_id"]] = chosen if one["type"] == 3 else (chosen or [None])[0]
        elif one["type"] == 23:
            held[one["custom_id"]] = one.get("default", False)
        elif one["type"] == 4:
            held[one["custom_id"]] = one.get("value") or ""
    return held


async def fill_in(room: Room, who: simcord.MemberActor, command: str, **values: Any) -> str:
    """Open a form, change some of its fields, send it in; returns what is answered."""
    shown = await who.slash(room.drafts, command)
    return words_of(await who.submit_modal(shown, filled(shown) | values))


async def test_a_long_draft_with_line_breaks_is_checked(room: Room) -> None:
    text = "Draft one.\n\n" + ASKS + "\n" * 5 + "x " * 1_900
    shown = await room.ann.slash(room.drafts, "check")
    assert shown.modal is not None
    [field] = [row["component"] for row in shown.modal["components"]]
    assert (field["max_length"], field["style"]) == (4000, 2)
    said = words_of(await room.ann.submit_modal(shown, {"text": text[:4000]}))
    assert "sure" in said
    assert "Content" in await fill_in(room, room.ann, "check", text=TELLS)
    assert await room.counts() == (0, 0)


async def test_a_goal_is_chosen_with_a_form_by_what_was_changed_in_it(room: Room) -> None:
    shown = await room.ann.slash(room.drafts, "target")
    assert "Your goal: 50% conversation" in words_of(shown)
    assert filled(shown) == {"preset": [], "share": "50", "band": "15", "window": "14"}
    assert "Nothing changed" in await fill_in(room, room.ann, "target")
    said = await fill_in(room, room.ann, "target", preset=["thirds"])
    assert "is now 33% conversation, give or take 10 points" in said and "Hootsuite" in said
    assert filled(await room.ann.slash(room.drafts, "target"))["preset"] == ["thirds"]
    assert "33% conversation, give or take 10 points (23% to 43%), over seven days" in await fill_in(
        room, room.ann, "target", window="7 days"
    )
    assert "60% conversation" in await fill_in(room, room.ann, "target", share="60 %")
    assert filled(await room.ann.slash(room.drafts, "target"))["preset"] == []
    assert "choose 5% to 95%" in await fill_in(room, room.ann, "target", share="100")
    assert "“0.5” is not a whole number" in await fill_in(room, room.ann, "target", share="0.5")
    assert "50% conversation" in await fill_in(room, room.ann, "target", preset=["server"])
    assert "50% conversation" in words_of(await room.ben.slash(room.drafts, "target"))


async def test_a_servers_goal_has_a_form_for_those_who_manage_it(room: Room) -> None:
    said = await fill_in(room, room.owner, "setup goal", preset=["listener"])
    assert "is now 80% conversation" in said and "Sam Flynn" in said
    assert "80%" in words_of(await room.ann.slash(room.drafts, "target"))


async def test_a_goal_for_an_account_has_a_form_if_it_is_ones_own(room: Room) -> None:
    for name, whose in (("Shop", "own"), ("Club", "shared")):
        shown = await room.owner.slash(room.drafts, "account add")
        values = {"name": name, "channels": [room.drafts], "goal": "", "whose": whose}
        await room.owner.submit_modal(shown, values)
    shown = await room.owner.slash(room.drafts, "target", account="Shop")
    said = words_of(await room.owner.submit_modal(shown, filled(shown) | {"share": "40"}))
    assert "for **Shop** is now 40% conversation" in said
    shared = words_of(await room.owner.slash(room.drafts, "target", account="Club"))
    assert "The goal for **Club**: 50%" in shared


async def test_nudges_are_chosen_with_one_form(room: Room) -> None:
    shown = await room.ann.slash(room.drafts, "nudges form")
    assert filled(shown) == {"where": "reply", "pace": "4", "quiet": "22:00 to 07:00", "questions": "reply"}
    await room.ann.slash(room.drafts, "nudges snooze", hours=5)
    said = await fill_in(room, room.ann, "nudges form", quiet="")
    assert "one nudge every four hours." in said
    assert filled(await room.ann.slash(room.drafts, "nudges form"))["quiet"] == ""
    said = await fill_in(room, room.ann, "nudges form", pace="6 hours", quiet="from 21:30 until 6:15")
    assert "every six hours" in said and "21:30 to 06:15" in said and "Snoozed" in said
    said = await fill_in(room, room.ann, "nudges form", where="off", questions="dm")
    assert "No nudges at all." in said and "by direct message about a draft" in said


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("pace", "49", "choose 1 to 48"),
        ("pace", "often", "not a whole number"),
        ("quiet", "at night", "is not two times"),
        ("quiet", "25:00 to 7:00", "is not two times"),
    ],
)
async def test_a_form_is_taken_as_a_whole_or_not_at_all(room: Room, field: str, value: str, says: str) -> None:
    before = await rows_of(room)
    said = await fill_in(room, room.ann, "nudges form", where="off", **{field: value})
    assert says in said
    assert [table for table, _ in changed(before, await rows_of(room)) if table == "members"] == []


async def test_a_server_is_set_up_with_one_form(room: Room) -> None:
    ideas, news = room.guild.create_text_channel("ideas"), room.guild.create_text_channel("news")
    shown = await room.owner.slash(room.drafts, "setup form")
    assert shown.modal is not None
    [field] = [
        row["component"] for row in shown.modal["components"] if row["component"]["custom_id"] == "channels"
    ]
    assert [int(one["id"]) for one in field["default_values"]] == [room.drafts.id]
    said = words_of(
        await room.owner.submit_modal(
            shown,
            filled(shown)
            | {"channels": [ideas], "zone": "Europe/Berlin", "summary": "18:30", "summary_channel": [news]}
            | {"questions": False},
        )
    )
    assert f"Watched: <#{ideas.id}>." in said and "Europe/Berlin" in said and "Questions about drafts: off" in said
    assert f"at 18:30 in <#{news.id}>" in said
    assert room.signs(await room.ann.send(ideas, TELLS)) == ["📣"]
    assert room.signs(await room.ann.send(room.drafts, TELLS)) == []
    kept = await fill_in(room, room.owner, "setup form", channels=[ideas], summary_channel=[news])
    assert f"at 18:30 in <#{news.id}>" in kept
    assert "Daily summary: at 18:30.\n" in await fill_in(room, room.owner, "setup form", channels=[ideas])
    assert "Daily summary: off" in await fill_in(room, room.owner, "setup form", channels=[ideas], summary="")
    before = await rows_of(room)
    for wrong, says in (({"summary": "noonish"}, "is not a time"), ({"zone": "Gotham"}, "no time zone")):
        assert says in await fill_in(room, room.owner, "setup form", channels=[room.drafts], **wrong)
    assert changed(before, await rows_of(room)) == []


async def test_a_form_names_what_the_bot_lacks_in_the_channels_chosen(room: Room) -> None:
    locked = room.guild.create_text_channel(
        "locked", overwrites={room.guild.default_role: discord.PermissionOverwrite(add_reactions=False)}
    )
    said = await fill_in(room, room.owner, "setup form", channels=[room.drafts, locked])
    assert f"<#{locked.id}> lacks **Add Reactions**" in said


async def test_typed_commands_say_how_their_form_opens(room: Room) -> None:
    ann = Who(room.ann, room.guild, room.drafts)
    assert "**/nudges form**" in (await typed(room, ann, "nudges form")).words
    assert "Please say which text" in (await typed(room, ann, "check")).words
    assert "Your goal: 50%" in (await typed(room, ann, "target")).words


async def test_whoever_lost_manage_server_sends_a_servers_form_in_for_nothing(room: Room) -> None:
    role = room.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    boss = room.guild.add_member(room.env.create_user("bo"), roles=[role])
    shown = await boss.slash(room.drafts, "setup goal")
    before = await rows_of(room)
    room.env.backend.remove_member_role(room.guild.id, boss.id, role.id)
    assert "for those who manage" in words_of(await boss.submit_modal(shown, filled(shown) | {"share": "40"}))
    assert changed(before, await rows_of(room)) == []
