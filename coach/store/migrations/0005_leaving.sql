-- When the bot was found to be in a server no more (Unix seconds); NULL while it is in it.
ALTER TABLE guilds ADD COLUMN left_at INTEGER;
