-- Which run of the bot was about to send a summary or a reminder; NULL: an earlier version.
ALTER TABLE summaries ADD COLUMN claimed_by TEXT;
ALTER TABLE comebacks ADD COLUMN claimed_by TEXT;

-- Where a reminder was to go: it is looked for there before it is sent again.
ALTER TABLE comebacks ADD COLUMN channel_id INTEGER;

-- The reminders of which it isn't known whether Discord took them.
CREATE INDEX replies_unanswered ON replies (message_id) WHERE says = 'comeback' AND reply_id IS NULL;
