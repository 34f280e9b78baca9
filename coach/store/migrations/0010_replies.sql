-- What the bot said to a draft's author, below the draft or by direct message. A row is made before anything is sent;
-- `reply_id` is NULL until then. A question or nudge that is `over`, because its draft is gone or its case is settled,
-- is yet to be taken down. What was answered in it stays as a word until its draft goes.
CREATE TABLE replies (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    says TEXT NOT NULL CHECK (says IN ('question', 'nudge', 'word')),
    channel_id INTEGER,
    reply_id INTEGER,
    over INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1))
) STRICT;

CREATE INDEX replies_over ON replies (guild_id) WHERE over = 1;
CREATE INDEX replies_by_author ON replies (guild_id, author_id);

-- Discord refuses direct messages to this member: 'told' once they know. NULL until it does, and again once they choose
-- anew what comes by direct message.
ALTER TABLE members ADD COLUMN dm TEXT CHECK (dm IN ('refused', 'told'));
