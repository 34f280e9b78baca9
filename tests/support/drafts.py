"""Sample drafts, one of each kind that tests and benchmarks need."""

from __future__ import annotations

TELLS = "Our winter opening hours start on Monday: weekdays from nine to five, closed at weekends."
ASKS = "How do you keep your seedlings alive when you go away for a week? I would love to hear what works."
THANKS = "Thank you so much, Maria, for driving all the way out to help us on Saturday. You saved the day!"
FOREIGN = "今日は新しい花の話をしましょう。"
"""A draft in a language that the bot can't read: its author is asked about it, once in each channel."""
