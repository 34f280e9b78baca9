-- The channel that a summary was to go to when it was claimed: it is looked for there before it is sent again.
ALTER TABLE summaries ADD COLUMN channel_id INTEGER;

-- Whether a thread is private; NULL while that isn't known. Drafts in one are told of in no summary.
ALTER TABLE channels ADD COLUMN private INTEGER CHECK (private IN (0, 1));
