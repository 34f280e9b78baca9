"""The languages that were measured are told apart, and no other is labelled with confidence, however short."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from coach.labelling.labeller import Labeller
from coach.labelling.language import language_of
from coach.labels import Kind
from training.data import OWN_DRAFTS, read_lines

LABELLER = Labeller.load()

FOREIGN = {
    "Afrikaans": ["Baie dankie almal", "Ons is môre oop", "Sien julle Saterdag by die mark"],
    "Catalan": ["Bon dia a tothom", "Avui obrim a les nou", "Moltes gràcies pel suport"],
    "Croatian": ["Hvala svima", "Vidimo se sutra", "Nova kava u ponudi"],
    "Czech": ["Děkujeme všem", "Zítra máme zavřeno", "Kdo jde s námi?"],
    "Danish": ["Vi åbner igen på lørdag", "Hvem vil med ud at gå?", "Ny bog på vej", "Husk det er i dag"],
    "Estonian": ["Aitäh kõigile", "Tere hommikust", "Täna oleme avatud"],
    "Filipino": ["Bukas na po kami", "Maraming salamat sa inyo", "Kumusta kayong lahat?"],
    "Finnish": ["Hyvää huomenta", "Tervetuloa mukaan", "Avaamme huomenna kello yhdeksän"],
    "Hungarian": ["Jó reggelt mindenkinek", "Holnap nyitunk", "Köszönjük szépen"],
    "Indonesian": ["Toko kami buka lagi besok", "Siapa mau ikut?", "Diskon untuk semua menu"],
    "Irish": ["Oíche mhaith", "Fáilte go dtí an siopa", "Go raibh maith agat"],
    "Lithuanian": ["Labas rytas", "Ačiū visiems", "Šiandien dirbame iki penkių"],
    "Norwegian": ["Vi ses på lørdag", "Er det noen som vil ha kaffe?", "Det var en fin dag"],
    "Polish": ["Zapraszamy do sklepu", "Kto ma ochotę na kawę?", "Jutro otwieramy o dziewiątej"],
    "Romanian": ["Bună dimineața", "Mulțumim tuturor", "Cine vine cu noi?"],
    "Swahili": ["Asante sana", "Habari ya asubuhi", "Karibu dukani kwetu"],
    "Swedish": ["Vi har öppet i helgen", "Vem vill ha fika?", "Ny blogg uppe nu", "Alla kan vara med"],
    "Turkish": ["Günaydın herkese", "Yarın açığız", "Kim gelmek ister?"],
    "Vietnamese": ["Chào buổi sáng", "Cảm ơn mọi người", "Cửa hàng mở lúc chín giờ"],
    "Welsh": ["Bore da bawb", "Diolch yn fawr", "Rydym ar agor heddiw"],
    "Japanese": ["おはよう", "今日は新しい窯の話をしましょう。"],
    "Russian": ["Спасибо всем", "Кто идёт с нами?"],
}  # fmt: skip

MEASURED = {
    "de": ["Das Team ist wieder da", "Danke an das ganze Team", "Bald ist Winter", "Was kocht ihr so?"],
    "fr": ["On arrive bientôt", "La saison est finie", "Petit concert ce soir", "Qui vient avec nous ?"],
    "es": ["Ya estamos de vuelta", "Gran final en Madrid", "El menú de hoy", "Quién viene conmigo?"],
    "pt": ["Boa noite a todos", "Amanhã tem feira", "Quem quer um café?", "Promo de inverno"],
    "it": ["Domani siamo aperti", "Che ne pensate?", "La nuova collezione è online", "Una sera a teatro"],
    "nl": ["Wie is er bij?", "Vanaf nu in de webshop", "Het team is compleet", "Fijn weekend allemaal"],
}  # fmt: skip
SHORT_AND_SLOPPY = {
    "de": ["hab ich auch so gemacht", "kommt wer mit morgen?", "Glückwunsch euch beiden!!", "geil, danke dir"],
    "fr": ["jsuis trop d'accord", "ca marche pas chez moi", "Merciiii à vous", "t'as essayé de le redémarrer ?"],
    "es": ["q tal todo?", "no me funciona nada jaja", "Felicidades crack!!", "alguien mas por aqui?"],
    "pt": ["tbm quero saber", "nao consegui ainda", "Parabéns, vcs merecem", "alguem sabe pq?"],
    "it": ["anche io la penso cosi", "qualcuno sa perche?", "Grazie mille a tutti", "nn ci credo ancora"],
    "nl": ["heb ik ook gehad", "iemand een idee?", "Gefeliciteerd met jullie winkel", "dat klopt niet hoor"],
}  # fmt: skip

ENGLISH = [
    "Thanks!", "Same here", "Come on in", "We won in Berlin", "Is it in or on?", "Well done, Priya!",
    "Congrats Siobhan", "So am I", "Good morning", "Sunny day!", "Me too, no hat", "On sale now",
    "New post online", "Photo of the day", "Open on Monday", "Hot soup, old hat", "Final day of the season",
    "The Nieuwstraat is closed", "I was in over an hour", "Happy birthday", "Any tips?", "LAN party",
    "Kubernetes ftw", "Haha", "11.", "Sooooo gooood", "2026",
    "gm frens", "TFW", "w00t", "no no no", "hi hi hi", "oi oi", "skibidi rizz", "dinnae fash yersel",
]  # fmt: skip


def posts_in_other_languages() -> list[str]:
    """Ten short posts in each of the languages that the labeller does not know."""
    lines = Path(__file__).with_name("other_languages.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def short_drafts(name: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Short drafts by their language: every other one, by which the table was chosen, and the rest, kept apart."""
    drafts: dict[str, list[str]] = defaultdict(list)
    language = ""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            language = line[2:]
        else:
            drafts[language].append(line)
    return {name: lines[::2] for name, lines in drafts.items()}, {
        name: lines[1::2] for name, lines in drafts.items()
    }


def own_drafts() -> dict[str, list[str]]:
    """The project's own drafts by their language."""
    drafts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(OWN_DRAFTS.glob("*.jsonl")):
        for line in read_lines(path):
            if line["kind"] != Kind.NONE:
                drafts[line.get("language", "en")].append(line["text"])
    return drafts


def language(text: str) -> str | None:
    return language_of(text, LABELLER.languages)


@pytest.mark.parametrize("name", FOREIGN)
def test_a_short_post_in_a_language_that_was_not_measured_is_asked_about(name: str) -> None:
    for text, verdict in zip(FOREIGN[name], LABELLER.label(FOREIGN[name]), strict=True):
        assert verdict.unsure, text
        assert verdict.kind is Kind.NONE, text


def test_hardly_any_post_in_another_language_is_taken_for_one_that_was_measured() -> None:
    texts = posts_in_other_languages()
    assert len(texts) == 280
    assert sum(language(text) is not None for text in texts) <= 4
    assert sum(language(text.upper()) is not None for text in texts) <= 4


def test_few_drafts_of_some_words_in_another_language_are_taken_for_one_that_was_measured() -> None:
    for half in short_drafts("short_other.txt"):
        found = [language(text) for texts in half.values() for text in texts]
        assert len(half) > 50
        assert len(found) > 200
        assert found.count("en") <= 0.11 * len(found)
        assert found.count(None) >= 0.82 * len(found)


def test_few_english_drafts_of_slang_names_and_loanwords_are_taken_for_another_language() -> None:
    for half in short_drafts("short_english.txt"):
        found = [language(text) for text in half[""]]
        assert len(found) > 500
        assert found.count("en") >= 0.93 * len(found)
        assert found.count(None) <= 0.04 * len(found)


def test_most_drafts_of_some_words_in_a_language_that_was_measured_are_told() -> None:
    for half in short_drafts("short_measured.txt"):
        told = [(language(text), code) for code, texts in half.items() for text in texts]
        assert len(told) > 80
        assert sum(found is None for found, _ in told) <= 0.02 * len(told)
        assert sum(found == code for found, code in told) >= 0.85 * len(told)


@pytest.mark.parametrize("code", MEASURED)
def test_a_short_post_in_a_language_that_was_measured_is_told(code: str) -> None:
    for text in MEASURED[code] + SHORT_AND_SLOPPY[code]:
        assert language(text) == code, text


@pytest.mark.parametrize("text", ENGLISH)
def test_a_short_english_post_is_taken_for_one(text: str) -> None:
    assert language(text) == language(text.lower()) == language(text.upper()) == "en"


def test_a_draft_in_two_languages_that_were_measured_is_read() -> None:
    assert language("Wir suchen noch jemanden für unser team: remote first, great people, und viel Kaffee") == "de"
    assert language("Big thanks to everybody who came on Saturday, bis bald!") == "en"


def test_almost_no_english_draft_is_taken_for_another_language() -> None:
    drafts = own_drafts()["en"]
    short = [text for text in drafts if len(text.split()) <= 6]
    assert len(short) > 300
    for texts, most in ((drafts, 0.0005), (short, 0.005)):
        assert sum(language(text) != "en" for text in texts) <= most * len(texts)


def test_the_projects_drafts_in_other_languages_are_read_and_told_apart() -> None:
    for code, texts in own_drafts().items():
        found = [language(text) for text in texts]
        longer = [told for text, told in zip(texts, found, strict=True) if len(text.split()) > 6]
        assert found.count(None) <= 0.01 * len(texts), code
        assert longer.count(code) >= 0.97 * len(longer), code


def test_a_word_that_is_repeated_shows_no_more_than_once() -> None:
    assert language("No no no") == language("No") == "en"
    assert language("Danke danke danke") == language("Danke") == "de"


def test_a_laugh_does_not_hide_a_language() -> None:
    assert language("kkkkkkk eu avisei") == "pt"


@pytest.mark.parametrize(
    "text", ["Konnichiwa minasan", "Selamat pagi semua", "Jambo rafiki wangu", "Kya haal hai bhai"]
)
def test_another_language_in_latin_letters_or_in_capitals_is_told_from_english(text: str) -> None:
    assert language(text) is language(text.upper()) is None


@pytest.mark.parametrize("text", ["Sanibonani nonke", "Vanakkam nanbargale"])
def test_two_words_that_the_table_lacks_are_not_english(text: str) -> None:
    assert language(text) is language(text.upper()) is None


def test_a_text_in_capitals_is_not_a_row_of_names() -> None:
    assert language("GUTEN MORGEN ALLERSEITS") == "de"
    assert language("SRETAN ROĐENDAN IVANA!") is None
    assert language("Thanks to Zdeněk Wróblewski and Łukasz Gajewski") == "en"


def test_links_mentions_and_layout_do_not_hide_a_language() -> None:
    assert language("```\nVielen Dank an alle!\n```") == "de"
    assert language("**@robin** merci à tous pour la soirée https://the.example.org/and/this/is/it") == "fr"
    assert language("<:the_and_that:123456789012345678> Domani siamo aperti #thisistheday") == "it"
