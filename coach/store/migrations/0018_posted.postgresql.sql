-- When a draft's author marked it as posted; NULL: it isn't. (`posted_at` is when the message came.) `counts_out`: whether
-- it counts for a thought of which one draft is posted.
ALTER TABLE drafts ADD COLUMN out_at INTEGER;
ALTER TABLE drafts ADD COLUMN counts_out INTEGER NOT NULL DEFAULT 0 CHECK (counts_out IN (0, 1));

-- How many of those that count were posted.
ALTER TABLE tallies ADD COLUMN content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0);
ALTER TABLE tallies ADD COLUMN conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0);
ALTER TABLE server_tallies ADD COLUMN content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0);
ALTER TABLE server_tallies ADD COLUMN conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0);
ALTER TABLE account_tallies ADD COLUMN content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0);
ALTER TABLE account_tallies ADD COLUMN conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0);








-- What the balance of drafts for no named account counts; NULL: as the settings file says.
ALTER TABLE guilds ADD COLUMN counts TEXT CHECK (counts IN ('drafted', 'posted'));

-- Whether a member is reminded to answer those who replied, some time after a draft was posted.
ALTER TABLE members ADD COLUMN comes_back INTEGER NOT NULL DEFAULT 0 CHECK (comes_back IN (0, 1));

-- Those reminders, one a draft at most. A row is made when the draft is posted; `claimed_at` is set before the reminder
-- is sent, and none that has one is sent again.
CREATE TABLE comebacks (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    claimed_at INTEGER
) STRICT;

CREATE INDEX comebacks_due ON comebacks (due_at) WHERE claimed_at IS NULL;
CREATE INDEX comebacks_by_author ON comebacks (guild_id, author_id, claimed_at);

-- A draft may have one such reminder beside a question, nudge or word.
CREATE TABLE new_replies (
    message_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    says TEXT NOT NULL CHECK (says IN ('question', 'nudge', 'word', 'comeback')),
    channel_id INTEGER,
    reply_id INTEGER,
    over INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1)),
    PRIMARY KEY (message_id, says)
) STRICT, WITHOUT ROWID;

INSERT INTO new_replies (message_id, guild_id, author_id, says, channel_id, reply_id, over)
SELECT message_id, guild_id, author_id, says, channel_id, reply_id, over FROM replies;

DROP TABLE replies;
ALTER TABLE new_replies RENAME TO replies;

CREATE INDEX replies_over ON replies (guild_id) WHERE over = 1;
CREATE INDEX replies_by_author ON replies (guild_id, author_id);

-- The sums of a server and of an account follow each change of a tally.
CREATE FUNCTION follow_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO server_tallies AS s (guild_id, local_day, content, conversation, content_out, conversation_out)
        VALUES (new.guild_id, new.local_day, new.content, new.conversation, new.content_out, new.conversation_out)
        ON CONFLICT (guild_id, local_day) DO UPDATE
        SET content = s.content + excluded.content, conversation = s.conversation + excluded.conversation,
            content_out = s.content_out + excluded.content_out,
            conversation_out = s.conversation_out + excluded.conversation_out;
        IF new.account_id <> 0 THEN
            INSERT INTO account_tallies AS s
            (guild_id, account_id, local_day, content, conversation, content_out, conversation_out)
            VALUES (new.guild_id, new.account_id, new.local_day, new.content, new.conversation, new.content_out,
                new.conversation_out)
            ON CONFLICT (guild_id, account_id, local_day) DO UPDATE
            SET content = s.content + excluded.content, conversation = s.conversation + excluded.conversation,
                content_out = s.content_out + excluded.content_out,
                conversation_out = s.conversation_out + excluded.conversation_out;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE server_tallies
        SET content = content - old.content, conversation = conversation - old.conversation,
            content_out = content_out - old.content_out, conversation_out = conversation_out - old.conversation_out
        WHERE guild_id = old.guild_id AND local_day = old.local_day;
        IF old.account_id <> 0 THEN
            UPDATE account_tallies
            SET content = content - old.content, conversation = conversation - old.conversation,
                content_out = content_out - old.content_out,
                conversation_out = conversation_out - old.conversation_out
            WHERE guild_id = old.guild_id AND account_id = old.account_id AND local_day = old.local_day;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM server_tallies
        WHERE guild_id = old.guild_id AND local_day = old.local_day AND content = 0 AND conversation = 0;
        DELETE FROM account_tallies
        WHERE guild_id = old.guild_id AND account_id = old.account_id AND local_day = old.local_day
        AND content = 0 AND conversation = 0;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER tallies_followed
AFTER INSERT OR DELETE OR UPDATE OF content, conversation, content_out, conversation_out ON tallies
FOR EACH ROW EXECUTE FUNCTION follow_tally();
