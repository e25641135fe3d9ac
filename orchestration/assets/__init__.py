"""Dagster assets, from raw landings to exports: wiring only.

Put here definitions that name, connect and describe assets. Do not put here work that needs no
Dagster; it lives in the topic packages.
"""
