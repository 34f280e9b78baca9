"""What serves the cogs: the bot itself, its replies, errors, buttons and permissions."""
