-- Whether the labeller was unsure when it last read the draft. Until somebody says what it is, it counts as the label
-- says, and /history marks it.
ALTER TABLE drafts ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1));

-- Where a member is asked about drafts; NULL: where their nudges go. Until now it was only on (1) or off (0).
ALTER TABLE members ADD COLUMN question_where TEXT CHECK (question_where IN ('reply', 'dm', 'history', 'off'));
UPDATE members SET question_where = CASE
    WHEN questions = 0 THEN 'off'
    WHEN questions = 1 AND nudge_where = 'dm' THEN 'dm'
    WHEN questions = 1 AND nudge_where IS NOT NULL THEN 'reply'
END;
ALTER TABLE members DROP COLUMN questions;

-- How often a member was asked on the last local day on which they were asked at all.
CREATE TABLE questions_asked (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 0),
    PRIMARY KEY (guild_id, author_id)
) STRICT, WITHOUT ROWID;

-- How a draft was before the last thing done to it by hand, so that this can be undone: its label, who had set it, and
-- its row in `corrections`, if it had one (then `corrected_at` is not NULL). `change` names what was done, such as a
-- click by its id.
CREATE TABLE undos (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    change TEXT NOT NULL,
    label TEXT CHECK (label IN ('content', 'conversation')),
    labelled_by TEXT NOT NULL CHECK (labelled_by IN ('model', 'member')),
    from_label TEXT,
    to_label TEXT,
    corrected_at INTEGER,
    traits BLOB,
    odds REAL,
    taught TEXT CHECK (taught IN ('content', 'conversation'))
) STRICT;

CREATE INDEX undos_by_author ON undos (guild_id, author_id);
