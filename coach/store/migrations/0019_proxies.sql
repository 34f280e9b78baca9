-- The applications, by id and with spaces between them, whose webhooks post members' drafts again for them: a draft moves to
-- that message. Most servers name none.
ALTER TABLE guilds ADD COLUMN proxies TEXT NOT NULL DEFAULT '';
