"""Rows planted on purpose: each trap that breaks naive analytics, in at least one row with a name."""
