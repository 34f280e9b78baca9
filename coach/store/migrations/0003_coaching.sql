-- The labels of the author's next drafts after a nudge, three at most, such as 'content conversation content'.
ALTER TABLE nudges ADD COLUMN followed TEXT NOT NULL DEFAULT '';

CREATE INDEX nudges_by_tip ON nudges (guild_id, tip, heeded);

-- Tips that their reader passed over by asking for another in the same nudge: shown, and not heeded.
CREATE TABLE passed_tips (
    message_id INTEGER NOT NULL REFERENCES nudges (message_id) ON DELETE CASCADE,
    tip TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    PRIMARY KEY (message_id, tip)
) STRICT, WITHOUT ROWID;

CREATE INDEX passed_tips_by_author ON passed_tips (guild_id, author_id, tip);

-- Whom a draft names: a keyed hash of each mention or @name, never the name.
CREATE TABLE addressed (
    message_id INTEGER NOT NULL REFERENCES drafts (message_id) ON DELETE CASCADE,
    person BLOB NOT NULL,
    PRIMARY KEY (message_id, person)
) STRICT, WITHOUT ROWID;

-- A server's own tips, as the text of the file that was given.
CREATE TABLE server_tips (
    guild_id INTEGER PRIMARY KEY,
    source TEXT NOT NULL
) STRICT;

-- `nudge_gap_hours`: the member's own time between nudges. `weekly_on`: weekday of the look-back, 0 is Monday.
ALTER TABLE members ADD COLUMN nudge_gap_hours REAL;
ALTER TABLE members ADD COLUMN weekly_on INTEGER CHECK (weekly_on BETWEEN 0 AND 6);

-- The local date that the summary due next speaks of; NULL: the one that its due time falls on.
ALTER TABLE members ADD COLUMN summary_day TEXT;
ALTER TABLE guilds ADD COLUMN summary_day TEXT;
