"""The exports of Instagram and Threads as JSON: posts, reels and comments.

In them each byte of UTF-8 is written as if it were a character of its own. The values of comments have names in
the language of their author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from coach import wording_exports
from coach.errors import Refused
from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.texts import json_items, start_of
from coach.past.values import digest, inside, listed, moment, string

_THREADS = "text_post_app_text_posts"
_REELS = ("ig_reels_media", "ig_igtv_media")
_COMMENTS = ("comments_reels_comments", "comments_story_comments")
_POSTS = re.compile(r"\s*\[\s*\{")
_PAGES = re.compile(r"(?:threads_and_replies|posts_\d+|post_comments_\d+|reels_comments|reels)\.html?")
_OWNER = "Media Owner"


def find_threads(members: Sequence[Member]) -> Part | None:
    """The posts and replies on Threads among the files of an export."""
    files = [member for member in members if _is_json(member) and f'"{_THREADS}"' in start_of(member)]
    if not files:
        return None
    return Part("Threads", tuple(files), partial(_items, dict.fromkeys(files, (_THREADS,))), post_of_threads)


def find_instagram(members: Sequence[Member]) -> Part | None:
    """The posts, reels and comments on Instagram among the files of an export."""
    files: dict[Member, Sequence[str]] = {}
    for member in members:
        if _is_json(member):
            start = start_of(member)
            if keys := [key for key in (*_REELS, *_COMMENTS) if f'"{key}"' in start]:
                files[member] = keys
            elif _POSTS.match(start) and _is_of_posts_or_comments(start):
                files[member] = ()
    return Part("Instagram", tuple(files), partial(_items, files), post_of_instagram) if files else None


def refuse_pages(name: str, members: Sequence[Member]) -> None:
    """Say how to get JSON, if an export has what is wanted only as web pages.

    Args:
        name: the upload's name.
        members: its files.

    Raises:
        Refused: it has.
    """
    if any(_PAGES.fullmatch(member.name) for member in members):
        raise Refused(wording_exports.only_html(name))


def _is_json(member: Member) -> bool:
    return member.path.suffix.lower() == ".json"


def _is_of_posts_or_comments(start: str) -> bool:
    return '"creation_timestamp"' in start or ('"string_map_data"' in start and '"media_list_data"' in start)


def _items(files: dict[Member, Sequence[str]], count: Count) -> Iterator[Any]:
    for member, keys in files.items():
        yield from json_items(member, keys, count)


def post_of_threads(item: dict[str, Any]) -> PastPost:
    """The post that an item of `threads_and_replies.json` is."""
    replies = [inside(one, "text_app_post").get("is_reply") for one in (item, *listed(item.get("media")))]
    return _post(item, "threads", How.REPLY if True in replies else How.POST)


def post_of_instagram(item: dict[str, Any]) -> PastPost:
    """The post or comment that an item is."""
    if "string_map_data" not in item:
        return _post(item, "instagram", How.POST)
    values = inside(item, "string_map_data")
    when = next(inside(each)["timestamp"] for each in values.values() if inside(each).get("timestamp"))
    named = next((name for name in values if name != _OWNER and inside(values, name).get("value")), "")
    said = inside(values, "Comment") or inside(values, named)
    text = mended(string(said.get("value") or ""))
    return PastPost(moment(when), text, How.REPLY, f"instagram:{digest(when, text, values.get(_OWNER))}")


def _post(item: dict[str, Any], network: str, how: How) -> PastPost:
    media = listed(item.get("media")) or [item]
    title = item.get("title") or next((one["title"] for one in map(inside, media) if one.get("title")), "")
    first = inside(media[0])
    when = item.get("creation_timestamp") or first["creation_timestamp"]
    text = mended(string(title))
    return PastPost(moment(when), text, how, f"{network}:{digest(when, text, first.get('uri'))}")


def mended(text: str) -> str:
    """A text whose bytes were each written as a character, as its author wrote it."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
