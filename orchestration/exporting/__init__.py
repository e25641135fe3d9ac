"""Exports: lists of clients written to files for other tools, with consent applied."""
