"""Bad input: odd drafts through rules, labeller and messages, for the tests and `benchmarks.bad_input`.

Drafts of every plane of Unicode, of markup, mentions, invisible and right-to-left characters, laid out and in
letters that look like fonts, up to 64 KiB, some from files in any encoding or none, go through what counts, the
labeller, the hashes, tilt, cues and reasons, and into every kind of message that speaks of a draft or its author.
Some go through the whole coach: the database with texts kept, and nudges. Messages are counted; a failure is
an exception, or a message beyond Discord's documented limits.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import discord
import numpy as np

from coach import wording_drafts
from coach.accounts import LONGEST_NAME
from coach.balance.chart_process import ChartProcess
from coach.balance.standing import Goal, Tally, standing
from coach.balance.week import week_of
from coach.coach import Coach
from coach.digests import MOST_ACCOUNTS, MOST_LINES, MOST_MEMBERS, AccountEntry, Digest, Entry, LookBack
from coach.intake.drafts import Message, people_named, refusal, text_hash
from coach.labelling.cues import find
from coach.labelling.labeller import Labeller
from coach.labelling.labelling_queue import MOST_AT_ONCE
from coach.labelling.language import language_of
from coach.labelling.reasons import most_reasons, without_parts
from coach.labels import CONVERSATION_KINDS, Kind, Label, Verdict
from coach.nudging import next_step
from coach.nudging.advice import Advice, Nudge
from coach.nudging.tips import Quote, Tip, Tips
from coach.reports import Report
from coach.settings import Reactions, Settings, load
from coach.store import Account, Store, StoredDraft
from coach.store.tallies import WentOut
from coach.text import cut, excerpt, quoted, readable
from cogs.balance import balance_embed
from cogs.check import check_embed
from cogs.support.answers import safe_verdict, shown_name
from cogs.support.buttons import nudge_parts, question_parts
from cogs.support.digests import digest_embed, week_embed
from cogs.support.first_words import MOST_CHARACTERS
from cogs.support.history import PAGE, Listed, history_embed, history_options
from cogs.support.messages import draft_text
from cogs.tips import tip_embed
from tests.support import limits, odd_text

SEED = 5
COACHED_EVERY = 50
FILED_EVERY = 20
EXPLAINED_EVERY = 2_000
CHART_EVERY = 50_000

SECRET = b"bad input"
FIRST_ID = 1_500_000_000_000_000_000
GUILD, CHANNEL = 1_400_000_000_000_000_001, 1_400_000_000_000_000_002
LONGEST_EMOJI = f"<a:{'w' * 32}:{FIRST_ID}>"
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = START.date()


class _Files:
    """What a message with a file is read from instead of Discord: the connection and its HTTP client in one."""

    def __init__(self, data: bytes) -> None:
        self.http, self.data = self, data

    async def get_from_cdn(self, url: str) -> bytes:
        """The bytes under any address."""
        return self.data


@dataclass
class _Filed:
    """A message with words and a file: the parts from which its words are read."""

    content: str
    attachments: list[discord.Attachment]


async def read_file(content: str, data: bytes) -> str:
    """What the bot reads in a message with words and a file that claims to be text."""
    told = {"id": 1, "filename": "message.txt", "size": len(data), "url": "", "proxy_url": ""}
    told["content_type"] = "text/plain; charset=utf-8"
    attachment = discord.Attachment(data=cast(Any, told), state=cast(Any, _Files(data)))
    return await draft_text(cast(discord.Message, _Filed(content, [attachment])))


@dataclass
class Trial:
    """What the drafts go through, and the results so far."""

    rng: random.Random
    labeller: Labeller
    settings: tuple[Settings, Settings]
    tips: list[tuple[Tip, Quote | None]]
    reports: list[Report]
    counts: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    slowest: tuple[float, str] = (0.0, "")
    listed: list[StoredDraft] = field(default_factory=list[StoredDraft])
    words: dict[int, str] = field(default_factory=dict[int, str])
    names: list[str] = field(default_factory=list[str])

    @classmethod
    def begin(cls, seed: int, labeller: Labeller) -> Trial:
        """A trial with tips and standings of all sorts; the same for the same seed."""
        rng = random.Random(seed)
        plain = load(None, {})
        loud = plain.model_copy(
            update={"reactions": Reactions(content=LONGEST_EMOJI, conversation=LONGEST_EMOJI[:-1] + "1>")}
        )
        return cls(rng, labeller, (plain, loud), _tips(rng), [_report(rng, plain) for _ in range(300)])

    @contextmanager
    def guard(self, what: str, source: str) -> Generator[None, None, None]:
        """Count an exception as a failure and go on."""
        try:
            yield
        except Exception as error:
            self.failures.append(f"{what}: {type(error).__name__}: {error}: {source[:120]!a}")

    def message(self, what: str, source: str, **parts: Any) -> None:
        """Compare a message with Discord's limits."""
        self.counts[what] += 1
        for why in limits.refusals(limits.payload(**parts)):
            self.failures.append(f"{what}: {why}: {source[:120]!a}")

    def draft(self, number: int, text: str, name: str) -> None:
        """Put one draft and its author's name through everything but the encoder."""
        begun = time.thread_time()
        with self.guard("rules", text):
            kind = self.rng.choice(list(Kind))
            step, reasons = self._rules(number, text, kind)
            label = Label.CONVERSATION if kind in CONVERSATION_KINDS else Label.CONTENT
            verdict = Verdict(label, self.rng.random(), kind, self.rng.random() < 0.2, reasons)
            with self.guard("messages", text):
                self._speak(number, text, verdict, step)
        taken = time.thread_time() - begun
        if taken > self.slowest[0]:
            self.slowest = taken, text
        with self.guard("messages", name):
            self._speak_of(name)

    def label(self, texts: list[str]) -> None:
        """Put drafts through the labeller, as many at once as the bot does."""
        with self.guard("labeller", "".join(texts)):
            for text, verdict in zip(texts, self.labeller.label(texts), strict=True):
                self.counts[f"labelled as {verdict.label}"] += 1
                if (verdict.probability >= 0.5) != (verdict.label is Label.CONVERSATION):
                    self.failures.append(f"labeller: {verdict}: {text[:120]!a}")

    def _rules(self, number: int, text: str, kind: Kind) -> tuple[str | None, tuple[str, ...]]:
        why = refusal(_facts(number, text))
        self.counts[f"not a draft: {why}" if why is not None else "a draft"] += 1
        people = people_named(text, SECRET)
        if len(text_hash(text, SECRET)) != 8 or any(len(person) != 8 for person in people):
            self.failures.append(f"a hash of the wrong length: {text[:120]!a}")
        for found in find(excerpt(text)):
            found.says.encode()
        readable(text)
        self.counts[f"in the language {language_of(text, self.labeller.languages)}"] += 1
        parts = without_parts(text)
        pushes = np.array([self.rng.gauss(0.5, 1) for _ in parts])
        return next_step.step(text, kind, "en", self.rng), most_reasons(parts, pushes.tolist(), self.rng.random())

    def _speak(self, number: int, text: str, verdict: Verdict, step: str | None) -> None:
        rng, settings = self.rng, self.rng.choice(self.settings)
        signs, (tip, quote), report = settings.reactions, rng.choice(self.tips), rng.choice(self.reports)
        message_id = FIRST_ID + number
        where = rng.choice(("reply", "dm"))
        to_copy = next_step.from_subject(text, verdict.kind, "en", number)
        nudge = Nudge(message_id, where, report.standing, to_copy or tip, None if to_copy else quote)
        link = f"https://discord.com/channels/{GUILD}/{CHANNEL}/{message_id}"
        question = Advice(message_id, verdict.label, ask=verdict.kind, where=where)
        self.message("nudge", text, **nudge_parts(nudge, link))
        self.message("question", text, **question_parts(message_id, question, signs, link))
        self.message("check", text, embed=check_embed(signs, verdict, step, tip, quote))
        by = rng.choice(("model", "member"))
        label = rng.choice((verdict.label, verdict.label, None))
        stored = StoredDraft(
            message_id,
            GUILD,
            CHANNEL,
            1,
            START,
            TODAY,
            label,
            verdict.probability,
            verdict.kind,
            by,
            len(text),
            b"",
            verdict.unsure,
        )
        self.message("why", text, content=wording_drafts.why_text(stored, safe_verdict(verdict)))
        self.listed.append(stored)
        self.words[message_id] = cut(quoted(text), MOST_CHARACTERS)
        if len(self.listed) == PAGE:
            view = discord.ui.View()
            options = history_options(self.listed, self.words)
            view.add_item(discord.ui.Select(placeholder="Change a label", options=options))
            listed = Listed(GUILD, 1, rng.randint(1, 90), rng.randint(0, 99))
            self.message("history", text, embed=history_embed(signs, self.listed, listed, self.words), view=view)
            self.listed.clear()
            self.words.clear()

    def _speak_of(self, name: str) -> None:
        rng, settings = self.rng, self.rng.choice(self.settings)
        report, (tip, quote) = rng.choice(self.reports), rng.choice(self.tips)
        self.message("balance", name, embed=balance_embed(settings, report, name))
        self.names.append(name)
        if len(self.names) < MOST_MEMBERS:
            return
        names = {number: shown_name(name) for number, name in enumerate(self.names)}
        by_account = tuple((name[:LONGEST_NAME], Tally(9999, 9999)) for name in self.names)
        member = rng.choice((None, 1))
        accounts = tuple(
            AccountEntry(
                Account(GUILD, number, name[:LONGEST_NAME]),
                rng.choice((None, Tally(9999, 9999))),
                rng.choice((None, *self.reports)),
                rng.choice((False, True)),
                charted=False,
            )
            for number, name in enumerate(self.names[: rng.choice((1, MOST_ACCOUNTS))])
        )
        entries = tuple(
            Entry(number, Tally(9999, 9999), rng.choice(self.reports))
            for number in list(names)[: MOST_LINES - len(accounts)]
        )
        digest = Digest(
            GUILD,
            member,
            TODAY,
            report,
            accounts if member is None else (),
            rng.choice((False, True)),
            tuple(names) if member is None else (1,),
            rng.randint(0, 999),
            entries if member is None else (Entry(1, Tally(9999, 9999), report),),
            () if member is None else by_account,
            tip,
            quote,
            rng.choice((False, True)),
        )
        day = digest_embed(settings.reactions, digest, names)
        posted = WentOut(9999, rng.choice((0, 9999)))
        week = week_embed(
            settings, LookBack(GUILD, 1, week_of(report.days, TODAY), report, by_account, posted, tip, quote)
        )
        self.message("digest", name, embed=day)
        self.message("week", name, embed=week)
        self.message("digest with week", name, embeds=[day, week])
        self.message("tip", name, embed=tip_embed(report, tip, quote))
        self.names.clear()

    async def coached(self, coach: Coach, number: int, text: str) -> None:
        """Put a draft through the whole coach, text kept: labelled, recorded, nudged, edited, removed."""
        facts = _facts(number, text)
        signs, link = coach.settings.reactions, "https://discord.com/channels/1/2/3"
        with self.guard("coach", text):
            advice = await coach.intake.consider(facts)
            self.counts["through the database"] += 1
            if advice is None:
                return
            self.counts["recorded"] += 1
            if advice.ask is not None:
                self.message("question asked", text, **question_parts(number, advice, signs, link))
            if advice.nudge is not None:
                self.message("nudge given", text, **nudge_parts(advice.nudge, link))
            if number % 7 == 0:
                await coach.intake.edited(_facts(number, text[::-1]))
            if number % 11 == 0:
                await coach.intake.removed(GUILD, [facts.message_id])

    async def explained(self, coach: Coach, text: str) -> None:
        """Put a text through /check: the encoder without each cue and phrase in turn."""
        with self.guard("check", text):
            verdict = await coach.corrections.check(GUILD, 1, text)
            step, tip, quote = await coach.tips.tilt(GUILD, 1, text, verdict)
            signs = coach.settings.reactions
            self.message("check explained", text, embed=check_embed(signs, verdict, step, tip, quote))


def _facts(number: int, text: str) -> Message:
    return Message(FIRST_ID + number, GUILD, CHANNEL, None, 1 + number % 3, START, text)


def _tips(rng: random.Random) -> list[tuple[Tip, Quote | None]]:
    """The shipped tips, and as many that a server might send, of the greatest length, with a long quotation."""
    shipped = Tips.load()
    longest = max(shipped.quotes.values(), key=lambda quote: len(quote.line))
    tips = [(tip, shipped.quote_of(tip)) for tip in shipped.tips]
    for number in range(len(tips)):
        sentences = [(odd_text.draft(rng) * 300)[: rng.choice((1, 300))] for _ in range(2)]
        try:
            tip = Tip.model_validate(
                {"id": f"own-{number}", "lacking": "content", "kinds": (), "advice": sentences[0],
                 "reason": sentences[1], "quote": longest.id}
            )  # fmt: skip
        except ValueError:
            continue  # Refused when the server sends it.
        tips.append((tip, longest))
    return tips


def _report(rng: random.Random, settings: Settings) -> Report:
    goal = Goal(rng.uniform(0.05, 0.95), rng.uniform(0.02, 0.45), rng.randint(1, 90))
    most = rng.choice((1, 5, 2000))
    days: dict[date, Tally] = {
        TODAY - timedelta(days=back): Tally(rng.randint(0, most), rng.randint(0, most))
        for back in range(rng.choice((0, 3, 400)))
    }
    return Report(1, TODAY, days, standing(days, TODAY, goal, settings.balance), rng.choice((None, 0, 1, 5000)))


async def run(count: int, seed: int = SEED, progress: Callable[[str], object] = print) -> Trial:
    """Put `count` drafts through everything.

    Args:
        count: how many.
        seed: the same seed gives the same drafts.
        progress: takes a line from time to time.

    Returns:
        The trial, with its counts and failures.
    """
    labeller = Labeller.load()

    async def loaded() -> Labeller:
        return labeller

    trial = Trial.begin(seed, labeller)
    moment = START

    def clock() -> datetime:
        return moment

    with tempfile.TemporaryDirectory(prefix="squaredeal-") as folder:
        store = await Store.open(Path(folder) / "bad.db", START)
        settings = trial.settings[0].model_copy(update={"keep_text": True})
        coach = Coach(settings, store, loaded, Tips.load(), clock, SECRET, random.Random(seed))
        drafts, names, drawing = random.Random(seed + 1), random.Random(seed + 2), ChartProcess()
        waiting: list[str] = []
        for number in range(count):
            text, name = odd_text.draft(drafts), odd_text.name(names)
            if number % FILED_EVERY == 0:
                with trial.guard("file", text):
                    text = await read_file(drafts.choice(("", text)), odd_text.file(drafts))
                    trial.counts["read from a file"] += 1
            trial.draft(number, text, name)
            waiting.append(text)
            if len(waiting) == MOST_AT_ONCE or number == count - 1:
                trial.label(waiting)
                waiting.clear()
            if number % COACHED_EVERY == 0:
                moment += timedelta(minutes=10)
                await trial.coached(coach, number, text)
            if number % EXPLAINED_EVERY == 0:
                await trial.explained(coach, text)
            if number % CHART_EVERY == 0:
                report = trial.rng.choice(trial.reports)
                await drawing.draw(report.days, report.today, report.standing.goal)
                trial.counts["charts drawn"] += 1
            if number and number % 100_000 == 0:
                progress(f"{number:,} drafts, {len(trial.failures)} failures")
        trial.failures += await store.tallies.recount()
        await drawing.close()
        await store.close()
    return trial
