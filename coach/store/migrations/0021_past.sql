-- What members have imported of their past: one row for each export that was read, with the account that it is about; 0: none.
-- `source`: what it was an export of, such as "Mastodon". `file_hash`: a keyed hash of the files, to know them again.
-- `left_out`: items that were no posts, and posts that are dated ahead.
CREATE TABLE imports (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    imported_at INTEGER NOT NULL,
    left_out INTEGER NOT NULL CHECK (left_out >= 0),
    PRIMARY KEY (guild_id, member_id, import_id)
) STRICT, WITHOUT ROWID;

-- How many posts of an import were written in a month, `YYYY-MM`, of the member's own zone. Known by the export itself: `replies`
-- are conversation, `reposts` are content. `judged`: judged by their words; `expected` and `variance` are the sums of p and of
-- p (1 - p) over them, p the probability of conversation. Not counted: `threads` go on from another post, `unread` can't be read.
CREATE TABLE past_months (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    month TEXT NOT NULL,
    replies INTEGER NOT NULL CHECK (replies >= 0),
    reposts INTEGER NOT NULL CHECK (reposts >= 0),
    judged INTEGER NOT NULL CHECK (judged >= 0),
    expected REAL NOT NULL,
    variance REAL NOT NULL,
    threads INTEGER NOT NULL CHECK (threads >= 0),
    unread INTEGER NOT NULL CHECK (unread >= 0),
    PRIMARY KEY (guild_id, member_id, import_id, month)
) STRICT, WITHOUT ROWID;
