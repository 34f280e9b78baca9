"""Members: the preferences in force, changes of them, what is known of each member, and time zones."""
