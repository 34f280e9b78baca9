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

CREATE TRIGGER tallies_added AFTER INSERT ON tallies BEGIN
    INSERT INTO server_tallies (guild_id, local_day, content, conversation)
    VALUES (new.guild_id, new.local_day, new.content, new.conversation)
    ON CONFLICT (guild_id, local_day) DO UPDATE
    SET content = content + excluded.content, conversation = conversation + excluded.conversation;
END;

CREATE TRIGGER tallies_changed AFTER UPDATE OF content, conversation ON tallies BEGIN
    UPDATE server_tallies
    SET content = content + new.content - old.content, conversation = conversation + new.conversation - old.conversation
    WHERE guild_id = new.guild_id AND local_day = new.local_day;
END;

CREATE TRIGGER tallies_removed AFTER DELETE ON tallies BEGIN
    UPDATE server_tallies SET content = content - old.content, conversation = conversation - old.conversation
    WHERE guild_id = old.guild_id AND local_day = old.local_day;
    DELETE FROM server_tallies
    WHERE guild_id = old.guild_id AND local_day = old.local_day AND content = 0 AND conversation = 0;
END;

-- Few members are left out of their server's summary: they are found without a look at all others.
CREATE INDEX members_outside_summary ON members (guild_id, summary_where) WHERE summary_where <> 'server';
