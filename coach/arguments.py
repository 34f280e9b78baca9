"""The program's command line: its options and commands, and its help."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from coach import __version__
from coach.output import say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

ABOUT = """\
Square Deal is a Discord bot that coaches people who write social-media posts:
it labels each draft as content or conversation, keeps the count, and says when
one of the two falls behind.

Without a command it runs: on Discord if DISCORD_TOKEN is set, else in the
rehearsal room, a simulated Discord on a web page of this machine."""

LABEL = """\
Reads drafts from standard input, one a line: plain text, or a JSON object with
the draft under "text". The input is UTF-8, or UTF-16 that begins with its
byte-order mark.

Writes one JSON object for each to standard output, in the same order and in
UTF-8: "label" (content or conversation), "probability" (of conversation, from 0
to 1), "kind", "unsure" (whether the bot would ask its author) and "reasons". A
line that can't be read gives "error" and "line", its number; the other lines are
still labelled, and the exit status is 1.

No token is needed, and nothing is stored."""

IMPORT = """\
Reads what a social network gives you of your own past, and prints the balance of
content and conversation by month: what the export itself knows (replies and
reposts) apart from what is judged by the words, with its uncertainty.

It takes the exports of Mastodon (outbox.json, or the archive), X (the archive, or
its data/tweets.js), LinkedIn (Shares.csv and Comments.csv), Bluesky (the CAR
file), Threads and Instagram (as JSON), Micro.blog and JSON Feed, and any CSV or
JSON lines with a column of texts and one of dates. Which column is which is
guessed, shown, and asked about.

No token is needed, nothing is stored, and nothing leaves the machine."""

CONFIG = "your own settings file (default: $SQUAREDEAL_CONFIG)"


class _Parser(argparse.ArgumentParser):
    """A parser that prints its help and version like all other output."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        if file is sys.stdout:
            say(message.rstrip("\n"))
        else:
            super()._print_message(message, file)


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; its result's `action` is the command, or None to run the bot.

    Parsing raises OutputError if the help can't be written.
    """
    made = _Parser(prog="bot.py", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--config", type=Path, help=CONFIG)
    made.add_argument(
        "--shards",
        help="serve only these shards out of the total, such as 0-3/16; all processes on one database must name "
        "the same total (default: all)",
    )
    made.add_argument("--version", action="version", version=__version__)
    actions = made.add_subparsers(dest="action", metavar="COMMAND", title="commands")
    labelling = _add(actions, "label", "label drafts from standard input, one JSON object a line out")
    labelling.description = LABEL
    labelling.formatter_class = argparse.RawDescriptionHelpFormatter
    past = _add(actions, "import", "read exports of social networks and print the balance by month")
    past.description = IMPORT
    past.formatter_class = argparse.RawDescriptionHelpFormatter
    past.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="an export as it was downloaded, or a file of it"
    )
    past.add_argument("--yes", action="store_true", help="take guessed columns as right, without asking")
    saving = _add(actions, "backup", "copy the database into a new file; the bot may be running")
    saving.add_argument("file", type=Path, help="the new file")
    _add(actions, "recount", "check that the tallies agree with the drafts")
    _add(actions, "undelete", "put back drafts that were removed in bulk within the last day")
    _add(actions, "tips", "print how often each tip was shown and heeded")
    _add(actions, "doctor", "check settings, model, database, token and permissions, and say how to fix each")
    _add(actions, "sync", "register the commands with Discord again")
    return made


def _add(
    actions: argparse._SubParsersAction[_Parser],  # pyright: ignore[reportPrivateUsage]  # it has no other name
    name: str,
    does: str,
) -> _Parser:
    made = actions.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    # Without a default, so that it does not undo one given before the command.
    made.add_argument("--config", type=Path, default=argparse.SUPPRESS, help=CONFIG)
    return made
