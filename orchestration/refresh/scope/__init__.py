"""Which keys a refresh recomputes: planned in SQL from what loads and the clock have changed.

Put here the planning. Do not put here reading the scope, which dbt's input models do, or
publishing it (dbt_project/macros).
"""
