-- Accounts that a server names, such as a brand or a client. A draft belongs to the account of its channel; 0, which has
-- no row here, is the unnamed account that everything else belongs to. NULL in a goal: as the server. `shared`: 1 if all
-- who draft for it have one balance, 0 if each author has their own.
CREATE TABLE accounts (
    guild_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL CHECK (account_id >= 1),
    name TEXT NOT NULL,
    target REAL,
    band REAL,
    window_days INTEGER,
    preset TEXT,
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    counts TEXT NOT NULL DEFAULT 'drafted' CHECK (counts IN ('drafted', 'posted')),
    PRIMARY KEY (guild_id, account_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX accounts_by_name ON accounts (guild_id, lower(name));

-- Which account a channel's drafts belong to, or those of a forum's posts with a tag. `tag_id` 0: the channel itself.
CREATE TABLE account_places (
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id, tag_id)
) STRICT, WITHOUT ROWID;

-- A member's own goal for an account in which each author has their own balance.
CREATE TABLE account_goals (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    target REAL NOT NULL,
    band REAL NOT NULL,
    window_days INTEGER NOT NULL,
    preset TEXT,
    PRIMARY KEY (guild_id, member_id, account_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE drafts ADD COLUMN account_id INTEGER NOT NULL DEFAULT 0;

CREATE INDEX drafts_by_account ON drafts (guild_id, account_id) WHERE account_id <> 0;

-- The tags of a forum post, as a JSON list of ids in Discord's order; NULL if they are not known, or it is no forum post.
ALTER TABLE channels ADD COLUMN tags TEXT;

-- The tallies are kept for each account. The account comes last in the key, as a member's balance is that of all accounts
-- over some days.
CREATE TABLE new_tallies (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0,
    content INTEGER NOT NULL DEFAULT 0 CHECK (content >= 0),
    conversation INTEGER NOT NULL DEFAULT 0 CHECK (conversation >= 0),
    PRIMARY KEY (guild_id, author_id, local_day, account_id)
) STRICT, WITHOUT ROWID;

INSERT INTO new_tallies (guild_id, author_id, local_day, account_id, content, conversation)
SELECT guild_id, author_id, local_day, 0, content, conversation FROM tallies;

-- Its triggers and its index go with it, before a row of it goes.
DROP TABLE tallies;
ALTER TABLE new_tallies RENAME TO tallies;

CREATE INDEX tallies_by_day ON tallies (guild_id, local_day);




-- The tallies of all members for a named account together, kept like `server_tallies`.
CREATE TABLE account_tallies (
    guild_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    content INTEGER NOT NULL CHECK (content >= 0),
    conversation INTEGER NOT NULL CHECK (conversation >= 0),
    PRIMARY KEY (guild_id, account_id, local_day)
) STRICT, WITHOUT ROWID;




-- Whether a member's figures may be shown to others, in the server's summary and in /team.
ALTER TABLE members ADD COLUMN shows_figures INTEGER NOT NULL DEFAULT 0 CHECK (shows_figures IN (0, 1));

-- They are few: found without a look at all others.
CREATE INDEX members_showing_figures ON members (guild_id, member_id) WHERE shows_figures = 1;

-- 1: the server's next summary says that it no longer shows members' figures unless they want it.
ALTER TABLE guilds ADD COLUMN tell_of_figures INTEGER NOT NULL DEFAULT 0 CHECK (tell_of_figures IN (0, 1));
UPDATE guilds SET tell_of_figures = 1;
