"""Dagster asset checks that dbt does not bring: wiring only.

Put here how the outcome of a check becomes an event. Do not put here the rules themselves; they
live in expectations/ and dbt_project/.
"""
