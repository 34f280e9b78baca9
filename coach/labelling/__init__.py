"""Labelling: from a draft's words to its label, kind and reasons."""
