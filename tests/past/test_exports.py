"""Exports in every layout: what is found in them equals what was made, and the facts that each network has."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.errors import Refused
from coach.labels import Label
from coach.past.exports import Export
from coach.past.posts import How, PastPost
from tests.support import exports as made
from tests.support.exports import ALL, POSTS, Made, expected


def read(*files: tuple[str, bytes]) -> list[PastPost]:
    """The posts of uploads."""
    with Export([(name, io.BytesIO(data)) for name, data in files]) as export:
        posts = list(export.posts())
        assert export.unreadable == 0
        assert export.done == export.total
        return posts


def facts(posts: Sequence[PastPost]) -> list[tuple[How, datetime]]:
    return sorted((post.how, post.written_at) for post in posts)


@pytest.mark.parametrize("layout", ALL)
def test_every_layout_gives_what_was_made(layout: str) -> None:
    name, make, hows = ALL[layout]
    mine = [one for one in POSTS if one.how in hows]
    posts = read((name, make()))
    assert facts(posts) == expected(mine)
    assert all(post.written_at.tzinfo is UTC for post in posts)
    words = {one.written_at: one.text for one in mine if one.how is not How.REPOST}
    assert {post.written_at: post.text for post in posts if post.how is not How.REPOST} == words


@pytest.mark.parametrize("layout", ALL)
def test_the_same_file_twice_changes_nothing_and_keys_are_the_same_each_time(layout: str) -> None:
    name, make, _ = ALL[layout]
    once, again = read((name, make())), read((name, make()), (name, make()))
    assert [post.key for post in once] == [post.key for post in again]
    assert len({post.key for post in once}) == len(once)


def test_what_an_export_shows_is_known_and_the_rest_is_not() -> None:
    known = {post.how: post.known for post in read(("outbox.json", made.outbox()))}
    assert known == {How.REPLY: Label.CONVERSATION, How.REPOST: Label.CONTENT, How.POST: None, How.THREAD: None}


def test_files_and_folders_on_disk_are_read_too(tmp_path: Path) -> None:
    for name, data in made.x_archive().items():
        (tmp_path / "x" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "x" / name).write_bytes(data)
    (tmp_path / "repo.car").write_bytes(made.repository())
    with Export([tmp_path / "x", tmp_path / "repo.car"]) as export:
        assert export.formats == ("X", "Bluesky")
        assert facts(list(export.posts())) == sorted(expected(POSTS) * 2)


# Mastodon


def test_mastodon_keeps_unlisted_posts_and_leaves_out_private_ones() -> None:
    outbox = json.loads(made.outbox(POSTS[:3]))
    public = "https://www.w3.org/ns/activitystreams#Public"
    for activity, to, cc in zip(
        outbox["orderedItems"], (["followers"], "followers", []), ([public], None, ["someone"]), strict=True
    ):
        activity |= {"to": to, "cc": cc}
    [unlisted] = read(("outbox.json", json.dumps(outbox).encode()))
    assert unlisted.written_at == POSTS[0].written_at


def test_mastodon_an_answer_to_ones_own_web_address_is_a_thread() -> None:
    outbox = json.loads(made.outbox(POSTS[1:2]))
    outbox["orderedItems"][0]["object"]["inReplyTo"] = "https://baker.example/@me/1"
    assert [post.how for post in read(("outbox.json", json.dumps(outbox).encode()))] == [How.THREAD]


def test_likes_alone_are_no_posts() -> None:
    with pytest.raises(Refused, match=r"no posts in a\.zip"):
        read(("a.zip", made.zipped({"likes.json": made.LIKES})))


# X


def test_x_finds_out_whose_posts_they_are_without_the_manifest() -> None:
    posts = read(
        ("tweets.js", made.tweets()), ("tweets-part1.js", made.tweets([Made(9, "on", How.THREAD)], part=1))
    )
    assert [post.how for post in posts].count(How.THREAD) == 2


def test_x_joins_long_posts_by_the_second_and_not_by_the_number() -> None:
    long = "@other The oven is " + "very " * 80 + "hot &amp; the queue long"
    short = Made(1, "@other The oven is " + "very " * 50 + "… https://t.co/abc", How.REPLY)
    in_the_same_second = Made(1, "And nobody else minds")
    other = json.loads(made.tweets([in_the_same_second]).split(b"= ", 1)[1])
    other[0]["tweet"] |= {"id_str": "9001"}
    both = json.loads(made.tweets([short]).split(b"= ", 1)[1]) + other
    tweets = b"window.YTD.tweets.part0 = " + json.dumps(both).encode()
    for files in ({"data/tweets.js": tweets, "data/note-tweet.js": made.notes({short.written_at: long})},):
        posts = read(("x.zip", made.zipped(files)))
        assert [post.text for post in posts] == [long.replace("&amp;", "&"), in_the_same_second.text]
        assert facts(read(*((name.split("/")[1], data) for name, data in files.items()))) == facts(posts)


def test_x_resolves_entities_once() -> None:
    [post] = read(("tweets.js", made.tweets([Made(1, "a < b, and how to write &lt;")])))
    assert post.text == "a < b, and how to write &lt;"


def test_x_counts_an_edited_post_once() -> None:
    tweets = json.loads(made.tweets([Made(1, "frist"), Made(2, "first")]).split(b"= ", 1)[1])
    for tweet in tweets:
        tweet["tweet"]["edit_info"] = {"initial": {"editTweetIds": ["1001", "1002"]}}
    posts = read(("tweets.js", b"window.YTD.tweets.part0 = " + json.dumps(tweets).encode()))
    assert [post.text for post in posts] == ["first"]


def test_x_takes_months_and_not_the_same_posts_from_the_table_beside_them() -> None:
    with Export([("old.zip", io.BytesIO(made.zipped(made.months_of_2013())))]) as export:
        assert {member.path.suffix for part in export.parts for member in part.files} == {".js"}


# LinkedIn


@pytest.mark.parametrize("doubled", [True, False])
def test_linkedin_quotation_marks_and_line_breaks_in_both_dialects(doubled: bool) -> None:
    texts = [
        'She said "rye" and left',
        "One\n\nTwo",
        '"Quoted" at the start',
        "𝗕𝗼𝗹𝗱 words",
        'He: "yes"\nShe: "no"',
    ]
    posts = [Made(number, text) for number, text in enumerate(texts)]
    assert [post.text for post in read(("Shares.csv", made.shares(posts, doubled)))] == texts
    replies = [Made(number, text, How.REPLY) for number, text in enumerate([*texts, "a\\b", 'only "this"'])]
    assert [post.text for post in read(("Comments.csv", made.comments(replies)))] == [one.text for one in replies]


def test_linkedin_line_breaks_that_are_spelt_out() -> None:
    shares = b'Date,ShareLink,ShareCommentary\n2023-01-01 10:00:00,l,"One ""\\n""Two"'
    assert [post.text for post in read(("Shares.csv", shares))] == ["One \nTwo"]
    comments = b'Date,Link,Message\n2023-01-01 10:00:00,l,"He said \\"no\\" and\\nleft"'
    assert [post.text for post in read(("Comments.csv", comments))] == ['He said "no" and\nleft']


def test_linkedin_columns_are_found_by_name_and_below_notes() -> None:
    rows = [
        ["Notes:"],
        ["Visibility", "ShareCommentary", "Date", "ShareLink"],
        ["P", "Hello", "2023-01-01 10:00:00", "l"],
    ]
    [post] = read(("Shares.csv", made.table(rows)))
    assert (post.text, post.written_at) == ("Hello", datetime(2023, 1, 1, 10, tzinfo=UTC))


# Bluesky


def test_bluesky_reads_what_the_tree_leads_to_and_nothing_else() -> None:
    assert POSTS[-1].text.encode() in made.repository()
    assert POSTS[-1].text not in [post.text for post in read(("repo.car", made.repository()))]


def test_bluesky_a_block_that_was_changed_is_noticed() -> None:
    data = made.repository().replace(b"The bakery opens", b"The bakery close")
    with pytest.raises(Refused, match="damaged"):
        read(("repo.car", data))


# Threads and Instagram


def test_threads_without_the_mark_of_a_reply_is_judged() -> None:
    data = made.threads().replace(b'"is_reply"', b'"something"')
    assert {post.how for post in read(("t.json", data))} == {How.POST}


@pytest.mark.parametrize("name", ["ig.zip", "posts_1.html", "page.html"])
def test_web_pages_are_refused_and_it_is_said_what_to_do(name: str) -> None:
    page = b"<!DOCTYPE html><html><body>x</body></html>"
    data = made.zipped({"your_instagram_activity/media/posts_1.html": page}) if name == "ig.zip" else page
    with pytest.raises(Refused, match="JSON"):
        read((name, data))


# Tables


@pytest.mark.parametrize(
    ("form", "day_first"),
    [("%d/%m/%Y %H:%M", True), ("%m/%d/%Y %H:%M", False), ("%d.%m.%Y %H:%M", True), ("%m/%d/%Y %I:%M %p", False)],
)
def test_which_number_of_a_date_is_the_day_is_found_in_the_whole_table(form: str, day_first: bool) -> None:
    data = made.hootsuite(form=form)
    with Export([("bulk.csv", io.BytesIO(data))]) as export:
        [guess] = export.guesses
        assert (guess.day_first, guess.text, guess.written_at, guess.reply) == (
            day_first,
            "column 2",
            "column 1",
            None,
        )
        assert facts(list(export.posts())) == expected([one for one in POSTS if one.how is How.POST])


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [([["text", "likes"], ["Hello there", "3"]], "dates"), ([["date", "n"], ["2023-01-01", "3"]], "words")],
)
def test_a_table_without_dates_or_words_says_what_is_missing(rows: list[list[str]], lacks: str) -> None:
    with pytest.raises(Refused, match=f"no column with {lacks} in mine.csv"):
        read(("mine.csv", made.table(rows)))


def test_the_line_that_tells_excel_the_delimiter_is_no_row() -> None:
    posts = read(("mine.csv", b"sep=;\r\n" + made.any_csv(delimiter=";")))
    assert facts(posts) == expected([one for one in POSTS if one.how in (How.POST, How.REPLY)])


def test_known_formats_are_not_guessed() -> None:
    guessed = {"Hootsuite", "CSV", "CSV, semicolons", "CSV, UTF-16", "JSON lines"}
    for layout, (name, make, _) in ALL.items():
        with Export([(name, io.BytesIO(make()))]) as export:
            assert bool(export.guesses) is (layout in guessed), layout


# Encodings


def encodings() -> dict[str, Callable[[bytes], bytes]]:
    return {
        "BOM": lambda data: b"\xef\xbb\xbf" + data,
        "UTF-16": lambda data: data.decode().encode("utf-16"),
        "UTF-16 without a mark": lambda data: data.decode().encode("utf-16-le"),
    }


@pytest.mark.parametrize("encoding", encodings())
@pytest.mark.parametrize(
    "layout", ["Mastodon", "X, tweets.js", "X, tweets.csv", "LinkedIn, shares", "Threads", "JSON lines"]
)
def test_encodings_that_editors_and_spreadsheets_save_in(layout: str, encoding: str) -> None:
    name, make, hows = ALL[layout]
    posts = read((name, encodings()[encoding](make())))
    assert facts(posts) == expected([one for one in POSTS if one.how in hows])
