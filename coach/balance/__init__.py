"""Balance: where somebody stands between content and conversation, and its chart."""
