"""Faults other than refusals: servers come late, channels are hidden, threads archived, files missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from benchmarks.faults.requests import question_of
from tests.support.drafts import ASKS, TELLS
from tests.support.loopback.bench import LATER, SOON, Bench, Place, Trial
from tests.support.loopback.faults import Fault
from tests.support.loopback.truth import Channel, Message

Steps = AsyncGenerator[None]


async def drafts(
    place: Place, count: int = 3, where: Channel | None = None, what: str = "Number"
) -> list[Message]:
    """Several drafts."""
    return [await place.draft(f"{what} {number}. {TELLS}", where) for number in range(count)]


async def missed(place: Place, count: int = 3, where: Channel | None = None) -> list[Message]:
    """Drafts whose events the bot does not get."""
    with place.discord.withhold():
        return await drafts(place, count, where, "Missed")


async def late(place: Place) -> Steps:
    """The server is announced when the session begins, and arrives eight seconds later."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    yield
    waiting = await drafts(place, what="Away")
    place.guild.late = True
    yield
    await asyncio.sleep(8)
    await place.all_there(kept, 1)
    await place.discord.arrive(place.guild)
    await place.all_there([*waiting, await place.draft(f"Live. {TELLS}")], LATER)


async def never(place: Place) -> Steps:
    """The server is announced when the session begins, and does not arrive before its end."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    yield
    place.guild.down = True
    yield
    await asyncio.sleep(SOON)
    await place.all_there(kept, 1)


async def early(place: Place) -> Steps:
    """A message arrives before its server."""
    yield
    await place.all_there(await drafts(place))
    yield
    place.guild.late = True
    yield
    first = await place.draft()
    await asyncio.sleep(0.5)
    await place.discord.arrive(place.guild)
    await place.all_there([first, await place.draft(f"Later. {TELLS}")], LATER)


async def outage(place: Place) -> Steps:
    """The server goes and comes back in one session."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    await place.discord.outage(place.guild)
    away = await drafts(place, what="Away")
    await place.discord.delete(kept.pop())
    await asyncio.sleep(2)
    await place.all_there(kept, 1)
    await place.discord.arrive(place.guild)
    await place.all_there([*kept, *away], LATER)


async def hidden(place: Place) -> Steps:
    """The channel is hidden from the bot and shown again, once while it is running and once across a start."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    await place.discord.hide(place.drafts)
    unseen = await drafts(place, what="Unseen")
    await asyncio.sleep(2)
    await place.all_there(kept, 1)
    await place.discord.show(place.drafts)
    await place.all_there([*kept, *unseen], LATER)
    yield
    place.drafts.denied = 1 << 10
    unseen += await drafts(place, what="Again")
    yield
    await asyncio.sleep(2)
    await place.discord.show(place.drafts)
    await place.all_there([*kept, *unseen], LATER)


async def unreadable(place: Place) -> Steps:
    """Read Message History is missing at a start, so that each page is empty, and comes back."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    yield
    await place.discord.deny(place.drafts, read_message_history=True)
    waiting = await drafts(place, what="Away")
    yield
    await asyncio.sleep(SOON)
    await place.all_there(kept, 1)
    await place.discord.deny(place.drafts, read_message_history=False)
    await place.all_there([*kept, *waiting], LATER)


def page(answer: str) -> Trial:
    """One page of history is nonsense."""

    async def trial(place: Place) -> Steps:
        yield
        kept = await drafts(place)
        await place.all_there(kept)
        yield
        waiting = await drafts(place, what="Away")
        fault = place.order(Fault("GET", f"/channels/{place.drafts.id}/messages", answer))
        yield
        await place.comes(lambda: not fault.times)
        await place.all_there(kept, 1)
        if answer == "empty" and not await place.comes(lambda: place.has(*waiting), LATER):
            yield
            yield
            place.fate("recorded at the next start")
        await place.all_there([*kept, *waiting], LATER)

    return trial


async def archived(place: Place) -> Steps:
    """A thread is opened, drafted in and archived while the bot is away, and its first page is not answered."""
    yield
    await place.all_there(await drafts(place))
    yield
    starter = await place.draft(f"Starter. {TELLS}")
    thread = await place.discord.open_thread(place.drafts, "more", starter)
    within = await drafts(place, where=thread)
    await place.discord.archive(thread)
    place.order(Fault("GET", f"/channels/{thread.id}/messages", 500, times=6))
    yield
    await place.all_there([starter, *within], 2 * LATER, signed=False)
    await place.all_there([await place.draft(f"Back. {ASKS}", thread)])


async def starter_gone(place: Place) -> Steps:
    """The message that a thread was started from is deleted; the thread has its id."""
    yield
    starter = await place.draft()
    thread = await place.discord.open_thread(place.drafts, "more", starter)
    first = await drafts(place, where=thread)
    await place.all_there(first)
    await place.discord.delete(starter)
    await asyncio.sleep(1)
    await place.all_there([*first, *await drafts(place, where=thread, what="After")])


async def unannounced(place: Place) -> Steps:
    """A message arrives before its thread."""
    yield
    thread = await place.discord.open_thread(place.drafts, "more", announced=False)
    first = await place.draft(ASKS, thread)
    await asyncio.sleep(0.2)
    await place.discord.announce(thread)
    await place.all_there([first, await place.draft(f"Later. {ASKS}", thread)], LATER)


async def gone_for_good(place: Place) -> Steps:
    """A channel is deleted while the bot is away: its drafts no longer count."""
    kept = place.discord.add_channel(place.guild, "drafts")
    yield
    removed = await drafts(place)
    await place.all_there([*removed, *await drafts(place, where=kept)])
    yield
    await place.discord.remove(place.drafts)
    yield
    gone = await place.comes(lambda: not any(place.has(one) for one in removed), LATER)
    place.fate("taken out of the count" if gone else "STILL COUNTED")


async def purged(place: Place) -> Steps:
    """Drafts are deleted in bulk, without an event."""
    yield
    kept = await drafts(place)
    await place.all_there(kept)
    with place.discord.withhold():
        await place.discord.purge(kept)
    yield
    yield
    gone = await place.comes(lambda: not any(place.has(one) for one in kept), LATER)
    place.fate("taken out of the count" if gone else "STILL COUNTED")


async def untold(place: Place) -> Steps:
    """The event of one message is lost; that of the next arrives."""
    yield
    away = await missed(place, 1)
    await place.all_there([await place.draft()])
    yield
    yield
    await place.all_there(away, LATER)


async def invited_again(place: Place) -> Steps:
    """The bot is removed, people write, and it is invited again: what it could not read stays unread."""
    yield
    await place.all_there(await drafts(place))
    await place.discord.leave(place.guild)
    between = await drafts(place, what="Between")
    await asyncio.sleep(1)
    await place.discord.join(place.guild)
    await asyncio.sleep(1)
    await place.all_there([await place.draft(f"Back. {TELLS}")], LATER)
    yield
    yield
    await asyncio.sleep(SOON)
    place.fate("READ what was written while it was away" if any(place.has(one) for one in between) else "recorded")


async def renamed(place: Place) -> Steps:
    """A channel gets a watched name while the bot is away: earlier messages were not written for it."""
    general = place.discord.add_channel(place.guild, "general")
    yield
    before = await drafts(place, 10, general, "Talk")
    await place.all_there(await drafts(place))
    yield
    await place.discord.rename(general, "drafts")
    yield
    await asyncio.sleep(SOON)
    await place.all_there([await place.draft(TELLS, general)])
    place.fate("OLD MESSAGES taken for drafts" if any(place.has(one) for one in before) else "recorded")


def file(how: Mapping[str, Any], *, readable: bool) -> Trial:
    """A draft is a file, and something is wrong with it; drafts after it are recorded."""

    async def trial(place: Place) -> Steps:
        yield
        given = dict(how)
        data = given.pop("data", TELLS)
        told = place.discord.attach("message.txt", data, **given)
        before = await place.draft()
        message = await place.discord.post(place.drafts, place.ann, attachments=[told])
        after = await place.draft(f"Another. {TELLS}")
        await place.all_there([before, after])
        if readable:
            await place.all_there([message], 2 * LATER)
        elif not place.fates:
            way = "read" if place.has(message) else "not read"
            place.fate(f"{way}, those around it are recorded")
        path = told["url"].removeprefix(place.discord.address)
        yield
        yield
        last = await place.draft(f"Last. {ASKS}")
        await place.all_there([before, after, last])
        if (asked := place.discord.cdn.hits.count(path)) > 4:
            place.fate(f"the file was ASKED FOR {asked} times")

    return trial


async def fast_edits(place: Place) -> Steps:
    """A draft is edited there and back while reactions are slow."""
    path = f"/channels/{place.drafts.id}/messages/*/reactions/*"
    yield
    message = await place.draft()
    await place.comes(lambda: bool(message.reactions))
    slow = [place.order(Fault(method, path, delay=1, times=3)) for method in ("PUT", "DELETE")]
    await place.discord.edit(message, ASKS)
    await asyncio.sleep(0.5)
    await place.discord.edit(message, f"And back. {TELLS}")
    right = await place.comes(lambda: place.records.labels().get(message.id) == "content", 5)
    await asyncio.sleep(5)
    agrees = right and message.reactions == ["📣"]
    place.fate("recorded, sign and record agree" if agrees else f"recorded, its signs DIFFER: {message.reactions}")
    for one in slow:
        place.lift(one)


async def two_clicks(place: Place) -> Steps:
    """Both buttons of a question are pressed at once."""
    yield
    question = await question_of(place)
    buttons = [one["custom_id"] for one in question.fields["components"][0]["components"]]
    async with asyncio.timeout(SOON):
        await asyncio.gather(*(place.discord.click(question, place.ann, one) for one in buttons[:2]))
    await asyncio.sleep(3)
    draft = question.reply_to
    assert draft is not None  # noqa: S101
    sign = {"content": "📣", "conversation": "💬"}[place.records.labels()[draft.id]]
    agrees = draft.reactions == [sign]
    place.fate("recorded, sign and record agree" if agrees else f"recorded, its signs DIFFER: {draft.reactions}")


async def skewed(place: Place) -> Steps:
    """A member pauses, writes, and resumes; what they wrote in between must not be read."""
    yield
    await place.all_there(await drafts(place))
    await place.discord.slash(place.drafts, place.ann, "privacy pause")
    private = await drafts(place, what="Private")
    await place.discord.slash(place.drafts, place.ann, "privacy resume")
    after = await drafts(place, what="After")
    await place.all_there(after)
    for message in private:
        await place.discord.edit(message, f"Edited. {TELLS}")
    yield
    yield
    await asyncio.sleep(SOON)
    await place.all_there(after)
    place.fate("READ what was written while paused" if any(place.has(one) for one in private) else "recorded")


async def forgotten(place: Place) -> Steps:
    """Everything is erased, and the bot is started again: nothing comes back."""
    yield
    mine = await drafts(place, 5)
    await place.all_there(mine)
    shown = await place.discord.slash(place.drafts, place.ann, "privacy forget")
    message = shown.messages[0]
    buttons = [part for row in message.fields["components"] for part in row["components"]]
    erase = next(one for one in buttons if one["label"].startswith("Erase"))
    await place.discord.click(message, place.ann, erase["custom_id"])
    erased = await place.comes(lambda: not any(place.has(one) for one in mine))
    yield
    yield
    await asyncio.sleep(SOON)
    back = sum(place.has(one) for one in mine)
    place.fate("erased, none came back" if erased and not back else f"{back} of 5 CAME BACK")


WORLD: Sequence[tuple[str, Trial]] = (
    ("a server that comes 8 s late", late),
    ("a server that does not come", never),
    ("a message before its server", early),
    ("an outage of a server in a session", outage),
    ("a channel hidden and shown again", hidden),
    ("Read Message History missing at a start", unreadable),
    ("an empty page of history", page("empty")),
    ("half a page of history", page("half")),
    ("a page of HTML for a page of history", page("html")),
    ("a thread archived meanwhile, its history refused at first", archived),
    ("the starter of a thread deleted", starter_gone),
    ("a message before its thread", unannounced),
    ("a channel deleted while the bot was away", gone_for_good),
    ("drafts deleted at one go, which is not told", purged),
    ("a message that is not told of", untold),
    ("sent away, and invited again", invited_again),
    ("a channel renamed while the bot was away", renamed),
    ("an attachment that comes after 5 s", file({"delay": 5}, readable=True)),
    ("an attachment that is gone (404)", file({"status": 404}, readable=False)),
    ("an attachment that is gone (410)", file({"status": 410}, readable=False)),
    ("an attachment refused (415)", file({"status": 415}, readable=False)),
    ("an attachment cut in the middle", file({"cut": True, "data": TELLS * 200}, readable=False)),
    (
        "an attachment of 18 MB said to have 100 bytes",
        file({"data": "a word " * 2_600_000, "size": 100}, readable=False),
    ),
    ("an attachment that is a picture said to be text", file({"data": bytes(range(256)) * 8}, readable=False)),
    ("an edit there and back while reactions are slow", fast_edits),
    ("both buttons of a question at once", two_clicks),
    ("all erased, and started again", forgotten),
)
"""What happens, and how it is played."""


async def run(bench: Bench) -> None:
    """All of it."""
    await bench.together(WORLD)
    for minutes in (5, -5):
        way = "ahead" if minutes > 0 else "behind"
        await bench.together([(f"the bot's clock is 5 min {way}", skewed)], skew=timedelta(minutes=minutes))
