"""Intake: what counts as a draft, its way onto the record and off it, and how far each channel has been read."""
