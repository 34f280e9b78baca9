"""Labelling: from the words of a draft to its label, kind and reasons."""
