"""Histories: random lives of a server and its bot, compared with a model of what the outcome has to be."""
