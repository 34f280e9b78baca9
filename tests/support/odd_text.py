"""Texts and names at their oddest, as Discord may deliver them: pieces, hard cases, and a seeded generator."""

from __future__ import annotations

import random

from coach.intake.drafts import ATTACHMENT_LIMIT

WORDS = (
    "how do you keep your seedlings alive",
    "thank you so much",
    "our winter opening hours start on Monday",
    "what do you think",
    "my new kiln arrived",
    "join us on Saturday at 5 pm",
    "the snake_case_habit",
    "good morning all",
    "haha",
    "congratulations",
    "I would love to hear",
    "anyone else?",
    "new on the blog",
    "about the glazing course",
    "sign up now",
    "£5 or 20 % off",
    "yes",
    "agree?",
    "don't",
    "it’s",
    "their __init__ file",
    "a dog's dinner",
    "ideas",
    "who is up?",
    "breaking",
    "we sold the ladder",
)

PIECES: dict[str, tuple[str, ...]] = {
    "markdown": ("**", "__", "~~", "||", "`", "```", "```py\nx = 1\n```", "\n> ", "\n>>> ", "\n# ", "\n### ",
                 "\n-# ", "\n- ", "\n1. ", "[look](https://example.org/a_b)", "\\", "*", "_", "~", "|", "[",
                 "](", "***a***", "||spoiler||", "__under__", "\n```\n"),
    "mention": ("<@123456789012345678>", "<@!123456789012345678>", "<@&123456789012345678>",
                "<#123456789012345678>", "@everyone", "@here", "@maria.k-", "@" * 9,
                "</check text:123456789012345678>", "<t:1700000000:R>", "<id:customize>", "<@", "<@>", "<@1",
                "</", "</a", "<t:"),
    "emoji": ("🎉", "👩‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "☺", "<:wave:123456789012345678>",
              "<a:wave:123456789012345678>", "<:", "<a:", "<:_:1>", ":)"),
    "link": ("https://example.org/path?q=1#a", "www.example.org", "http://", "https://", "HTTPS://EXAMPLE.ORG",
             "<https://example.org>", "https://例え.jp/パス", "mailto:a@example.org"),
    "unseen": ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u200e",
               "\u200f", "\u202e", "\u202a", "\u202c", "\u2066", "\u2069", "\U000e0061", "\ufe0f", "\u034f",
               "\u180e"),
    "space": (" ", "\n", "\t", "\r\n", "\v", "\f", "\x1c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028",
              "\u2029", "\u202f", "\u3000", "\n\n\n"),
    "control": ("\x00", "\x01", "\x07", "\x08", "\x1b[31m", "\x7f", "\x9b", "\ufffd", "\uffff", "\U0010ffff"),
    "half": ("\ud800", "\udfff", "\udc00\ud800", "\ud83d"),
    "combining": ("e\u0301", "Z\u0351\u036b\u0343\u036a\u0302", "\u0301", "\u20dd", "\u0e33", "\u0f73", "각"),
    "script": ("مرحبا بالعالم", "שלום", "今日は新しい花", "Привет, как дела?", "สวัสดี", "नमस्ते", "𝕳𝖊𝖑𝖑𝖔", "ﬀ",
               "İstanbul", "ß", "ẞ", "Ǆ", "𐍈", "𓀀", "①②", "½"),
    "code": ("{}", "{0.__class__}", "%s", "%(x)s", "'; DROP TABLE drafts;--", "<b>", "&amp;", "\\ud800",
             "\\u0000", "$&", '{"text": 1}', "//", "// talk", "~/.ssh"),
    "mark": (".", ",", "?", "!", "…", "?!", ";", ":", "-", "—", "“", "”", "«", "'", "’", '"', "(", ")", "/",
             "&", "#a", "#a #b #c", "#"),
}  # fmt: skip

_KINDS = tuple(PIECES)

HARD: dict[str, str] = {
    "nothing": "",
    "beginnings of a command's mention": "</" * (ATTACHMENT_LIMIT // 2),
    "beginnings of an emoji": "<:" * (ATTACHMENT_LIMIT // 2),
    "one endless emoji": "<:" + "a" * (ATTACHMENT_LIMIT - 2),
    "spaces between two letters": "a" + " " * (ATTACHMENT_LIMIT - 2) + "b",
    "line breaks": "\n" * ATTACHMENT_LIMIT,
    "emoji alone": "😀" * (ATTACHMENT_LIMIT // 4),
    "a letter under 4,000 accents": "a" + "\u0301" * 3999,
    "questions": "aaa? " * 800,
    "a question and spaces": "aaa?" + " " * 3900 + "x",
    "hashtags far apart": ("#a" + " " * 50) * 70,
    "at signs": "@" * 4000,
    "a mention of dashes": "@" + "-" * 3999,
    "dots after at signs": "@." * 2000,
    "digits": "1" * 4000,
    "subjects": "our kiln my cat the boat " * 160,
    "wishes without end": "congratulation" + "s" * 3900,
    "laughter without end": "ha" * 2000,
    "NUL alone": "\x00" * 100,
    "half a character": "\ud83d",
    "half a character in a sentence": "How do you keep your \ud83d seedlings alive?",
    "right to left": "\u202eHow do you keep your seedlings alive?",
    "code fence": "```How do you keep your seedlings alive?",
    "all marks": "How do *you* __keep__ ||your|| ~~seedlings~~ `alive` [now](https://example.org)?",
    "underscores": "Our snake_case__naming__course starts on Monday. Our snake_case__naming__course is free.",
}


def piece(rng: random.Random) -> str:
    """A piece of text: a word or two, something that Discord gives a meaning, or any character of any plane."""
    draw = rng.random()
    if draw < 0.4:
        return rng.choice(WORDS)
    if draw < 0.85:
        return rng.choice(PIECES[rng.choice(_KINDS)])
    return chr(rng.randrange(0x110000))


LAYOUTS = (
    "```\n{}\n```",
    "```text\n{}",
    "`{}`",
    "**{}**",
    "***__{}__***",
    "||{}||",
    "~~{}~~",
    "> {}",
    ">>> {}",
    "> @maria.k: {}\nNo.",
    "# {}",
    "-# {}",
    "- {}\n- {}",
    "1. {}\n2. {}",
    "Draft 3: {}",
    "**Draft #2 (final):**\n{}",
    "LinkedIn version:\n{}\n\nX version:\n{}",
    "1/3 {}\n2/3 {}\n3/3 {}",
    "---\n{}\n---",
    "{}\n\n--\nSent from my phone",
    "|| **```{}```** ||",
)
"""Ways to lay out a draft, whose text replaces the braces."""

FONTS = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, None),
    "script": (0x1D4D0, 0x1D4EA, None),
    "fraktur": (0x1D56C, 0x1D586, None),
    "struck twice": (0x1D538, 0x1D552, 0x1D7D8),
    "sans bold": (0x1D5D4, 0x1D5EE, 0x1D7EC),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6),
    "fullwidth": (0xFF21, 0xFF41, 0xFF10),
    "circled": (0x24B6, 0x24D0, None),
    "squared": (0x1F130, 0x1F130, None),
    "regional": (0x1F1E6, 0x1F1E6, None),
}
"""Alphabets of Unicode that look like fonts: their A, a and 0."""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp437")


def laid_out(rng: random.Random, text: str) -> str:
    """A text in one of the layouts, or in two."""
    for _ in range(rng.choice((1, 1, 2))):
        text = rng.choice(LAYOUTS).replace("{}", text)
    return text


def in_font(rng: random.Random, text: str) -> str:
    """A text, or every other word of it, in letters that look like a font."""
    upper, lower, digit = FONTS[rng.choice(sorted(FONTS))]

    def letter(one: str) -> str:
        for first, begin, size in (("A", upper, 26), ("a", lower, 26), ("0", digit, 10)):
            if begin is not None and 0 <= ord(one) - ord(first) < size:
                return chr(begin + ord(one) - ord(first))
        return one

    every = rng.choice((1, 2))
    words = text.split(" ")
    return " ".join(
        "".join(map(letter, word)) if number % every == 0 else word for number, word in enumerate(words)
    )


def file(rng: random.Random) -> bytes:
    """A file that claims to be text: in any encoding, cut in the middle of a character, or not text at all."""
    if rng.random() < 0.1:
        return rng.randbytes(rng.randint(0, 4000))
    text = draft(rng)
    data = text.encode(rng.choice(ENCODINGS), rng.choice(("replace", "ignore")))
    return data[: rng.randint(0, len(data))] if rng.random() < 0.3 else data


def draft(rng: random.Random) -> str:
    """A text that somebody may post: mostly short, at times up to 4,000 characters, or an attachment of 64 KiB.

    Some are laid out, some in letters that look like a font.
    """
    text, draw = _plain(rng), rng.random()
    if len(text) > 4000:
        return text
    if draw < 0.1:
        text = laid_out(rng, text)
    if 0.07 < draw < 0.14:
        text = in_font(rng, text)
    return text


def _plain(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.72:
        glue = rng.choice((" ", "", "\n", ". ", " "))
        return glue.join([piece(rng) for _ in range(rng.randint(1, 12))])
    if draw < 0.82:
        return "".join([chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 60))])
    if draw < 0.90:
        return piece(rng) * rng.randint(2, 60)
    if draw < 0.96:
        return rng.choice(PIECES[rng.choice(_KINDS)]) * rng.randint(1, 4)
    if draw < 0.98:
        part = " ".join([piece(rng) for _ in range(rng.randint(1, 8))]) or "a"
        return (part * (4000 // len(part) + 1))[: rng.randint(1500, 4000)]
    if draw < 0.999:
        return rng.choice(list(HARD.values()))[:4000]
    return attached(rng)


def attached(rng: random.Random) -> str:
    """A text attachment of 64 KiB, as it is once it has been decoded."""
    text = rng.choice(list(HARD.values())) if rng.random() < 0.2 else " ".join(piece(rng) for _ in range(9))
    data = text.encode("utf-8", "surrogatepass") or b"\xff"
    return (data * (ATTACHMENT_LIMIT // len(data) + 1))[:ATTACHMENT_LIMIT].decode("utf-8", "replace")


def name(rng: random.Random) -> str:
    """A display name: 1 to 32 characters of anything."""
    if rng.random() < 0.3:
        return "".join([chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 32))])
    text = "".join([piece(rng) for _ in range(rng.randint(1, 6))])[: rng.randint(1, 32)]
    return text or "x"
