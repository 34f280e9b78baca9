"""Journeys through /balance, /check and /history."""

from __future__ import annotations

import discord

from cogs.support.history import PAGE
from tests.support.acting import Who, entry_of, items, press
from tests.support.drafts import ASKS, TELLS, THANKS
from tests.support.room import Room, words_of


async def test_balance_shows_counts_share_goal_and_a_described_chart(room: Room) -> None:
    for text in (TELLS, TELLS, ASKS):
        await room.ann.send(room.drafts, text)
    result = await room.ann.slash(room.drafts, "balance")
    assert result.ephemeral
    said = words_of(result)
    assert "33% conversation over the last 14 days (three drafts)" in said
    assert "📣 Content, 14 days 2" in said and "💬 Conversation, 14 days 1" in said
    assert "Too few drafts to tell: three of six" in said
    assert result.response is not None
    [chart] = result.response.attachments
    assert chart.filename == "balance.png"


async def test_balance_counts_the_people_one_talks_with(room: Room) -> None:
    await room.ann.send(room.drafts, "Hi Jonas, thank you so much for getting in touch, it made my day!")
    assert "No @names in conversation drafts" in words_of(await room.ann.slash(room.drafts, "balance"))
    for text in (
        "@maria thank you so much for driving all the way out to us on Saturday!",
        "@maria and @jon, how did you get your seedlings through the frost? I would love to hear.",
        f"Thank you {room.ben.mention} for the loan of your ladder, you saved my apples!",
        "New in our archive: letters from @townmuseum, read them here: https://example.org/letters",
    ):
        await room.ann.send(room.drafts, text)
    assert await room.counts() == (1, 4)
    assert "with three different people by @name in 14 days" in words_of(
        await room.ann.slash(room.drafts, "balance")
    )


async def test_balance_and_week_show_kinds_and_a_rule_that_speaks_of_them(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    for text in (TELLS, ASKS, THANKS):
        await room.ann.send(room.drafts, text)
    for command in ("balance", "summary week"):
        assert "Kinds 📣 2 inform; 💬 1 thank, 1 ask\n" in words_of(await room.ann.slash(room.drafts, command))
    await room.ann.slash(room.drafts, "target", preset="thirds")
    await room.ann.context_menu(room.drafts, "Change label", told)
    for command in ("balance", "summary week"):
        said = words_of(await room.ann.slash(room.drafts, command))
        assert "Kinds 📣 1 inform; 💬 1 thank, 1 ask, 1 set by hand\n" in said
        assert "a third is personal interaction: 0, 1 and 3 of your drafts." in said
    # Another share is another rule; another band isn't.
    await room.ann.slash(room.drafts, "target", band="5")
    assert "personal interaction" in words_of(await room.ann.slash(room.drafts, "balance"))
    await room.ann.slash(room.drafts, "target", share="40")
    assert "personal interaction" not in words_of(await room.ann.slash(room.drafts, "balance"))


async def test_balance_before_any_draft(room: Room) -> None:
    assert "No drafts in the last 14 days" in words_of(await room.ann.slash(room.drafts, "balance"))


async def test_balance_over_another_number_of_days(room: Room) -> None:
    await room.ann.send(room.drafts, TELLS)
    await room.turn_clock(days=3)
    await room.ann.send(room.drafts, ASKS)
    assert "(one draft)" in words_of(await room.ann.slash(room.drafts, "balance", days=2))
    assert "(two drafts)" in words_of(await room.ann.slash(room.drafts, "balance", days=4))


async def test_check_offers_a_step_from_the_drafts_own_subject(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "check", text=TELLS))
    assert "To tilt it towards conversation" in said and "our winter opening hours?”" in said
    said = words_of(await room.ann.slash(room.drafts, "check", text="Good morning all, coffee is on, who is up?"))
    assert "To tilt it towards content" in said and "useful" in said


async def test_a_typed_request_for_somebody_elses_balance_is_answered_in_private(room: Room) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, TELLS)
    await room.owner.send(room.drafts, f"{room.bot.user.mention} balance {room.ann.mention}")
    assert room.said() == []
    [answer] = room.said(room.owner.user.dm_channel)
    assert "Balance of ann" in words_of(answer)


async def test_commands_can_be_typed_after_a_mention(room: Room) -> None:
    assert room.bot.user is not None
    await room.ann.send(room.drafts, f"{room.bot.user.mention} target")
    assert "50% conversation" in room.said(room.ann.user.dm_channel)[-1].content
    await room.ann.send(room.drafts, f"{room.bot.user.mention} dance")
    assert "don't know that command" in room.said()[-1].content
    assert await room.counts() == (0, 0)


async def test_check_leans_towards_conversation_in_a_place_for_replies_and_its_threads(room: Room) -> None:
    replies = room.guild.create_text_channel("replies")
    channel = room.bot.get_channel(replies.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="more", type=discord.ChannelType.public_thread)
    await room.env.settle()
    text = "Thank you all so much for coming. The kettle is on."
    for place in (replies, *replies.threads):
        assert "is in a place for replies" in words_of(await room.ann.slash(place, "check", text=text))
    assert "is in a place" not in words_of(await room.ann.slash(room.drafts, "check", text=text))


async def test_check_labels_without_counting(room: Room) -> None:
    said = words_of(await room.ann.slash(room.drafts, "check", text=ASKS))
    assert "Conversation" in said and "sure" in said
    assert "tilt it towards content" in said
    assert await room.counts() == (0, 0)


async def test_history_lists_own_drafts_and_changes_a_label(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    await room.ben.send(room.drafts, ASKS)
    result = await room.ann.slash(room.drafts, "history")
    said = words_of(result)
    assert result.ephemeral
    assert f"/{room.drafts.id}/{told.id}" in said
    assert said.count("https://discord.com/channels/") == 1
    assert result.response is not None
    await room.ann.select(result.response, [entry_of(result.response, told.id)])
    assert room.signs(told) == ["💬"]
    assert await room.counts() == (0, 1)
    assert "set by hand" in words_of(await room.ann.slash(room.drafts, "history"))


async def test_an_old_list_sets_the_label_that_it_names(room: Room) -> None:
    told = await room.ann.send(room.drafts, TELLS)
    shown = await room.ann.slash(room.drafts, "history")
    ann = Who(room.ann, room.guild, room.drafts)
    [menu] = items(shown.response)
    entry, _ = menu["options"]
    assert "content → conversation" in entry["label"]
    await room.ann.context_menu(room.drafts, "Change label", told)
    for _ in range(2):
        await press(room, ann, shown.response, menu, [entry["value"]])
        assert room.signs(told) == ["💬"]
        assert await room.counts() == (0, 1)
    # The list is up to date now, and the change can be taken back from it.
    assert shown.response is not None
    await room.ann.select(shown.response, [entry_of(shown.response, told.id)])
    assert room.signs(told) == ["📣"]
    await room.ann.context_menu(room.drafts, "Not a draft", told)
    menu = items((await room.ann.slash(room.drafts, "history")).response)[0]
    await room.ann.context_menu(room.drafts, "Not a draft", told)
    await press(room, ann, shown.response, menu, [menu["options"][0]["value"]])
    assert await room.counts() == (1, 0)


async def test_a_choice_from_a_menu_that_has_just_changed_is_followed(room: Room) -> None:
    oldest, *_, gone, newest = [await room.ann.send(room.drafts, TELLS) for _ in range(PAGE)]
    result = await room.ann.slash(room.drafts, "history")
    assert result.response is not None
    menu = items(result.response)[0]
    ann = Who(room.ann, room.guild, room.drafts)
    # One more draft pushes the oldest off the list as soon as the first choice has refreshed it.
    await room.ann.send(room.drafts, TELLS)
    await room.ann.delete(gone)
    await room.ann.send(room.drafts, TELLS)
    for draft in (newest, oldest):
        assert (
            "did not work"
            not in (await press(room, ann, result.response, menu, [f"conversation:{draft.id}"])).words
        )
        assert room.signs(draft) == ["💬"]
    told = await press(room, ann, result.response, menu, [str(gone.id)])
    assert told.hidden and "not counted as a draft" in told.words
    assert await room.counts() == (PAGE - 1, 2)


async def test_history_without_drafts(room: Room) -> None:
    assert "No drafts in that time" in words_of(await room.ann.slash(room.drafts, "history"))


async def test_a_person_named_in_drafts_counts_once_even_after_a_restart(room: Room) -> None:
    for _ in range(2):
        await room.ann.send(room.drafts, f"@maria {THANKS}")
        await room.restart()
    assert (await room.bot.coach.reports.report(room.guild.id, room.ann.id)).people == 1
