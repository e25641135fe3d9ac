"""Rows planted on purpose: each trap that breaks naive analytics, in rows with a name."""
