"""Suite files as typed objects, read without Great Expectations, which takes seconds to import.

Put here the form of a suite file and the finding of its files. Do not put here SQL (profiles.py) or
the running of checks (validation.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from orchestration.errors import ChairsideError

SUITES = Path(__file__).with_name("suites")
RAW = "raw_native"
MARTS = "marts"
DIMENSIONS = ("completeness", "accuracy", "consistency", "timeliness")
# Great Expectations' words, which suite files use, and those of ops.data_quality_results.
SEVERITIES = {"critical": "error", "warning": "warning"}
SHARE_SUFFIX = "_share"
DEFAULT_MINIMUM_ROWS = 20
DEFAULT_ROW = ("organization_id",)

Severity = Literal["error", "warning"]
# What a run judges: what the hour brought, or all that is there.
Scope = Literal["changed", "whole"]
CHANGED: Scope = "changed"
WHOLE: Scope = "whole"
# What meta.scope of a check may say, and the runs that make it.
SCOPES: Mapping[str, tuple[Scope, ...]] = {
    "changed": (CHANGED,),
    "whole": (WHOLE,),
    "both": (CHANGED, WHOLE),
}


class SuiteError(ChairsideError):
    """A suite file cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a suite, as far as others than Great Expectations need it."""

    name: str
    table_name: str
    severity: Severity
    dimension: str
    description: str
    expectation_type: str
    kwargs: Mapping[str, Any]
    scopes: tuple[Scope, ...]
    # Columns of the profile that count rows; a `<rows_failed>_share` is one by the other.
    rows_failed: str | None = None
    rows_checked: str | None = None

    @property
    def column(self) -> str:
        """The column of the profile that is judged."""
        return str(self.kwargs["column"])

    @property
    def expected(self) -> str:
        """What the judged value should be, in words."""
        low, high = self.kwargs.get("min_value"), self.kwargs.get("max_value")
        if low is not None and high is not None:
            return f"{self.column} from {low} to {high}"
        return (
            f"{self.column} at {'most' if low is None else 'least'} {high if low is None else low}"
        )


@dataclass(frozen=True, slots=True)
class Suite:
    """The checks of one table and the SQL whose rows they judge."""

    schema: str
    table: str
    file: Path
    checks: tuple[Check, ...]
    expectations: tuple[Mapping[str, Any], ...]
    one_row_per: tuple[str, ...]
    minimum_rows: int
    scope: Scope = WHOLE

    @property
    def table_name(self) -> str:
        """Schema and table as readers know them, such as marts.sales."""
        return f"{self.schema}.{self.table}"

    @property
    def profile_sql(self) -> str:
        """SQL with one row per organization: what the checks of the suite's scope judge."""
        return profile_file(self.file, self.scope).read_text(encoding="utf-8")

    @property
    def series_sql(self) -> str | None:
        """SQL with one row per organization and day for checks against history, where kept."""
        file = self.file.with_suffix(".series.sql")
        return file.read_text(encoding="utf-8") if file.is_file() and self.scope == WHOLE else None

    @property
    def docs_name(self) -> str:
        """What Data Docs call the suite; a table may be judged in both scopes by one run."""
        return self.table_name if self.scope == WHOLE else f"{self.table_name}_changed"

    def limited_to(self, scope: Scope) -> Suite | None:
        """Return the suite with the checks that a run of this scope makes; None without any."""
        return replace(self, scope=scope)._with(lambda check: scope in check.scopes)

    def without(self, names: Collection[str]) -> Suite | None:
        """Return the suite without the checks of these names; None where none is left."""
        return self._with(lambda check: check.name not in names)

    def _with(self, is_made: Callable[[Check], bool]) -> Suite | None:
        made = [i for i, check in enumerate(self.checks) if is_made(check)]
        if not made:
            return None
        return replace(
            self,
            checks=tuple(self.checks[i] for i in made),
            expectations=tuple(self.expectations[i] for i in made),
        )


@cache
def load_suites(schema: str, scope: Scope | None = None) -> tuple[Suite, ...]:
    """Return the suites of `raw_native` or `marts`, by table, with the checks of a scope or all.

    Raises SuiteError for a bad file.
    """
    suites = [read_suite(file) for file in sorted((SUITES / schema).glob("*.json"))]
    if scope is None:
        return tuple(suites)
    return tuple(limited for suite in suites if (limited := suite.limited_to(scope)))


def profile_file(file: Path, scope: Scope) -> Path:
    """Return the SQL file beside a suite's file that a scope's checks read."""
    return file.with_suffix(".sql" if scope == WHOLE else ".changed.sql")


def read_suite(file: Path) -> Suite:
    """Return the suite of one file; raises SuiteError, naming the file and what is wrong."""
    schema, table = file.parent.name, file.stem
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        where = f"{file}, line {error.lineno}, column {error.colno}"
        raise SuiteError(f"{where}: {error.msg}.", "Correct the JSON there.") from None
    if content.get("name") != f"{schema}.{table}":
        raise SuiteError(f"{file}: its name is not {schema}.{table}.", "Name it as its file.")
    meta = content.get("meta", {})
    checks = tuple(_check(file, f"{schema}.{table}", entry) for entry in content["expectations"])
    for scope in {scope for check in checks for scope in check.scopes}:
        needed = profile_file(file, scope)
        if not needed.is_file():
            raise SuiteError(
                f"{file}: no {needed.name} lies beside it.", "See expectations/README.md."
            )
    names = [check.name for check in checks]
    if len(set(names)) < len(names):
        raise SuiteError(f"{file}: two checks have one name.", "Give each a name of its own.")
    return Suite(
        schema=schema,
        table=table,
        file=file,
        checks=checks,
        expectations=tuple(content["expectations"]),
        one_row_per=tuple(meta.get("one_row_per", DEFAULT_ROW)),
        minimum_rows=int(meta.get("minimum_rows", DEFAULT_MINIMUM_ROWS)),
    )


def _check(file: Path, table_name: str, entry: Mapping[str, Any]) -> Check:
    meta = entry.get("meta", {})
    name, kwargs = meta.get("check"), entry.get("kwargs", {})
    problems = {
        "meta.check, its name": not name,
        "a description that ends with a full stop": not entry.get("description", "").endswith("."),
        f"a severity of {', '.join(SEVERITIES)}": entry.get("severity") not in SEVERITIES,
        f"a meta.dimension of {', '.join(DIMENSIONS)}": meta.get("dimension") not in DIMENSIONS,
        f"a meta.scope of {', '.join(SCOPES)}": meta.get("scope") not in SCOPES,
        "a type that begins with expect_": not entry.get("type", "").startswith("expect_"),
        "kwargs.column": "column" not in kwargs,
        "kwargs.min_value or max_value": not {"min_value", "max_value"} & set(kwargs),
    }
    missing = [what for what, is_missing in problems.items() if is_missing]
    if missing:
        raise SuiteError(
            f"{file}, check {name or entry.get('type')}: it lacks {'; '.join(missing)}.",
            "expectations/README.md shows a check with all its fields.",
        )
    return Check(
        name=name,
        table_name=table_name,
        severity=cast("Severity", SEVERITIES[entry["severity"]]),
        dimension=meta["dimension"],
        description=entry["description"],
        expectation_type=entry["type"],
        kwargs=kwargs,
        scopes=SCOPES[meta["scope"]],
        rows_failed=meta.get("rows_failed"),
        rows_checked=meta.get("rows_checked"),
    )
