"""Discord's documented limits: what it would refuse in a message, and whom a message would ping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import discord

CONTENT = 2000
EMBEDS, EMBED_TOTAL, FIELDS = 10, 6000, 25
TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER, AUTHOR = 256, 4096, 256, 1024, 2048, 256
ROWS, BUTTONS, BUTTON_LABEL, CUSTOM_ID = 5, 5, 80, 100
OPTIONS, OPTION_LABEL, OPTION_VALUE, PLACEHOLDER = 25, 100, 100, 150
CHOICES, CHOICE_NAME = 25, 100
FILES, FILE_DESCRIPTION = 10, 1024

ACTION_ROW, BUTTON, STRING_SELECT = 1, 2, 3

HALF = re.compile("[\ud800-\udfff]")

Payload = Mapping[str, Any]


def payload(
    content: str | None = None,
    *,
    embed: discord.Embed | None = None,
    embeds: Sequence[discord.Embed] = (),
    view: discord.ui.View | None = None,
) -> dict[str, Any]:
    """A message as it goes over the wire, from the arguments of `send`."""
    shown = [*embeds, *([embed] if embed is not None else [])]
    return {
        "content": content,
        "embeds": [embed.to_dict() for embed in shown],
        "components": view.to_components() if view is not None else [],
    }


def refusals(message: Payload, *, edit: bool = False) -> list[str]:
    """What Discord would refuse a message for; empty if it would accept it. Characters are code points.

    Args:
        message: as it goes over the wire.
        edit: it changes a message, whose other parts stay.
    """
    return list(_message(message, edit))


def _message(message: Payload, edit: bool) -> Iterator[str]:
    content: str = message.get("content") or ""
    embeds, components, files = (_list(message, key) for key in ("embeds", "components", "attachments"))
    if not (edit or content.strip() or embeds or components or files):
        yield "the message is empty"
    yield from _text("content", content, CONTENT, needed=False)
    if len(embeds) > EMBEDS:
        yield f"{len(embeds)} embeds"
    total = 0
    for embed in embeds:
        yield from _embed(embed)
        total += sum(len(text) for text in _texts(embed))
    if total > EMBED_TOTAL:
        yield f"embeds of {total} characters together"
    yield from _components(components)
    if len(files) > FILES:
        yield "too many files"
    for file in files:
        yield from _text("file description", file.get("description") or "", FILE_DESCRIPTION, needed=False)


def _list(holder: Payload, key: str) -> list[Payload]:
    return holder.get(key) or []


def _text(name: str, text: object, most: int, *, needed: bool = True) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{name} is no text"
        return
    # Discord strips white space from both ends before it checks.
    if needed and not text.strip():
        yield f"{name} is empty"
    if len(text) > most:
        yield f"{name} has {len(text)} characters of {most}"
    if HALF.search(text):
        yield f"{name} holds half a character"


def _texts(embed: Payload) -> Iterator[str]:
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for part, key in (("footer", "text"), ("author", "name")):
        yield embed[part].get(key) or "" if part in embed else ""
    for field in _list(embed, "fields"):
        yield from (field.get("name") or "", field.get("value") or "")


def _embed(embed: Payload) -> Iterator[str]:
    yield from _text("title", embed.get("title", ""), TITLE, needed="title" in embed)
    yield from _text("description", embed.get("description", ""), DESCRIPTION, needed="description" in embed)
    if "footer" in embed:
        yield from _text("footer", embed["footer"].get("text"), FOOTER)
    if "author" in embed:
        yield from _text("author", embed["author"].get("name"), AUTHOR)
    fields = _list(embed, "fields")
    if len(fields) > FIELDS:
        yield f"{len(fields)} fields"
    for field in fields:
        yield from _text("field name", field.get("name"), FIELD_NAME)
        yield from _text("field value", field.get("value"), FIELD_VALUE)


def _components(rows: Sequence[Payload]) -> Iterator[str]:
    if len(rows) > ROWS:
        yield f"{len(rows)} rows"
    ids: list[str] = []
    for row in rows:
        inside = _list(row, "components")
        if row.get("type") != ACTION_ROW or not inside:
            yield "a row that is none, or empty"
        if len(inside) > BUTTONS or (len(inside) > 1 and any(item["type"] != BUTTON for item in inside)):
            yield "a row that is too full"
        for item in inside:
            ids.append(item.get("custom_id") or "")
            yield from _text("custom id", ids[-1], CUSTOM_ID)
            if item["type"] == BUTTON:
                yield from _text("button", item.get("label") or "", BUTTON_LABEL, needed=not item.get("emoji"))
            elif item["type"] == STRING_SELECT:
                yield from _select(item)
    if len(ids) != len(set(ids)):
        yield "a custom id twice"


def _select(menu: Payload) -> Iterator[str]:
    yield from _text("placeholder", menu.get("placeholder") or "", PLACEHOLDER, needed=False)
    options = _list(menu, "options")
    if not 1 <= len(options) <= OPTIONS:
        yield f"{len(options)} options"
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield "an option twice"
    for option in options:
        yield from _text("option label", option.get("label"), OPTION_LABEL)
        yield from _text("option value", option.get("value"), OPTION_VALUE)
        yield from _text("option description", option.get("description") or "", OPTION_LABEL, needed=False)


def messages(requests: Iterable[Any]) -> Iterator[tuple[Payload, bool]]:
    """The messages among the REST calls that a simulated Discord has recorded, and whether each is an edit."""
    for request in requests:
        body: Any = request.json
        if body is None or request.method not in ("POST", "PATCH"):
            continue
        path = request.path.strip("/").split("/")
        if path[0] == "interactions":
            # 4 answers, 7 edits the message of a button; the other callbacks hold no message.
            if body.get("type") in (4, 7):
                yield body["data"], body["type"] == 7
        elif path[0] == "webhooks" or (path[0] == "channels" and path[2:3] == ["messages"] and len(path) <= 4):
            yield body, request.method == "PATCH"


def autocompletions(requests: Iterable[Any]) -> Iterator[list[Payload]]:
    """The choices offered while somebody typed."""
    for request in requests:
        if request.path.startswith("/interactions/") and request.json.get("type") == 8:
            yield request.json["data"]["choices"]


def faults(requests: Iterable[Any]) -> list[str]:
    """Everything wrong with the messages among REST calls: refused by Discord, or able to ping somebody."""
    found: list[str] = []
    calls = list(requests)
    for message, edit in messages(calls):
        found += refusals(message, edit=edit)
        if may_ping(message):
            found.append(f"may ping: {message.get('allowed_mentions')}")
    for choices in autocompletions(calls):
        if len(choices) > CHOICES:
            found.append(f"{len(choices)} choices")
        for choice in choices:
            found += [
                *_text("choice", choice["name"], CHOICE_NAME),
                *_text("choice", choice["value"], CHOICE_NAME),
            ]
    return found


def may_ping(message: Payload) -> bool:
    """Whether a message, sent or edited, lets Discord notify anybody it mentions or answers."""
    allowed = message.get("allowed_mentions")
    if allowed is None:
        # Without a policy, Discord pings everybody the text mentions.
        return True
    return bool(
        allowed.get("parse") or allowed.get("users") or allowed.get("roles") or allowed.get("replied_user")
    )


def spoken(message: Payload) -> str:
    """Everything that a message says, in one text, its buttons and menus included."""
    return "\n".join(_strings({**message, "allowed_mentions": None, "nonce": None}))


def _strings(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for value in cast("Mapping[str, object]", part).values():
            yield from _strings(value)
    elif isinstance(part, list):
        for value in cast("list[object]", part):
            yield from _strings(value)
