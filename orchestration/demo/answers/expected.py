"""expected.json: what the marts must hold for a demo, table by table.

Put here which answers are written and how. Do not put here how they are worked out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from orchestration.demo.answers.books import OWNER, make_books
from orchestration.demo.answers.client_answers import client_answers
from orchestration.demo.answers.finance import financial_daily, financial_monthly
from orchestration.demo.answers.ledgers import (
    appointment_rows,
    gift_card_rows,
    loyalty_rows,
    sale_line_rows,
    sale_rows,
    visit_rows,
)
from orchestration.demo.answers.sales import make_sales
from orchestration.demo.answers.team import daily_sales
from orchestration.demo.answers.visits import make_visits
from orchestration.demo.salon import Demo

LEVELS = ("full", "summary")
FULL_UP_TO = 1_000
FILE_NAME = "expected.json"
# Too many rows to list for a large demo: there, only those that a trap names.
DETAILS = ("appointments", "visits", "sale_lines", "sales", "loyalty_ledger", "gift_card_ledger")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows a mart must hold; `is_complete` where it may hold no others."""

    key: tuple[str, ...]
    rows: pd.DataFrame
    is_complete: bool = True


def make_answers(demo: Demo) -> dict[str, Answer]:
    """Every answer, by mart."""
    plan, business = demo.simulation.plan, demo.simulation.business
    books = make_books(plan, business, demo.delivery)
    sales = make_sales(books)
    visits = make_visits(books, sales)
    clients, members = client_answers(books, sales, visits)
    daily = financial_daily(books, sales)
    place_day = (OWNER, "location_id", "business_date")
    return {
        "customer_analytics": Answer((OWNER, "customer_id"), clients),
        "customer_segments": Answer((OWNER, "segment", "customer_id"), members),
        # Days on which nothing moved stand in the mart as zeros and are not listed here.
        "financial_daily": Answer(place_day, daily, is_complete=False),
        "financial_monthly": Answer(
            (OWNER, "location_id", "month_start_date"),
            financial_monthly(books, daily),
            is_complete=False,
        ),
        "daily_sales": Answer(
            (OWNER, "business_date", "location_id", "staff_id"), daily_sales(books, sales)
        ),
        "appointments": Answer((OWNER, "appointment_id"), appointment_rows(books)),
        "visits": Answer((OWNER, "visit_id"), visit_rows(visits)),
        "sales": Answer((OWNER, "sale_id"), sale_rows(sales), is_complete=False),
        "sale_lines": Answer((OWNER, "sale_id", "sale_line_id"), sale_line_rows(books, sales)),
        "loyalty_ledger": Answer((OWNER, "loyalty_event_id"), loyalty_rows(books)),
        "gift_card_ledger": Answer((OWNER, "gift_card_event_id"), gift_card_rows(books)),
    }


def write_answers(demo: Demo, folder: Path, level: str | None = None) -> Path:
    """Write expected.json beside the files; by default in full up to a thousand clients."""
    plan = demo.simulation.plan
    chosen = level or ("full" if plan.customers <= FULL_UP_TO else "summary")
    tables = {}
    for name, answer in make_answers(demo).items():
        listed = answer
        if chosen == "summary" and name in DETAILS:
            planted = answer.rows[answer.key[1]].str.contains("trap-", regex=False)
            listed = Answer(answer.key, answer.rows[planted], is_complete=False)
        rows = list(_records(listed))
        tables[name] = {
            "key": list(listed.key),
            "complete": listed.is_complete,
            "defaults": _defaults(rows, listed.key),
            "rows": rows,
        }
    document = {
        "as_of": f"{plan.as_of}Z",
        "plan": {"customers": plan.customers, "years": plan.years, "seed": plan.seed},
        "traps": demo.delivery.traps,
        "tables": tables,
    }
    path = folder / FILE_NAME
    path.write_text(_lines(document), encoding="utf-8")
    return path


def _lines(document: dict[str, Any]) -> str:
    """JSON with one row a line, so that a difference between two demos can be read."""
    tables = document.pop("tables")
    parts = []
    for name, table in tables.items():
        rows, defaults = table.pop("rows"), table["defaults"]
        differing = (
            {k: v for k, v in row.items() if k not in defaults or v != defaults[k]} for row in rows
        )
        body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in differing)
        head = json.dumps(table)[1:-1]
        parts.append(f'"{name}": {{{head}, "rows": [\n{body}\n]}}')
    head = json.dumps(document, ensure_ascii=False)[1:-1]
    return f'{{{head}, "tables": {{\n' + ",\n".join(parts) + "\n}}\n"


def _defaults(rows: list[dict[str, Any]], key: tuple[str, ...]) -> dict[str, Any]:
    """The most frequent value of each column that is no key: rows leave it out."""
    if not rows:
        return {}
    found = {}
    for name in rows[0]:
        if name not in key:
            counts = Counter(repr(row[name]) for row in rows)
            common = max(sorted(counts), key=lambda text: counts[text])
            found[name] = next(row[name] for row in rows if repr(row[name]) == common)
    return found


def _records(answer: Answer) -> Iterator[dict[str, Any]]:
    rows = answer.rows.sort_values(list(answer.key), kind="stable")
    names = list(rows.columns)
    for values in zip(*(_plain(rows[name]) for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def _plain(column: pd.Series) -> list[Any]:
    """Values as JSON has them: dates, instants in UTC, whole numbers, null."""
    if column.dtype.kind == "M":
        times = column.to_numpy().astype("datetime64[s]")
        is_day = str(column.name).endswith("_date")
        text = np.datetime_as_string(times.astype("datetime64[D]") if is_day else times)
        ends = "" if is_day else "Z"
        return [
            None if missing else f"{value}{ends}"
            for value, missing in zip(text, np.isnat(times), strict=True)
        ]
    values = column.astype("object").where(column.notna(), None)
    return [_number(value) for value in values]


def _number(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else float(value)
    return value
