-- Whether the bot has introduced itself: to a server when it came there, to a member at their first sign. Whoever is known
-- by now needs no introduction.
ALTER TABLE guilds ADD COLUMN greeted INTEGER NOT NULL DEFAULT 0 CHECK (greeted IN (0, 1));
UPDATE guilds SET greeted = 1;

ALTER TABLE members ADD COLUMN welcomed INTEGER NOT NULL DEFAULT 0 CHECK (welcomed IN (0, 1));
UPDATE members SET welcomed = 1;
INSERT INTO members (guild_id, member_id, welcomed) SELECT DISTINCT guild_id, author_id, 1 FROM drafts WHERE true
ON CONFLICT DO NOTHING;
