"""Discord's REST on the loopback: what the bot asks for, and what it is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web
from discord import Embed

from tests.loopback.truth import LOADING, THREAD, Channel, Message, Payload

if TYPE_CHECKING:
    from tests.loopback.server import Interaction, Loopback

FIELDS: Payload = {"content": "", "embeds": [], "components": [], "attachments": [], "flags": 0, "nonce": None}
"""What of a message the bot sets; null means this."""


class Refusal(Exception):
    """A request is answered with an error: HTTP's status and Discord's own number and words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message}


def found(known: Mapping[Any, Any], key: str, code: int, what: str) -> Any:
    """What has an id or token, or Discord's 404."""
    one = known.get(int(key) if key.isdigit() else key)
    if one is None or getattr(one, "deleted", False):
        raise Refusal(404, code, f"Unknown {what}")
    return one


class Rest:
    """Answers requests from the truth, and changes it."""

    def __init__(self, discord: Loopback) -> None:
        self._discord = discord

    async def body(self, request: web.BaseRequest) -> Any:
        """The JSON of a request; files that came with it are stored and stand in it as Discord would show them."""
        if not request.can_read_body:
            return None
        files: dict[str, Payload] = {}
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body = json.loads(str(form["payload_json"]))
            for name, part in form.items():
                if isinstance(part, web.FileField):
                    files[name] = self._discord.store_file(part.filename, part.file.read())
        else:
            body = await request.json()
        target: Payload = body.get("data", body) if hasattr(body, "get") else {}
        if "attachments" in target:
            ids = [str(attachment["id"]) for attachment in target["attachments"]]
            target["attachments"] = [files.get(f"files[{key}]") or self._discord.files[key][0] for key in ids]
        return body

    async def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Any:
        """The JSON of a good answer, None for one without.

        Raises:
            Refusal: it is an error.
        """
        discord, bot = self._discord, self._discord.bot
        match [method, *path.split("/")[1:]]:
            case "GET", "users", "@me":
                return bot.payload()
            case "GET", "users", "@me", "guilds":
                return [] if "after" in query else [guild.payload(bot) for guild in discord.guilds.values()]
            case "GET", "users", id:
                return found(discord.users, id, 10013, "User").payload()
            case "POST", "users", "@me", "channels":
                return discord.dm(found(discord.users, body["recipient_id"], 10013, "User")).payload(bot)
            case "GET", "oauth2", "applications", "@me":
                owner = {
                    "owner": bot.payload(),
                    "bot_public": True,
                    "bot_require_code_grant": False,
                    "flags": 1 << 19,
                }
                return {
                    "id": str(bot.id),
                    "name": bot.name,
                    "description": "",
                    "icon": None,
                    "verify_key": "",
                    "flags": 1 << 19,
                    **owner,
                }
            case "GET", "gateway", *_:
                limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
                return {"url": discord.gateway_address, "shards": discord.shards, "session_start_limit": limit}
            case "GET" | "PUT", "applications", app, *scope, "commands":
                guild = int(scope[1]) if scope else 0
                if method == "PUT":
                    new: Payload = {"application_id": app, "version": "1", "description": ""}
                    discord.commands[guild] = [{"id": str(discord.snowflake()), **new, **one} for one in body]
                return discord.commands.get(guild, [])
            case "GET", "guilds", id, *rest:
                guild = found(discord.guilds, id, 10004, "Guild")
                if rest[:1] == ["members"]:
                    user = found(discord.users, rest[1], 10013, "User")
                    if user.home not in (None, guild):
                        raise Refusal(404, 10007, "Unknown Member")
                    return user.member(guild) | {"user": user.payload()}
                payload = guild.payload(bot)
                if rest == ["channels"]:
                    return payload["channels"]
                return {"threads": payload["threads"], "members": []} if rest == ["threads", "active"] else payload
            case _, "channels", id, *rest:
                channel = found(discord.channels, id, 10003, "Channel")
                if not channel.bot_may("view_channel"):
                    raise Refusal(403, 50001, "Missing Access")
                return await self._in_channel(channel, [method, *rest], query, body)
            case "POST", "interactions", _, token, "callback":
                interaction = found(discord.interactions, token, 10062, "interaction")
                return await self._callback(interaction, body["type"], body.get("data") or {})
            case "POST", "webhooks", _, token:
                interaction = found(discord.interactions, token, 10015, "Webhook")
                if interaction.thinking:  # the first follow-up takes the place of "is thinking"
                    return await self._one(interaction.messages[0], "PATCH", body)
                return await self._tell(interaction, body)
            case _, "webhooks", _, token, "messages", id:
                told = found(discord.interactions, token, 10015, "Webhook").messages
                known: dict[Any, Message] = {one.id: one for one in told}
                known |= dict(zip(["@original"], told, strict=False))
                return await self._one(found(known, id, 10008, "Message"), method, body)
            case _:
                raise Refusal(404, 0, "404: Not Found")

    async def _in_channel(self, channel: Channel, asked: list[str], query: Mapping[str, str], body: Any) -> Any:
        here = {key: self._discord.messages[key] for key in channel.ids} if len(asked) > 2 else {}
        match asked:
            case ["GET"]:
                return channel.payload(self._discord.bot)
            case "GET", "threads", "archived", "public":
                return self._archived(channel, query)
            case "GET", "messages":
                return self._history(channel, query)
            case "POST", "messages":
                return await self._send(channel, body)
            case method, "messages", id:
                return await self._one(found(here, id, 10008, "Message"), method, body)
            case method, "messages", id, "reactions", emoji, "@me":
                message = found(here, id, 10008, "Message")
                if method == "PUT" and not all(map(channel.bot_may, ("add_reactions", "read_message_history"))):
                    raise Refusal(403, 50013, "Missing Permissions")
                others = [sign for sign in message.reactions if sign != emoji]
                message.reactions = [*others, emoji] if method == "PUT" else others
            case _:
                raise Refusal(404, 0, "404: Not Found")

    async def _one(self, message: Message, method: str, body: Any) -> Any:
        """A single message: shown, changed or deleted."""
        if method != "GET" and message.author is not self._discord.bot:
            raise Refusal(403, 50013, "Missing Permissions")
        if method == "DELETE":
            return await self._discord.delete(message)
        if method == "PATCH":
            fields: Payload = {"flags": message.flags & ~LOADING} | fields_of(body)
            await self._discord.edit(message, **fields)
        return message.payload(self._discord.users)

    def _archived(self, parent: Channel, query: Mapping[str, str]) -> Payload:
        before = datetime.fromisoformat(query["before"]) if "before" in query else None
        limit, threads = int(query.get("limit", 50)), parent.guild.channels if parent.guild else []
        old = [(one.archived, one) for one in threads if one.parent is parent and one.archived]
        old = sorted((pair for pair in old if before is None or pair[0] < before), key=lambda pair: pair[0])
        page = [one.payload(self._discord.bot) for _, one in old[::-1][:limit]]
        return {"threads": page, "members": [], "has_more": len(old) > limit}

    def _history(self, channel: Channel, query: Mapping[str, str]) -> list[Payload]:
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise Refusal(400, 50035, "Invalid Form Body")
        if not channel.bot_may("read_message_history"):
            return []
        ends = [int(query[name]) if name in query else None for name in ("before", "after", "around")]
        return [self._discord.messages[key].payload(self._discord.users) for key in channel.page(limit, *ends)]

    async def _send(self, channel: Channel, body: Payload) -> Payload:
        discord, fields, reference = self._discord, fields_of(body), body.get("message_reference")
        if not channel.bot_may("send_messages_in_threads" if channel.kind == THREAD else "send_messages"):
            raise Refusal(403, 50013, "Missing Permissions")
        if channel.guild is None and channel.user is not None and channel.user.closed_dms:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if not any(fields.get(name) for name in ("content", "embeds", "attachments", "components")):
            raise Refusal(400, 50006, "Cannot send an empty message")
        to = discord.messages.get(int(reference["message_id"])) if reference else None
        if reference and (to is None or to.deleted) and reference.get("fail_if_not_exists", True):
            raise Refusal(400, 50035, "Invalid Form Body: message_reference: Unknown message")
        return (await discord.post(channel, discord.bot, reply_to=to, **fields)).payload(discord.users)

    async def _callback(self, interaction: Interaction, kind: int, data: Payload) -> Payload:
        if interaction.kind:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if asyncio.get_running_loop().time() > interaction.at + 3:
            raise Refusal(404, 10062, "Unknown interaction")
        interaction.kind, interaction.data = kind, data
        answer: Payload = {"interaction": {"id": str(interaction.id), "type": 2}}
        if kind in (4, 5):
            data = data | {"flags": data.get("flags", 0) | (LOADING if kind == 5 else 0)}
            answer["resource"] = {"type": kind, "message": await self._tell(interaction, data)}
        elif interaction.source is not None:
            interaction.messages.append(interaction.source)
            if kind == 7:
                answer["resource"] = {"type": kind, "message": await self._one(interaction.source, "PATCH", data)}
        return answer

    async def _tell(self, interaction: Interaction, data: Payload) -> Payload:
        message = await self._discord.post(interaction.channel, self._discord.bot, **fields_of(data))
        interaction.messages.append(message)
        return message.payload(self._discord.users)


def fields_of(body: Payload) -> Payload:
    """The fields of a message that the bot sends, if Discord would take them."""
    fields: Payload = {name: body[name] or empty for name, empty in FIELDS.items() if name in body}
    embeds: list[Any] = fields.get("embeds", [])
    too_long = len(fields.get("content", "")) > 2000 or sum(len(Embed.from_dict(one)) for one in embeds) > 6000
    if too_long or len(embeds) > 10 or len(fields.get("components", [])) > 5:
        raise Refusal(400, 50035, "Invalid Form Body")
    return fields
