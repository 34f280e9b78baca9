"""Journeys of accounts: set up with one form, balances and nudges for each, the summary, and the team."""

from __future__ import annotations

import functools
from typing import Any

import discord
import pytest
import simcord

from coach.labels import Label
from tests.support.acting import Who, changed, items, press, rows_of
from tests.support.drafts import ASKS, TELLS, THANKS
from tests.support.room import Room, labeller, words_of
from training.data import own_drafts


@functools.cache
def texts(label: Label) -> list[str]:
    """Short drafts that the model is sure about, each a thought of its own."""
    found: list[str] = []
    for row in own_drafts():
        if row.label is label and 40 < len(row.text) < 160 and len(found) < 12:
            [verdict] = labeller().label([row.text])
            if verdict.label is label and not verdict.unsure:
                found.append(row.text)
    return found


async def set_up(room: Room, name: str, *channels: Any, shared: bool = True, goal: str = "", **more: Any) -> Any:
    """Add an account with the form, and return the answer."""
    shown = await room.owner.slash(room.drafts, "account add")
    values = {"name": name, "channels": list(channels), "goal": goal, "whose": "shared" if shared else "own"}
    return await room.owner.submit_modal(shown, values | more)


def filled_in(shown: simcord.InteractionResult) -> dict[str, Any]:
    """What a form holds when it opens, by the id of the field."""
    rows: list[dict[str, Any]] = shown.modal["components"] if shown.modal is not None else []
    return {row["component"]["custom_id"]: row["component"] for row in rows}


async def choose(room: Room, shown: simcord.InteractionResult, value: str) -> simcord.InteractionResult:
    """Choose from the menu below an answer."""
    assert shown.response is not None
    return await room.owner.select(shown.response, values=[value])


def digests(room: Room) -> list[discord.Message]:
    return [message for message in room.said() if message.embeds and "summary" in (message.embeds[0].title or "")]


def fields(message: discord.Message) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in message.embeds[0].fields}


@pytest.fixture
def linkedin(room: Room) -> simcord.ChannelHandle:
    """Another watched channel."""
    return room.guild.create_text_channel("linkedin")


@pytest.fixture
async def watched(room: Room, linkedin: simcord.ChannelHandle) -> simcord.ChannelHandle:
    await room.owner.slash(room.drafts, "setup channel", channel=linkedin)
    return linkedin


async def test_an_account_is_set_up_changed_and_removed_with_one_form(
    room: Room, watched: simcord.ChannelHandle
) -> None:
    assert "no accounts" in words_of(await room.owner.slash(room.drafts, "account list"))
    said = words_of(await set_up(room, "Fernhill on LinkedIn", watched, goal="40, 10, 28"))
    assert "**Fernhill on LinkedIn** is set up" in said and watched.mention in said
    assert "40% conversation, give or take ten points"[:20] in said and "28 days" in said
    assert "one balance for all who draft for it" in said

    shown = await room.owner.slash(room.drafts, "account edit", account="fernhill on linkedin")
    filled = filled_in(shown)
    assert filled["name"]["value"] == "Fernhill on LinkedIn"
    assert filled["goal"]["value"] == "40, 10, 28"
    assert [int(one["id"]) for one in filled["channels"]["default_values"]] == [watched.id]
    said = words_of(
        await room.owner.submit_modal(
            shown, {"name": "Fernhill", "channels": [watched, room.drafts], "goal": "", "whose": "own"}
        )
    )
    assert "**Fernhill** is changed" in said and "each author's own balance" in said and "50%" in said
    listed = words_of(await room.owner.slash(room.drafts, "account list"))
    assert "Fernhill" in listed and room.drafts.mention in listed and "No drafts so far" in listed

    asked = await room.owner.slash(room.drafts, "account remove", account="Fernhill")
    assert "Remove **Fernhill**?" in words_of(asked) and "no drafts" in words_of(asked)
    [menu] = items(asked.response)
    assert [option["label"] for option in menu["options"]] == ["They count without an account"]
    gone = await choose(room, asked, "0")
    assert "**Fernhill** is removed" in words_of(gone)
    assert "no accounts" in words_of(await room.owner.slash(room.drafts, "account list"))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": "shop"}, "There already is an account"),
        ({"name": "   "}, "Give the account a name"),
        ({"name": "all accounts together"}, "stands for all accounts"),
        ({"goal": "half"}, "is not a goal"),
        ({"goal": "50, 15, 14, 3"}, "is not a goal"),
        ({"goal": "100"}, "That share is not possible"),
        ({"goal": "thirds 400"}, "That window is not possible"),
    ],
)
async def test_what_the_form_refuses_changes_nothing(room: Room, values: dict[str, str], told: str) -> None:
    await set_up(room, "Shop", room.drafts)
    before = words_of(await room.owner.slash(room.drafts, "account list"))
    assert told in words_of(await set_up(room, **({"name": "Other"} | values)))  # type: ignore[arg-type]
    assert words_of(await room.owner.slash(room.drafts, "account list")) == before


async def test_the_form_keeps_what_it_cannot_show_and_tells_of_channels_that_are_not_watched(room: Room) -> None:
    news = room.guild.create_text_channel("news")
    away = room.guild.create_text_channel("away")
    said = words_of(await set_up(room, "Shop", news, away))
    assert f"I don't read {news.mention}, {away.mention} yet" in said
    assert room.bot.user is not None
    await room.owner.slash(room.drafts, "setup channel", channel=away)
    guild = room.bot.get_guild(room.guild.id)
    assert guild is not None
    # As a channel that Discord doesn't show for now.
    gone = guild._channels.pop(away.id)  # pyright: ignore[reportPrivateUsage]
    shown = await room.owner.slash(room.drafts, "account edit", account="Shop")
    assert [int(one["id"]) for one in filled_in(shown)["channels"]["default_values"]] == [news.id]
    values = {"name": "Shop", "channels": [news], "goal": "", "whose": "shared"}
    await room.owner.submit_modal(shown, values)
    guild._channels[away.id] = gone  # pyright: ignore[reportPrivateUsage]
    assert away.mention in words_of(await room.owner.slash(room.drafts, "account list"))


async def test_drafts_from_before_move_along_or_stay_as_asked(room: Room, watched: simcord.ChannelHandle) -> None:
    await room.ann.send(watched, TELLS)
    await room.ann.send(watched, ASKS)
    await room.ann.send(room.drafts, THANKS)
    asked = await set_up(room, "Shop", watched)
    assert "Two earlier drafts still count elsewhere" in words_of(asked)
    left = await room.owner.click(asked.response, label="Leave them")
    assert "stay where they are" in words_of(left)
    assert "No drafts" in words_of(await room.ann.slash(room.drafts, "balance", account="Shop"))

    asked = await set_up(room, "Shop two", watched)
    assert "belonged to **Shop** until now" in words_of(asked)
    moved = await room.owner.click(asked.response, label="Move them too")
    assert "Two drafts are moved" in words_of(moved)
    shown = words_of(await room.ann.slash(room.drafts, "balance", account="Shop two"))
    assert "Balance of Shop two" in shown and "(two drafts)" in shown
    assert await room.counts() == (1, 2)

    asked = await room.owner.slash(room.drafts, "account remove", account="Shop two")
    assert "two drafts" in words_of(asked)
    gone = await choose(room, asked, "1")
    assert "Its two drafts count for **Shop** now" in words_of(gone)
    shown = words_of(await room.ann.slash(watched, "balance"))
    assert "Balance of Shop" in shown and "(two drafts)" in shown
    assert await room.counts() == (1, 2)


async def test_what_stands_below_answers_about_accounts_is_for_managers_of_the_server_alone(
    room: Room, watched: simcord.ChannelHandle
) -> None:
    await room.ann.send(watched, TELLS)
    moving = (await set_up(room, "Shop", watched)).response
    removing = (await room.owner.slash(room.drafts, "account remove", account="Shop")).response
    stranger = room.env.create_user("stranger")
    elsewhere = room.env.create_guild("Bakers", owner=stranger)
    plaza = elsewhere.create_text_channel("drafts")
    people = (
        Who(room.ben, room.guild, room.drafts),
        Who(elsewhere.add_member(stranger), elsewhere, plaza),
        Who(room.ann.user, None, room.ann.user.dm_channel),
    )
    await room.env.settle()
    before = await rows_of(room)
    below = ((moving, items(moving)[0], None), (removing, items(removing)[0], ["0"]))
    for who in people:
        for shown, item, values in below:
            told = await press(room, who, shown, item, values)
            assert told.texts == ("That is for those who manage the server.",)
    assert changed(before, await rows_of(room)) == []
    again = (await room.owner.slash(room.drafts, "account remove", account="Shop")).response
    manager = Who(room.owner, room.guild, room.drafts)
    assert "is removed" in (await press(room, manager, *below[1])).words
    # What has gone in the meantime is said to be gone, also if another one has come since.
    await set_up(room, "Stall", watched)
    for old in (below[0], (again, items(again)[0], ["0"])):
        assert "no longer there" in (await press(room, manager, *old)).words
    assert "Stall" in words_of((await room.owner.slash(room.drafts, "account list")).response)


async def test_a_balance_is_that_of_the_channels_account_of_one_named_or_of_all(
    room: Room, watched: simcord.ChannelHandle
) -> None:
    await set_up(room, "Shop", watched)
    await set_up(room, "Each", room.drafts, shared=False, goal="30, 10")
    await room.ann.send(watched, TELLS)
    await room.ben.send(watched, ASKS)
    await room.ann.send(room.drafts, THANKS)
    await room.ben.send(room.drafts, TELLS)
    here = words_of(await room.ann.slash(watched, "balance"))
    assert "Balance of Shop" in here and "50% conversation" in here and "(two drafts)" in here
    own = words_of(await room.ann.slash(room.drafts, "balance"))
    assert "Balance of ann for Each" in own and "(one draft)" in own and "30%" in own
    assert "Balance of ann for Shop" in words_of(
        await room.owner.slash(room.drafts, "balance", member=room.ann, account="Shop")
    )
    of_ann = words_of(await room.owner.slash(watched, "balance", member=room.ann))
    assert "Balance of ann\n" in of_ann and "Shop: 1 content, 0 conversation" in of_ann
    total = words_of(await room.ann.slash(room.drafts, "balance", account="All accounts together"))
    assert "Balance of ann" in total and "(two drafts)" in total
    assert "Shop: 1 content, 0 conversation" in total and "Each: 0 content, 1 conversation" in total
    refused = words_of(await room.ann.slash(room.drafts, "balance", account="Nowhere"))
    assert "There is no account by that name" in refused

    listed = words_of(await room.ann.slash(room.drafts, "history", account="Shop"))
    assert "Shop: your drafts of the last seven days" in listed and listed.count("/channels/") == 1
    tip = words_of(await room.ann.slash(watched, "tip"))
    assert "Shop: 50% conversation" in tip
    week = words_of(await room.ann.slash(watched, "summary week"))
    assert "Shop" in week and "1 content, 1 conversation" in week
    week = words_of(await room.ann.slash(room.drafts, "summary week", account="All accounts together"))
    assert "Shop: 1 content" in week

    assert "for **Each** is now 60% conversation" in words_of(
        await room.ann.slash(room.drafts, "target", share="60", band="10")
    )
    assert "60% conversation" in words_of(await room.ann.slash(room.drafts, "balance"))
    assert "30% conversation" in words_of(await room.ben.slash(room.drafts, "target"))
    refused = words_of(await room.ann.slash(watched, "target", share="60"))
    assert "its goal is set by those who manage the server" in refused


async def test_nobody_is_told_of_an_account_whose_channels_they_may_not_view(room: Room) -> None:
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
    await room.owner.slash(room.drafts, "setup channel", channel=secret)
    await set_up(room, "Acme", secret)
    await set_up(room, "Both", room.drafts, secret)
    await set_up(room, "Acme two", secret)
    await room.ann.send(secret, ASKS)
    await room.ann.send(room.drafts, TELLS)

    async def offered(member: simcord.MemberActor) -> list[str]:
        choices = await member.autocomplete(room.drafts, "balance", "account", "")
        return [choice["name"] for choice in choices]

    assert await offered(room.ann) == ["Both", "Acme two", "All accounts together"]
    assert await offered(room.ben) == ["Both", "All accounts together"]
    assert "There is no account" in words_of(await room.ben.slash(room.drafts, "balance", account="Acme two"))
    assert "(one draft)" in words_of(await room.ann.slash(room.drafts, "balance", account="Acme two"))
    assert "Acme" not in words_of(await room.ben.slash(room.drafts, "summary now"))


async def test_a_nudge_on_a_shared_account_speaks_of_its_balance_to_whoever_drafts(
    room: Room, watched: simcord.ChannelHandle
) -> None:
    await set_up(room, "Shop", watched)
    for text in texts(Label.CONTENT)[:5]:
        await room.ann.send(watched, text)
    assert room.said(watched) == []
    # Ben's own drafts are in balance; those for the shop are not.
    await room.ben.send(watched, texts(Label.CONTENT)[5])
    [nudge] = room.said(watched)
    assert nudge.content.startswith("**Shop**, all who draft for it together:")
    assert "6 content, 0 conversation" in nudge.content
    # Caps and gaps are the member's: none for Ben in another account, but one for Ann.
    await room.ben.send(watched, texts(Label.CONTENT)[6])
    assert len(room.said(watched)) == 1
    await room.ann.send(watched, texts(Label.CONTENT)[7])
    assert len(room.said(watched)) == 2


async def test_a_summary_has_accounts_first_then_who_drafted_and_figures_only_of_those_who_agreed(
    room: Room, watched: simcord.ChannelHandle
) -> None:
    await set_up(room, "Shop", watched)
    await set_up(room, "Us", room.drafts, shared=False)
    assert "are now shown" in words_of(await room.ann.slash(room.drafts, "summary figures", choice="on"))
    await room.ann.send(watched, TELLS)
    await room.ben.send(watched, ASKS)
    await room.ben.send(room.drafts, THANKS)
    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    of = fields(digest)
    assert list(of) == ["Shop", "Us", "Who drafted", "ann", "Tip"]
    assert "📣 1 content, 💬 1 conversation today\n50% conversation" in of["Shop"] and "Next: " in of["Shop"]
    # Ben alone drafted for the other one, and did not agree.
    assert "No figures" in of["Us"] and "conversation today" not in of["Us"]
    assert of["Who drafted"] == "ann, ben"
    assert "📣 1 content, 💬 0 conversation today" in of["ann"]
    assert digest.embeds[0].footer.text == "The chart shows Shop."


async def test_opposites_together_are_never_called_in_the_band(room: Room) -> None:
    cleo = room.guild.add_member(room.env.create_user("cleo"))
    for told, asked in zip(texts(Label.CONTENT)[:6], texts(Label.CONVERSATION)[:6], strict=True):
        await room.ann.send(room.drafts, told)
        await room.ben.send(room.drafts, asked)
    await cleo.send(room.drafts, ASKS)
    await room.turn_clock(hours=9.1)
    [digest] = digests(room)
    together = fields(digest)["All together"]
    assert "54% conversation" in together and "Some publish more, some reply more" in together
    assert "band" not in together.lower()
    assert list(fields(digest)) == ["All together", "Who drafted", "Tip"]
    assert "conversation today" not in fields(digest)["Who drafted"]


async def test_the_first_summary_after_the_change_says_once_that_figures_are_a_choice(room: Room) -> None:
    def earlier(raw: Any) -> None:
        raw.execute("UPDATE guilds SET tell_of_figures = 1")

    await room.ann.send(room.drafts, TELLS)
    await room.bot.coach.store.database.write(earlier)
    await room.turn_clock(hours=9.1)
    await room.turn_clock(hours=14)
    await room.ann.send(room.drafts, ASKS)
    await room.turn_clock(hours=10)
    first, second = digests(room)
    assert "/summary figures turns them on" in (first.embeds[0].footer.text or "")
    assert second.embeds[0].footer.text is None


async def test_the_team_of_each_account_for_those_who_manage(room: Room, watched: simcord.ChannelHandle) -> None:
    cleo, dan = (room.guild.add_member(room.env.create_user(name)) for name in ("cleo", "dan"))
    await set_up(room, "Shop", watched)
    assert "Nothing that counts has been drafted" in words_of(await room.owner.slash(room.drafts, "team"))
    for text in texts(Label.CONTENT)[:4]:
        await room.ann.send(watched, text)
    for text in texts(Label.CONVERSATION)[:4]:
        await room.ben.send(watched, text)
    await cleo.send(watched, texts(Label.CONVERSATION)[5])
    await dan.send(watched, texts(Label.CONVERSATION)[6])
    told = words_of(await room.owner.slash(room.drafts, "team"))
    assert "Shop Four people drafted." in told and "ann" not in told
    for member in (room.ann, room.ben):
        await member.slash(room.drafts, "summary figures", choice="on")
    told = words_of(await room.owner.slash(room.drafts, "team"))
    assert "ann mostly publishes.\nben mostly replies.\nben covers the replies for ann." in told
    assert "And two more." in told and "Together" not in told and "%" not in told
    await cleo.slash(room.drafts, "summary figures", choice="on")
    told = words_of(await room.owner.slash(room.drafts, "team"))
    assert "Together 56% conversation." in told and "And one more." in told and "dan" not in told


async def test_posts_of_a_forum_belong_to_the_account_of_their_tag(room: Room) -> None:
    forum = room.guild.create_forum_channel("drafts-forum")
    await room.owner.slash(room.drafts, "setup channel", channel=forum)
    channel = room.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    tags = [await channel.create_tag(name=name) for name in ("shop", "blog")]
    await room.env.settle()
    said = words_of(await set_up(room, "Shop", tags=[f"{forum.id}:{tags[0].id}"]))
    assert "“shop”" in said
    await set_up(room, "Blog", forum)
    post = await channel.create_thread(
        name="a post", content="What we write for the shop.", applied_tags=[tags[0]]
    )
    await room.env.settle()
    [thread] = forum.threads
    assert thread.id == post.thread.id
    await room.ann.send(thread, TELLS)
    shown = words_of(await room.ann.slash(room.drafts, "balance", account="Shop"))
    assert "(one draft)" in shown
    # Another tag on the post, and its drafts go with it.
    await post.thread.edit(applied_tags=[tags[1]])
    await room.env.settle()
    assert "No drafts" in words_of(await room.ann.slash(room.drafts, "balance", account="Shop"))
    assert "(one draft)" in words_of(await room.ann.slash(thread, "balance"))
    assert await room.counts() == (1, 0)


async def test_a_draft_follows_the_tags_that_its_post_got_while_the_bot_was_away(room: Room) -> None:
    forum = room.guild.create_forum_channel("drafts-forum")
    await room.owner.slash(room.drafts, "setup channel", channel=forum)
    channel = room.bot.get_channel(forum.id)
    assert isinstance(channel, discord.ForumChannel)
    tags = [await channel.create_tag(name=name) for name in ("shop", "blog")]
    await room.env.settle()
    for name, tag in zip(("Shop", "Blog"), tags, strict=True):
        await set_up(room, name, tags=[f"{forum.id}:{tag.id}"])
    post = await channel.create_thread(name="a post", content="What we write.", applied_tags=[tags[0]])
    await room.env.settle()
    [thread] = forum.threads
    await room.ann.send(thread, TELLS)
    room.bot.remove_listener(room.bot.get_cog("AccountsCog").on_raw_thread_update)  # type: ignore[union-attr]
    await post.thread.edit(applied_tags=[tags[1]])
    await room.env.settle()
    assert "(one draft)" in words_of(await room.ann.slash(room.drafts, "balance", account="Shop"))
    await room.restart()
    assert "No drafts" in words_of(await room.ann.slash(room.drafts, "balance", account="Shop"))
    assert "(one draft)" in words_of(await room.ann.slash(room.drafts, "balance", account="Blog"))


async def test_one_account_may_count_only_what_was_posted(room: Room, watched: simcord.ChannelHandle) -> None:
    await set_up(room, "Shop", watched)
    for number in (0, 1):
        message = await room.ann.send(watched, texts(Label.CONTENT)[number])
        await room.ann.send(room.drafts, texts(Label.CONVERSATION)[number])
    said = await room.owner.slash(room.drafts, "setup counts", what="posted", account="shop")
    assert "**Shop** counts only what is posted" in words_of(said)
    assert "Only what is posted counts" in words_of(await room.owner.slash(room.drafts, "account list"))
    await room.ann.context_menu(watched, "Posted or not", message)
    assert "(one draft)" in words_of(await room.ann.slash(watched, "balance"))
    together = words_of(await room.ann.slash(room.drafts, "balance", account="All accounts together"))
    assert (
        "(three drafts)" in together
        and "For some accounts, only drafts that are marked as posted count" in together
    )
    assert "There is no account" in words_of(
        await room.owner.slash(room.drafts, "setup counts", what="posted", account="nobody")
    )
    assert await room.bot.coach.store.tallies.recount() == []
