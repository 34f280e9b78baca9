"""The rehearsal room: the same bot in a simulated Discord, on a local web page, without a token."""
