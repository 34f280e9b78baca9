"""The bot's conversations with Discord: one cog for each, translating events to calls and answers to messages."""

EXTENSIONS = (
    "cogs.arrival",
    "cogs.drafts",
    "cogs.catch_up",
    "cogs.balance",
    "cogs.check",
    "cogs.tips",
    "cogs.summary",
    "cogs.settings",
    "cogs.accounts",
    "cogs.imports",
    "cogs.privacy",
    "cogs.retention",
    "cogs.menu",
    "cogs.reactions",
    "cogs.posted",
    "cogs.thoughts",
    "cogs.about",
)
