"""A month with four authors through the real bot in a simulated Discord: `python -m benchmarks.month [DAYS]`.

A broadcaster, a chatterbox, a balanced and a sporadic author draft for thirty days: for an account in which each
has their own balance and for one that they share, now and then as a thread or once more for another platform. Then
the bot is away for as long, while drafts go on, and comes back. It prints a calendar of drafts, nudges and
summaries with the share of conversation each day, and ends with status 1 if an expectation is not met.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import simcord

from coach.accounts import Form
from coach.balance.standing import Tally, window_sum
from coach.labels import CONVERSATION_KINDS, Kind, Label
from coach.settings import Settings, load
from coach.store import Place
from coach.store.tallies import days_of
from cogs.support.bot import SquareDeal, create_bot

START = datetime(2026, 10, 1, 6, tzinfo=UTC)
DAYS = 30
HOURS = (8, 10, 13, 16, 20)
SHARED, MORE = 0.3, 0.15
"""How often a draft is for the shared account, and how often another version or part of it follows."""
DRAFTS = sorted((Path(__file__).resolve().parents[1] / "training" / "drafts").glob("own-*.jsonl"))

Stock = dict[Label, list[str]]


@dataclass
class Author:
    """How somebody drafts: the chance of conversation, and of drafting at all in one of the day's hours."""

    name: str
    talk: float
    chance: float = 1.0
    actor: Any = None
    drafts: Counter[date] = field(default_factory=Counter[date])
    more: int = 0
    nudges: Counter[date] = field(default_factory=Counter[date])


def said_by(bot: SquareDeal, channels: Sequence[Any]) -> list[Any]:
    """The bot's messages in some channels, oldest first in each."""
    return [one for channel in channels for one in channel.history() if one.author.id == bot.own_id]


def is_nudge(message: Any) -> bool:
    """Whether a message of the bot's is a nudge: it has the buttons of one."""
    ids = [item.custom_id or "" for row in message.components for item in getattr(row, "children", ())]
    return any(custom_id.startswith("nudge:") for custom_id in ids)


def texts(rng: random.Random) -> Stock:
    """The project's own drafts by label, in random order."""
    found: Stock = {label: [] for label in Label}
    for path in DRAFTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            # Replies and escapes don't matter here; a draft that begins with // would not count.
            if not row["unsure"] and not row["text"].startswith("//") and len(row["text"]) < 1500:
                talk = Kind(row["kind"]) in CONVERSATION_KINDS
                found[Label.CONVERSATION if talk else Label.CONTENT].append(row["text"])
    for rows in found.values():
        rng.shuffle(rows)
    return found


async def day_of(
    env: Any,
    bot: SquareDeal,
    channels: Sequence[Any],
    authors: list[Author],
    rng: random.Random,
    stock: Stock,
) -> None:
    """One day's drafts, with a look at the clock after each hour that matters."""
    midnight = env.now().replace(hour=0, minute=0, second=0, microsecond=0)
    tick = cast(Any, bot.get_cog("SummaryCog")).tick
    for hour in (*HOURS, 24):
        if hour > 18 > env.now().hour:
            turn_clock(env, midnight + timedelta(hours=18, seconds=1))
            await tick()
        turn_clock(env, midnight + timedelta(hours=hour))
        if hour == 24:
            await tick()
            await cast(Any, bot.get_cog("RetentionCog")).tidy()
            return
        for author in authors:
            if rng.random() < author.chance:
                label = Label.CONVERSATION if rng.random() < author.talk else Label.CONTENT
                own, shared = channels
                channel = shared if rng.random() < SHARED else own
                text = stock[label].pop()
                draft = await author.actor.send(channel, text)
                author.drafts[midnight.date()] += 1
                if rng.random() < MORE:
                    # The same thought: it does not count again.
                    more = f"LinkedIn: {text}" if rng.random() < 0.5 else f"2/2 {stock[label].pop()}"
                    await author.actor.send(channel, more, reply_to=draft)
                    author.more += 1


async def set_up(bot: SquareDeal, channels: Sequence[Any]) -> None:
    """Name the two accounts: one for each channel, and only that of the second is shared."""
    coach, guild_id = bot.coach, channels[0].guild.id
    for channel, shared in zip(channels, (False, True), strict=True):
        form = Form("Shared" if shared else "Own", "", shared, frozenset([Place(channel.id)]))
        await coach.accounts.save(guild_id, None, form)
        await coach.watching.set_watched(guild_id, channel.id, True, channel.id)
        bot.watch.decide(channel.id, True)
        bot.watch.recorded.add(channel.id)


def stop_loops(bot: SquareDeal) -> None:
    """Stop what the bot does by the clock; `day_of` does it at the same moments in each run."""
    cast(Any, bot.get_cog("SummaryCog")).tick.cancel()
    cast(Any, bot.get_cog("RetentionCog")).tidy.cancel()


def turn_clock(env: Any, moment: datetime) -> None:
    """Move the clock to a later moment."""
    env.backend.clock.advance(max(0.0, (moment - env.now()).total_seconds()))


async def live(count: int = DAYS) -> list[str]:
    """Play a number of days twice, print the calendar, and say what was not as expected."""
    rng = random.Random(4)
    stock = texts(rng)
    authors = [
        Author("broadcaster", 0.08),
        Author("chatterbox", 0.95),
        Author("balanced", 0.5),
        Author("sporadic", 0.3, chance=0.15),
    ]
    with tempfile.TemporaryDirectory() as folder:
        settings = load(None, {"SQUAREDEAL_DATABASE": str(Path(folder) / "month.db")})

        def clock() -> datetime:
            return env.now()

        bot = create_bot(settings, clock)
        # A busy machine takes longer than SimCord's own 5 seconds for the first chart.
        env = simcord.Env(bot, settle_timeout=60)
        turn_clock(env, START)
        await env.start()
        stop_loops(bot)
        guild = env.create_guild("A month", owner=env.create_user("owner"))
        channels = [guild.create_text_channel(name) for name in ("drafts", "shop")]
        await env.settle()
        await set_up(bot, channels)
        for author in authors:
            author.actor = guild.add_member(env.create_user(author.name))
        try:
            for _ in range(count):
                await day_of(env, bot, channels, authors, rng, stock)
            faults = await judged(bot, channels, authors, count)
            return faults + await away(env, bot, settings, channels, authors, stock, count)
        finally:
            await env.shutdown()


async def judged(bot: SquareDeal, channels: Sequence[Any], authors: list[Author], count: int) -> list[str]:
    """Print the calendar of the first days, and compare it with what is promised."""
    names = {author.actor.id: author for author in authors}
    digests: Counter[date] = Counter()
    for message in said_by(bot, channels):
        if message.embeds and "summary" in (message.embeds[0].title or ""):
            digests[message.created_at.date()] += 1
        elif is_nudge(message):
            draft = message.reference.resolved
            names[draft.author.id].nudges[message.created_at.date()] += 1
    store = bot.coach.store
    shares: dict[str, dict[date, Tally]] = defaultdict(dict)
    for author in authors:
        shares[author.name] = await store.database.read(
            lambda raw, member=author.actor.id: days_of(raw, channels[0].guild.id, member, START.date())
        )
    print(f"{'day':<11}" + "".join(f"{author.name:>26}" for author in authors) + f"{'digests':>9}")
    print(f"{'':<11}" + f"{'drafts nudges  share':>26}" * len(authors))
    days = [START.date() + timedelta(days=n) for n in range(count)]
    for day in days:
        line = f"{day:%a %d %b} "
        for author in authors:
            share = window_sum(shares[author.name], day, 14).share
            told = f"{share:.0%}" if share is not None else "–"
            line += f"{author.drafts[day]:>12} {author.nudges[day]:>6} {told:>6}"
        print(line + f"{digests[day]:>9}")
    print(
        f"{'together':<11}"
        + "".join(f"{author.drafts.total():>12} {author.nudges.total():>6} {'':>6}" for author in authors)
        + f"{digests.total():>9}"
    )
    print(f"besides, {sum(author.more for author in authors)} versions and parts, which do not count again")
    broadcaster, _, balanced, _ = authors
    faults: list[str] = []
    # More at first, until ignored ones have made them rarer.
    least, most = count // 6, count + 10
    if not least <= broadcaster.nudges.total() <= most:
        faults.append(f"the broadcaster got {broadcaster.nudges.total()} nudges, expected {least} to {most}")
    if balanced.nudges.total() > 2:
        faults.append(f"the balanced author got {balanced.nudges.total()} nudges, expected 2 at most")
    faults += [
        f"{author.name} got {count} nudges on {day}"
        for author in authors
        for day, count in author.nudges.items()
        if count > 3
    ]
    for day in days:
        # Drafts after the summary's time alone make no summary due.
        active = any(author.drafts[day] for author in authors)
        if digests[day] != active:
            faults.append(f"{digests[day]} digests on {day}")
    wrong = sum(author.drafts.total() for author in authors) - await counted_in(bot, channels)
    if wrong:
        faults.append(f"{wrong} more drafts were written than counted")
    if await store.tallies.recount():
        faults.append("the tallies do not agree with the drafts")
    return faults


async def counted_in(bot: SquareDeal, channels: Sequence[Any]) -> int:
    """How many drafts count for the two accounts, whose numbers are 1 and 2."""
    tallies, guild_id = bot.coach.store.tallies, channels[0].guild.id
    found = [await tallies.account_days(guild_id, number, START.date()) for number in (1, 2)]
    return sum(tally.drafts for days in found for tally in days.values())


async def away(
    env: Any,
    bot: SquareDeal,
    settings: Settings,
    channels: Sequence[Any],
    authors: list[Author],
    stock: Stock,
    count: int,
) -> list[str]:
    """As many days without the bot: it counts what was drafted, nudges nobody and sends one summary at most."""
    said = {message.id for message in said_by(bot, channels)}
    counted = sum(author.drafts.total() for author in authors)
    await bot.close()
    env.backend.subscribers.clear()
    missed = 0
    for _ in range(count):
        for author in authors[:2]:
            text = stock[Label.CONTENT if missed % 2 else Label.CONVERSATION].pop()
            await author.actor.send(channels[missed % 3 == 0], text)
            missed += 1
        turn_clock(env, env.now() + timedelta(days=1))
    bot = create_bot(settings, env.now)
    await env.restart_bot(bot)
    stop_loops(bot)
    for _ in range(3):
        await cast(Any, bot.get_cog("SummaryCog")).tick()
    await env.settle()
    messages = [message for message in said_by(bot, channels) if message.id not in said]
    total = await counted_in(bot, channels)
    nudges = sum(map(is_nudge, messages))
    print(
        f"away for {count} days: {missed} drafts missed, {total - counted} counted afterwards, {nudges} nudges, "
        f"{len(messages) - nudges} summaries"
    )
    await bot.close()
    faults: list[str] = []
    if total - counted != missed:
        faults.append(f"{missed - (total - counted)} drafts were lost")
    if nudges or len(messages) > 1:
        faults.append(f"after the outage: {nudges} nudges and {len(messages) - nudges} summaries")
    return faults


def main() -> int:
    """Run; the status is 1 if something was not as expected."""
    faults = asyncio.run(live(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS))
    print("\n".join(faults) or "All as expected.")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
