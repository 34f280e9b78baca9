"""What counts as a draft: pure rules over the plain facts of a message, and the keyed hashes that are kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from coach.layout import plain
from coach.text import MENTION, excerpt, has_words

ESCAPE = "//"
ATTACHMENT_LIMIT = 64 * 1024
"""The most bytes that are read of a text attachment (Discord turns long pastes into `message.txt`)."""

MOST_PEOPLE = 20
"""The most people counted in one draft; a list of hundreds is not a conversation with each of them."""

# English, German, French, Spanish, Portuguese, Italian, Dutch; without accents: many channel names lack them.
_ANSWERS = frozenset(
    (
        *("reply", "replies", "answer", "answers", "comment", "comments", "response", "responses"),
        *("antwort", "antworten", "kommentar", "kommentare", "reponse", "reponses", "commentaire", "commentaires"),
        *("respuesta", "respuestas", "comentario", "comentarios", "resposta", "respostas"),
        *("risposta", "risposte", "commento", "commenti", "antwoord", "antwoorden", "reactie", "reacties"),
    )
)
_ESCAPED = re.compile(r"[\s\u200b\u2060\ufeff]*+[/／]{2}")


class NotADraft(StrEnum):
    """Why a message does not count."""

    NOT_A_PERSON = "not a person"
    FORWARD = "forward"
    COMMENT = "comment"
    ESCAPED = "escaped"
    COMMAND = "command"
    NO_WORDS = "no words"


@dataclass(frozen=True, slots=True)
class Message:
    """The facts of a message that decide whether it is a draft.

    Attributes:
        message_id: its Discord id.
        guild_id: the server.
        channel_id: the channel, thread or forum post that it is in.
        parent_id: the channel that a thread or forum post belongs to; None in a plain channel.
        author_id: who wrote it.
        posted_at: aware time.
        text: what was written, a text attachment's words included.
        by_person: not by a bot, a webhook or Discord itself.
        forwarded: a forward of another message.
        replies_to: author of the message that it replies to; None if it is not a reply.
        continues: the message of the same author that it replies to; None if it replies to none.
        to_bot: it begins by mentioning the bot.
        edited_at: aware time at which its author last changed it; None if they did not.
        answering: it is in a place for answers, or replies to something that its author put there to answer.
        tags: the tags of the forum post that it is in, in Discord's order; None if it is in none.
        application_id: the application whose webhook sent it; None if none did.
    """

    message_id: int
    guild_id: int
    channel_id: int
    parent_id: int | None
    author_id: int
    posted_at: datetime
    text: str
    by_person: bool = True
    forwarded: bool = False
    replies_to: int | None = None
    to_bot: bool = False
    edited_at: datetime | None = None
    answering: bool = False
    tags: tuple[int, ...] | None = None
    continues: int | None = None
    application_id: int | None = None


def refusal(message: Message) -> NotADraft | None:
    """Why a message in a watched channel is not a draft; None if it is one."""
    if not message.by_person:
        return NotADraft.NOT_A_PERSON
    if message.forwarded:
        return NotADraft.FORWARD
    if message.replies_to is not None and message.replies_to != message.author_id:
        return NotADraft.COMMENT
    if escaped(message.text):
        return NotADraft.ESCAPED
    if message.to_bot:
        return NotADraft.COMMAND
    if not has_words(message.text):
        return NotADraft.NO_WORDS
    return None


def escaped(text: str) -> bool:
    """Whether a text begins with `ESCAPE`, in full width too, and after invisible characters."""
    return _ESCAPED.match(text) is not None


def is_for_answers(name: str) -> bool:
    """Whether the name of a channel or thread says that answers are drafted in it: "replies", "li-comments"."""
    bare = "".join(char for char in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(char))
    return not _ANSWERS.isdisjoint(re.split(r"[\W_]+", bare))


def text_hash(text: str, secret: bytes) -> bytes:
    """A keyed hash of 8 bytes that shows whether a draft's text has changed, and reveals nothing about the text.

    BLAKE2b in keyed mode (RFC 7693); `secret` may be up to 64 bytes and is never in the database.
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=secret[:64]).digest()


def people_named(text: str, secret: bytes) -> frozenset[bytes]:
    """A keyed hash of 8 bytes for each mention or @name in a text, `MOST_PEOPLE` at most, never the name."""
    names = {found[0].lower().replace("<@!", "<@") for found in MENTION.finditer(excerpt(plain(text)))}
    return frozenset(text_hash(name, secret) for name in sorted(names)[:MOST_PEOPLE])
