"""X's export (Twitter's, before): today's `data/*.js`, and the monthly files and the table of 2012 to 2019.

The files are JavaScript: an assignment, then JSON. Long posts are cut in `tweets.js` and whole in `note-tweet.js`,
under numbers of their own, so they are joined by the second in which they were made.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.past.members import Count, Member
from coach.past.parts import Part
from coach.past.posts import How, PastPost
from coach.past.texts import json_items, rows_of, start_of
from coach.past.values import inside, listed, moment, string

# The second is what is left when somebody has taken the assignment away.
_TODAY = re.compile(r'\s*window\.YTD\.tweets?\.part\d+\s*=|\s*\[\s*\{\s*"tweet"\s*:\s*\{')
_MONTH = re.compile(r"\s*Grailbird\.data\.tweets_\d{4}_\d\d\s*=")
_NOTES = re.compile(r"\s*window\.YTD\.note_tweet\.part\d+\s*=")
_OWN = re.compile(
    r"\s*(?:window\.__THAR_CONFIG|window\.YTD\.account\.part\d+|var user_details)\s*=.*?"
    r'"(?:accountId|id)"\s*:\s*"?(\d+)',
    re.DOTALL,
)
_COLUMNS = ("tweet_id", "in_reply_to_user_id", "timestamp", "text")

_PREFIX = 200
_RETWEET = re.compile(r"RT @\w+")
_MENTIONS = re.compile(r"(?:\s*@\w+)*\s*")
_CUT = re.compile(r"\s*(?:…|\.\.\.)?(?:\s*https://t\.co/\w+)*\s*\Z")


@dataclass
class _Archive:
    """Files of one account.

    Attributes:
        tweets: the files of posts.
        notes: the files of long posts.
        own: the account's number; empty until it is known.
        long: the texts of long posts by the second in which they were made.
    """

    tweets: tuple[Member, ...]
    notes: tuple[Member, ...]
    own: str
    long: dict[int, list[str]] = field(default_factory=dict[int, list[str]])

    def items(self, count: Count) -> Iterator[dict[str, Any]]:
        self.long = _long_texts(self.notes, count)
        self.own = self.own or _own_by_threads(self.tweets)
        for member in self.tweets:
            yield from _tweets(member, count)

    def post(self, tweet: dict[str, Any]) -> PastPost | None:
        number = _number(tweet.get("id_str")) or _number(tweet.get("tweet_id")) or _number(tweet["id"])
        if not number:
            raise ValueError("no number")
        edits = _edits(tweet)
        if number in edits and number != edits[-1]:
            return None
        written_at = moment(tweet.get("created_at") or tweet["timestamp"])
        text = html.unescape(string(tweet.get("full_text") or tweet["text"]))
        text = self._whole(text, int(written_at.timestamp()))
        return PastPost(written_at, text, self._how(tweet, text), f"x:{number}")

    def _how(self, tweet: dict[str, Any], text: str) -> How:
        if _RETWEET.match(text) or tweet.get("retweeted_status") or _number(tweet.get("retweeted_status_id")):
            return How.REPOST
        answered = _answered(tweet)
        own = self.own or _of_user(tweet)
        if answered:
            return How.THREAD if answered == own else How.REPLY
        # The account that is answered may be gone while the post is still named.
        return How.REPLY if _answered_post(tweet) else How.POST

    def _whole(self, text: str, second: int) -> str:
        """The whole text of a post that is cut in this one."""
        candidates = self.long.get(second, ())
        begins = _opening(text)
        for long in candidates:
            if begins and len(long) > len(begins) and _opening(long).startswith(begins):
                return long
        return candidates[0] if len(candidates) == 1 and not begins else text


def find(members: Sequence[Member]) -> Part | None:
    """The files of posts among the files of an export."""
    scripts = [member for member in members if member.path.suffix.lower() in (".js", ".json")]
    starts = {member.path: start_of(member) for member in scripts}
    tweets = [one for one in scripts if _TODAY.match(starts[one.path])]
    tweets = tweets or [one for one in scripts if _MONTH.match(starts[one.path])]
    tweets = tweets or [one for one in members if one.path.suffix.lower() == ".csv" and _is_table(one)]
    if not tweets:
        return None
    notes = tuple(one for one in scripts if _NOTES.match(starts[one.path]))
    owns = [found[1] for start in starts.values() if (found := _OWN.match(start))]
    archive = _Archive(tuple(tweets), notes, owns[0] if owns else "")
    return Part("X", (*archive.notes, *archive.tweets), archive.items, archive.post)


def is_about_account(start: str) -> bool:
    """Whether a file only says whose archive it is in, by its first characters."""
    return _OWN.match(start) is not None


def _is_table(member: Member) -> bool:
    first = start_of(member).partition("\n")[0]
    return all(column in first for column in _COLUMNS)


def _tweets(member: Member, count: Count | None = None) -> Iterator[dict[str, Any]]:
    if member.path.suffix.lower() == ".csv":
        rows = rows_of(member, count)
        names = [name.strip() for name in next(rows, list[str]())]
        for row in rows:
            yield dict(zip(names, row, strict=False))
        return
    for item in json_items(member, count=count, prefix=_PREFIX):
        yield inside(item, "tweet") or inside(item)


def _long_texts(notes: Sequence[Member], count: Count) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for member in notes:
        for item in json_items(member, count=count, prefix=_PREFIX):
            try:
                note = item["noteTweet"]
                second = int(moment(note["createdAt"]).timestamp())
                found.setdefault(second, []).append(html.unescape(string(note["core"]["text"])))
            except (ValueError, KeyError, TypeError):
                continue  # The post itself is there, only cut.
    return found


def _own_by_threads(files: Sequence[Member]) -> str:
    """The number of the account whose posts these are: that of whoever answers a post in them is theirs."""
    numbers: set[int] = set()
    answers: dict[int, str] = {}
    for member in files:
        for tweet in _tweets(member):
            if (
                number := _number(tweet.get("id_str"))
                or _number(tweet.get("tweet_id"))
                or _number(tweet.get("id"))
            ):
                numbers.add(int(number))
            if (post := _answered_post(tweet)) and (user := _answered(tweet)):
                answers[int(post)] = user
    return next((user for post, user in answers.items() if post in numbers), "")


def _number(value: Any) -> str:
    """A number, which may be written as one or as a string; empty if there is none."""
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdigit() and text.strip("0") else ""


def _answered(tweet: dict[str, Any]) -> str:
    return _number(tweet.get("in_reply_to_user_id_str")) or _number(tweet.get("in_reply_to_user_id"))


def _answered_post(tweet: dict[str, Any]) -> str:
    return _number(tweet.get("in_reply_to_status_id_str")) or _number(tweet.get("in_reply_to_status_id"))


def _of_user(tweet: dict[str, Any]) -> str:
    """The author's number, which only the monthly files have."""
    user = inside(tweet, "user")
    return _number(user.get("id_str")) or _number(user.get("id"))


def _edits(tweet: dict[str, Any]) -> list[str]:
    """The numbers of a post and its later versions, if it was edited."""
    first = inside(tweet, "edit_info", "initial") or inside(tweet, "edit_info", "edit", "editControlInitial")
    return [
        str(one)
        for one in listed(first.get("editTweetIds") or inside(tweet, "edit_control").get("edit_tweet_ids"))
    ]


def _opening(text: str) -> str:
    """The words of a post without the names it begins with and the mark of a cut at its end, to compare two."""
    return " ".join(_CUT.sub("", _MENTIONS.sub("", text, count=1)).split())
