"""Postgres for Chairside: the embedded server, an outside server, connections and their errors.

Put here what starts, finds, secures or connects to a server. Do not put here tables, SQL of the
warehouse, or anything that imports Dagster or dbt.
"""
