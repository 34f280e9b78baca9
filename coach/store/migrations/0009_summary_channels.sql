-- The channel that a summary was to go to when it was claimed: it is looked for there before it is sent again.
ALTER TABLE summaries ADD COLUMN channel_id INTEGER;
