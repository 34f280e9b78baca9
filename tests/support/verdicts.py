"""A verdict of each label, and a time for it: for drafts put straight into a store."""

from __future__ import annotations

from datetime import UTC, datetime

from coach.labels import Kind, Label, Verdict

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

VERDICTS = {
    Label.CONTENT: Verdict(Label.CONTENT, 0.1, Kind.INFORM, False, ()),
    Label.CONVERSATION: Verdict(Label.CONVERSATION, 0.9, Kind.ASK, False, ()),
}
