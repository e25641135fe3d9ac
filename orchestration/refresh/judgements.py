"""What Great Expectations found, as steps of a refresh.

Put here what becomes of outcomes in schema ops. Do not put here asking for them (checks/, assets/)
or Dagster's events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestration.refresh.session import RefreshSession
from orchestration.refresh.steps import Step

if TYPE_CHECKING:
    from expectations.outcomes import CheckOutcome


def record_judgement(session: RefreshSession, outcomes: Sequence[CheckOutcome]) -> str | None:
    """Write a step for each check that failed, and fail the refresh where one blocks.

    The runner has written every outcome. Returns the blocking ones in words, None without any.
    """
    failed = [outcome for outcome in outcomes if not outcome.passed]
    session.record(
        [
            Step(
                step_name=f"{outcome.table_name}: {outcome.check_name}",
                step_type="check",
                status="failed" if outcome.severity == "error" else "warned",
                rows=outcome.rows_failed,
                error=f"{outcome.observed}; expected {outcome.expected}",
            )
            for outcome in failed
        ]
    )
    errors = [f"{o.table_name}: {o.check_name}" for o in failed if o.severity == "error"]
    if not errors:
        return None
    said = f"{len(errors)} check(s) failed: {', '.join(errors[:5])}"
    session.fail(said)
    return said
