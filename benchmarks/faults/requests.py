"""Each kind of request refused in each way: reactions, replies, direct messages, summaries, reading, commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

from discord.utils import utcnow

from benchmarks.faults import table
from benchmarks.faults.bench import LATER, SOON, Bench, Place, Records, Trial
from benchmarks.faults.table import FOR_GOOD, Wrong
from tests.journeys.conftest import ASKS, TELLS
from tests.loopback.conftest import Bot
from tests.loopback.trial import UNSURE
from tests.loopback.truth import Message

Act = Callable[[Place], Awaitable[Message]]

ANSWER_WITHIN = 19
"""Seconds in which whoever uses a command sees something, or nothing."""


async def told(place: Place) -> Message:
    """A draft."""
    return await place.draft()


async def edited(place: Place) -> Message:
    """A draft whose sign changes with an edit."""
    message = await place.draft(ASKS)
    await place.comes(lambda: bool(message.reactions))
    await place.discord.edit(message, TELLS)
    return message


async def unsure(place: Place) -> Message:
    """A draft that the bot has to ask about."""
    return await place.draft(UNSURE)


def refusing(wrong: Wrong, method: str, path: str, act: Act) -> Trial:
    """One kind of request goes wrong in one way, with a draft that leads to it."""

    async def trial(place: Place) -> AsyncGenerator[None]:
        yield
        fault = place.order(wrong.fault(method, path.format(place.drafts.id)))
        message = await act(place)
        await place.comes(lambda: fault.times < wrong.times)
        await place.all_there([message], signed=False)
        after = await place.draft(f"Another. {TELLS}")
        if not await place.comes(lambda: bool(after.reactions), 40 if wrong.times == 1 else 1):
            held = wrong.times == 1 or not place.has(after)
            place.fate("the next draft is HELD UP" if held else "recorded, no sign possible")
        await asyncio.sleep(LATER)
        if wrong.times == FOR_GOOD and (asked := FOR_GOOD - fault.times) > 4:
            place.fate(f"ASKED {asked} times for two drafts in {LATER} s")
        if wrong.personal and place.said() != "nothing":
            place.fate("SAID IN PUBLIC")
        place.lift(fault)
        yield
        yield
        if wrong.times == 1:
            await place.all_there([message, after], LATER)

    return trial


def reading(wrong: Wrong, path: str) -> Trial:
    """What the bot reads when it catches up goes wrong, while a draft waits."""

    async def trial(place: Place) -> AsyncGenerator[None]:
        yield
        await place.all_there([await place.draft()])
        yield
        missed = await place.draft(f"Missed. {TELLS}")
        fault = place.order(wrong.fault("GET", path.format(place.drafts.id)))
        yield
        if wrong.times == 1 and wrong.answer != "empty":
            await place.all_there([missed], LATER + SOON)
        elif not await place.comes(lambda: place.has(missed), SOON):
            # Nothing tells the bot that it may read again: it has to ask.
            place.lift(fault)
            if not await place.comes(lambda: place.has(missed), LATER):
                yield
                yield
                if await place.all_there([missed], LATER):
                    place.fate("recorded at the next start")

    return trial


def summary(wrong: Wrong) -> Trial:
    """A day's summary goes wrong."""

    async def trial(place: Place) -> AsyncGenerator[None]:
        yield
        await place.all_there([await place.draft()])
        yield
        place.order(wrong.fault("POST", f"/channels/{place.drafts.id}/messages"))
        place.since = place.discord.snowflake()
        yield
        await _sent(place, wrong, lambda: _titles(list(place.drafts.messages.values()), "The day's summary"))

    return trial


def direct(wrong: Wrong) -> Trial:
    """A personal summary by direct message goes wrong."""

    async def trial(place: Place) -> AsyncGenerator[None]:
        yield
        await place.discord.slash(place.drafts, place.ann, "summary where", place="dm")
        await place.all_there([await place.draft()])
        yield
        channel = place.discord.dm(place.ann)
        place.order(wrong.fault("POST", f"/channels/{channel.id}/messages"))
        place.since = place.discord.snowflake()
        yield
        await _sent(place, wrong, lambda: _titles(list(channel.messages.values()), ""))

    return trial


def _titles(messages: list[Message], beginning: str) -> int:
    titles = [embed.get("title", "") for one in messages for embed in one.fields.get("embeds", [])]
    return sum(title.startswith(beginning) for title in titles)


async def _sent(place: Place, wrong: Wrong, count: Callable[[], int]) -> None:
    """Take down whether, and how often, a summary came; there is time for a second one."""
    began = asyncio.get_running_loop().time()
    if await place.comes(lambda: count() > 0, 2 * LATER if wrong.times == 1 else LATER):
        place.fate("sent" if asyncio.get_running_loop().time() - began < SOON else "sent a minute later")
    else:
        place.fate("not sent" if wrong.times == FOR_GOOD else "NOT SENT")
    await asyncio.sleep(LATER if wrong.answer in ("lost", "half") else 1)
    if count() > 1:
        place.fate(f"{count()} TIMES")


LIVE = [
    ("PUT reaction", "PUT", "/channels/{}/messages/*/reactions/*", told, table.REACTION),
    ("DELETE reaction, after an edit", "DELETE", "/channels/{}/messages/*/reactions/*", edited, table.PASSING),
    ("POST message, to ask", "POST", "/channels/{}/messages", unsure, table.REPLY),
]
AT_START = [
    ("GET archived threads, at the start", "/channels/{}/threads/archived/public"),
    ("GET history, at the start", "/channels/{}/messages"),
]


async def run(bench: Bench) -> None:
    """All of it."""
    await bench.together(
        [
            (f"{what}: {wrong.name}", refusing(wrong, method, path, act))
            for what, method, path, act, wrongs in LIVE
            for wrong in wrongs
        ]
    )
    await bench.together(
        [(f"{what}: {wrong.name}", reading(wrong, path)) for what, path in AT_START for wrong in table.READING]
    )
    rows = [(f"POST message, the day's summary: {wrong.name}", summary(wrong)) for wrong in table.SUMMARY]
    rows += [(f"POST direct message, a summary: {wrong.name}", direct(wrong)) for wrong in table.DIRECT]
    evening = datetime.combine(utcnow() + timedelta(days=1), time(18, 1), UTC)
    await bench.together(rows, away_at=evening, turn=lambda moment, bot: turn_clock(bench, moment, bot))
    bench.discord.nonces_live = timedelta()
    forgotten = [("the day's summary: its answer lost, its nonce forgotten", summary(table.LOST))]
    await bench.together(forgotten, away_at=evening, turn=lambda moment, bot: turn_clock(bench, moment, bot))
    bench.discord.nonces_live = timedelta(minutes=3)
    turn_clock(bench, utcnow(), bench.bot())
    await commands(bench)
    await logins(bench)
    await registry(bench)


def turn_clock(bench: Bench, moment: datetime, bot: Bot) -> None:
    """Turn Discord's clock, and the bot's from its next start on."""
    ahead = bot.ahead = moment - utcnow()
    bench.discord.clock = lambda: utcnow() + ahead


async def commands(bench: Bench) -> None:
    """The answer to a command, and to a click, goes wrong."""
    discord = bench.discord
    for what, press in (("`/balance`", False), ("a click", True)):
        wrongs = [one for one in table.COMMAND if bench.wanted(f"POST answer, to {what}: {one.name}")]
        if not wrongs:
            continue
        for wrong in wrongs:
            bot = bench.bot()
            discord.guilds.clear()
            place = Place(discord, Records(bot), what)
            await bot.start()
            await place.all_there([await place.draft()])
            question = await question_of(place) if press else None
            fault = place.order(wrong.fault("POST", "/interactions/*"))
            seen = await _used(place, question)
            place.lift(fault)
            again = await _used(place, question)
            place.fate("none" if again != "nothing" else "STAYS SILENT")
            trouble, lines = await bench.ended(bot)
            said = seen if seen == again else f"{seen}; when asked again, {again}"
            log = "; ".join(dict.fromkeys(place.plain(line) for line in lines))
            fate = ", ".join([*place.fates, *([trouble] if trouble else [])])
            bench.note(f"POST answer, to {what}: {wrong.name}", fate, said, log or "nothing")


async def question_of(place: Place) -> Message:
    """A draft that the bot has to ask about, and its question."""
    draft = await place.draft(UNSURE)

    def asked() -> list[Message]:
        return [one for one in place.drafts.messages.values() if one.reply_to is draft]

    await place.comes(lambda: bool(asked()))
    return asked()[0]


async def _used(place: Place, question: Message | None) -> str:
    """Use the command, or press the first button of a question; what is seen of it."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            if question is None:
                shown = (await place.discord.slash(place.drafts, place.ann, "balance")).messages[0]
            else:
                button = question.fields["components"][0]["components"][0]
                shown = (await place.discord.click(question, place.ann, button["custom_id"])).messages[0]
            return f"“{shown.content[:60]}…”" if shown.content else "the balance"
    except TimeoutError:
        return "nothing"


async def logins(bench: Bench) -> None:
    """What the bot asks to log in goes wrong."""
    for what, path in (("GET user, to log in", "/users/@me"), ("GET gateway", "/gateway/bot")):
        for wrong in [one for one in table.LOGIN if bench.wanted(f"{what}: {one.name}")]:
            bot = bench.bot()
            bench.discord.guilds.clear()
            place = Place(bench.discord, Records(bot), f"{what}: {wrong.name}")
            fault = place.order(wrong.fault("GET", path))
            await bot.start(ready=False)
            message = await place.draft()
            await place.comes(lambda bot=bot, message=message: bool(message.reactions) or not bot.alive, LATER)
            place.lift(fault)
            if not bot.alive:
                status = await bot.wait()
                place.logged.append(bot.log.decode().strip().splitlines()[-1])
                place.fate(f"exit {status}" if b"Traceback" not in bot.log else f"exit {status}, TRACEBACK")
                bot.log = b""
                await bot.start()
                if await place.all_there([message]):
                    place.fate("recorded at the next start")
            trouble, lines = await bench.ended(bot)
            place.logged += lines
            if trouble:
                place.fate(trouble)
            bench.note(*place.row())


async def registry(bench: Bench) -> None:
    """The list of commands cannot be registered."""
    discord = bench.discord
    for wrong in [one for one in table.REGISTRY if bench.wanted(f"PUT commands: {one.name}")]:
        bot, discord.commands = bench.bot(), []
        discord.guilds.clear()
        place = Place(discord, Records(bot), f"PUT commands: {wrong.name}")
        fault = place.order(wrong.fault("PUT", "/applications/*"))
        await bot.start(ready=False)
        await place.all_there([await place.draft()], LATER)
        trouble, lines = await bench.ended(bot)
        place.lift(fault)
        if not discord.commands:
            await bot.start()
            there = await place.comes(lambda: bool(discord.commands))
            place.fate("the commands are there after the next start" if there else "NO COMMANDS")
            await bench.ended(bot)
        place.logged += lines
        if trouble:
            place.fate(trouble)
        bench.note(*place.row())
