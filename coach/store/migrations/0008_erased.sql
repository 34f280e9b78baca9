-- Whose messages up to which id are never recorded again: they had everything about them erased. `who` is a hash of server
-- and member whose key stands in a file of its own; empty: everybody in the server, as that key was lost.
CREATE TABLE erased (
    guild_id INTEGER NOT NULL,
    who BLOB NOT NULL,
    upto INTEGER NOT NULL,
    PRIMARY KEY (guild_id, who)
) STRICT, WITHOUT ROWID;

-- What a member wrote up to this message id is not read: they had paused the bot. An id, as Discord makes its ids of its
-- own clock, which is not the one of this machine.
ALTER TABLE members ADD COLUMN read_after INTEGER;
UPDATE members SET read_after = ((read_from * 1000 - 1420070400000) << 22) - 1 WHERE read_from IS NOT NULL;
ALTER TABLE members DROP COLUMN read_from;

-- Texts are rare where they are not kept: those left of a time when they were are found without a look at all drafts.
CREATE INDEX drafts_with_text ON drafts (message_id) WHERE text IS NOT NULL;
