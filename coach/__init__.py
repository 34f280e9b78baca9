"""The trade itself: labels, balance, nudges, tips, calendar and the store. Knows nothing of Discord's library."""

__version__ = "0.1.0"
