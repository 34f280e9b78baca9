"""A next step for this draft: how to turn it towards the other label, starting from its subject."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from coach.labels import Kind
from coach.layout import plain
from coach.text import CUSTOM_EMOJI, MENTION, URL, excerpt

QUESTION_TIP = "question-about-subject"
"""What a question from the draft's subject is called on record, where a tip has its id."""

MOST_WORDS = 3
"""The most words of a subject, apart from its article: enough to be recognised, too few to be a sentence."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CLAUSE = re.compile(r"[.!?;:,()\[\]{}\"“”„«»|…—–/\n\r]+|\s-\s|\s&\s")
_WORD = re.compile(r"#?[^\W_][\w'’-]*")

# A subject follows one of these openers. Articles and possessives stay with it, so that it fits into a sentence.
_KEPT = _words("a an my our the these this those")
_OPENERS = _KEPT | {"about"}
_SINGULAR = _words("a an this")
# Some openers show that the phrase is what the draft is about, and some that it is new to the reader.
_MARKS = {"about": 0.6, "my": 0.6, "our": 0.6, "a": -0.3, "an": -0.3}
# A subject ends before one of these.
_CLOSERS = _OPENERS | _words(
    "any at by every few for from her his in its many more most no of on or over some that their to two "
    "three under via with your agree agrees asked beat became began believe believes bought break breaks "
    "brought built burn called check closed cost costs cut fell felt fix grew heard held help helps hit hope "
    "kept left lost made means meant met moved opened opens paid passed played ran read sang sat sent set "
    "sold spent started stayed stood stopped taught texted thinks told turned walked watched woke won worked "
    "wrote again ago already always away back down even first here just maybe only rather right so soon "
    "there too yet also and am are as be because been before being below but came can come comes could did "
    "do does don't done else ends ever feel feels finally find gave get gets getting give gives go goes "
    "going gone got had has have having he him how i i'd i'll i'm i've if into is isn't it it's join keep "
    "know last let like look looks make makes may me might must need needs never next not now off once one "
    "open other out own please put really said same saw say says see she should since start starts still "
    "such take takes tell than that's them then they think took try turns until up us use used very want "
    "wants was wasn't we we'd we'll we're we've well went were what when where which while who why whether "
    "will within without won't work works would yes you you'll you're you've"
)
_BEING = _words("are has have is was were will")
# Too vague to ask about.
_VAGUE = _words(
    "afternoon all bit bits chance couple day days end evening everybody everyone everything fact "
    "first friday good great hour idea kind least less life link lot lots luck minute minutes moment "
    "monday month months morning night nobody none nothing one part people person place point post rest "
    "saturday second sort stuff sunday sure team thanks thank thing things thursday time times today "
    "tomorrow tonight tuesday way ways wednesday week weekend weeks word words world year years yesterday "
    "http https"
)

# Most words in -ing within a phrase are verbs; these name things.
_NOUNS_IN_ING = _words(
    "baking booking building camping ceiling clothing coaching coding cooking cycling dining drawing engineering "
    "evening fencing fishing funding gardening hearing heating housing king knitting landing learning lighting "
    "listing living marketing meeting morning opening painting parking pricing planning pudding reading recording "
    "ring roofing running sailing screening setting sewing shopping singing spring string swimming teaching "
    "thing training walking wedding wing writing"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a draft's subject, to be copied.

    Attributes:
        use: what to do with it, without a full stop.
        text: the question.
    """

    use: str
    text: str


_WITH_SUBJECT: dict[Kind, tuple[str, tuple[str, ...]]] = {
    Kind.INFORM: (
        "End on a question that only readers can answer",
        ("What do you think of {}?", "What would you like to know about {}?", "What would you add about {}?"),
    ),
    Kind.PROMOTE: (
        "Ask before you offer",
        ("What would you like to know about {}?", "What would you expect from {}?"),
    ),
    Kind.SHARE: (
        "Turn to your readers at the end",
        ("What do you make of {}?", "How do you feel about {}?"),
    ),
}
_WITHOUT: dict[Kind, str] = {
    Kind.INFORM: "End on the one question about it that only your readers can answer.",
    Kind.PROMOTE: "Put a question to readers before the offer, and leave room for their answers.",
    Kind.SHARE: "Say whom you would like to hear from on this, and ask them.",
    Kind.ENTERTAIN: "Stop one line early and let readers finish it.",
    Kind.REPLY: "Keep the answer, and draft one post that tells everybody what you told this one person.",
    Kind.ASK: "Put what you already know in front of the question; that part is worth publishing by itself.",
    Kind.APPRECIATE: "Add in one plain sentence what they did, so that it tells readers something as well.",
    Kind.BANTER: "Add one useful thing that readers can take away: a fact, a find, or how it is done.",
}
_ENOUGH = 1.8
"""The weight at which a phrase is taken to be the subject: it comes early and has two words, or comes again."""


def from_subject(text: str, kind: Kind, language: str | None, turn: int) -> Question | None:
    """A question about a draft's subject, which turns the draft towards conversation.

    Args:
        text: the draft.
        kind: its kind.
        language: its ISO 639-1 code; subjects are found by English grammar, and so only in English drafts.
        turn: how many questions came before, so that each wording has its turn.

    Returns:
        None if there is no such question for the kind, or the words don't show the subject.
    """
    subject = subject_of(text) if language == "en" and kind in _WITH_SUBJECT else None
    if subject is None:
        return None
    use, questions = _WITH_SUBJECT[kind]
    return Question(use, questions[turn % len(questions)].format(subject))


def step(text: str, kind: Kind, language: str | None, rng: random.Random) -> str | None:
    """One concrete step that turns a draft towards the other label, starting from its subject if that is known.

    Args:
        text: the draft.
        kind: its kind.
        language: its ISO 639-1 code; subjects are found by English grammar, and so only in English drafts.
        rng: chooses between wordings.

    Returns:
        A sentence; None if the draft has no kind.
    """
    question = from_subject(text, kind, language, rng.getrandbits(16))
    if question is None:
        return _WITHOUT.get(kind)
    return f"{question.use}, such as “{question.text}”"


def subject_of(text: str) -> str | None:
    """What a draft is about, in a few of its own words; None if the words don't show it.

    Phrases that follow an article, a possessive or "about" are candidates. Phrases that come early or more than
    once, are longer, or are the author's own are preferred.
    """
    bare = MENTION.sub(" , ", URL.sub(" , ", CUSTOM_EMOJI.sub(" , ", excerpt(plain(text)))))
    lower = bare.lower()
    best, weight = None, 0.0
    for phrase, head, marks in _candidates(bare):
        score = marks + 0.7 * (lower.count(head.lower()) - 1)
        if score > weight:
            best, weight = phrase, score
    return best if weight >= _ENOUGH else None


def _candidates(text: str) -> Iterator[tuple[str, str, float]]:
    """Candidate phrases, fit for a sentence, each with its last word and its weight."""
    for place, clause in enumerate(_CLAUSE.split(text)):
        words = _WORD.findall(clause)
        for at, word in enumerate(words):
            opener = word.lower()
            if opener not in _OPENERS:
                continue
            phrase = _phrase(words[at + 1 :], opener in _SINGULAR)
            if _fit(phrase):
                kept = [opener, *phrase] if opener in _KEPT else phrase
                marks = (0.8 if place < 2 else 0.0) + 0.5 * len(phrase) + _MARKS.get(opener, 0.0)
                yield " ".join(kept), phrase[-1], marks


def _phrase(words: list[str], singular: bool) -> list[str]:
    """The noun phrase at the start of some words, up to a closer, a plural or three words; empty if in doubt."""
    phrase: list[str] = []
    for at, word in enumerate(words[:MOST_WORDS]):
        lower = word.lower().replace("’", "'")
        if lower in _CLOSERS or word.startswith("#") or lower.endswith(("ly", "'re", "'ll", "'ve", "'d")):
            break
        if phrase and lower.endswith(("ing", "ed")) and lower not in _NOUNS_IN_ING:
            # "Our spring glazing course is …" is about a course; in "the train playing videos" it is a verb.
            following = [after.lower() for after in words[at + 1 : at + 3]]
            if len(following) < 2 or following[0] in _CLOSERS or following[1] not in _BEING:
                return []
        plural = lower.endswith("s") and not lower.endswith(("ss", "us", "is", "'s")) and len(lower) > 3
        # After a singular noun, it is a verb ("this trade beats").
        if phrase and singular and plural:
            break
        phrase.append(word)
        # A plural ends its phrase: what follows is usually a verb ("opening hours start").
        if plural:
            break
    return phrase


def _fit(phrase: list[str]) -> bool:
    """Whether a phrase names something that an author can ask about."""
    if not phrase:
        return False
    last = phrase[-1].lower()
    plain = all(word.lower().strip("'’") not in _VAGUE for word in phrase)
    verbal = last.endswith(("ing", "ed", "'s", "’s")) and last not in _NOUNS_IN_ING
    return plain and not verbal and len(last) >= 4 and not last.isdigit() and len(" ".join(phrase)) <= 40
