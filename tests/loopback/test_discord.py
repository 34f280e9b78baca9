"""The loopback Discord itself: it answers as Discord's documentation says, which each test names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.support.loopback.server import API, TOKEN, Fault, Loopback
from tests.support.loopback.truth import FORUM, OBFUSCATED, Channel, Guild, Payload, User


class Client:
    """Sends requests as a bot does, and listens to the gateway."""

    def __init__(self, discord: Loopback, session: aiohttp.ClientSession) -> None:
        self.discord, self._session = discord, session
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and JSON of the answer to a request."""
        url, headers = f"{self.discord.address}{API}{path}", {"Authorization": f"Bot {TOKEN}"}
        async with self._session.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, int]:
        """The status and error code of the answer to a request."""
        status, told = await self.ask(method, path, body)
        return status, told["code"]

    async def listen(self) -> None:
        """Begin a session."""
        self._socket = await self._session.ws_connect(self.discord.gateway_address)
        await self._socket.receive_json()
        await self._socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1 | 1 << 9 | 1 << 15}})
        await self.discord.until(lambda: self.discord.gateway.identified > 0, "session")
        await self.told()

    async def told(self) -> list[tuple[str, Payload]]:
        """The events since the last time."""
        assert self._socket is not None
        await self._socket.send_json({"op": 1, "d": None})
        events: list[tuple[str, Payload]] = []
        while (frame := await self._socket.receive_json())["op"] == 0:
            events.append((frame["t"], frame["d"]))
        return events


@pytest.fixture
async def client() -> AsyncGenerator[Client]:
    async with Loopback() as discord, aiohttp.ClientSession() as session:
        yield Client(discord, session)
        assert discord.errors == []


@pytest.fixture
def guild(client: Client) -> Guild:
    return client.discord.add_guild()


@pytest.fixture
def drafts(client: Client, guild: Guild) -> Channel:
    return client.discord.add_channel(guild, "drafts")


@pytest.fixture
def ann(client: Client) -> Generator[User]:
    yield client.discord.add_user("ann")


async def test_unknown_things_have_their_codes(client: Client, drafts: Channel) -> None:
    """Opcodes and Status Codes: JSON Error Codes."""
    asked = {
        "/channels/1": (404, 10003),
        f"/channels/{drafts.id}/messages/1": (404, 10008),
        "/guilds/1": (404, 10004),
        f"/guilds/{drafts.guild.id}/members/1": (404, 10013),
        "/users/1": (404, 10013),
    }
    assert {path: await client.refused("GET", path) for path in asked} == asked
    told = {"type": 5}
    assert await client.refused("POST", "/interactions/1/none/callback", told) == (404, 10062)


async def test_who_has_left_is_an_unknown_member(client: Client, guild: Guild, ann: User) -> None:
    """Get Guild Member; Opcodes and Status Codes: 10007 Unknown Member."""
    assert (await client.ask("GET", f"/guilds/{guild.id}/members/{ann.id}"))[0] == 200
    await client.discord.part(guild, ann)
    assert await client.refused("GET", f"/guilds/{guild.id}/members/{ann.id}") == (404, 10007)


async def test_history_is_empty_without_the_permission(client: Client, drafts: Channel, ann: User) -> None:
    """Get Channel Messages: without READ_MESSAGE_HISTORY "this will return no messages"."""
    sent = await client.discord.post(drafts, ann, "hello")
    await client.discord.deny(drafts, read_message_history=True)
    assert await client.ask("GET", f"/channels/{drafts.id}/messages") == (200, [])
    assert await client.refused("GET", f"/channels/{drafts.id}/messages/{sent.id}") == (403, 50001)
    assert await client.refused("GET", f"/channels/{drafts.id}/threads/archived/public") == (403, 50001)


async def test_what_is_not_permitted(client: Client, drafts: Channel, ann: User) -> None:
    """Create Message and Create Reaction: the permissions they need; 50001 and 50013 if one is missing."""
    discord, messages = client.discord, f"/channels/{drafts.id}/messages"
    sent = await discord.post(drafts, ann, "hello")
    reaction = f"{messages}/{sent.id}/reactions/📣/@me"
    await discord.deny(drafts, send_messages=True, add_reactions=True)
    assert await client.refused("POST", messages, {"content": "hi"}) == (403, 50013)
    assert await client.refused("PUT", reaction) == (403, 50013)
    await discord.deny(drafts, send_messages=False, add_reactions=False)
    assert (await client.ask("PUT", reaction))[0] == 204
    assert await client.refused("PUT", reaction.replace("📣", ":mega:")) == (400, 10014)
    ann.blocks = True
    assert await client.refused("PUT", reaction.replace("📣", "💬")) == (403, 90001)
    await discord.hide(drafts)
    assert await client.refused("GET", messages) == (403, 50001)


async def test_a_reply_to_what_is_deleted(client: Client, drafts: Channel, ann: User) -> None:
    """Message Reference: fail_if_not_exists, true by default."""
    sent = await client.discord.post(drafts, ann, "hello")
    await client.discord.delete(sent)
    body = {"content": "hi", "message_reference": {"message_id": str(sent.id)}}
    assert await client.refused("POST", f"/channels/{drafts.id}/messages", body) == (400, 50035)
    body["message_reference"] |= {"fail_if_not_exists": False}  # type: ignore[operator]
    assert (await client.ask("POST", f"/channels/{drafts.id}/messages", body))[0] == 200


async def test_a_nonce_is_remembered_for_minutes(client: Client, drafts: Channel) -> None:
    """Create Message: enforce_nonce, "checked for uniqueness in the past few minutes"."""
    discord, path = client.discord, f"/channels/{drafts.id}/messages"
    body = {"content": "the day's summary", "nonce": "7", "enforce_nonce": True}
    first = (await client.ask("POST", path, body))[1]["id"]
    assert (await client.ask("POST", path, body))[1]["id"] == first
    assert (await client.ask("POST", path, body | {"enforce_nonce": False}))[1]["id"] != first
    now = discord.clock()
    discord.clock = lambda: now + timedelta(minutes=10)
    again = (await client.ask("POST", path, body))[1]["id"]
    assert again != first
    assert (await client.ask("POST", path, body))[1]["id"] == again
    # A message that was deleted is not made again (discord-api-docs, pull request 6647).
    await discord.delete(drafts.messages[int(again)])
    assert await client.refused("POST", path, body) == (404, 10008)


async def test_direct_messages(client: Client, guild: Guild, ann: User) -> None:
    """Create DM; 50007 Cannot send messages to this user."""
    opened = (await client.ask("POST", "/users/@me/channels", {"recipient_id": str(ann.id)}))[1]
    assert (opened["type"], opened["recipients"][0]["id"]) == (1, str(ann.id))
    path = f"/channels/{opened['id']}/messages"
    assert (await client.ask("POST", path, {"content": "hi"}))[0] == 200
    assert [one["content"] for one in (await client.ask("GET", path))[1]] == ["hi"]
    ann.dms = False
    assert await client.refused("POST", path, {"content": "hi"}) == (403, 50007)
    await client.discord.part(guild, ann)
    assert await client.refused("POST", path, {"content": "hi"}) == (403, 50278)


async def test_archived_threads_are_listed_and_closed(client: Client, drafts: Channel, ann: User) -> None:
    """List Public Archived Threads; Threads: a message brings an archived one back; 50083 Thread is archived."""
    discord = client.discord
    threads: list[Channel] = []
    for number in range(3):
        starter = await discord.post(drafts, ann, f"number {number}")
        threads.append(await discord.open_thread(drafts, f"thread {number}", starter))
        assert threads[-1].id == starter.id
        await discord.archive(threads[-1])
        await asyncio.sleep(0.002)
    listed = f"/channels/{drafts.id}/threads/archived/public"
    page = (await client.ask("GET", f"{listed}?limit=2"))[1]
    assert ([int(one["id"]) for one in page["threads"]], page["has_more"]) == (
        [threads[2].id, threads[1].id],
        True,
    )
    before = page["threads"][-1]["thread_metadata"]["archive_timestamp"].replace("+", "%2B")
    page = (await client.ask("GET", f"{listed}?limit=2&before={before}"))[1]
    assert ([int(one["id"]) for one in page["threads"]], page["has_more"]) == ([threads[0].id], False)

    old = next(iter(threads[0].messages))
    reaction = f"/channels/{threads[0].id}/messages/{old}/reactions/📣/@me"
    assert await client.refused("PUT", reaction) == (400, 50083)
    assert (await client.ask("POST", f"/channels/{threads[0].id}/messages", {"content": "hi"}))[0] == 200
    assert (await client.ask("PUT", reaction))[0] == 204
    await discord.archive(threads[0], locked=True)
    assert await client.refused("POST", f"/channels/{threads[0].id}/messages", {"content": "hi"}) == (400, 160005)


async def test_what_the_gateway_tells_of_threads_and_channels(client: Client, drafts: Channel, ann: User) -> None:
    """Gateway Events: Threads, Channels; Start Thread in Forum: the first message has the thread's id."""
    discord = client.discord
    await client.listen()
    thread = await discord.open_thread(drafts, "more")
    forum = await discord.create_channel(drafts.guild, "posts", kind=FORUM)
    post = await discord.open_thread(forum, "mine", author=ann, content="hello")
    assert list(post.messages) == [post.id]
    await discord.archive(thread)
    await discord.post(thread, ann, "back")
    await discord.rename(drafts, "ideas")
    await discord.remove(drafts)
    names = [event for event, _ in await client.told()]
    assert names == [
        *("THREAD_CREATE", "CHANNEL_CREATE", "THREAD_CREATE", "MESSAGE_CREATE", "THREAD_UPDATE"),
        *("THREAD_UPDATE", "MESSAGE_CREATE", "CHANNEL_UPDATE", "THREAD_DELETE", "CHANNEL_DELETE"),
    ]


async def test_a_hidden_channel_has_no_name_and_no_news(client: Client, drafts: Channel, ann: User) -> None:
    """Channel Obfuscation (discord-api-docs 8454): what may not be viewed has no name and no events."""
    discord = client.discord
    await client.listen()
    await discord.hide(drafts)
    await discord.post(drafts, ann, "unseen")
    await discord.show(drafts)
    hidden, shown, threads = await client.told()
    assert [hidden[0], shown[0], threads[0]] == ["CHANNEL_UPDATE", "CHANNEL_UPDATE", "THREAD_LIST_SYNC"]
    assert (hidden[1]["name"], hidden[1]["last_message_id"], hidden[1]["flags"]) == (
        "___hidden___",
        None,
        OBFUSCATED,
    )
    assert (shown[1]["name"], shown[1]["last_message_id"]) == ("drafts", str(max(discord.messages)))


async def test_servers_that_are_late_or_down_or_lost(client: Client, drafts: Channel, ann: User) -> None:
    """Gateway Events: Ready lists servers as unavailable; Guild Create and Guild Delete with and without it."""
    discord, guild = client.discord, drafts.guild
    guild.late = True
    await client.listen()
    await discord.arrive(guild)
    await discord.outage(guild)
    await discord.post(drafts, ann, "unheard")
    assert (await client.ask("GET", f"/channels/{drafts.id}/messages"))[0] == 503
    await discord.arrive(guild)
    await discord.leave(guild)
    assert await client.refused("GET", f"/channels/{drafts.id}/messages") == (403, 50001)
    await discord.join(guild)
    told = [(event, payload.get("unavailable")) for event, payload in await client.told()]
    create, delete = "GUILD_CREATE", "GUILD_DELETE"
    assert told == [(create, False), (delete, True), (create, False), (delete, None), (create, None)]


async def test_bulk_deletions_previews_and_withheld_events(client: Client, drafts: Channel, ann: User) -> None:
    """Gateway Events: Message Delete Bulk; Message Update, which comes for an unfurled link too."""
    discord = client.discord
    await client.listen()
    sent = [await discord.post(drafts, ann, f"{number}") for number in range(3)]
    await discord.preview(sent[0])
    with discord.withhold():
        await discord.delete(sent[0])
    await discord.purge(sent[1:])
    *_, update, bulk = await client.told()
    assert (update[0], update[1]["edited_timestamp"]) == ("MESSAGE_UPDATE", None)
    assert (bulk[0], bulk[1]["ids"]) == ("MESSAGE_DELETE_BULK", [str(one.id) for one in sent[1:]])


async def test_faults_happen_as_ordered(client: Client, drafts: Channel) -> None:
    """Rate Limits: the headers of a limited route; the rest comes from machines between a bot and Discord."""
    discord, path = client.discord, f"/channels/{drafts.id}"
    for fault, seen in {
        Fault("GET", path, code=50013): (403, 50013),
        Fault("GET", path, 500, code=0): (500, 0),
    }.items():
        discord.faults = [fault]
        assert await client.refused("GET", path) == seen
    discord.faults = [Fault("GET", path, "empty")]
    assert await client.ask("GET", path) == (200, [])
    for answer in ("html", "half"):
        discord.faults = [Fault("GET", path, answer)]
        with pytest.raises((aiohttp.ContentTypeError, ValueError)):
            await client.ask("GET", path)
    discord.limits["GET", "/channels/*"] = 2, 60
    assert [(await client.ask("GET", path))[0] for _ in range(3)] == [200, 200, 429]


async def test_files_that_are_wrong(client: Client, drafts: Channel) -> None:
    """Attachment Object: its size and type are Discord's word, its bytes the CDN's."""
    discord = client.discord
    good = discord.attach("message.txt", "words")
    lying = discord.attach("lies.txt", "words", size=3)
    gone = discord.attach("gone.txt", "words", status=404)
    async with aiohttp.ClientSession() as session:
        for told, status in ((good, 200), (lying, 200), (gone, 404)):
            async with session.get(told["url"]) as response:
                assert (response.status, await response.read()) == (status, b"words")
        with pytest.raises(aiohttp.ClientPayloadError):
            async with session.get(discord.attach("cut.txt", "words", cut=True)["url"]) as response:
                await response.read()
    assert (good["size"], lying["size"], len(discord.cdn.hits)) == (5, 3, 4)
