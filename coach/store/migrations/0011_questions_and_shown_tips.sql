-- Whether drafts that could be either are asked about; NULL: not chosen.
ALTER TABLE members ADD COLUMN questions INTEGER CHECK (questions IN (0, 1));
ALTER TABLE guilds ADD COLUMN questions INTEGER CHECK (questions IN (0, 1));

-- How often a tip was shown outside of nudges: by /tip, by /check and in summaries. `member_id` 0: to the whole server.
CREATE TABLE shown_tips (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    tip TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (guild_id, member_id, tip)
) STRICT, WITHOUT ROWID;
