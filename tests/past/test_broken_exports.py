"""Broken and hostile exports: one sentence on what is wrong and where, never a crash, a guess or a full memory."""

from __future__ import annotations

import io
import json
import tarfile
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import Refused
from coach.past.exports import Export
from coach.past.posts import PastPost
from tests.support import exports as made
from tests.support.exports import ALL, POSTS

SMALL = {name: (file, make()) for name, (file, make, _) in ALL.items()}


def read(name: str, data: bytes) -> list[PastPost]:
    with Export([(name, io.BytesIO(data))]) as export:
        return list(export.posts())


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(name, data)
    said = str(caught.value)
    assert "\n" not in said and said.endswith(".")
    return said


@given(st.sampled_from(sorted(SMALL)), st.floats(0, 1), st.binary(max_size=3))
def test_a_file_that_was_cut_or_changed_is_read_or_refused(layout: str, where: float, put: bytes) -> None:
    name, data = SMALL[layout]
    at = int(where * len(data))
    for broken in (data[:at], data[:at] + put + data[at + len(put) :], data[:at] + put + data[at:]):
        with suppress(Refused):
            read(name, broken)


@given(st.binary(max_size=300), st.sampled_from(["a.json", "a.csv", "a.js", "a.car", "a.zip", "a.tar.gz", "a"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with suppress(Refused):
        read(name, data)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


KEYS = {"Mastodon": "orderedItems", "Threads": "text_post_app_text_posts", "JSON Feed": "items"}


@given(st.data(), st.sampled_from(sorted(KEYS)))
def test_one_odd_post_does_not_take_the_others_with_it(data: st.DataObject, layout: str) -> None:
    name, whole = SMALL[layout]
    loaded = json.loads(whole)
    items = loaded[KEYS[layout]]
    place = data.draw(st.integers(0, len(items) - 1))
    if data.draw(st.booleans()):
        items[place] = data.draw(VALUES)
    else:
        items[place][data.draw(st.sampled_from(sorted(items[place])))] = data.draw(VALUES)
    with Export([(name, io.BytesIO(json.dumps(loaded, allow_nan=False).encode()))]) as export:
        assert len(list(export.posts())) >= len(read(name, whole)) - 1


def test_a_cut_file_says_in_which_post() -> None:
    data = made.outbox()
    at = data.index(b"Half past")
    assert refusal("outbox.json", data[:at]) == (
        "outbox.json ends in the middle of post 6, so a part of it is missing; download it again."
    )
    assert refusal("tweets.js", made.tweets()[:-1]).startswith("tweets.js ends in the middle of post 7")
    assert "ends too early" in refusal("x.zip", made.zipped(made.x_archive())[:-30])
    assert "download it again" in refusal("a.tar.gz", made.tarred({"outbox.json": made.outbox() * 20})[:200])
    assert "damaged" in refusal("repo.car", made.repository()[:-5])


def test_what_is_not_json_says_where() -> None:
    data = made.outbox().replace(b'"type": "Announce",', b'"type": Announce,', 1)
    assert refusal("outbox.json", data) == "outbox.json is not valid JSON at post 4; download it again."


def test_the_wrong_encoding_is_named() -> None:
    data = json.dumps(json.loads(made.outbox()), ensure_ascii=False).encode("utf-8").replace("ü".encode(), b"\xfc")
    assert refusal("outbox.json", data) == "outbox.json is not all UTF-8; save it as UTF-8 and try again."


@pytest.mark.parametrize(
    "path", ["../outbox.json", "/etc/outbox.json", "a/../../outbox.json", "C:\\outbox.json", "..\\x.json"]
)
def test_paths_that_lead_outside(path: str) -> None:
    assert "leads out of it" in refusal("a.zip", made.zipped({path: made.outbox()}))
    assert "leads out of it" in refusal("a.tar.gz", made.tarred({path: made.outbox()}))


def test_a_bomb_is_not_unpacked() -> None:
    spaces = made.outbox()[:-1] + b" " * (120 * 2**20) + b"}"
    tracemalloc.start()
    for name, data in (
        ("a.zip", made.zipped({"outbox.json": spaces})),
        ("a.tar.gz", made.tarred({"media/1.mp4": spaces, "outbox.json": made.outbox()})),
    ):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        assert "more than 100 times its size" in refusal(name, data)
        assert tracemalloc.get_traced_memory()[1] - before < 8 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_negative_size_in_a_tar_ends_at_once(kind: bytes) -> None:
    info = tarfile.TarInfo("outbox.json")
    info.type = kind
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = (-512).to_bytes(12, "big", signed=True)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert "a.tar" in refusal("a.tar", bytes(header) + b"\0" * 1024)


@pytest.mark.parametrize("when", ["1e999", "-1e999", "9" * 400, "NaN", '"9e99"', "[]", "null"])
def test_a_time_that_is_none_is_no_post(when: str) -> None:
    data = made.threads(POSTS[:1]).decode()
    time = str(int(POSTS[0].written_at.timestamp()))
    assert "None of the 1 posts" in refusal("threads.json", data.replace(time, when).encode())


def test_a_locked_archive_and_an_odd_packing() -> None:
    data = bytearray(made.zipped({"outbox.json": made.outbox()}))
    for mark, at, offset in ((b"PK\1\2", 8, 0), (b"PK\3\4", 6, 0)):
        data[data.index(mark) + at + offset] |= 1
    assert "locked with a password" in refusal("a.zip", bytes(data))
    data = bytearray(made.zipped({"outbox.json": made.outbox()}))
    data[data.index(b"PK\1\2") + 10] = data[data.index(b"PK\3\4") + 8] = 9  # Deflate64, which Windows uses
    assert "send outbox.json itself" in refusal("a.zip", bytes(data))


def test_a_damaged_file_inside_a_zip_is_named() -> None:
    data = made.zipped({"outbox.json": made.outbox()}, zipfile.ZIP_STORED).replace(b"Half past", b"Half pest")
    assert refusal("a.zip", data).startswith("outbox.json in a.zip is damaged at byte ")


@pytest.mark.parametrize("brackets", ["[" * 100_000, '{"a":' * 100_000], ids=["lists", "objects"])
def test_deep_brackets_end_at_once(brackets: str) -> None:
    data = b'{"orderedItems": [{"type": "Create", "object": ' + brackets.encode()
    assert "outbox.json" in refusal("outbox.json", data)
    assert "x.jsonl" in refusal("x.jsonl", b'{"date": "2023-01-01", "text": "words"}\n' + brackets.encode())


def test_a_line_without_end_and_a_quotation_without_end() -> None:
    rows, row = made.any_csv(), b"\r\n2023-01-01 00:00:00,l,"
    assert "too long to be a post" in refusal("mine.csv", rows + b'"1","2023","' + b"a," * 2**18)
    assert "too long to be a post" in refusal("Shares.csv", made.shares() + row + b"a" * 2**21)


def test_a_repository_that_runs_in_a_circle_ends() -> None:
    car = made.Car()
    leaf = car.add({"l": None, "e": []})
    for _ in range(40):
        entry = {"p": 0, "k": b"app.bsky.feed.like/1", "v": leaf, "t": leaf}
        leaf = car.add({"l": leaf, "e": [entry]})
    assert "damaged" in refusal("repo.car", car.file(car.add({"did": made.DID, "data": leaf})))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b""),
        ("notes.txt", b"Dear diary"),
        ("actor.json", b'{"type": "Person"}'),
        ("photo.jpg", b"\xff\xd8\xff\xe0" * 99),
        ("direct-messages.js", b"window.YTD.direct_messages.part0 = [ {} ]"),
        ("movie.zip", made.zipped({"a.mp4": b"0"})),
    ],
)
def test_what_is_no_export_is_told_so(name: str, data: bytes) -> None:
    assert name in refusal(name, data)


def test_an_export_with_no_readable_post_is_refused_and_a_few_bad_ones_are_counted() -> None:
    data = made.outbox().replace(b'"published"', b'"publicised"')
    assert "None of the 6 posts in outbox.json" in refusal("outbox.json", data)
    data = made.outbox().replace(b'"published": "2023-02-02T12:00:00Z"', b'"published": "yesterday"')
    with Export([("outbox.json", io.BytesIO(data))]) as export:
        assert len(list(export.posts())) == 5
        assert export.unreadable == 1


def test_reading_can_be_stopped_and_what_was_opened_is_closed() -> None:
    export = Export([("a.zip", io.BytesIO(made.zipped({"outbox.json": made.outbox(POSTS * 9)})))])
    posts = export.posts()
    next(posts)
    posts.close()
    export.close()
    assert list(posts) == []


def test_names_in_messages_are_harmless() -> None:
    said = refusal("x\x1b[31m\n" + "y" * 500, b"Dear diary")
    assert "\x1b" not in said and len(said) < 400
