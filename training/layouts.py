"""Layouts that leave the meaning of a draft as it is: for training, and to measure how little they change."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.entities import codepoint2name

_BOLD, _ITALIC, _MONO = (0x1D5D4, 0x1D5EE), (0x1D468, 0x1D482), (0x1D670, 0x1D68A)
_CIRCLED, _FULL_WIDTH = (0x24B6, 0x24D0), (0xFF21, 0xFF41)
_HASHTAGS = "#smallbusiness #community #weekend"


def in_letters(text: str, first: tuple[int, int]) -> str:
    """A text in the letters of another alphabet.

    Args:
        text: a draft.
        first: code points of that alphabet's A and a.
    """
    return text.translate(
        {65 + at: first[0] + at for at in range(26)} | {97 + at: first[1] + at for at in range(26)}
    )


def in_html(text: str) -> str:
    """A text with its punctuation and accented letters as HTML's entities."""
    escaped = html.escape(text).replace("  ", "&nbsp; ")
    named = (
        f"&{codepoint2name[ord(char)]};" if ord(char) in codepoint2name and ord(char) > 127 else char
        for char in escaped
    )
    return "".join(named)


def in_paragraphs(text: str) -> str:
    """A text as HTML's paragraphs, with the first word in bold."""
    first, *rest = text.split(" ", 1)
    paragraphs = re.split(r"\n{2,}", " ".join([f"<strong>{first}</strong>", *rest]))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def _some_words(text: str, mark: str) -> str:
    """A text with marks round every fifth of its words."""
    words = re.split(r"(\s+)", text)
    for at in range(0, len(words), 10):
        if words[at].isalpha():
            words[at] = f"{mark}{words[at]}{mark}"
    return "".join(words)


LAYOUTS: dict[str, Callable[[str], str]] = {
    "fence": lambda text: f"```\n{text}\n```",
    "fence with a language": lambda text: f"```md\n{text}\n```",
    "fence on one line": lambda text: f"```{text}```",
    "fence that never ends": lambda text: f"```\n{text}",
    "inline code": lambda text: f"`{text}`",
    "bold": lambda text: f"**{text}**",
    "bold, italic, underlined": lambda text: f"__***{text}***__",
    "struck through": lambda text: f"~~{text}~~",
    "spoiler": lambda text: f"||{text}||",
    "bold first word": lambda text: re.sub(r"\A\w+", r"**\g<0>**", text),
    "bold words": lambda text: _some_words(text, "**"),
    "italic words": lambda text: _some_words(text, "*"),
    "escaped": lambda text: text.replace(".", r"\.").replace("?", r"\?"),
    "heading": lambda text: f"## {text}",
    "small print": lambda text: f"-# {text}",
    "bullet": lambda text: f"- {text}",
    "quotation of it all": lambda text: "> " + text.replace("\n", "\n> "),
    "quotation to the end": lambda text: f">>> {text}",
    "lines above and below": lambda text: f"---\n{text}\n---",
    "number": lambda text: f"Draft 3: {text}",
    "number in bold": lambda text: f"**Draft #3:** {text}",
    "in quotation marks": lambda text: f"Draft 3: “{text}”",
    "platform": lambda text: f"LinkedIn version:\n\n{text}",
    "platform as heading": lambda text: f"# LinkedIn version\n{text}",
    "platform in bold": lambda text: f"**LinkedIn:**\n{text}",
    "platforms": lambda text: f"For Twitter / X:\n{text}",
    "platform in brackets": lambda text: f"[LinkedIn] {text}",
    "platform and length": lambda text: f"LinkedIn (short): {text}",
    "caption": lambda text: f"Caption: {text}",
    "letter": lambda text: f"**Option B**\n{text}",
    "letter and dash": lambda text: f"Option B — {text}",
    "v": lambda text: f"V2\n{text}",
    "of several": lambda text: f"Tweet 1/3: {text}",
    "several": lambda text: "📝 Draft 2 (Bluesky)\n> **" + text.replace("\n", "\n> ") + "**",
    "a spoiler in a quotation": lambda text: "> ||" + text.replace("\n", "\n> ") + "||",
    "German": lambda text: f"Entwurf 2:\n{text}",
    "German, platform": lambda text: f"Für LinkedIn: {text}",
    "French": lambda text: f"Brouillon : {text}",
    "French, platform": lambda text: f"Version LinkedIn :\n{text}",
    "Spanish": lambda text: f"Borrador 1: {text}",
    "Spanish, platform": lambda text: f"**Versión LinkedIn:** {text}",
    "Portuguese": lambda text: f"Rascunho 2:\n{text}",
    "Portuguese, platform": lambda text: f"Legenda do Instagram: {text}",
    "Italian": lambda text: f"Bozza: {text}",
    "Italian, platform": lambda text: f"Versione breve per LinkedIn:\n{text}",
    "Dutch": lambda text: f"Concept 2: {text}",
    "Dutch, platform": lambda text: f"Versie voor LinkedIn\n{text}",
    "mathematical": lambda text: in_letters(text, _BOLD),
    "mathematical, italic": lambda text: in_letters(text, _ITALIC),
    "mathematical, monospaced": lambda text: in_letters(text, _MONO),
    "circled": lambda text: in_letters(text, _CIRCLED),
    "full width": lambda text: in_letters(text, _FULL_WIDTH),
    "soft hyphens": lambda text: text.replace("en", "\xaden"),
    "struck letters": lambda text: "".join(f"{char}\u0336" if char.isalpha() else char for char in text),
    "entities": in_html,
    "HTML": in_paragraphs,
    "count": lambda text: f"{text}\n\n({len(text)} characters)",
    "count of 280": lambda text: f"{text} [{len(text)}/280]",
    "German count": lambda text: f"{text}\n{len(text)} Zeichen",
}
"""Names of layouts, and what puts a draft into each of them; `coach.layout.plain` takes them off again."""

HASHTAGS: dict[str, Callable[[str], str]] = {
    "hashtags last": lambda text: f"{text}\n\n{_HASHTAGS}",
    "hashtags first": lambda text: f"{_HASHTAGS}\n\n{text}",
}
"""Blocks of hashtags, which `coach.text.readable` leaves out."""
