"""Entities in their final shape: every column of the contract, each in one dtype.

Put here the dtypes of the generator's frames. Do not put here how values are written (files.py).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from orchestration.contract.model import ColumnType, load_contract

DTYPES = {
    ColumnType.MONEY: "Int64",
    ColumnType.INTEGER: "Int64",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DECIMAL: "Float64",
    ColumnType.DATE: "datetime64[s]",
    ColumnType.TIMESTAMP: "datetime64[s]",
}


def typed(entity: str, rows: pd.DataFrame | list[dict[str, Any]]) -> pd.DataFrame:
    """The rows with every column of the entity, empty where they have none.

    Raises KeyError for a column that the contract does not know.
    """
    source = pd.DataFrame(rows)
    columns = load_contract().entities[entity].columns
    unknown = set(source.columns) - {column.name for column in columns}
    if unknown:
        raise KeyError(f"{entity} has no column {', '.join(sorted(unknown))}")
    empty = pd.Series([None] * len(source), index=source.index, dtype="object")
    return pd.DataFrame(
        {c.name: _cast(source.get(c.name, empty), DTYPES.get(c.type, "str")) for c in columns}
    )


def _cast(values: pd.Series, dtype: Any) -> pd.Series:
    if values.dtype == dtype:
        return values
    if dtype == "datetime64[s]" and values.dtype == object:
        return pd.to_datetime(values).astype(dtype)
    return values.astype(dtype)
