"""dbt inside Chairside's processes: its project, its arguments, its runs, its place in Dagster.

Put here what talks to dbt. Do not put here SQL (dbt_project/) or when it runs (automation.py).
"""
