"""JSON Feed (jsonfeed.org/version/1.1), which Micro.blog and other blogs export, also within a `.bar` archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coach.past.markup import words_of
from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.texts import json_items, start_of
from coach.past.values import digest, moment, string


def find(members: Sequence[Member]) -> Part | None:
    """The feed among the files of an export."""
    files = tuple(member for member in members if _is_feed(member))
    if not files:
        return None
    name = "Micro.blog" if any("micro.blog" in start_of(member) for member in files) else "JSON Feed"
    return Part(name, files, lambda count: _items(files, count), post_of)


def _is_feed(member: Member) -> bool:
    start = start_of(member)
    return start.lstrip().startswith("{") and (
        "jsonfeed.org/version" in start or (member.name == "feed.json" and '"items"' in start)
    )


def _items(files: Sequence[Member], count: Count) -> Iterator[Any]:
    for member in files:
        yield from json_items(member, ("items",), count)


def post_of(item: dict[str, Any]) -> PastPost:
    """The post that an item of a feed is, with its title above it."""
    text = item.get("content_text")
    text = string(text) if text else words_of(string(item.get("content_html") or ""))
    title = string(item.get("title") or "").strip()
    when = item.get("date_published") or item["date_modified"]
    address = item.get("id") or item.get("url")
    return PastPost(
        moment(when), f"{title}\n\n{text}" if title else text, How.POST, f"feed:{address or digest(when, text)}"
    )
