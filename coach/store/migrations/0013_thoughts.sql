-- Drafts that say the same, such as one announcement for three places, and the parts of a thread are one thought, which
-- counts once. `thought`: the same number for all drafts of a thought; NULL: it is a thought of its own. `thread`: the
-- same number for the parts of a thread, which have one label; NULL: no part of one. Both are ids of messages that may
-- be gone. `counts`: whether this is the draft that counts for its thought, which is the newest that has a label.
-- `placed_by`: 'member' if somebody said which thought it belongs to; NULL: told by its words and by what it replies to.
-- `continues`: the message of the same author that it replies to.
ALTER TABLE drafts ADD COLUMN thought INTEGER;
ALTER TABLE drafts ADD COLUMN thread INTEGER;
ALTER TABLE drafts ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1));
ALTER TABLE drafts ADD COLUMN placed_by TEXT CHECK (placed_by = 'member');
ALTER TABLE drafts ADD COLUMN continues INTEGER;

CREATE INDEX drafts_by_thought ON drafts (thought) WHERE thought IS NOT NULL;
CREATE INDEX drafts_by_thread ON drafts (thread) WHERE thread IS NOT NULL;
CREATE INDEX drafts_by_continued ON drafts (continues) WHERE continues IS NOT NULL;

-- Whether a later draft says the same is told from these, which are erased after a day or what else is set: a keyed
-- sketch of the words, the number that a part of a thread begins with ("2/5"), and whether it begins like a version
-- ("LinkedIn:").
CREATE TABLE sketches (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    part INTEGER,
    parts INTEGER,
    named INTEGER NOT NULL CHECK (named IN (0, 1))
) STRICT;

CREATE INDEX sketches_by_author ON sketches (guild_id, author_id);

-- Threads in which something has changed: they have to be read again, as one label is for all of the parts. `thread`: as
-- in `drafts`, or the id of a draft that is no part any more.
CREATE TABLE changed_threads (
    thread INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL
) STRICT;

CREATE INDEX changed_threads_by_author ON changed_threads (guild_id, author_id);
