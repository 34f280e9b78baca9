"""Balance: where an author stands between content and conversation, and the chart of it."""
