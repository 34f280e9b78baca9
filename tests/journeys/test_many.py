"""Hundreds of drafts posted one by one: the bot, its database and `bot.py label` agree on every one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.room import Room, words_of
from training.data import OWN_DRAFTS, read_lines

ROOT = Path(__file__).resolve().parents[2]
# Another file of drafts can go through the same journey; the default is the project's own.
FILE = Path(os.environ.get("DRAFTS_FILE", OWN_DRAFTS / "authored.jsonl"))
EVERY = int(os.environ.get("DRAFTS_EVERY", "10"))


@pytest.mark.slow
async def test_every_draft_has_a_row_and_a_sign_and_all_counts_agree(room: Room, tmp_path: Path) -> None:
    texts = [line["text"] for line in read_lines(FILE)][::EVERY]
    messages = [await room.ann.send(room.drafts, text) for text in texts]
    labelled = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "bot.py", "label"],
        input="".join(json.dumps({"text": text}) + "\n" for text in texts).encode(),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    labels = [json.loads(line)["label"] for line in labelled.stdout.splitlines()]

    stored = await room.bot.coach.reports.history(room.guild.id, room.ann.id, 1, len(texts) + 1)
    assert [draft.message_id for draft in reversed(stored)] == [message.id for message in messages]
    assert [draft.label for draft in reversed(stored)] == labels
    signs = room.bot.settings.reactions
    by_id = {message.id: message for message in room.drafts.history()}
    for message, label in zip(messages, labels, strict=True):
        sign = signs.conversation if label == "conversation" else signs.content
        assert [str(reaction.emoji) for reaction in by_id[message.id].reactions] == [sign]

    counts = (labels.count("content"), labels.count("conversation"))
    assert await room.counts() == counts
    said = words_of(await room.ann.slash(room.drafts, "balance"))
    assert f"{signs.content} Content, 14 days {counts[0]}" in said
    assert f"{signs.conversation} Conversation, 14 days {counts[1]}" in said

    await room.bot.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())  # noqa: ASYNC240
    assert [text for text in texts if len(text) > 20 and text.encode() in content] == []
