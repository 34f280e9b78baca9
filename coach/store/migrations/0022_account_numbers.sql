-- The highest number that an account of a server has had. None comes again: buttons and menus that were shown before an
-- account was removed know it by its number.
CREATE TABLE account_numbers (
    guild_id INTEGER PRIMARY KEY,
    highest INTEGER NOT NULL CHECK (highest >= 1)
) STRICT;

INSERT INTO account_numbers (guild_id, highest) SELECT guild_id, max(account_id) FROM accounts GROUP BY guild_id;
