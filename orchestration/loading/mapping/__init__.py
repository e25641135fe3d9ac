"""Mappings: how a foreign export becomes rows of the native layout.

Put here the mapping file's vocabulary, its translation into SQL and the feeds that come of it. Do
not put here checks of native rows, which mapped rows pass like any others.
"""
