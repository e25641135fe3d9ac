"""A small published warehouse for exports, and settings that export into a temporary folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import sql

from orchestration.exporting.export import ExportResult, run_exports
from orchestration.exporting.manifest import Manifest, read_manifest
from orchestration.postgres.connection import Connection, connect
from orchestration.settings import Settings, find_project_root
from orchestration.warehouse.schema import ensure_warehouse

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)
ORGANIZATION = "salon"
SEGMENTS = (
    "vip",
    "win_back",
    "loyalty_champions",
    "birthday",
    "discount_lovers",
    "new_customers",
    "frequent",
    "dormant_high_value",
    "seasonal",
    "referral_candidates",
)
MARTS = """
create schema marts;
create schema reference;
create table marts.customer_analytics (
    organization_id text not null,
    customer_id text not null,
    name text,
    email text,
    phone text,
    email_consent boolean,
    sms_consent boolean,
    is_suppressed boolean,
    birth_month integer,
    birth_day integer,
    first_visit_at timestamptz,
    last_visit_at timestamptz,
    next_booking_at timestamptz,
    days_since_last_visit integer,
    visits bigint,
    median_days_between_visits numeric(9, 2),
    tickets bigint,
    discounted_tickets bigint,
    effective_discount_rate numeric(9, 6),
    price_sensitivity_score integer,
    net_12m_minor bigint,
    net_lifetime_minor bigint,
    currency text,
    loyalty_tier text,
    loyalty_points_balance bigint,
    loyalty_points_expiring_30d bigint,
    preferred_staff_id text,
    preferred_service_category text,
    definition_version text default '1.0',
    updated_at timestamptz,
    primary key (organization_id, customer_id)
);
create table marts.customer_segments (
    organization_id text not null,
    segment text not null,
    customer_id text not null,
    is_primary boolean not null,
    primary key (organization_id, segment, customer_id)
);
create table reference.currencies (currency text primary key, exponent integer not null);
insert into reference.currencies values ('CAD', 2), ('JPY', 0), ('KWD', 3);
create table reference.segments (segment text primary key, description text not null);
create table reference.segment_thresholds (
    segment text, threshold text, currency text, value numeric, unit text
);
insert into reference.segment_thresholds values
('vip', 'min_baseline_value', null, 3000, 'major'),
('vip', 'min_baseline_value', 'JPY', 300000, 'major');
insert into ops.refreshes (status, as_of, triggered_by, published_at) values
('succeeded', '2026-03-01 12:00:00+00', 'test', '2026-03-01 12:01:00+00');
"""


@pytest.fixture(scope="session")
def exports_database(new_database: Callable[..., Any]) -> Iterator[str]:
    """A database for all tests of exports."""
    with new_database() as url:
        with connect(url) as connection:
            ensure_warehouse(connection)
        yield url


@pytest.fixture
def warehouse_url(exports_database: str) -> str:
    """The URL of a warehouse that holds the published tables, without clients."""
    with connect(exports_database) as connection, connection.cursor() as cursor:
        cursor.execute("drop schema if exists marts, reference cascade")
        cursor.execute(
            "truncate ops.exports, ops.export_members, ops.refreshes restart identity cascade"
        )
        cursor.execute(MARTS)
        cursor.executemany(
            "insert into reference.segments values (%s, %s)",
            [(segment, f"Who is in {segment}") for segment in SEGMENTS],
        )
    return exports_database


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Connection]:
    with connect(warehouse_url) as connection:
        yield connection


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(PROJECT_ROOT, tmp_path / "home", tmp_path / "exports")


class Salon:
    """Changes the published tables as a refresh would, and exports them."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.connection = connection
        self.settings = settings

    def add(self, customer_id: str, segment: str | None = "vip", **columns: object) -> None:
        """Publish a client who may be written to, but for what `columns` say otherwise."""
        row = {
            "organization_id": ORGANIZATION,
            "customer_id": customer_id,
            "name": f"Client {customer_id}",
            "email": f"{customer_id}@example.com",
            "phone": "604 555 0100",
            "email_consent": True,
            "sms_consent": True,
            "is_suppressed": False,
            "currency": "CAD",
            **columns,
        }
        self._insert("customer_analytics", row)
        if segment is not None:
            self.join(customer_id, segment, organization_id=row["organization_id"])

    def join(self, customer_id: str, segment: str, **columns: object) -> None:
        row = {"organization_id": ORGANIZATION, "customer_id": customer_id, "segment": segment}
        self._insert("customer_segments", {**row, "is_primary": False, **columns})

    def change(self, customer_id: str, **columns: object) -> None:
        assignments = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns]
        statement = sql.SQL("update marts.customer_analytics set {} where customer_id = %s")
        self.execute(
            statement.format(sql.SQL(", ").join(assignments)), [*columns.values(), customer_id]
        )

    def leave(self, customer_id: str, segment: str) -> None:
        self.execute(
            "delete from marts.customer_segments where customer_id = %s and segment = %s",
            [customer_id, segment],
        )

    def delete(self, customer_id: str) -> None:
        for table in ("customer_segments", "customer_analytics"):
            statement = sql.SQL("delete from marts.{} where customer_id = %s")
            self.execute(statement.format(sql.Identifier(table)), [customer_id])

    def export(self, name: str = "segment_vip", **arguments: Any) -> dict[str, ExportResult]:
        """Export one segment of one organization; return the results by channel."""
        results = run_exports(self.connection, self.settings, [name], **arguments)
        return {result.channel: result for result in results}

    def execute(self, statement: str | sql.Composable, parameters: Any = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
        self.connection.commit()

    def query(self, statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            rows = cursor.fetchall()
        self.connection.rollback()
        return rows

    @staticmethod
    def manifest(result: ExportResult) -> Manifest:
        return read_manifest(result.manifest_path)

    @staticmethod
    def path(result: ExportResult, fmt: str, content: str = "members") -> Path:
        """Return a file as a reader finds it: through the manifest."""
        document = json.loads(result.manifest_path.read_text(encoding="utf-8"))
        [path] = [
            file["path"]
            for file in document["files"]
            if file["format"] == fmt and file["content"] == content
        ]
        return result.manifest_path.parent / path

    def rows(self, result: ExportResult, content: str = "members") -> list[dict[str, str]]:
        """Return the rows of a CSV file, every value as text."""
        with self.path(result, "csv", content).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def ids(self, result: ExportResult, content: str = "members") -> list[str]:
        return [row["customer_id"] for row in self.rows(result, content)]

    def _insert(self, table: str, row: dict[str, object]) -> None:
        statement = sql.SQL("insert into marts.{} ({}) values ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        )
        self.execute(statement, list(row.values()))


@pytest.fixture
def salon(warehouse: Connection, settings: Settings) -> Salon:
    return Salon(warehouse, settings)
