"""Reasons for a label: whole words of the draft that speak for it, and each of them moves the label."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import numpy as np
import pytest

from coach.labelling.cue_words import WORDS
from coach.labelling.cues import CUES, cues, find
from coach.labelling.labeller import Labeller
from coach.labelling.personal import FEATURES, features_of
from coach.labelling.reasons import Part, most_reasons, without_parts
from coach.labels import Label
from coach.layout import plain
from coach.text import readable
from coach.wording_drafts import reasons_line
from training.data import own_drafts

LABELLER = Labeller.load()

WHOLE = [
    "https://example.org/spring/fair?x=1.2&y=a,b;c",
    "www.example.org/shop",
    "example.org",
    "robin@mill-house.co.uk",
    "mill.example/fair?x=1&y=2",
    "node.js",
    "7:30",
    "10.15",
    "2,500",
    "3.12.2026",
    "1,250.50",
    "@robin.fry",
    "p.m.",
    "e.g.",
    "K.4.601",
    "14. März",
]

# One draft for each cue that depends on the language, in the order of English, and what it says of itself.
SAID = {
    "thanks": ("Thanks", "Danke", "Merci", "Gracias", "Obrigada", "Grazie", "Bedankt"),
    "greeting": ("Good morning", "Guten Morgen", "Bonjour", "Buenos días", "Bom dia", "Buongiorno", "Goedemorgen"),
    "you": ("you", "euch", "vous", "vosotros", "vocês", "voi", "jullie"),
    "i": ("I", "ich", "je", "yo", "eu", "io", "ik"),
    "date": ("Friday", "Freitag", "vendredi", "viernes", "sexta-feira", "venerdì", "vrijdag"),
    "wishes": ("Congrats", "Glückwunsch", "Félicitations", "Enhorabuena", "Parabéns", "Complimenti", "Proficiat"),
    "answer": ("Exactly", "Genau", "Exactement", "Exacto", "Exatamente", "Esatto", "Precies"),
}
QUESTIONS = {
    "en": ("How do you keep the moss off?", "How do you"),
    "de": ("Womit haltet ihr das Moos fern?", "Womit haltet ihr"),
    "fr": ("Comment vous gérez la mousse ?", "Comment vous"),
    "es": ("¿Cómo hacéis con el musgo?", "Cómo hacéis"),
    "pt": ("Como vocês tiram o musgo?", "Como vocês"),
    "it": ("Come fate con il muschio?", "Come fate"),
    "nl": ("Hoe houden jullie het mos weg?", "Hoe houden jullie"),
}


def quotations(parts: Sequence[Part]) -> list[Part]:
    """The phrases among the parts of a draft."""
    return [part for part in parts if part.says.startswith("“")]


def shown(text: str, language: str = "en") -> list[str]:
    """The phrases of a draft as they are quoted."""
    return [part.says[1:-1] for part in quotations(without_parts(text, language))]


@pytest.mark.parametrize("word", WHOLE)
@pytest.mark.parametrize(
    "text",
    [
        "We meet {} at the mill, bring flour for all.",
        "{} is when we start: at the mill",
        "See {} soon enough, then tell us all",
    ],
)
def test_a_phrase_never_ends_within_an_address_a_time_or_a_figure(text: str, word: str) -> None:
    draft = text.format(word)
    at = draft.index(word)
    phrases = quotations(without_parts(draft))
    assert phrases
    for part in phrases:
        assert part.end <= at or part.start >= at + len(word) or (part.start <= at and part.end >= at + len(word))


@pytest.mark.parametrize("address", ["https://example.org/?page=2&what=fair", "example.org/fair?page=2"])
def test_a_query_string_is_not_a_question(address: str) -> None:
    said = [part.says for part in without_parts(f"Our programme: {address} is out now.")]
    assert ("has a link" in said) == address.startswith("https")
    assert not any("question" in reason for reason in said)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("The roof is on. Six of us, and two of them know C.", ["The roof is on.", "two of them know C."]),
        ("Off to the fair. Out of cups, though fine (it's cedar), he says", ["Off to the fair.", "Out of cups"]),
        ("It is fixed. 30. https://example.org/fair 8 pm.", ["It is fixed."]),
        ("See the plan here: https://example.org/plan. It is long.", ["See the plan here…", "It is long."]),
        ('He said "did it hold?" Me: "It did, sort of."', ['He said "did it hold?"', 'Me: "It did, sort of."']),
        ("Python 2.7 stops in 2020. You have five years.", ["Python 2.7 stops in 2020.", "You have five years."]),
        ("Two seats, £85 incl. lunch and tea. Book it.", ["Two seats, £85 incl. lunch and tea.", "Book it."]),
        ("Depends, per the book of our trade: 1. on the money. 2. on who asks.",
         ["Depends, per the book of our trade", "on the money.", "on who asks."]),
        ("Once upon a time there was a miller who had three sons and a cat. The end of it.",
         ["Once upon a time there was a miller…", "The end of it."]),
    ],
)  # fmt: skip
def test_phrases_are_quoted_without_scraps(text: str, quoted: list[str]) -> None:
    assert [phrase for phrase in shown(text) if phrase in quoted] == quoted
    assert not {"30.", "pm.", "8 pm.", "1.", "2.", "https"} & set(shown(text))


@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_quotations_are_whole_words_of_the_draft_with_their_partners(every: int) -> None:
    for row in own_drafts()[::every]:
        flat = " ".join(row.text.split())
        for phrase in shown(row.text):
            words = phrase.rstrip("…").rstrip()
            assert phrase.count("(") == phrase.count(")") or ":" in phrase or ";" in phrase, phrase
            assert phrase.count('"') % 2 == 0, phrase
            assert not re.match(r"[\s,;:.!?)\]>*-]", phrase), phrase
            assert not phrase.endswith((",", ";", ":", "(", "[")), phrase
            if words in flat:  # layout is taken off before
                assert re.search(
                    rf"(?<!\w){re.escape(words)}(?!\w)|\W{re.escape(words)}|{re.escape(words)}\W", flat
                )


def rest_without(text: str, reason: str, language: str = "en") -> str:
    """A draft without what a reason names."""
    [part] = [part for part in without_parts(text, language) if part.says == reason]
    return part.rest


@pytest.mark.parametrize("count", [12, pytest.param(500, marks=pytest.mark.slow)])
def test_each_reason_taken_away_makes_its_label_less_probable(count: int) -> None:
    drafts = own_drafts()
    named = 0
    for row in drafts[:: max(1, len(drafts) // count)]:
        verdict = LABELLER.explain(row.text)
        sign = 1 if verdict.label is Label.CONVERSATION else -1
        rests = [rest_without(row.text, reason, verdict.language or "en") for reason in verdict.reasons]
        for reason, rest, without in zip(verdict.reasons, rests, LABELLER.label(rests), strict=True):
            assert (verdict.probability - without.probability) * sign > 0, (row.text, reason)
            # It was taken out of the draft's own words, and nothing else was put in.
            letters = iter(plain(row.text))
            assert all(char in letters for char in rest if char.isalnum()), (row.text, reason)
            named += 1
    assert named > count // 2


@pytest.mark.parametrize("every", [240, pytest.param(60, marks=pytest.mark.slow)])
def test_no_reason_speaks_for_the_other_label(every: int) -> None:
    sides = {cue.says.split("{}")[0]: cue.side for cue in CUES if cue.side is not None}
    for row in own_drafts()[::every]:
        verdict = LABELLER.explain(row.text)
        for reason in verdict.reasons:
            for beginning, side in sides.items():
                assert not reason.startswith(beginning) or side is verdict.label, (row.text, reason)


def test_a_phrase_that_speaks_for_the_other_label_is_no_reason_either() -> None:
    parts = {
        part.says: part.side for part in without_parts("Thank you for December! Order your cakes by Friday night.")
    }
    assert parts["“Thank you for December!”"] is Label.CONVERSATION
    assert parts["“Order your cakes by Friday night.”"] is not Label.CONVERSATION


def test_all_places_of_a_cue_are_taken_away() -> None:
    parts = without_parts("Does it hold? I doubt it. Would you try it? Mine leaks. Your call.")
    rests = {part.says.split(":")[0]: part.rest.split() for part in parts}
    assert " ".join(rests["has a question in it"]) == "I doubt it. Mine leaks. Your call."
    assert not {"you", "Your"} & set(rests["speaks to somebody"])


def test_a_draft_of_one_phrase_speaks_as_a_whole() -> None:
    for text in ("nope", "the second one for sure"):
        verdict = LABELLER.explain(text)
        assert verdict.reasons == ()
        assert "the draft as a whole" in reasons_line(verdict)
    assert [part.says for part in without_parts("Where did the geese go?")] == ["is a question"]


def test_a_word_that_is_part_of_a_price_is_quoted_with_it() -> None:
    said = [part.says for part in without_parts("The house is $289k. It stands by the mill.")]
    assert "names a price or an offer: “$289k”" in said


def test_a_remark_on_a_quotation_is_a_sign_of_conversation() -> None:
    [part] = [
        part
        for part in without_parts("> why not in Rust\n\nThree people maintain it.")
        if "quotation" in part.says
    ]
    assert part.side is Label.CONVERSATION
    assert part.rest.split() == ["Three", "people", "maintain", "it."]


@pytest.mark.parametrize("text", [">:( Mondays\nbut coffee", ">:D so glad\nit is Friday"])
def test_a_face_is_no_quotation(text: str) -> None:
    assert "comments on a quotation" not in [part.says for part in without_parts(text)]


@pytest.mark.parametrize(
    "text", ["> 🙃 so true\n>\n> or not\nIt is.", ">why not\nIt is.", ">> why\n> not\nIt is."]
)
def test_all_lines_of_a_quotation_are_taken_away(text: str) -> None:
    [part] = [part for part in without_parts(text) if "quotation" in part.says]
    assert part.rest == "It is."


def test_an_everyday_word_does_not_hide_the_news_after_it() -> None:
    [part] = [part for part in without_parts("We open our books: announcing the fair.") if "news" in part.says]
    assert part.says == "shares news: “announcing”"
    assert "open our books" in part.rest
    assert not [part for part in without_parts("We open our books when you ask.") if "news" in part.says]


def test_no_text_is_read_twice_for_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    run = type(LABELLER.encoder).run

    def counted(self: object, texts: Sequence[str]) -> object:
        read.extend(texts)
        return run(LABELLER.encoder, texts)

    monkeypatch.setattr(type(LABELLER.encoder), "run", counted)
    LABELLER.explain("Thank you all for the cake! See you on Monday. Who ate the last of it?")
    assert len(read) == len(set(read))
    assert len(read) <= 8


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("> Tea beats coffee.\nNo way it does. We drink it in the mornings.", "> Tea beats coffee. ¶ No way"),
        ("#tea #coffee\nThank you for the biscuits, they were lovely.", "they were lovely."),
    ],
)
def test_a_draft_without_a_part_of_it_is_read_with_its_lines(
    monkeypatch: pytest.MonkeyPatch, text: str, kept: str
) -> None:
    read: list[str] = []
    run = type(LABELLER.encoder).run

    def kept_texts(self: object, texts: Sequence[str]) -> object:
        read.extend(map(readable, texts))
        return run(LABELLER.encoder, texts)

    monkeypatch.setattr(type(LABELLER.encoder), "run", kept_texts)
    LABELLER.explain(text)
    assert any(kept in rest for rest in read[1:])
    assert not any("#" in rest for rest in read)
    assert not any("Tea beats coffee. No way" in rest or "¶ >" in rest for rest in read)


def test_a_faint_cue_is_no_reason_beside_nothing() -> None:
    faint = Part(0, 1, "names a day or time: “Monday”", "x")
    assert most_reasons([faint], [0.1]) == ()
    assert most_reasons([faint], [0.5]) == (faint.says,)


@pytest.mark.parametrize("name", SAID)
def test_cues_are_found_in_the_drafts_own_language(name: str) -> None:
    for language, words in zip(WORDS, SAID[name], strict=True):
        text = f"{words}, and so on" if name in {"greeting", "answer"} else f"Ook {words}, hm"
        found = {of_text.cue.name: of_text for of_text in find(text, language)}
        assert found[name].words.strip() == words, language
        assert f"“{words}”" in found[name].says


@pytest.mark.parametrize("language", WORDS)
def test_a_question_to_readers_is_quoted_in_its_own_words(language: str) -> None:
    text, words = QUESTIONS[language]
    assert f"asks readers “{words}”" in [part.says for part in without_parts(f"Xxx yyy zzz. {text}", language)]


@pytest.mark.parametrize("language", WORDS)
def test_the_same_cue_has_the_same_feature_in_each_language(language: str) -> None:
    kinds = np.full(8, 1 / 8, np.float32)
    english = features_of("Thanks", kinds)
    features = features_of(SAID["thanks"][list(WORDS).index(language)], kinds, language)
    assert features.shape == (FEATURES,)
    thanks = FEATURES - len(CUES) + [cue.name for cue in CUES].index("thanks")
    assert features[thanks] == english[thanks] == 1
    assert [(cue.name, cue.says, cue.side) for cue in cues(language)] == [
        (cue.name, cue.says, cue.side) for cue in CUES
    ]


@pytest.mark.parametrize(
    ("language", "cue", "without", "with_it"),
    [
        ("de", "answer", ("Genau drei Jahre ist es her", "Eben war ich dort", "Leider fällt es aus"),
         ("Genau!", "Genau 😂", "Stimmt, so ist es", "ja das stimmt")),
        ("fr", "answer", ("Si vous voulez venir", "Voilà tout ça", "Non à la hausse"), ("Si, si", "Non merci")),
        ("es", "answer", ("Si quieres venir", "Cierto día", "Vale oro"), ("Sí que es", "si, si", "Vale…")),
        ("pt", "answer", ("Certo dia", "Isso é só isso", "Não há pão"), ("Certo!", "Isso mesmo!", "Sim")),
        ("it", "answer", ("Si può fare", "Ma che bella giornata", "Ecco il menu"), ("Sì", "Ma dai!", "Ecco.")),
        ("nl", "answer", ("Eens per jaar", "Natuurlijk brood", "Helaas zijn we dicht"), ("Eens!", "Zeker weten")),
        ("de", "stock tag", ("Ist das richtig?",), ("Das ist lecker, oder?", "So. Richtig?", "Meinungen?")),
        ("fr", "stock tag", ("Où habitez-vous ?", "Pourquoi non ?"), ("C'est beau, non ?", "Et vous ?")),
        ("es", "stock tag", ("¿Es verdad?", "¿Por qué no?"), ("Es bueno, ¿verdad?", "Es bueno ¿no?")),
        ("pt", "stock tag", ("Está certo?",), ("Está bom, certo?", "Lindo né?")),
        ("it", "stock tag", ("È vero?",), ("Bello, vero?", "Bello. No?")),
        ("nl", "stock tag", ("Wat doen jullie?", "Wat is dat toch?"), ("Lekker, toch?", "En jullie?")),
        ("de", "act", ("Ich habe bestellt", "Ich sammle Spenden", "Teilt ihr euch den Kuchen?"),
         ("Bitte teilen!", "Bestellt jetzt", "Kommt vorbei")),
        ("fr", "act", ("Je partage", "J'ai rendez-vous demain", "Que faites-vous si vous partagez"),
         ("Partagez !", "Rendez-vous samedi")),
        ("es", "act", ("Mi compra de ayer", "La reserva está llena"), ("¡Compra ya!", "Reserva tu mesa")),
        ("pt", "act", ("A compra chegou", "Doem as costas"), ("Compre já", "Inscreva-se")),
        ("it", "act", ("Mia madre compra il pane", "I candidati sono due"), ("Compra il libro", "Iscrivetevi")),
        ("nl", "act", ("Ik reserveer", "Ik win nooit", "Speel je kaarten?"), ("Reserveer nu", "Doe mee")),
        ("de", "you", ("Anna hat ihr neues Buch fertig",), ("Wenn ihr wollt", "Habt ihr Zeit?")),
        ("fr", "you", ("J'ai un rendez-vous", "Elle hausse le ton"), ("Et vous", "ton vélo")),
        ("it", "you", ("Carlo VI", "Non vi è pane"), ("Vi scrivo",)),
        ("nl", "you", ("Om 20 u begint het",), ("Kunt u komen",)),
        ("pt", "we", ("Nos últimos dias",), ("Siga-nos", "a nossa casa")),
        ("it", "we", ("Ci sono tre gatti",), ("Ci vediamo lunedì",)),
        ("pt", "laugh", ("Porto Alegre, RS",), ("que dia rs", "rsrs", "kkkk")),
        ("de", "laugh", ("Wer wird der:die Neue?",), ("Na dann :D", "Gut :)", "haha")),
        ("en", "laugh", ("the how:do of it",), ("fine :D", "fine ;-)")),
        ("es", "laugh", ("aceite de jojoba",), ("jajaja", "jejej")),
        ("de", "thanks", ("Dank neuer Technik",), ("Vielen Dank", "Danke")),
        ("fr", "thanks", ("Merci de ne pas fumer",), ("Merci de votre aide",)),
        ("pt", "thanks", ("Um brigadeiro", "Fui obrigado a sair", "Valeu a pena"), ("Obrigado a todos", "Valeu!")),
        ("de", "wishes", ("Gäste sind willkommen",), ("Willkommen!", "Herzlich willkommen")),
        ("fr", "wishes", ("Un chapeau de paille",), ("Chapeau !", "Bon courage")),
        ("es", "wishes", ("Por suerte llovió",), ("¡Suerte!", "Mucho ánimo")),
        ("it", "wishes", ("Per forza", "Un bravo medico"), ("Bravo!", "Forza ragazzi")),
        ("nl", "wishes", ("Het was een succes voor ons", "Een gelukkig kind"), ("Succes!", "Veel sterkte")),
        ("de", "greeting", ("Morgen öffnen wir", "Lieber spät als nie"), ("Morgen!", "Liebe Anna, danke")),
        ("nl", "greeting", ("Morgen zijn we dicht", "Beste koffie"), ("Morgen allemaal", "Beste buren, dag")),
        ("es", "greeting", ("Buenas noticias", "Feliz con mi bici"), ("Buenas a todos", "Buenas tardes")),
        ("pt", "greeting", ("Caros demais", "Salve a data"), ("Fala galera", "Cara Ana, olá")),
    ],
)  # fmt: skip
def test_words_that_mean_something_else_are_no_cue(
    language: str, cue: str, without: Sequence[str], with_it: Sequence[str]
) -> None:
    for text in (*without, *with_it):
        assert (cue in {found.cue.name for found in find(text, language)}) == (text in with_it), text


def test_relative_clauses_are_no_questions() -> None:
    for language, text in (
        ("fr", "Je sais que vous venez."),
        ("es", "Lo que te dije"),
        ("de", "Ich weiß, was ihr tut."),
    ):
        assert "asks how" not in {found.cue.name for found in find(text, language)}
    assert "asks" not in str(
        [part.says for part in without_parts("One rule, which is we lie together. It holds.")]
    )


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "part",
    [
        "a.",
        "a.b",
        "1",
        "1:",
        "1,1",
        "@a.",
        "www.",
        "http://",
        "p.m. ",
        "A.A",
        "? ",
        "a? ",
        "que ",
        "(a b c, ",
        '"',
    ],
)
def test_phrases_and_cues_of_odd_texts_are_found_soon(part: str, language: str) -> None:
    cues(language)
    began = time.process_time()
    without_parts(part * (3000 // len(part)), language)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["(" + "a, " * 950, "(" * 2900 + "hello"])
def test_brackets_that_never_close_take_no_longer_than_others(text: str) -> None:
    began = time.process_time()
    without_parts(text)
    assert time.process_time() - began < 0.25
