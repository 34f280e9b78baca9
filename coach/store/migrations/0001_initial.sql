-- Everything is keyed by server first. Times are Unix seconds (UTC), local days are YYYY-MM-DD.

CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    timezone TEXT,
    target REAL,
    band REAL,
    window_days INTEGER,
    summary_on INTEGER NOT NULL DEFAULT 1 CHECK (summary_on IN (0, 1)),
    summary_channel_id INTEGER,
    summary_at TEXT,
    summary_due INTEGER
) STRICT;

CREATE INDEX guilds_summary_due ON guilds (summary_due) WHERE summary_due IS NOT NULL;

-- Channels and threads in which drafts were seen or that were set up by hand. `watched` is NULL where only the
-- name decides; `cursor` is the newest message that has been recorded.
CREATE TABLE channels (
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    parent_id INTEGER,
    watched INTEGER CHECK (watched IN (0, 1)),
    cursor INTEGER,
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

-- NULL in a setting means: as the server, else as the configuration file has it.
CREATE TABLE members (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    timezone TEXT,
    target REAL,
    band REAL,
    window_days INTEGER,
    nudge_where TEXT CHECK (nudge_where IN ('reply', 'dm', 'summary', 'off')),
    snoozed_until INTEGER,
    quiet_from TEXT,
    quiet_until TEXT,
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    summary_where TEXT NOT NULL DEFAULT 'server' CHECK (summary_where IN ('server', 'dm', 'off')),
    summary_at TEXT,
    summary_due INTEGER,
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_summary_due ON members (summary_due) WHERE summary_due IS NOT NULL;

-- One row a draft. A label of NULL: the author or a moderator said that it is not a draft; the row stays so
-- that no edit brings it back.
CREATE TABLE drafts (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    label TEXT CHECK (label IN ('content', 'conversation')),
    probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
    kind TEXT NOT NULL,
    labelled_by TEXT NOT NULL CHECK (labelled_by IN ('model', 'member')),
    length INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    text TEXT
) STRICT;

CREATE INDEX drafts_by_author ON drafts (guild_id, author_id, local_day);
CREATE INDEX drafts_by_channel ON drafts (channel_id);

-- Kept with every change of `drafts`, in the same transaction; `bot.py recount` proves them equal.
CREATE TABLE tallies (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    content INTEGER NOT NULL DEFAULT 0 CHECK (content >= 0),
    conversation INTEGER NOT NULL DEFAULT 0 CHECK (conversation >= 0),
    PRIMARY KEY (guild_id, author_id, local_day)
) STRICT, WITHOUT ROWID;

CREATE INDEX tallies_by_day ON tallies (guild_id, local_day);

CREATE TABLE corrections (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    from_label TEXT,
    to_label TEXT,
    corrected_at INTEGER NOT NULL
) STRICT;

CREATE INDEX corrections_by_author ON corrections (guild_id, author_id);

CREATE TABLE nudges (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    tip TEXT NOT NULL,
    lacking TEXT NOT NULL CHECK (lacking IN ('content', 'conversation')),
    heeded INTEGER CHECK (heeded IN (0, 1))
) STRICT;

CREATE INDEX nudges_by_author ON nudges (guild_id, author_id, shown_at);

-- A claim is committed before the summary is sent. `member_id` 0 stands for the whole server.
CREATE TABLE summaries (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    local_date TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (guild_id, member_id, local_date)
) STRICT, WITHOUT ROWID;

-- Facts about the program itself, such as the hash of the command tree that Discord was last given.
CREATE TABLE program (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
