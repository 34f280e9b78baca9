"""Labels for tests: the content kinds, and for each label a verdict, with a time, to put straight into a store."""

from __future__ import annotations

from datetime import UTC, datetime

from coach.labels import CONVERSATION_KINDS, Kind, Label, Verdict

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

CONTENT_KINDS = frozenset(Kind) - CONVERSATION_KINDS - {Kind.NONE}

VERDICTS = {
    Label.CONTENT: Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()),
    Label.CONVERSATION: Verdict(Label.CONVERSATION, 0.9, Kind.ASK, False, ()),
}
