"""Layout is taken off a draft before it is judged, and its words stay."""

from __future__ import annotations

import re
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
from training.layouts import HASHTAGS, LAYOUTS

LABELLER = Labeller.load()
DRAFTS = own_drafts()
OF_ITS_OWN = re.compile(r"[*_~|`<>“”\"]|^\W|\n\W")
"""Marks of a draft's own: in a second layout, nobody can tell which marks of "~~~15" belong together."""

TELLS = "Our winter opening hours start on Monday: weekdays from nine to five."
ASKS = "How do you keep your seedlings alive when you go away for a week? I would love to hear what works."
BOTH = f"{TELLS}\n\n{ASKS}"


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
        "Versión corta: funciona",
        "Version courte : ça marche",
        "Versione 2 - è uscita",
        "Concept: a bakery run by cats",
        "Publication: our paper is out",
        "Für alle: Kuchen",
        "Draft reply: no",
        "LinkedIn comment: so true",
        "A <br> walks into a <bar>",
        "Never use <b> for a heading",
        "<b></b> is out of fashion",
        "<b><i></i></b> is out of fashion",
        "<b></b></b> is a slip",
        "Why is a <div> so hard to centre?",
        "AT&T & sons; R&D; &c; x&y;",
        "https://example.org/?a=1&copy=2",
        "“Be kind,” she said. “Always.”",
        "“It is what it is.”",
        "Monday and Friday 😂 [image: two pugs, one asleep]",
        "Write us a story (500 words)",
        "Passwords need some length (12 characters)",
        "The first part is up (1/2)",
        "> nobody needs more than one\n— Not true, I have eleven.",
        "> nobody needs more than one\n— not true",
        "> tea beats coffee\n— Agreed",
        "> tea beats coffee\n- Same here",
        "> Tee ist besser\n~ Genau",
        "Re: the kiln\n> it is cold\n\nIt was.",
        "In reply to Ann:\n> it is cold\n\nIt was.",
        "Replying to @robin: it was cold.",
        "On Monday Ann wrote:\n> it is cold\n\nIt was.",
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
        ("```Great.\nIt works.\n```", "Great.\nIt works."),
        ("Fish &amp; chips, it&#39;s &pound;5&nbsp;&ndash; &amp;lt;3", "Fish & chips, it's £5 – <3"),
        ("&gt; it is cold\n&gt; again\n\nIt was.", "> it is cold\n> again\n\nIt was."),
        ("<p>We <i>moved</i>.<br>See <a href='https://a.org'>where</a></p>", "We moved.\nSee where https://a.org"),
        ("<blockquote>it is cold</blockquote>It was.", "> it is cold\nIt was."),
        ("We moved.<br/><br/>Come in.", "We moved.\n\nCome in."),
        ("<b><b>We</b> <i></i>moved</b>", "We <i></i>moved"),
        ("LinkedIn:\n“We moved, come in.”", "We moved, come in."),
        ("LinkedIn (kurz):\n„Wir sind umgezogen.“", "Wir sind umgezogen."),
        ("Versão final para o Instagram:\nMudámos.", "Versão final para o Instagram:\nMudámos."),
        ("Versão final para Instagram:\nMudámos.", "Mudámos."),
        ("We moved.\n* * *\nCome in.", "We moved.\nCome in."),
        ("We moved.\n\n[9/280]", "We moved."),
        ("We moved, come in (18 Zeichen)", "We moved, come in"),
    ],
)
def test_other_layout_leaves_its_words(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    "source", ["— Ursula Le Guin", "- Ann Lee, Of Kilns and Men, 1974", "– Anon", "~ Ann Lee", "— Rumi"]
)
def test_a_quotation_with_only_its_source_is_read_as_one_and_not_as_an_answer(source: str) -> None:
    quotation = f"> It is good\n> to have an end.\n\n{source}"
    assert plain(quotation) == f"“It is good\nto have an end.”\n{source}"
    assert readable(quotation).startswith("“It is good")
    assert readable(f"{quotation}\n\nNo, it isn't.").startswith("> It is good ¶ > to have an end. ¶ ")


@pytest.mark.parametrize("mark", [">", "> ", ">>", "> > ", "  > ", "&gt; "])
def test_each_line_of_a_quotation_with_a_remark_shows_it(mark: str) -> None:
    read = readable(f"{mark}it is cold\n{mark}again\n\nIt was. :>\n>:(")
    assert read == "> it is cold ¶ > again ¶ It was. :> ¶ >:("


@pytest.mark.parametrize("text", [TELLS, ASKS, BOTH, "Perfect Sunday. #gravel"])
@pytest.mark.parametrize(
    "tags",
    ["#one #two", "#one\n#two", "#one, #two,", "hashtag\n#one\nhashtag\n#two", "hashtag#one hashtag#two", "#één2"],
)
def test_a_block_of_hashtags_is_not_read(text: str, tags: str) -> None:
    assert readable(f"{text}\n\n{tags}") == readable(f"{tags}\n\n{text}") == readable(text)


def test_hashtags_in_a_row_after_the_last_sentence_are_not_read() -> None:
    assert readable("We moved! #shop #leeds") == "We moved!"
    assert readable("We moved 🎉 #shop #leeds") == readable("We moved 🎉")
    assert readable("We moved: https://example.org #shop #leeds") == readable("We moved: https://example.org")


@pytest.mark.parametrize(
    "text",
    [
        "#shop #leeds",
        "We moved to #leeds #yorkshire",
        "We moved. #shop",
        "#leeds and #york are near",
        "Mended in\n#12",
    ],
)
def test_hashtags_that_are_words_are_read(text: str) -> None:
    assert readable(text) == text.replace("\n", " ¶ ")


def test_layout_alone_is_not_words() -> None:
    assert not has_words("```py\n```")
    assert not has_words("**🎉**")
    assert has_words("🅱🄾🄻🄳")


def test_the_projects_own_drafts_hardly_change() -> None:
    # Only paired marks are removed from them, as they were written without layout, apart from one group.
    without = [row.text for row in DRAFTS if row.source != "own-jokes"]
    changed = [text for text in without if _words(plain(text)) != _words(text)]
    # Of a joke, too, the first words may look like a heading.
    assert changed == ['LinkedIn: "I\'m humbled."\nNobody in the history of the world has ever been less humbled.']


def _words(text: str) -> str:
    return "".join(char for char in text if char not in "*_`|~ ")


@pytest.mark.parametrize("name", LAYOUTS | HASHTAGS)
@examples(2)
@given(st.sampled_from([row.text for row in DRAFTS if not OF_ITS_OWN.search(row.text)]))
def test_a_draft_in_any_layout_is_read_as_without_it(name: str, text: str) -> None:
    assert readable((LAYOUTS | HASHTAGS)[name](text)) == readable(text)


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
        "&amp;",
        "&lt;b&gt;",
        "&#62;",
        "&shy;",
        "&#97;",
        "&",
        "<b>",
        "</b>",
        "<p>",
        "<br>",
        "<",
        "\n---\n",
        "“",
        "”",
        "— Ann Lee",
        "(9 characters)",
        "[9/280]",
        "Entwurf",
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
        "&amp;",
        "&#38;",
        "<b>",
        "<b>a",
        "<b>a</b>",
        "<b></b>",
        "<p",
        "- - ",
        "---\n",
        "#a ",
        "#a\n",
        "hashtag ",
        "(9 characters)",
        'Draft 3: "',
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


def test_many_headings_before_a_word_take_a_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        # An emoji makes each copy of the text four times as long.
        text = "V1: " * count + "🎉word"
        began = time.process_time()
        assert plain(text) == "🎉word"
        return time.process_time() - began

    few, many = min(seconds(1_000) for _ in range(3)), min(seconds(16_000) for _ in range(3))
    # If each heading copied the rest of the text, it would take some 250 times as long.
    assert many < 40 * few
