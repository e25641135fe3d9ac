"""The native layout: what raw data looks like, read from native.yml, and what is rendered from it.

Put here the model of the contract and its renderings (tables, dbt sources, the published page). Do
not put here reading of data files or checks of rows; loading/ does that with what is said here.
"""
