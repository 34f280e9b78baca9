"""The bot's conversations with Discord: one cog for each, translating events to calls and answers to messages."""

EXTENSIONS = (
    "cogs.drafts",
    "cogs.catch_up",
    "cogs.balance",
    "cogs.check",
    "cogs.tips",
    "cogs.summary",
    "cogs.settings",
    "cogs.accounts",
    "cogs.privacy",
    "cogs.retention",
    "cogs.menu",
    "cogs.reactions",
    "cogs.thoughts",
    "cogs.about",
)
