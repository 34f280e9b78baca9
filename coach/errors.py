"""Every error that is raised on purpose.

    SquareDealError
    ├── Refused         to somebody on Discord: a sentence for them
    │   └── NotCounted  the message they ask about is not counted as a draft
    ├── SettingsError   to the operator: a setting, a tip or an argument cannot be used
    ├── YamlError       to the reader of a file: a text is not YAML that is taken here
    ├── ModelError      to the operator: the labelling model's files are missing or damaged
    ├── StoreError      to the operator: the database cannot be used
    ├── OutputError     to the program: standard output takes no more
    ├── DrawingError    to the caller: a chart cannot be drawn, and the answer goes without it
    ├── Hidden          to catching up: Discord does not let the bot look
    └── Silenced        to whoever asks Discord something: it wants no requests for a while

The message of each is written for the one who reads it, and says what to do where anything can be done. All other
exceptions come from the system, from a library, or from a mistake in the program.
"""

from __future__ import annotations

from coach.wording_refusals import output_refused

READER_GONE = 141
"""The exit status that shells give a program whose output nobody reads: 128 plus the number of SIGPIPE."""


class SquareDealError(Exception):
    """An error that is raised on purpose."""


class Refused(SquareDealError):
    """The bot will not or cannot do it; the message is one plain sentence for the user, with what to do."""


class NotCounted(Refused):
    """The message that somebody asks about is not counted as a draft."""


class SettingsError(SquareDealError):
    """A setting cannot be used; the message names the place, the value and what is allowed."""


class YamlError(SquareDealError):
    """A text is not YAML that is taken here; the message says why.

    Attributes:
        line: where, from 1.
    """

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


class ModelError(SquareDealError):
    """The labelling model cannot be used; the message says which file is wrong and what to do."""


class StoreError(SquareDealError):
    """The database cannot be used; the message is one sentence with what to do."""


class OutputError(SquareDealError):
    """Standard output takes no more; the message says why, and is empty if its reader has simply had enough.

    Attributes:
        status: the exit status.
    """

    def __init__(self, error: OSError) -> None:
        gone = isinstance(error, BrokenPipeError)
        super().__init__("" if gone else output_refused(error.strerror))
        self.status = READER_GONE if gone else 1


class DrawingError(SquareDealError):
    """A chart cannot be drawn; the message says why."""


class Hidden(SquareDealError):
    """The bot may not see a channel, or not read its history: nothing is known of what is in it."""


class Silenced(SquareDealError, OSError):
    """Discord wants no requests from this machine for a while. An OSError, like a network that is down."""
