"""The bookkeeping of refreshes in schema ops: lock, log, steps, verification, status.

Put here what needs only a Postgres connection. Do not put here anything that imports Dagster
or dbt.
"""
