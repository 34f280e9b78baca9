-- The message after which a channel that was set up by hand is read; NULL where it has been watched from its beginning.
ALTER TABLE channels ADD COLUMN since INTEGER;

-- What a member wrote before this moment is not read: they had paused the bot.
ALTER TABLE members ADD COLUMN read_from INTEGER;
