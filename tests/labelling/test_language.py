"""Other languages are never labelled with confidence, however short the post, and English is recognised."""

from __future__ import annotations

import pytest

from coach.labelling.labeller import Labeller
from coach.labelling.language import is_english
from coach.labels import Kind
from training.data import own_drafts

LABELLER = Labeller.load()

FOREIGN = {
    "Afrikaans": ["Baie dankie almal", "Ons is môre oop", "Sien julle Saterdag by die mark"],
    "Catalan": ["Bon dia a tothom", "Avui obrim a les nou", "Moltes gràcies pel suport"],
    "Croatian": ["Hvala svima", "Vidimo se sutra", "Nova kava u ponudi"],
    "Czech": ["Děkujeme všem", "Zítra máme zavřeno", "Kdo jde s námi?"],
    "Danish": ["Vi åbner igen på lørdag", "Hvem vil med ud at gå?", "Ny bog på vej", "Husk det er i dag"],
    "Dutch": ["Wie is er bij?", "Vanaf nu in de webshop", "Het team is compleet", "Fijn weekend allemaal"],
    "Estonian": ["Aitäh kõigile", "Tere hommikust", "Täna oleme avatud"],
    "Filipino": ["Bukas na po kami", "Maraming salamat sa inyo", "Kumusta kayong lahat?"],
    "Finnish": ["Hyvää huomenta", "Tervetuloa mukaan", "Avaamme huomenna kello yhdeksän"],
    "French": ["On arrive bientôt", "La saison est finie", "Petit concert ce soir", "Qui vient avec nous ?"],
    "German": ["Das Team ist wieder da", "Danke an das ganze Team", "Bald ist Winter", "Was kocht ihr so?"],
    "Hungarian": ["Jó reggelt mindenkinek", "Holnap nyitunk", "Köszönjük szépen"],
    "Indonesian": ["Toko kami buka lagi besok", "Siapa mau ikut?", "Diskon untuk semua menu"],
    "Irish": ["Oíche mhaith", "Fáilte go dtí an siopa", "Go raibh maith agat"],
    "Italian": ["Domani siamo aperti", "Che ne pensate?", "La nuova collezione è online", "Una sera a teatro"],
    "Lithuanian": ["Labas rytas", "Ačiū visiems", "Šiandien dirbame iki penkių"],
    "Norwegian": ["Vi ses på lørdag", "Er det noen som vil ha kaffe?", "Det var en fin dag"],
    "Polish": ["Zapraszamy do sklepu", "Kto ma ochotę na kawę?", "Jutro otwieramy o dziewiątej"],
    "Portuguese": ["Boa noite a todos", "Amanhã tem feira", "Quem quer um café?", "Promo de inverno"],
    "Romanian": ["Bună dimineața", "Mulțumim tuturor", "Cine vine cu noi?"],
    "Spanish": ["Ya estamos de vuelta", "Gran final en Madrid", "El menú de hoy", "Quién viene conmigo?"],
    "Swahili": ["Asante sana", "Habari ya asubuhi", "Karibu dukani kwetu"],
    "Swedish": ["Vi har öppet i helgen", "Vem vill ha fika?", "Ny blogg uppe nu", "Alla kan vara med"],
    "Turkish": ["Günaydın herkese", "Yarın açığız", "Kim gelmek ister?"],
    "Vietnamese": ["Chào buổi sáng", "Cảm ơn mọi người", "Cửa hàng mở lúc chín giờ"],
    "Welsh": ["Bore da bawb", "Diolch yn fawr", "Rydym ar agor heddiw"],
}  # fmt: skip

ENGLISH = [
    "Thanks!", "Same here", "Come on in", "We won in Berlin", "Is it in or on?", "Well done, Priya!",
    "Congrats Siobhan", "So am I", "Good morning", "Sunny day!", "Me too, no hat", "On sale now",
    "New post online", "Photo of the day", "Open on Monday", "Hot soup, old hat", "Final day of the season",
    "The Nieuwstraat is closed", "I was in over an hour", "Happy birthday", "Any tips?", "Sooooo gooood", "2026",
]  # fmt: skip


@pytest.mark.parametrize("language", FOREIGN)
def test_a_short_post_in_another_language_is_asked_about(language: str) -> None:
    for text, verdict in zip(FOREIGN[language], LABELLER.label(FOREIGN[language]), strict=True):
        assert verdict.unsure, text
        assert verdict.kind is Kind.NONE, text


@pytest.mark.parametrize("text", ENGLISH)
def test_a_short_english_post_is_taken_for_one(text: str) -> None:
    assert is_english(text, LABELLER.known)
    assert is_english(text.lower(), LABELLER.known) or any(char.isupper() for char in text[1:])
    assert is_english(text.upper(), LABELLER.known)


def test_almost_no_english_draft_is_taken_for_another_language() -> None:
    drafts = [row.text for row in own_drafts()]
    short = [text for text in drafts if len(text.split()) <= 6]
    assert len(short) > 300
    for texts, most in ((drafts, 0.002), (short, 0.015)):
        assert sum(not is_english(text, LABELLER.known) for text in texts) <= most * len(texts)
