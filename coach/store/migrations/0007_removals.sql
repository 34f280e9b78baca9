-- What catching up took off the record many drafts at a time: a copy, kept for a day. `record` is a JSON object with the
-- rows of the draft by table, so that they can be put back.
CREATE TABLE removed_drafts (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;

CREATE INDEX removed_drafts_by_author ON removed_drafts (guild_id, author_id);

-- 1: messages after the cursor wait to be read. A thread that is archived meanwhile is found by this at the next start.
ALTER TABLE channels ADD COLUMN unread INTEGER NOT NULL DEFAULT 0 CHECK (unread IN (0, 1));
