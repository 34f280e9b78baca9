"""Small exports in the layout of each network, made here: each post says what an import must make of it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import libipld

from coach.past.posts import How

FIRST = datetime(2023, 1, 15, 12, 0, 0, tzinfo=UTC)
OWN, OTHER = "42", "77"
DID = "did:plc:abcdefghijklmnopqrstuvwx"


@dataclass(frozen=True)
class Made:
    """A post as it was made: `how` None stands for one that must be left out."""

    number: int
    text: str
    how: How | None = How.POST

    @property
    def written_at(self) -> datetime:
        return FIRST + timedelta(days=9 * self.number)


POSTS = (
    Made(1, "The bakery opens at seven & the rye is ready"),
    Made(2, "Thank you, the photo is lovely", How.REPLY),
    Made(3, "and the second batch at nine", How.THREAD),
    Made(4, "RT @other: somebody else's words", How.REPOST),
    Made(5, "Grüße aus Köln 🥐 “frisch”\nzweite Zeile"),
    Made(6, "Half past ten works for me", How.REPLY),
    Made(7, "for friends only", None),
)


def expected(posts: Sequence[Made]) -> list[tuple[How, datetime]]:
    """What an import must find, counted from what was made and not from any file."""
    return sorted((one.how, one.written_at) for one in posts if one.how is not None)


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return made.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """A tar.gz with these files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return made.getvalue()


def gzipped(data: bytes) -> bytes:
    """A file in gzip."""
    return gzip.compress(data)


# Mastodon

_ME = "https://baker.example/users/me"
_PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def _activity(one: Made) -> dict[str, Any]:
    at = one.written_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    common = {"id": f"{_ME}/statuses/{one.number}/activity", "actor": _ME, "published": at}
    common |= {"to": [_PUBLIC], "cc": [f"{_ME}/followers"]}
    if one.how is None:
        common |= {"to": [f"{_ME}/followers"], "cc": []}
    if one.how is How.REPOST:
        return common | {"type": "Announce", "object": "https://else.example/users/other/statuses/9"}
    answered = {How.REPLY: "https://else.example/users/other/statuses/9", How.THREAD: f"{_ME}/statuses/1"}
    text = one.text.replace("&", "&amp;").replace("\n", "<br />")
    note = {"id": f"{_ME}/statuses/{one.number}", "type": "Note", "published": at, "attributedTo": _ME}
    note |= {"inReplyTo": answered.get(one.how) if one.how else None, "content": f"<p>{text}</p>"}
    return common | {"type": "Create", "object": note | {"url": f"https://baker.example/@me/{one.number}"}}


def outbox(posts: Sequence[Made] = POSTS, context_first: bool = False) -> bytes:
    """Mastodon's outbox.json; its `@context` may come last."""
    context = {"@context": ["https://www.w3.org/ns/activitystreams", {"orderedItemsOf": "x"}]}
    rest: dict[str, Any] = {"id": "outbox.json", "type": "OrderedCollection", "totalItems": len(posts)}
    rest["orderedItems"] = [_activity(one) for one in posts]
    return json.dumps(context | rest if context_first else rest | context).encode()


LIKES = json.dumps(
    {"type": "OrderedCollection", "id": "likes.json", "orderedItems": ["https://e.example/1"]}
).encode()

# X

_TWITTER = "%a %b %d %H:%M:%S +0000 %Y"


def _tweet(one: Made) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": str(1000 + one.number),
        "id_str": str(1000 + one.number),
        "created_at": one.written_at.strftime(_TWITTER),
        "full_text": one.text.replace("&", "&amp;"),
        "retweeted": False,
        "favorite_count": "3",
    }
    if one.how in (How.REPLY, How.THREAD):
        made["in_reply_to_user_id_str"] = OWN if one.how is How.THREAD else OTHER
        made["in_reply_to_status_id_str"] = "1001" if one.how is How.THREAD else "5"
    return made


def tweets(posts: Sequence[Made] = POSTS, name: str = "tweets", part: int = 0, wrapped: bool = True) -> bytes:
    """X's tweets.js or one of its parts; before 2019 the posts were not wrapped."""
    items = [_tweet(one) for one in posts if one.how is not None]
    inside = [{"tweet": item} for item in items] if wrapped else items
    return f"window.YTD.{name}.part{part} = {json.dumps(inside, indent=2)}".encode()


def notes(longer: Mapping[datetime, str]) -> bytes:
    """X's note-tweet.js: long posts by the second in which they were made, under other numbers."""
    items = [
        {"noteTweet": {"noteTweetId": "9", "createdAt": f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "core": {"text": text}}}
        for at, text in longer.items()
    ]
    return f"window.YTD.note_tweet.part0 = {json.dumps(items)}".encode()


MANIFEST = b'window.__THAR_CONFIG = {\n  "userInfo" : {\n    "accountId" : "42",\n    "userName" : "me"\n  }\n}'
DELETED = (
    b'window.YTD.deleted_tweets.part0 = [ {"tweet": {"id_str": "3", "full_text": "gone", "created_at": "x"}} ]'
)


def x_archive(posts: Sequence[Made] = POSTS, folder: str = "") -> dict[str, bytes]:
    """The files of X's archive, in two parts."""
    return {
        f"{folder}Your archive.html": b"<!doctype html><html></html>",
        f"{folder}data/manifest.js": MANIFEST,
        f"{folder}data/tweets.js": tweets(posts[:3]),
        f"{folder}data/tweets-part1.js": tweets(posts[3:], part=1),
        f"{folder}data/deleted-tweets.js": DELETED,
        f"{folder}data/tweets_media/1.jpg": b"\xff\xd8\xff",
        f"__MACOSX/{folder}data/._tweets.js": b"\0\5\x16\7",
    }


def months_of_2013(posts: Sequence[Made] = POSTS) -> dict[str, bytes]:
    """X's archive as it was until 2018: a file a month, with numbers as numbers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in posts:
        if one.how is None:
            continue
        made: dict[str, Any] = {
            "id": 1000 + one.number,
            "id_str": str(1000 + one.number),
            "text": one.text.replace("&", "&amp;"),
            "created_at": f"{one.written_at:%Y-%m-%d %H:%M:%S} +0000",
            "user": {"id": int(OWN), "id_str": OWN, "screen_name": "me"},
        }
        if one.how is How.REPOST:
            made["retweeted_status"] = {"text": one.text}
        if one.how in (How.REPLY, How.THREAD):
            made["in_reply_to_user_id"] = int(OWN if one.how is How.THREAD else OTHER)
        found.setdefault(f"{one.written_at:%Y_%m}", []).append(made)
    files = {
        f"data/js/tweets/{month}.js": f"Grailbird.data.tweets_{month} = \n{json.dumps(items)}".encode()
        for month, items in found.items()
    }
    return files | {
        "data/js/user_details.js": b'var user_details = {\n  "screen_name" : "me",\n  "id" : "42"\n}',
        "tweets.csv": tweets_csv(posts),
    }


def tweets_csv(posts: Sequence[Made] = POSTS) -> bytes:
    """The tweets.csv of that time."""
    names = "tweet_id in_reply_to_status_id in_reply_to_user_id timestamp source text retweeted_status_id"
    rows = [list[str](names.split())]
    for one in posts:
        if one.how is not None:
            user = {How.THREAD: OWN, How.REPLY: OTHER}.get(one.how, "")
            post = {How.THREAD: "1001", How.REPLY: "5"}.get(one.how, "")
            at = f"{one.written_at:%Y-%m-%d %H:%M:%S} +0000"
            text = one.text.replace("&", "&amp;")
            rows.append(
                [str(1000 + one.number), post, user, at, "web", text, "5" if one.how is How.REPOST else ""]
            )
    return table(rows)


def table(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """A CSV file as spreadsheets write it."""
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return made.getvalue().encode()


# LinkedIn


def shares(posts: Sequence[Made] = POSTS, doubled: bool = True) -> bytes:
    """LinkedIn's Shares.csv in the dialect that quotes each line once more, or in the plain one."""
    rows = ["Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility"]
    for one in posts:
        if one.how is How.POST:
            text = one.text.replace('"', '""')
            text = text.replace('"', '""').replace("\n", '""\n""') if doubled else text
            rows.append(
                f'{one.written_at:%Y-%m-%d %H:%M:%S},https://l.example/{one.number},"{text}",,,MEMBER_NETWORK'
            )
    return "\r\n".join(rows).encode()


def comments(posts: Sequence[Made] = POSTS) -> bytes:
    """LinkedIn's Comments.csv, with a backslash before each quotation mark."""
    rows = ["Date,Link,Message"]
    for one in posts:
        if one.how is How.REPLY:
            text = one.text.replace("\\", "\\\\").replace('"', '\\"')
            rows.append(f'{one.written_at:%Y-%m-%d %H:%M:%S},https://l.example/post,"{text}"')
    return "\n".join(rows).encode()


def instant_reposts(posts: Sequence[Made] = POSTS) -> bytes:
    """LinkedIn's InstantReposts.csv."""
    rows = ["Date,Link"]
    rows += [f"{one.written_at:%Y-%m-%d %H:%M:%S},https://l.example/r" for one in posts if one.how is How.REPOST]
    return "\n".join(rows).encode()


# Bluesky


class _Link(bytes):
    """The name of a block, to be written as a link."""


def _head(kind: int, length: int) -> bytes:
    if length < 24:
        return bytes((kind << 5 | length,))
    size = next(size for size in (1, 2, 4) if length < 256**size)
    return bytes((kind << 5 | 24 + size.bit_length() - 1,)) + length.to_bytes(size)


def dag_cbor(value: Any) -> bytes:
    """DAG-CBOR, written anew: `libipld` can't write links."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, _Link):
        return b"\xd8\x2a" + dag_cbor(b"\0" + bytes(value))
    if isinstance(value, (bytes, str)):
        data = value.encode() if isinstance(value, str) else value
        return _head(3 if isinstance(value, str) else 2, len(data)) + data
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return _head(4, len(items)) + b"".join(map(dag_cbor, items))
    pairs = sorted(cast("dict[str, Any]", value).items(), key=lambda pair: (len(pair[0]), pair[0]))
    return _head(5, len(pairs)) + b"".join(dag_cbor(key) + dag_cbor(inside) for key, inside in pairs)


def _varint(number: int) -> bytes:
    made = b""
    while number >= 0x80:
        made += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return made + bytes((number,))


@dataclass
class Car:
    """A CAR file in the making."""

    blocks: bytes = b""

    def add(self, value: Any) -> _Link:
        """Add a block, and give its name."""
        data = dag_cbor(value)
        name = b"\x01\x71\x12\x20" + hashlib.sha256(data).digest()
        self.blocks += _varint(len(name) + len(data)) + name + data
        return _Link(name)

    def file(self, root: bytes) -> bytes:
        """The whole file."""
        head = dag_cbor({"version": 1, "roots": [_Link(root)]})
        assert libipld.decode_dag_cbor(head)["roots"] == [root]
        return _varint(len(head)) + head + self.blocks


def repository(posts: Sequence[Made] = POSTS) -> bytes:
    """A Bluesky repository: a tree of two levels, keys without what they share, and a deleted post left over."""
    car, records = Car(), dict[str, _Link]()
    for one in posts:
        at = f"{one.written_at:%Y-%m-%dT%H:%M:%S}.000Z"
        if one.how is How.REPOST:
            value: dict[str, Any] = {
                "$type": "app.bsky.feed.repost",
                "createdAt": at,
                "subject": {"uri": "at://x/y/z"},
            }
            records[f"app.bsky.feed.repost/3k{one.number:04}"] = car.add(value)
        elif one.how is None:
            car.add({"$type": "app.bsky.feed.post", "createdAt": at, "text": one.text})
        else:
            value = {"$type": "app.bsky.feed.post", "createdAt": at, "text": one.text}
            if one.how is not How.POST:
                author = DID if one.how is How.THREAD else "did:plc:other"
                place = {"uri": f"at://{author}/app.bsky.feed.post/3k1", "cid": "x"}
                value["reply"] = {"parent": place, "root": place}
            records[f"app.bsky.feed.post/3k{one.number:04}"] = car.add(value)
    records["app.bsky.feed.like/3k1"] = car.add({"$type": "app.bsky.feed.like", "createdAt": "x"})
    keys = sorted(records)
    left = car.add(_node(keys[:2], records, None))
    root = car.add(_node(keys[2:], records, left))
    return car.file(car.add({"did": DID, "version": 3, "data": root, "rev": "3k", "prev": None, "sig": b"s"}))


def _node(keys: Sequence[str], records: Mapping[str, _Link], left: _Link | None) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    before = b""
    for key in keys:
        now = key.encode()
        same = next(
            (at for at, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now))
        )
        entries.append({"p": same, "k": now[same:], "v": records[key], "t": None})
        before = now
    return {"l": left, "e": entries}


# Instagram and Threads


def garbled(text: str) -> str:
    """A text as Meta writes it: each byte of UTF-8 as a character."""
    return text.encode().decode("latin-1")


def threads(posts: Sequence[Made] = POSTS) -> bytes:
    """Threads' threads_and_replies.json."""
    items = [
        {
            "media": [
                {
                    "uri": "",
                    "creation_timestamp": int(one.written_at.timestamp()),
                    "title": garbled(one.text),
                    "text_app_post": {"is_reply": one.how is How.REPLY},
                }
            ]
        }
        for one in posts
        if one.how in (How.POST, How.REPLY)
    ]
    return json.dumps({"text_post_app_text_posts": items}, indent=1).encode()


def instagram(posts: Sequence[Made] = POSTS, word: str = "Comment", time: str = "Time") -> dict[str, bytes]:
    """Instagram's files; the names of a comment's values are in the language of its author."""
    mine = [
        {
            "media": [
                {"uri": "a.jpg", "creation_timestamp": int(one.written_at.timestamp()), "title": garbled(one.text)}
            ]
        }
        for one in posts
        if one.how is How.POST
    ]
    said = [
        {
            "media_list_data": [{"uri": ""}],
            "string_map_data": {
                word: {"value": garbled(one.text)},
                "Media Owner": {"value": "other"},
                time: {"timestamp": int(one.written_at.timestamp())},
            },
        }
        for one in posts
        if one.how is How.REPLY
    ]
    return {
        "your_instagram_activity/media/posts_1.json": json.dumps(mine).encode(),
        "your_instagram_activity/comments/post_comments_1.json": json.dumps(said).encode(),
        "your_instagram_activity/likes/liked_posts.json": b'{"likes_media_likes": [{"title": "x"}]}',
        "your_instagram_activity/media/stories.json": b'{"ig_stories": [{"uri": "s", "creation_timestamp": 1}]}',
        "media/posts/1.jpg": b"\xff\xd8",
    }


# JSON Feed and tables


def feed(posts: Sequence[Made] = POSTS) -> bytes:
    """A JSON Feed, as Micro.blog exports it."""
    items = [
        {
            "id": f"https://me.micro.blog/{one.number}",
            "content_html": f"<p>{one.text.replace('&', '&amp;')}</p>",
            "date_published": one.written_at.isoformat(),
        }
        for one in posts
        if one.how is How.POST
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "home_page_url": "https://me.micro.blog/", "items": items}).encode()


def hootsuite(posts: Sequence[Made] = POSTS, form: str = "%d/%m/%Y %H:%M") -> bytes:
    """Hootsuite's three columns: date, message and link, without names."""
    return table(
        [[f"{one.written_at:{form}}", one.text, "https://e.example"] for one in posts if one.how is How.POST]
    )


def any_csv(posts: Sequence[Made] = POSTS, delimiter: str = ",") -> bytes:
    """A table of somebody's own."""
    rows = [["Nr", "Wann (date)", "Message", "in_reply_to"]]
    for one in posts:
        if one.how in (How.POST, How.REPLY):
            answered = "https://e.example/5" if one.how is How.REPLY else ""
            rows.append([str(one.number), one.written_at.isoformat(), one.text, answered])
    return table(rows, delimiter)


def json_lines(posts: Sequence[Made] = POSTS) -> bytes:
    """One object a line."""
    lines = [
        json.dumps(
            {"created_at": int(one.written_at.timestamp()), "content": one.text, "is_reply": one.how is How.REPLY}
        )
        for one in posts
        if one.how in (How.POST, How.REPLY)
    ]
    return "\n".join(lines).encode()


ALL: dict[str, tuple[str, Callable[[], bytes], tuple[How, ...]]] = {
    "Mastodon": ("outbox.json", outbox, tuple(How)),
    "Mastodon, context first": ("x.json", lambda: outbox(context_first=True), tuple(How)),
    "Mastodon, zip": ("a.zip", lambda: zipped({"outbox.json": outbox(), "likes.json": LIKES}), tuple(How)),
    "Mastodon, tar": ("a.tar.gz", lambda: tarred({"m/1.jpg": b"0", "outbox.json": outbox()}), tuple(How)),
    "X": ("x.zip", lambda: zipped(x_archive()), tuple(How)),
    "X, in a folder": ("x.zip", lambda: zipped(x_archive(folder="twitter-2024/")), tuple(How)),
    "X, tweets.js": ("tweets.js", tweets, tuple(How)),
    "X, tweet.js": ("tweet.js", lambda: tweets(name="tweet", wrapped=False), tuple(How)),
    "X, by month": ("old.zip", lambda: zipped(months_of_2013()), tuple(How)),
    "X, tweets.csv": ("tweets.csv", tweets_csv, tuple(How)),
    "LinkedIn, shares": ("Shares.csv", shares, (How.POST,)),
    "LinkedIn, comments": ("Comments.csv", comments, (How.REPLY,)),
    "LinkedIn": (
        "li.zip",
        lambda: zipped(
            {"Shares.csv": shares(), "Comments.csv": comments(), "InstantReposts.csv": instant_reposts()}
        ),
        (How.POST, How.REPLY, How.REPOST),
    ),
    "Bluesky": ("repo.car", repository, tuple(How)),
    "Bluesky, zip": ("repo.zip", lambda: zipped({"repo.car": repository()}), tuple(How)),
    "Threads": ("threads_and_replies.json", threads, (How.POST, How.REPLY)),
    "Instagram": ("ig.zip", lambda: zipped(instagram()), (How.POST, How.REPLY)),
    "Instagram, Dutch": (
        "ig.zip",
        lambda: zipped(instagram(word="Opmerking", time="Tijd")),
        (How.POST, How.REPLY),
    ),
    "Micro.blog": ("me.bar", lambda: zipped({"index.html": b"<html>", "feed.json": feed()}), (How.POST,)),
    "JSON Feed": ("feed.json", feed, (How.POST,)),
    "Hootsuite": ("bulk.csv", hootsuite, (How.POST,)),
    "CSV": ("mine.csv", any_csv, (How.POST, How.REPLY)),
    "CSV, semicolons": ("mine.csv", lambda: any_csv(delimiter=";"), (How.POST, How.REPLY)),
    "CSV, UTF-16": ("mine.csv", lambda: any_csv().decode().encode("utf-16"), (How.POST, How.REPLY)),
    "JSON lines": ("mine.jsonl", json_lines, (How.POST, How.REPLY)),
}
"""Every layout: the name of its file, how it is made, and which posts of `POSTS` such an export has."""
