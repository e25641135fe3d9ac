"""The names of the warehouse's advisory locks: two numbers each, the same in every database.

Put here names only. Do not put here taking or probing them; dbt's macros know some of them too.
"""

from __future__ import annotations

LOCK_CLASS = 7302
# Held by the one refresh that runs, for as long as it runs.
REFRESH_LOCK_OBJECT = 1
# Held shared by a load from its first write into raw_native to its commit, and exclusively by a
# refresh while it reads raw_native: so no refresh sees a load's rows without its entry in ops.
INPUTS_LOCK_OBJECT = 2
