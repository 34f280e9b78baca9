-- The rule of thumb by which a goal was chosen: some speak of kinds of drafts, not of conversation alone. NULL if the
-- share was chosen by itself. Goals from before this column are taken to be such.
ALTER TABLE guilds ADD COLUMN preset TEXT;
ALTER TABLE members ADD COLUMN preset TEXT;
