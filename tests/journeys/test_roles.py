"""Who may do what: every command, menu entry, button and menu of the bot, tried by everybody and everywhere.

The acts reach the bot past what Discord hides or refuses by itself, as a server may override that. Each is held
against the table below, and against two rules without exception: nobody changes a row of somebody else's, or of
another server, unless they manage that server; and nobody is told anything of somebody else's drafts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from discord.ext import commands

from coach import wording_thoughts
from coach.labels import Kind, Label
from coach.nudging.advice import Advice
from coach.store import StoredNudge
from coach.store.nudges import nudges_of
from coach.wording_drafts import NUDGE_BUTTONS
from cogs.accounts import MoveButton, RemoveMenu
from cogs.privacy import ForgetButton
from cogs.support.buttons import (
    LabelButton,
    LanguageButton,
    NudgeButton,
    UndoButton,
    nudge_buttons,
    question_parts,
)
from cogs.support.history import PAGE, HistoryMenu, HistoryPage, HistoryUndo, ThoughtMenu
from cogs.support.import_buttons import ImportButton, ImportMenu
from cogs.support.thoughts import ThoughtButton
from tests.support.acting import Told, Who, changed, items, menu, press, rows_of, slash, typed
from tests.support.drafts import ASKS, TELLS
from tests.support.roles import (
    AUTHOR,
    BUTTONS,
    COMMANDS,
    DONE,
    ENTRIES,
    HERE,
    MANAGING,
    MENUS,
    NOT_UNDERSTOOD,
    NOTHING,
    ON_DRAFT,
    ONES_VIEW,
    ROLES,
    VIEWS,
    Row,
    tried,
)
from tests.support.room import Room, words_of


@dataclass
class Cast:
    """Everybody in the table, at their places, and the author's secret."""

    room: Room
    people: dict[str, Who]
    secrets: set[str]
    acts: int = 0

    @property
    def author(self) -> Who:
        """The author, whose drafts and data they are."""
        return self.people["author"]

    async def post(self, text: str = TELLS) -> discord.Message:
        """A new draft of the author's."""
        message = await self.author.actor.send(self.author.channel, text)
        self.secrets.add(str(message.id))
        return message

    async def judge(self, role: str, expected: str, says: str, told: Told, before: Any, *, public: bool) -> None:
        """Compare the result of an act with the table and with the rules without exception."""
        self.acts += 1
        who = self.people[role]
        if expected is DONE:
            assert says in told.words
        elif expected is NOTHING:
            assert told.texts == ()
        else:
            [text] = told.texts
            assert expected == text
        changes = changed(before, await rows_of(self.room))
        assert expected is DONE or changes == []
        home = (who.guild or self.room.guild).id
        for table, row in changes:
            person = row["author_id"] if "author_id" in row else row.get("member_id")
            assert row["guild_id"] == home
            # A server's totals and tips belong to nobody in particular, and erased members are only hashes.
            nobodys = table in ("server_tallies", "erased", "accounts", "account_places", "account_tallies")
            assert person in (who.id, 0) or role in ("manager", "stranger") or nobodys
        if role not in ("author", "dm", "manager") and not public:
            assert not {secret for secret in self.secrets if secret in told.words}


@pytest.fixture
async def cast(room: Room) -> Cast:
    """Two servers with everybody in them, each of whom has posted a draft."""
    env, guild = room.env, room.guild
    most = discord.Permissions.all()
    most.update(manage_guild=False, administrator=False)
    manages = discord.Permissions(manage_guild=True)
    author = guild.add_member(env.create_user("quince"))
    actors: dict[str, simcord.MemberActor] = {
        "author": author,
        "other": room.ben,
        "moderator": guild.add_member(env.create_user("mo"), roles=[guild.create_role("m", permissions=most)]),
        "manager": guild.add_member(env.create_user("max"), roles=[guild.create_role("x", permissions=manages)]),
        "robot": guild.add_member(env.create_user("robot", bot=True)),
    }
    people = {role: Who(actor, guild, room.drafts) for role, actor in actors.items()}
    owner = env.create_user("owner of another")
    bakers = env.create_guild("Bakers", owner=owner)
    elsewhere = bakers.create_text_channel("drafts")
    people["stranger"] = Who(bakers.add_member(owner), bakers, elsewhere)
    people["dm"] = Who(author.user, None, author.user.dm_channel)
    made = Cast(room, people, {"quince", str(author.id)})
    await made.post()
    for role in ("other", "moderator", "manager", "stranger"):
        await people[role].actor.send(people[role].channel, TELLS)
    return made


def values(cast: Cast, role: str, row: Row) -> dict[str, Any]:
    """A command's values as somebody would give them from their place."""
    channel = cast.room.drafts if role == "dm" else cast.people[role].channel
    known = {AUTHOR: cast.author.actor, HERE: channel}
    return {name: known.get(value, value) for name, value in row.options.items()}


def as_typed(cast: Cast, row: Row) -> str:
    """A command as it is typed: values in order, and the first command of a group by the group's name."""
    name = {"nudges show": "nudges", "privacy what": "privacy", "summary show": "summary"}.get(row.name, row.name)
    return " ".join([name, *(cast.author.actor.mention if v == AUTHOR else str(v) for v in row.options.values())])


@pytest.mark.parametrize("role", [role for role in ROLES if role != "robot"])
async def test_slash_commands(cast: Cast, role: str, subtests: pytest.Subtests) -> None:
    for row in COMMANDS:
        with subtests.test(row.name):
            before = await rows_of(cast.room)
            told = await slash(cast.room, cast.people[role], row.name, values(cast, role, row))
            says = row.elsewhere or row.says if role == "dm" else row.says
            await cast.judge(role, row.rule[role], says, told, before, public=row.public)
            assert told.hidden
    assert cast.acts == len(COMMANDS)


@pytest.mark.parametrize("role", ROLES)
async def test_typed_commands(cast: Cast, role: str, subtests: pytest.Subtests) -> None:
    for row in COMMANDS:
        if not row.hybrid:
            continue
        with subtests.test(row.name):
            before = await rows_of(cast.room)
            told = await typed(cast.room, cast.people[role], as_typed(cast, row))
            # The bot does not ask Discord for direct messages, so it does not get any.
            expected = NOTHING if role == "dm" else row.rule[role]
            await cast.judge(role, expected, row.says, told, before, public=row.public)
    assert cast.acts == sum(row.hybrid for row in COMMANDS)


@pytest.mark.parametrize("entry", MENUS)
async def test_entries_of_the_message_menu(cast: Cast, entry: str, subtests: pytest.Subtests) -> None:
    for role in ROLES:
        if role == "robot":
            continue
        with subtests.test(role):
            draft = await cast.post()
            before = await rows_of(cast.room)
            told = await menu(cast.room, cast.people[role], entry, draft)
            await cast.judge(role, ENTRIES.get(entry, ON_DRAFT)[role], MENUS[entry], told, before, public=False)
            assert told.hidden


@pytest.mark.parametrize("button", BUTTONS)
async def test_buttons_that_outlive_a_restart(cast: Cast, button: str, subtests: pytest.Subtests) -> None:
    says, who_may = BUTTONS[button]
    for role in ROLES:
        if role == "robot":
            continue
        with subtests.test(role):
            shown = await with_buttons(cast, undoes=button == "undo")
            [item] = [item for item in items(shown) if item["custom_id"].startswith(button)]
            before = await rows_of(cast.room)
            told = await press(cast.room, cast.people[role], shown, item)
            await cast.judge(role, who_may[role], says, told, before, public=False)


async def with_buttons(cast: Cast, *, undoes: bool) -> discord.Message:
    """The bot's message with all buttons for a new draft of the author's, which has a nudge on it."""
    bot, guild, author = cast.room.bot, cast.room.guild, cast.author
    draft = await cast.post()
    last = await bot.coach.store.database.read(lambda raw: nudges_of(raw, guild.id, author.id))
    nudge = StoredNudge(draft.id, guild.id, author.id, "two-options", Label.CONVERSATION)
    await bot.coach.store.nudges.add(nudge, cast.room.env.now(), last[0].at if last else None)
    await bot.coach.store.replies.begin(draft.id, guild.id, author.id, "question")
    asks = Advice(draft.id, None, ask=Kind.NONE)
    view = question_parts(draft.id, asks, bot.settings.reactions, draft.jump_url)["view"]
    for item in nudge_buttons(draft.id).children:
        view.add_item(item)
    drafted = await bot.coach.corrections.find(guild.id, draft.id, author.id)
    if undoes:
        await bot.coach.corrections.change(drafted, Label.CONVERSATION, author.id, change="click-1", by_reply=True)
        view.add_item(UndoButton(guild.id, draft.id, "click-1"))
    for act in wording_thoughts.BUTTONS:
        view.add_item(ThoughtButton(act, draft.id))
    channel = bot.get_channel(cast.room.drafts.id)
    assert isinstance(channel, discord.TextChannel)
    shown = await channel.send("…", view=view)
    await cast.room.env.settle()
    return shown


@pytest.mark.parametrize("view", VIEWS)
async def test_buttons_and_menus_made_for_one_member(cast: Cast, view: str, subtests: pytest.Subtests) -> None:
    place, command, says = VIEWS[view]
    for role in ROLES:
        if role == "robot":
            continue
        with subtests.test(role):
            await cast.room.turn_clock(minutes=1)  # Nobody may use some commands many times in a minute.
            for _ in range(PAGE + 1 if command == "history" else 1):
                await cast.post()
            if role == "dm":
                await typed(cast.room, cast.author, command)
                shown: Any = cast.room.said(cast.people["dm"].channel)[-1]
            else:
                shown = (await cast.author.actor.slash(cast.author.channel, command)).response
            item = items(shown)[place]
            chosen = [item["options"][0]["value"]] if "options" in item else None
            before = await rows_of(cast.room)
            told = await press(cast.room, cast.people[role], shown, item, chosen)
            await cast.judge(role, ONES_VIEW[role], says, told, before, public=False)


def subclasses(kind: Any) -> list[type]:
    """The bot's own subclasses of a class of discord.py's."""
    return [found for found in kind.__subclasses__() if found.__module__.startswith("cogs.")]


async def test_nothing_that_can_be_used_is_missing_from_the_tables(room: Room) -> None:
    slashes = {
        command.qualified_name
        for command in room.bot.tree.walk_commands()
        if not isinstance(command, discord.app_commands.Group)
    }
    assert slashes == {row.name for row in COMMANDS}
    typable = [command for command in room.bot.walk_commands() if command.enabled]
    assert all(isinstance(command, commands.HybridCommand | commands.HybridGroup) for command in typable)
    assert len(typable) == len({row.name for row in COMMANDS if row.hybrid})
    menus = [menu for kind in (2, 3) for menu in room.bot.tree.get_commands(type=discord.AppCommandType(kind))]
    assert {menu.name for menu in menus} == set(MENUS)
    lasting = {kind.__name__ for kind in subclasses(discord.ui.DynamicItem)}
    # Anything that only a process remembers would stop working silently after a restart or some minutes.
    assert subclasses(discord.ui.View) == []
    buttons = (LabelButton, LanguageButton, NudgeButton, UndoButton, ThoughtButton)
    views = (HistoryMenu, HistoryPage, HistoryUndo, ThoughtMenu, ForgetButton)
    # Those of accounts, for managers alone, are in test_accounts, and those of a past in test_import.
    elsewhere = (MoveButton, RemoveMenu, ImportButton, ImportMenu)
    assert lasting == {kind.__name__ for kind in (*buttons, *views, *elsewhere)}
    ids = {f"label:{label}" for label in Label} | {f"nudge:{act}" for act in NUDGE_BUTTONS}
    ids |= {f"thought:{act}" for act in wording_thoughts.BUTTONS}
    ids |= {"languages:leave", "undo"}
    assert ids == set(BUTTONS)


async def test_discord_offers_setup_to_managers_and_little_in_direct_messages(cast: Cast) -> None:
    for row in COMMANDS:
        for role in ("author", "moderator"):
            if row.rule is MANAGING:
                with pytest.raises(simcord.SetupError):
                    await cast.people[role].actor.slash(cast.room.drafts, row.name)
    assert set(cast.people["dm"].actor.available_commands()) == {"about", "check", "tip"}


async def test_channels_of_another_server_cannot_be_chosen(cast: Cast) -> None:
    before = await rows_of(cast.room)
    for command in ("setup channel", "setup summary"):
        told = await slash(cast.room, cast.people["stranger"], command, {"channel": cast.room.drafts})
        assert told.texts == (NOT_UNDERSTOOD.replace("balance", command),)
    assert changed(before, await rows_of(cast.room)) == []


async def test_a_member_of_two_servers_is_two_members(cast: Cast) -> None:
    room, bakers = cast.room, cast.people["stranger"]
    assert bakers.guild is not None
    there = bakers.guild.add_member(cast.author.actor.user)
    await there.send(bakers.channel, ASKS)
    await cast.author.actor.slash(room.drafts, "target", share="80")
    await cast.author.actor.slash(room.drafts, "timezone", zone="Asia/Tokyo")
    await cast.author.actor.slash(room.drafts, "privacy pause")
    assert "50%" in words_of(await there.slash(bakers.channel, "target"))
    assert "(UTC)" in words_of(await there.slash(bakers.channel, "nudges show"))
    assert "(one draft)" in words_of(await there.slash(bakers.channel, "balance"))
    shown = words_of(await there.slash(bakers.channel, "history"))
    assert shown.count(f"/channels/{bakers.guild.id}/") == 1 and f"/{room.guild.id}/" not in shown
    erase = await there.slash(bakers.channel, "privacy forget")
    assert erase.response is not None
    await there.click(erase.response, label="Erase everything")
    assert await room.counts(cast.author.actor) == (1, 0)


if __name__ == "__main__":
    print(", ".join(f"{number} {what}" for what, number in tried().items()))  # noqa: T201
