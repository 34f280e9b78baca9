"""Each kind of request refused in each way: reactions, replies, direct messages, summaries, reading, commands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

from discord.utils import utcnow

from benchmarks.faults import table
from benchmarks.faults.table import FOR_GOOD, Wrong
from tests.support.drafts import ASKS, FOREIGN, TELLS
from tests.support.loopback.bench import LATER, SOON, Bench, Place, Records, Trial
from tests.support.loopback.faults import Fault
from tests.support.loopback.interactions import STRING_SELECT, walk
from tests.support.loopback.town import Bot, signs_of
from tests.support.loopback.truth import Message

Prelude = Callable[[Place], Awaitable[Message]]
Act = Callable[[], Awaitable[Message]]
Use = Callable[[Place, Message], Awaitable[Act]]
"""Prepares what somebody will do, perhaps to a draft; returns a function that does it and returns the answer."""

GIVEN_UP = 32
"""Seconds after which the bot no longer waits for an answer."""

ANSWER_WITHIN = 19
"""Seconds within which somebody who uses a command sees an answer, if any."""


async def drafted(place: Place) -> Message:
    """A draft."""
    return await place.draft()


async def edited(place: Place) -> Message:
    """A draft whose sign changes with an edit."""
    message = await place.draft(ASKS)
    await place.comes(lambda: bool(message.reactions))
    await place.discord.edit(message, TELLS)
    return message


async def foreign(place: Place) -> Message:
    """A draft in a language that the bot doesn't know, so that it asks what it is."""
    return await place.draft(FOREIGN)


def refusing(wrong: Wrong, method: str, path: str, act: Prelude) -> Trial:
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
    """Note whether, and how often, a summary came; there is time for a second one."""
    began = asyncio.get_running_loop().time()
    if await place.comes(lambda: count() > 0, 2 * LATER if wrong.times == 1 else LATER):
        place.fate("sent" if asyncio.get_running_loop().time() - began < SOON else "sent a minute later")
    else:
        place.fate("not sent" if wrong.times == FOR_GOOD else "NOT SENT")
    await asyncio.sleep(LATER if wrong.answer in ("lost", "half") else 1)
    if count() > 1:
        place.fate(f"{count()} TIMES")


LIVE = [
    ("PUT reaction", "PUT", "/channels/{}/messages/*/reactions/*", drafted, table.REACTION),
    ("DELETE reaction, after an edit", "DELETE", "/channels/{}/messages/*/reactions/*", edited, table.PASSING),
    ("POST message, to ask", "POST", "/channels/{}/messages", foreign, table.REPLY),
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
    """The first answer to a command, click or choice goes wrong, or what follows once it has been carried out."""
    first = [("POST answer", "POST", "/interactions/*", wrong) for wrong in table.COMMAND]
    later = [("PATCH answer", "PATCH", "/webhooks/*", wrong) for wrong in table.EDIT]
    uses = [
        ("`/balance`", command, first),
        ("a click", click, first + later),
        ("a choice from `/history`", choice, first + later),
    ]
    for what, use, faults in uses:
        for request, method, path, wrong in faults:
            name = f"{request}, to {what}: {wrong.name}"
            if bench.wanted(name):
                await _answering(bench, name, use, wrong.fault(method, path))


async def _answering(bench: Bench, name: str, use: Use, fault: Fault) -> None:
    bot = bench.bot()
    bench.discord.guilds.clear()
    place = Place(bench.discord, Records(bot), name)
    await bot.start()
    draft = await place.draft()
    await place.all_there([draft])
    act = await use(place, draft)
    place.order(fault)
    began = asyncio.get_running_loop().time()
    seen = await _seen(act)
    # What was carried out is shown on the draft, whether or not its answer gets through.
    await place.comes(lambda: _agrees(place))
    if not _agrees(place):
        place.fate("its sign DIFFERS from the record")
    place.lift(fault)
    again = await _seen(act)
    place.fate("none" if again != "nothing" else "STAYS SILENT")
    if fault.answer == "silence":
        await asyncio.sleep(max(0, began + GIVEN_UP - asyncio.get_running_loop().time()))
    trouble, lines = await bench.ended(bot)
    said = seen if seen == again else f"{seen}; when asked again, {again}"
    log = "; ".join(dict.fromkeys(place.plain(line) for line in lines))
    fate = ", ".join([*place.fates, *([trouble] if trouble else [])])
    bench.note(name, fate, said, log or "nothing")


def _agrees(place: Place) -> bool:
    """Whether each draft has the sign of its label."""
    labels, messages = place.records.labels(), place.discord.messages
    return all(messages[key].reactions == signs_of(label) for key, label in labels.items())


async def _seen(act: Act) -> str:
    """What somebody sees of an answer, if it comes in time."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            shown = await act()
    except TimeoutError:
        return "nothing"
    title = "; ".join(embed["title"] for embed in shown.fields.get("embeds", []))
    return f"“{shown.content[:60]}…”" if shown.content else f"“{title}”"


async def command(place: Place, _: Message) -> Act:
    """A command."""

    async def act() -> Message:
        return (await place.discord.slash(place.drafts, place.ann, "balance")).messages[0]

    return act


async def click(place: Place, _: Message) -> Act:
    """The first button below a question, or below what replaces it."""
    question = await question_of(place)

    async def act() -> Message:
        before = question.content
        button = question.fields["components"][0]["components"][0]
        shown = (await place.discord.click(question, place.ann, button["custom_id"])).messages
        await place.comes(lambda: question.content != before or len(shown) > 1)
        return shown[-1]

    return act


async def choice(place: Place, draft: Message) -> Act:
    """A menu below a list of drafts."""
    listed = (await place.discord.slash(place.drafts, place.ann, "history")).messages[0]

    async def act() -> Message:
        before = listed.fields["embeds"]
        [menu] = [one for one in walk(listed.fields["components"]) if one["type"] == STRING_SELECT]
        wanted = next(one["value"] for one in menu["options"] if one["value"].endswith(str(draft.id)))
        shown = (await place.discord.choose(listed, place.ann, menu["custom_id"], wanted)).messages
        await place.comes(lambda: listed.fields["embeds"] != before or len(shown) > 1)
        return shown[-1]

    return act


async def question_of(place: Place) -> Message:
    """A draft that the bot has to ask about, and its question."""
    draft = await place.draft(FOREIGN)

    def asked() -> list[Message]:
        return [one for one in place.drafts.messages.values() if one.reply_to is draft]

    await place.comes(lambda: bool(asked()))
    return asked()[0]


async def _met(bench: Bench, bot: Bot, place: Place) -> None:
    """Let the bot see its channels once: messages from before a channel is watched are never read."""
    await bot.start()
    await place.all_there([await place.draft(f"First. {TELLS}")], LATER)
    await bench.ended(bot)


async def logins(bench: Bench) -> None:
    """A request that the bot makes to log in goes wrong."""
    for what, path in (("GET user, to log in", "/users/@me"), ("GET gateway", "/gateway/bot")):
        for wrong in [one for one in table.LOGIN if bench.wanted(f"{what}: {one.name}")]:
            bot = bench.bot()
            bench.discord.guilds.clear()
            place = Place(bench.discord, Records(bot), f"{what}: {wrong.name}")
            await _met(bench, bot, place)
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
        bot = bench.bot()
        discord.guilds.clear()
        place = Place(discord, Records(bot), f"PUT commands: {wrong.name}")
        discord.commands = []
        fault = place.order(wrong.fault("PUT", "/applications/*"))
        await bot.start()
        await place.comes(lambda bot=bot: bool(bot.rows("SELECT 1 FROM channels")))
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
