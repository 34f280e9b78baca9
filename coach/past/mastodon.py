"""Mastodon's export: the activities of `outbox.json`, also as other servers of its kind write it.

Its layout is that of `app/services/backup_service.rb` in mastodon/mastodon: an ActivityStreams OrderedCollection,
in a tar.gz until 2023 and in a zip since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from coach.past.markup import words_of
from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.texts import json_items, start_of
from coach.past.values import inside, listed, moment, string

_ITEMS = "orderedItems"
# likes.json and bookmarks.json are collections too, but of addresses.
_OBJECTS = re.compile(rf'"{_ITEMS}"\s*:\s*\[\s*\{{')
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_PROFILE = re.compile(r"https?://[^/]+/@[^/@]+/")


def find(members: Sequence[Member]) -> Part | None:
    """The outbox among the files of an export."""
    files = tuple(
        member
        for member in members
        if member.path.suffix.lower() == ".json"
        and (
            _OBJECTS.search(start := start_of(member)) or (member.name == "outbox.json" and f'"{_ITEMS}"' in start)
        )
    )
    return Part("Mastodon", files, lambda count: _items(files, count), post_of) if files else None


def _items(files: Sequence[Member], count: Count) -> Iterator[Any]:
    for member in files:
        yield from json_items(member, (_ITEMS,), count)


def post_of(activity: dict[str, Any]) -> PastPost | None:
    """The post of an activity; None for a private one, and for one that is neither a post nor a boost."""
    kind, made = activity["type"], inside(activity, "object")
    if kind not in ("Create", "Announce") or not _is_public(activity, made):
        return None
    if kind == "Announce":
        return PastPost(moment(activity["published"]), "", How.REPOST, f"mastodon:{string(activity['id'])}")
    written_at = moment(activity.get("published") or made["published"])
    words = words_of(string(made.get("content") or ""))
    return PastPost(written_at, words, _how(activity, made), f"mastodon:{string(made['id'])}")


def _is_public(activity: dict[str, Any], made: dict[str, Any]) -> bool:
    """Whether everybody may read it, listed or not."""
    audience = listed(activity.get("to")) + listed(activity.get("cc"))
    audience = audience or listed(made.get("to")) + listed(made.get("cc"))
    return any(one in _PUBLIC for one in audience if isinstance(one, str))


def _how(activity: dict[str, Any], made: dict[str, Any]) -> How:
    answered = made.get("inReplyTo")
    if not answered:
        return How.POST
    own = [f"{activity.get('actor') or made.get('attributedTo')}/"]
    if isinstance(url := made.get("url"), str) and (profile := _PROFILE.match(url)):
        own.append(profile[0])
    return How.THREAD if isinstance(answered, str) and answered.startswith(tuple(own)) else How.REPLY
