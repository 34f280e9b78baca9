-- Whom the bot has asked about a draft in a language that it doesn't know, and in which channel (for a thread, the one
-- that it belongs to): it asks once, and skips further drafts. `message_id`: the draft that it asked about.
CREATE TABLE other_languages (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, author_id, channel_id)
) STRICT, WITHOUT ROWID;
