-- What an author teaches by a correction of their own: the draft's traits (kinds, cues and length, never its text),
-- the shared model's log-odds for it, and the label they gave. NULL where a correction teaches nothing: somebody else
-- set the label, the draft was set aside, or its text could not be had.
ALTER TABLE corrections ADD COLUMN traits BLOB;
ALTER TABLE corrections ADD COLUMN odds REAL;
ALTER TABLE corrections ADD COLUMN taught TEXT CHECK (taught IN ('content', 'conversation'));
