-- The tallies of a server's members together. Its summary looks at hundreds of days: where a thousand draft on each,
-- their sums would take a third of a second every time. The database itself keeps them with every change of `tallies`.
CREATE TABLE server_tallies (
    guild_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    content INTEGER NOT NULL CHECK (content >= 0),
    conversation INTEGER NOT NULL CHECK (conversation >= 0),
    PRIMARY KEY (guild_id, local_day)
) STRICT, WITHOUT ROWID;

INSERT INTO server_tallies (guild_id, local_day, content, conversation)
SELECT guild_id, local_day, sum(content), sum(conversation) FROM tallies GROUP BY guild_id, local_day;




-- Few members are left out of their server's summary: they are found without a look at all others.
CREATE INDEX members_outside_summary ON members (guild_id, summary_where) WHERE summary_where <> 'server';
