"""What became of each dbt node, as plain values.

Put here reading of dbt's events. Do not put here what is made of an outcome: Dagster events
(assets/dbt_models.py) or rows in ops (refresh/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

NODE_FINISHED = "NodeFinished"
_SUCCEEDED = frozenset({"success", "pass", "no-op", "reused"})
_INSTANTS = ("started_at", "finished_at")
_FAILED = frozenset({"error", "fail", "runtime error", "partial success"})


@dataclass(frozen=True, slots=True)
class NodeOutcome:
    """One dbt node of one run. Times are UTC; seconds are dbt's own execution time."""

    unique_id: str
    resource_type: str
    name: str
    status: str
    message: str | None
    rows: int | None
    failures: int | None
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None

    @property
    def is_test(self) -> bool:
        """Whether this is a data test."""
        return self.resource_type == "test"

    @property
    def succeeded(self) -> bool:
        """Whether the node was built, or its test passed."""
        return self.status in _SUCCEEDED

    @property
    def failed(self) -> bool:
        """Whether the node stops a refresh: an error, or a failed test of severity error."""
        return self.status in _FAILED

    @property
    def skipped(self) -> bool:
        """Whether dbt left the node out because another one failed."""
        return self.status == "skipped"


def outcome_from_event(event: Mapping[str, Any]) -> NodeOutcome:
    """Return the outcome that a NodeFinished event (as a dictionary) tells of."""
    node, result = event["data"]["node_info"], event["data"]["run_result"]
    is_test = node["resource_type"] == "test"
    return NodeOutcome(
        unique_id=node["unique_id"],
        resource_type=node["resource_type"],
        name=node["node_name"],
        status=result.get("status", node["node_status"]),
        message=result.get("message") or None,
        rows=None if is_test else _rows(result.get("adapter_response", {})),
        # dbt leaves a zero out of its events.
        failures=int(result.get("num_failures", 0)) if is_test else None,
        started_at=_instant(node.get("node_started_at")),
        finished_at=_instant(node.get("node_finished_at")),
        seconds=result.get("execution_time"),
    )


def outcome_to_json(outcome: NodeOutcome) -> dict[str, Any]:
    """Return an outcome as values that JSON has."""
    values = asdict(outcome)
    for name in _INSTANTS:
        values[name] = values[name].isoformat() if values[name] else None
    return values


def outcome_from_json(values: Mapping[str, Any]) -> NodeOutcome:
    """Return the outcome that `outcome_to_json` wrote."""
    instants = {n: datetime.fromisoformat(values[n]) if values[n] else None for n in _INSTANTS}
    return NodeOutcome(**{**values, **instants})


def _rows(response: Mapping[str, Any]) -> int | None:
    """Return the rows a statement wrote; Postgres says -1 where it writes none, as for a view."""
    rows = response.get("rows_affected")
    return int(rows) if rows is not None and rows >= 0 else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
