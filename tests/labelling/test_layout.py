"""Layout is taken off a draft before it is judged, and its words stay."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.drafts import ATTACHMENT_LIMIT, people_named
from coach.labelling.labeller import Labeller
from coach.layout import plain
from coach.nudging.next_step import subject_of
from coach.text import has_words, readable
from tests.support.examples import examples
from training.data import own_drafts

LABELLER = Labeller.load()

TELLS = "Our winter opening hours start on Monday: weekdays from nine to five."
ASKS = "How do you keep your seedlings alive when you go away for a week? I would love to hear what works."
BOTH = f"{TELLS}\n\n{ASKS}"


def mathematical(text: str) -> str:
    letters = {65 + place: 0x1D5D4 + place for place in range(26)} | {
        97 + place: 0x1D5EE + place for place in range(26)
    }
    return text.translate(letters)


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
    "bold first words": lambda text: "**{}** {}".format(*text.split(" ", 1)),
    "escaped": lambda text: text.replace(".", r"\.").replace("?", r"\?"),
    "heading": lambda text: f"## {text}",
    "small print": lambda text: f"-# {text}",
    "bullet": lambda text: f"- {text}",
    "quotation of it all": lambda text: "> " + text.replace("\n", "\n> "),
    "quotation to the end": lambda text: f">>> {text}",
    "number": lambda text: f"Draft 3: {text}",
    "number in bold": lambda text: f"**Draft #3:** {text}",
    "platform": lambda text: f"LinkedIn version:\n\n{text}",
    "platforms": lambda text: f"For Twitter / X:\n{text}",
    "platform in brackets": lambda text: f"[LinkedIn] {text}",
    "letter": lambda text: f"**Option B**\n{text}",
    "v": lambda text: f"V2\n{text}",
    "of several": lambda text: f"Tweet 1/3: {text}",
    "several": lambda text: "📝 Draft 2 (Bluesky)\n> **" + text.replace("\n", "\n> ") + "**",
    "a spoiler in a quotation": lambda text: "> ||" + text.replace("\n", "\n> ") + "||",
    "mathematical": mathematical,
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "soft hyphens": lambda text: text.replace("en", "\xaden"),
    "struck letters": lambda text: "".join(f"{char}\u0336" if char.isalpha() else char for char in text),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("text", [TELLS, ASKS, BOTH])
def test_layout_changes_nothing(text: str, layout: Callable[[str], str]) -> None:
    assert plain(layout(text)) == text


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_everything_that_reads_a_draft_reads_it_without_layout(layout: Callable[[str], str]) -> None:
    text = f"{TELLS} Thanks @robin!"
    laid_out = layout(text)
    personal = LABELLER.personal_model(
        [lesson for lesson in [LABELLER.lesson(laid_out, LABELLER.label([text])[0].label.other)] if lesson]
    )
    assert readable(laid_out) == readable(text)
    assert LABELLER.label([laid_out]) == LABELLER.label([text])
    assert LABELLER.label([laid_out], [personal]) == LABELLER.label([text], [personal])
    assert LABELLER.explain(laid_out) == LABELLER.explain(text)
    assert subject_of(laid_out) == subject_of(text)
    assert people_named(laid_out, b"key") == people_named(text, b"key")


@pytest.mark.parametrize(
    "text",
    [
        "> nobody needs more than one text editor\n\nI have eleven.",
        "I have eleven.\n> nobody needs more than one",
        "- tea\n- coffee\n- soup",
        "Re: your letter of Monday",
        "Question: who feeds the cat?",
        "Update: the road is open again",
        "New post: how we roast",
        "First post: hello everybody",
        "Short answer: no",
        "Short version: it works",
        "Hot take: tea goes in first",
        "Thread: ten ways to store onions",
        "Version 2 - out now",
        "LinkedIn, but honest: I am tired",
        "Twitter is down",
        "LinkedIn - where else?",
        "Draft beer: on tap from Friday",
        "Option trading: is it for you?",
        "A: yes. B: no.",
        "X:D",
        "LinkedIn",
        "Draft 3",
        "f**k and s**t, 5 * 3 * 2, snake_case_name and 2*3*4",
        "*Terms apply",
        "4* hotel, ~40 rooms | breakfast",
        "Which is it, “||” or a single bar?",
        "½ m² of ™ and … №5 🅿️ ①",
        ">be me",
        "#1 in the county",
        "-20% on everything",
    ],
)  # fmt: skip
def test_words_that_look_like_layout_stay(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("`pip install` fails, who knows why?", "pip install fails, who knows why?"),
        ("See [our page](https://example.org/a_b).", "See our page https://example.org/a_b ."),
        ("We open <t:1790000000:R>, see <#42>", "We open  , see"),
        ("> > first\n> second", "> first\nsecond"),
        ("ᴛʜᴀɴᴋ ʏᴏᴜ, ǫᴜɪᴄᴋ ꜰᴏx", "thank you, quick fox"),
        ("🅱🄾🄻🄳 ⓗⓘ", "BOLD hi"),
        ("5ᵗʰ ᵗⁱⁿʸ", "5th tiny"),
        ("\\*not slanted\\*", "not slanted"),
        ("```js\n```", ""),
    ],
)
def test_other_layout_leaves_its_words(text: str, words: str) -> None:
    assert plain(text) == words


def test_layout_alone_is_not_words() -> None:
    assert not has_words("```py\n```")
    assert not has_words("**🎉**")
    assert has_words("🅱🄾🄻🄳")


def test_the_projects_own_drafts_hardly_change() -> None:
    # Only paired marks are removed from them, as they were written without layout.
    for row in own_drafts():
        assert "".join(char for char in plain(row.text) if char not in "*_`|~ ") == "".join(
            char for char in row.text if char not in "*_`|~ "
        )


pieces = st.sampled_from(
    [
        "**",
        "*",
        "_",
        "~~",
        "||",
        "`",
        "```",
        "\n",
        " ",
        "> ",
        ">>> ",
        "# ",
        "-# ",
        "- ",
        "• ",
        "Draft 3:",
        "V2",
        "X",
        "LinkedIn",
        "Option B",
        "for",
        "[",
        "]",
        "(",
        ")",
        "](http://x)",
        "[a](http://x.y)",
        "<t:1:R>",
        "\\",
        "word",
        "a",
        "!",
        "?",
        ":",
        "–",
        "\u200b",
        "\xad",
        "ⓐ",
        "🅰",
        "ᴛ",
        "ǫ",
        "𝗪",
        "\u0301",
        '"',
        "\r",
        "\u2028",
        "js",
    ]
)


@examples(10)
@given(st.lists(pieces, max_size=14).map("".join) | st.text(max_size=40))
def test_removing_layout_twice_is_the_same_as_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    "part",
    [
        "**",
        "*a ",
        "`",
        "```\n",
        "> ",
        "> a\n",
        ">>> ",
        "# ",
        "- ",
        "- a\n",
        "Draft 3: ",
        "Draft 3: - ",
        "Draft 3: > ",
        "> Draft 3:\n",
        "X\n",
        "[",
        "[a](",
        "[a](http://",
        "\\*",
        "<t:1",
        "a\u0301\u0316",
        "ᴛǫ",
        " ",
        "\n",
    ],
)
def test_long_runs_of_layout_take_no_longer_than_words(part: str) -> None:
    text = part * (ATTACHMENT_LIMIT // len(part))
    began = time.process_time()
    plain(text)
    # Not a benchmark: a pattern that goes back over a run from each place in it takes minutes for these.
    assert time.process_time() - began < 2
