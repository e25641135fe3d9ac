"""Loading files into the raw tables: read, check against the contract, upsert, keep a ledger.

Put here what happens between a file and raw_native. Do not put here the contract itself
(contract/), dbt models, or anything that imports Dagster.
"""
