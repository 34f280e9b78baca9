"""What is counted for /metrics: numbers for the whole process, never by member, server or channel."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""Of this program alone; what the library measures by itself is added where it is served."""

DRAFTS = Counter(
    "squaredeal_drafts_labelled",
    "Drafts put on record, by label: content, conversation, or none if the language is not known.",
    ["label"],
    registry=REGISTRY,
)
NUDGES = Counter(
    "squaredeal_nudges",
    "Nudges made, by the label that was lacking.",
    ["lacking"],
    registry=REGISTRY,
)
SILENCES = Counter(
    "squaredeal_silences",
    "Drafts that brought no nudge when they were recorded, by reason.",
    ["reason"],
    registry=REGISTRY,
)
COMMITS = Histogram(
    "squaredeal_commit_seconds",
    "How long it took to write a batch of changes and commit it.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
    registry=REGISTRY,
)
FAILED_COMMITS = Counter(
    "squaredeal_commits_failed",
    "Batches of changes that the database did not take.",
    registry=REGISTRY,
)
REFUSALS = Counter(
    "squaredeal_discord_refusals",
    "Requests that Discord refused, by HTTP status and Discord's own code (0 if it gave none); "
    'status "none" if no answer came.',
    ["status", "code"],
    registry=REGISTRY,
)
