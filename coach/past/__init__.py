"""The past: exports of social networks, read as a stream of posts, and the balance of these by month."""
