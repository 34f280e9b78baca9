"""Discord's REST API on the loopback: what the bot may ask for and do, and Discord's codes for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from discord import Permissions
from discord.utils import snowflake_time

from tests.support.loopback.faults import Refused
from tests.support.loopback.interactions import Interactions, fields_of
from tests.support.loopback.truth import DIRECT, PRIVATE_THREAD, Channel, Guild, Message, Payload, User

MOST_REACTIONS = 20


def known(there: Mapping[int, Any], key: str, code: int) -> Any:
    """The thing with an id; if there is none, Discord's code for an unknown one is raised."""
    if not key.isdigit():
        raise Refused(50035)
    if (one := there.get(int(key))) is None:
        raise Refused(code)
    return one


class Rest(Interactions):
    """The answers to all that the bot may ask."""

    def __init__(self) -> None:
        super().__init__()
        self.nonces_live = timedelta(minutes=3)
        """How long a nonce is remembered: "the past few minutes", says Create Message."""
        self.flags = 1 << 19
        """Of the application: it may read the text of messages."""

    def _guild(self, key: str) -> Guild:
        guild = known(self.guilds, key, 10004)
        if guild.down:
            raise Refused(130000)
        return guild

    def _member(self, guild: Guild, key: str) -> User:
        if (user := known(self.users, key, 10013)) in guild.gone:
            raise Refused(10007)
        return user

    def _channel(self, key: str, *needed: str) -> Channel:
        """A channel that the bot may view, with permissions by discord.py's names, or why it is refused."""
        channel: Channel = known(self.channels, key, 10003)
        if channel.kind == DIRECT:
            return channel
        if self.guilds.get(channel.guild.id) is not channel.guild or channel.hidden:
            raise Refused(50001)
        if channel.guild.down:
            raise Refused(130000)
        if not channel.allows(self.bot).is_superset(Permissions(**dict.fromkeys(needed, True))):
            raise Refused(50013)
        return channel

    def _message(self, channel: Channel, key: str) -> Message:
        return known(channel.messages, key, 10008)

    async def _answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Any:
        """The JSON of a good answer, None for one without; errors are raised."""
        match path.split("/")[1:]:
            case ["channels", key, *rest]:
                return await self._in_channel(method, key, rest, query, body or {})
            case ["guilds", key, *rest]:
                return self._in_guild(method, key, rest)
            case ["interactions", _, token, "callback"]:
                if (interaction := self.interactions.get(token)) is None:
                    raise Refused(10062)
                return await self._callback(interaction, body["type"], body.get("data") or {})
            case ["webhooks", _, token, *rest]:
                return await self._webhook(method, token, rest, body or {})
            case rest:
                return self._of_itself(method, rest, query, body)

    def _of_itself(self, method: str, rest: list[str], query: Mapping[str, str], body: Any) -> Any:
        """What the bot asks about itself, its commands and people."""
        match [method, *rest]:
            case "GET", "users", "@me":
                return self.bot.payload()
            case "GET", "users", "@me", "guilds":
                if "after" in query:
                    return []
                counted = {"approximate_member_count": 100} if query.get("with_counts") else {}
                return [guild.payload(self.bot) | counted for guild in self.guilds.values()]
            case "POST", "users", "@me", "channels":
                return self.dm(known(self.users, str(body["recipient_id"]), 10013)).payload()
            case "GET", "users", key:
                return known(self.users, key, 10013).payload()
            case "GET", "oauth2", "applications", "@me":
                told = {"id": str(self.bot.id), "name": self.bot.name, "description": "", "icon": None}
                owned = {"owner": self.bot.payload(), "bot_public": True, "bot_require_code_grant": False}
                return told | owned | {"verify_key": "", "flags": self.flags}
            case "GET", "gateway", "bot":
                limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
                return {"url": self.gateway_address, "shards": 1, "session_start_limit": limit}
            case "GET", "applications", _, "commands":
                return self.commands
            case "GET", "applications", _, "emojis":
                return {"items": []}
            case "PUT", "applications", app, "commands":
                head = {"application_id": app, "version": "1", "description": ""}
                self.commands = [{"id": str(self.snowflake()), **head, **one} for one in body]
                return self.commands
            case _:
                raise NotImplementedError(method, rest)  # nothing on the loopback asks for more

    def _in_guild(self, method: str, key: str, rest: list[str]) -> Any:
        guild = self._guild(key)
        match [method, *rest]:
            case ["GET"]:
                return guild.payload(self.bot)
            case "GET", "channels":
                return guild.payload(self.bot)["channels"]
            case "GET", "roles":
                return guild.payload(self.bot)["roles"]
            case "GET", "threads", "active":
                return {"threads": guild.payload(self.bot)["threads"], "members": []}
            case "GET", "members", user:
                return guild.member(self._member(guild, user))
            case _:
                raise NotImplementedError(method, rest)

    async def _in_channel(
        self, method: str, key: str, rest: list[str], query: Mapping[str, str], body: Payload
    ) -> Any:
        match [method, *rest]:
            case ["GET"]:
                return self._channel(key).payload()
            case "POST", "typing":
                self._channel(key, "send_messages")
                return None
            case "GET", "threads", "archived", "public" | "private" as kind:
                return self._archived(self._channel(key), kind, query)
            case "GET", "messages":
                return self._history(self._channel(key), query)
            case "POST", "messages":
                return await self._send(self._channel(key), body)
            case [_, "messages", message, *more]:
                return await self._with_message(method, self._channel(key), message, more, body)
            case _:
                raise NotImplementedError(method, rest)

    def _history(self, channel: Channel, query: Mapping[str, str]) -> list[Payload]:
        """Get Channel Messages: without Read Message History it returns no messages, which is no error."""
        if not channel.allows(self.bot).read_message_history:
            return []
        before, after = (int(query[name]) if name in query else None for name in ("before", "after"))
        return [message.payload() for message in channel.page(int(query.get("limit", 50)), before, after)]

    def _archived(self, channel: Channel, kind: str, query: Mapping[str, str]) -> Payload:
        """List Public (or Private) Archived Threads: the last archived first, a page at a time."""
        may = channel.allows(self.bot)
        if not may.read_message_history or (kind == "private" and not may.manage_threads):
            raise Refused(50001)
        before = datetime.fromisoformat(query["before"]) if "before" in query else None
        threads = [
            one
            for one in channel.guild.channels
            if one.parent is channel and one.archived and (one.kind == PRIVATE_THREAD) == (kind == "private")
            if before is None or datetime.fromisoformat(one.archived_at) < before
        ]
        threads.sort(key=lambda one: datetime.fromisoformat(one.archived_at), reverse=True)
        page = threads[: int(query.get("limit", 50))]
        return {"threads": [one.payload() for one in page], "members": [], "has_more": len(page) < len(threads)}

    async def _send(self, channel: Channel, body: Payload) -> Payload:
        """Create Message."""
        if (to_whom := channel.recipient) is not None:
            self._may_write_to(to_whom)
        self._may_send(channel, body)
        to, reference = None, body.get("message_reference")
        if reference:
            if not channel.allows(self.bot).read_message_history:
                raise Refused(160002)
            to = channel.messages.get(int(reference["message_id"]))
            if to is None and reference.get("fail_if_not_exists", True):
                unknown = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
                raise Refused(50035, errors={"message_reference": {"_errors": [unknown]}})
        if not any(body.get(name) for name in ("content", "embeds", "components", "attachments")):
            raise Refused(50006)
        if body.get("enforce_nonce") and (sent := self._sent_as(str(body["nonce"]))) is not None:
            if sent.deleted:
                raise Refused(10008)
            return sent.payload()
        return (await self.post(channel, self.bot, reply_to=to, **fields_of(body))).payload()

    def _sent_as(self, nonce: str) -> Message | None:
        """The bot's newest message with a nonce, even a deleted one; none that is older than a few minutes."""
        for one in reversed(self.messages.values()):
            if self.clock() - snowflake_time(one.id) >= self.nonces_live:
                return None
            if one.author is self.bot and one.fields.get("nonce") == nonce:
                return one
        return None

    def _may_write_to(self, user: User) -> None:
        if all(user in guild.gone for guild in self.guilds.values()):
            raise Refused(50278)
        if not user.dms or user.blocks:
            raise Refused(50007)

    def _may_send(self, channel: Channel, body: Payload) -> None:
        may = channel.allows(self.bot)
        allowed = may.send_messages_in_threads if channel.parent else may.send_messages
        if body.get("embeds"):
            allowed = allowed and may.embed_links
        if body.get("attachments"):
            allowed = allowed and may.attach_files
        if not allowed:
            raise Refused(50013)
        if channel.archived and channel.locked and not may.manage_threads:
            raise Refused(160005)

    async def _with_message(self, method: str, channel: Channel, key: str, more: list[str], body: Payload) -> Any:
        may = channel.allows(self.bot)
        if method == "GET" and not may.read_message_history:
            raise Refused(50001)
        message = self._message(channel, key)
        if method != "GET" and channel.archived:
            raise Refused(50083)
        match [method, *more]:
            case ["GET"]:
                return message.payload()
            case ["PATCH"]:
                if message.author is not self.bot:
                    raise Refused(50005)
                return await self._edit(message, body)
            case ["DELETE"]:
                if message.author is not self.bot and not may.manage_messages:
                    raise Refused(50013)
                await self.delete(message)
                return None
            case "PUT" | "DELETE", "reactions", emoji, "@me":
                self._may_react(method, channel, message, emoji)
                others = [sign for sign in message.reactions if sign != emoji]
                message.reactions = [*others, emoji] if method == "PUT" else others
                return None
            case _:
                raise NotImplementedError(method, more)

    def _may_react(self, method: str, channel: Channel, message: Message, emoji: str) -> None:
        """Create Reaction: a name in letters is not an emoji, and servers have no custom ones here."""
        if emoji.isascii():
            raise Refused(10014)
        if method == "DELETE" or emoji in message.reactions:
            return
        may = channel.allows(self.bot)
        if not (may.add_reactions and may.read_message_history):
            raise Refused(50013)
        if message.author.blocks:
            raise Refused(90001)
        if len(message.reactions) == MOST_REACTIONS:
            raise Refused(30010)
