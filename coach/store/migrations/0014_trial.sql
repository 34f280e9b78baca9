-- When a nudge was due, by draft: one that was shown, or one that was held back on purpose, and whether the label that
-- was lacking followed. `chance`: the share that was held back at the time. A nudge that was taken back stays here, as
-- one that was held back can't be: so the two are compared as the lot had it.
CREATE TABLE occasions (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lacking TEXT NOT NULL CHECK (lacking IN ('content', 'conversation')),
    chance REAL NOT NULL CHECK (chance > 0 AND chance < 1),
    held_back INTEGER NOT NULL CHECK (held_back IN (0, 1)),
    heeded INTEGER CHECK (heeded IN (0, 1))
) STRICT;

CREATE INDEX occasions_by_author ON occasions (guild_id, author_id, message_id);

-- Why each of a member's last drafts brought no nudge; NULL: it brought one. Only the newest few are kept.
CREATE TABLE decisions (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    silence TEXT,
    PRIMARY KEY (guild_id, author_id, message_id)
) STRICT, WITHOUT ROWID;

-- Whether nudges may be held back; NULL: not chosen, which means yes.
ALTER TABLE members ADD COLUMN trial INTEGER CHECK (trial IN (0, 1));
