"""Numbered parts of threads, and drafts that say that they are another version."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.parts import MOST_PARTS, named_version, numbered_part
from tests.support import odd_text

odd_texts = st.integers(0, 2**32).map(lambda seed: odd_text.draft(random.Random(seed)))

NUMBERED: dict[str, tuple[int, int | None]] = {
    "1/5 so here's the thing": (1, 5),
    "(2/5) More": (2, 5),
    "[2/5] next": (2, 5),
    "2/5: next": (2, 5),
    "**2/4** bold": (2, 4),
    "12/12 and done.": (12, 12),
    "1/n why we left": (1, None),
    "2/ It started with a broken printer.": (2, None),
    "2) And then": (2, None),
    "2. And then": (2, None),
    "3.\nAnd then": (3, None),
    "1️⃣ First": (1, None),
    "2⃣ two": (2, None),
    "🧵": (1, None),
    "🧵 1/ Let me tell you": (1, None),
    "🧵1/6\nHello": (1, 6),
    "1/4 🧵 Our kiln": (1, 4),
    "1/🧵 Kilns": (1, None),
    "🧵👇 Why the kiln broke": (1, None),
    "How we broke our kiln. A thread 🧵": (1, None),
    "Thread:\nHello": (1, None),
    "Thread 1/4: x": (1, 4),
    "Part 2 of 4: the glaze": (2, 4),
    "Teil 2/3: Glasur": (2, 3),
    "Partie 2 sur 4 : la suite": (2, 4),
    "Parte 2 de 4: o forno": (2, 4),
    "Parte 2 di 3\nIl forno": (2, 3),
    "Parte 3: el horno": (3, None),
    "Deel 2 van 3\nHallo": (2, 3),
    "Post 2/5:\nhello": (2, 5),
    "LinkedIn: 1/3 Hello": (1, 3),
    "and so it ended. 3/7": (3, 7),
    "and so it ended… (3/7)": (3, 7),
    "the end 5/5 🧵": (5, 5),
    "Our kiln broke.\n\n1/4": (1, 4),
    "Why we left 1/": (1, None),
}

NOT_NUMBERED = [
    "Good morning",
    "Open 24/7 all week",
    "24/7",
    "1/2 cup of sugar, then stir",
    "1/2 Tasse Zucker",
    "9/11 changed everything",
    "50/50 chance",
    "10/10 would recommend",
    "I give it 4/5 stars",
    "The 3/4 time signature",
    "We open on 3/7 for all",
    "Sale ends 3/7",
    "3/7/2026 is the day",
    "3. Oktober: frei",
    "1. Mai geschlossen",
    "Tip 12: weigh it",
    "Weekly question #12",
    "10 things I learned",
    "2.5 litres of glaze",
    "2024 was a year",
    "12:30 we start",
    "7 pm tonight",
    "5: the number",
    "2, 4, 6",
    "1. Flour\n2. Butter\n3. Sugar",
    "1️⃣ Flour\n2️⃣ Butter",
    "1/ first\n2/ second",
    "0/5 no",
    "6/5 no",
]


@pytest.mark.parametrize(("text", "part"), NUMBERED.items())
def test_parts_of_a_thread_are_known_by_their_numbers(text: str, part: tuple[int, int | None]) -> None:
    assert numbered_part(text) == part


@pytest.mark.parametrize("text", NOT_NUMBERED)
def test_other_numbers_make_no_part(text: str) -> None:
    assert numbered_part(text) is None


@given(odd_texts)
def test_a_part_has_a_number_up_to_its_total(text: str) -> None:
    part = numbered_part(text)
    assert part is None or 1 <= part[0] <= (part[1] or MOST_PARTS) <= MOST_PARTS


ANOTHER = [
    "LinkedIn: hello",
    "**X**\nhello",
    "**X** hello there",
    "**LinkedIn:** hi",
    "__Bluesky__\nhi",
    "# LinkedIn\nhello",
    "[LinkedIn] hi",
    "📘 Facebook: hi",
    "X/Twitter: hi",
    "for Bluesky: hello",
    "for the newsletter: hello",
    "LinkedIn version: hello",
    "Short version: it works",
    "Longer version:\nhi",
    "shorter: hello",
    "(short) hi",
    "Draft 2\nhello",
    "Second draft: hi",
    "Final version: hi",
    "V2\nhello",
    "Take two: hello",
    "Option B: hi",
    "Version 3 – hello",
    "Alternative: hi",
    "or: hello",
    "Kurzfassung: hallo",
    "Kürzer:\nhallo",
    "Zweiter Entwurf: hallo",
    "oder: hallo",
    "für LinkedIn: hallo",
    "Version courte : bonjour",
    "ou : bonjour",
    "pour Instagram : bonjour",
    "Versión corta: hola",
    "o: hola",
    "para LinkedIn: hola",
    "Versão curta: olá",
    "ou:\nolá",
    "Versione breve: ciao",
    "oppure: ciao",
    "per Instagram: ciao",
    "Korte versie: hoi",
    "korter: hoi",
    "of: hoi",
    "voor LinkedIn: hoi",
]

NOT_ANOTHER = [
    "Hello",
    "LinkedIn is dead",
    "LinkedIn - where else?",
    "X marks the spot",
    "Draft: hello",
    "Draft 1: hello",
    "First draft: hi",
    "V1: hello",
    "Option A: hello",
    "Post: hello",
    "New version: 2.4 is out",
    "Version 2.4 is out",
    "Short answer: no",
    "**Big news** hello",
    "or is it?",
    "Or maybe not",
    "Of course: yes",
    "O que você acha?",
]


@pytest.mark.parametrize("text", ANOTHER)
def test_another_version_says_so(text: str) -> None:
    assert named_version(text)


@pytest.mark.parametrize("text", NOT_ANOTHER)
def test_first_versions_and_posts_do_not(text: str) -> None:
    assert not named_version(text)


@given(odd_texts)
def test_every_text_names_a_version_or_none(text: str) -> None:
    assert named_version(text) in {True, False}


@pytest.mark.parametrize("text", odd_text.HARD.values(), ids=odd_text.HARD)
def test_the_hardest_texts_are_no_parts(text: str) -> None:
    assert numbered_part(text) is None
    assert not named_version(text)
