"""The demo's segments, exported: those who agreed, all of them, and readable by other tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest

from orchestration.exporting.export import ExportResult, run_exports
from orchestration.exporting.manifest import find_damage

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

# Written down here once more, so that a slip in the exporter's own rule is noticed.
MAY_BE_WRITTEN_TO = """
select segments.customer_id
from marts.customer_segments as segments
inner join marts.customer_analytics as customers using (organization_id, customer_id)
where segments.organization_id = %(organization_id)s
    and segments.segment = %(segment)s
    and customers.is_suppressed is not true
    and case %(channel)s
        when 'email' then customers.email_consent and customers.email <> ''
        when 'sms' then customers.sms_consent and customers.phone <> ''
    end
order by segments.customer_id
"""


@pytest.fixture(scope="module")
def exported(
    scratch_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> list[ExportResult]:
    folder = tmp_path_factory.mktemp("exported")
    with scratch_warehouse.active() as settings, scratch_warehouse.connection() as connection:
        return run_exports(connection, settings, out=folder)


def read_ids(result: ExportResult, fmt: str) -> list[str]:
    [path] = [
        result.manifest_path.parent / file.path for file in result.files if file.format == fmt
    ]
    return READERS[fmt](path)


def ids_of_csv(path: Path) -> list[str]:
    parsing = arrow_csv.ParseOptions(newlines_in_values=True)
    return [str(i) for i in arrow_csv.read_csv(path, parse_options=parsing)[0].to_pylist()]


def ids_of_parquet(path: Path) -> list[str]:
    return pq.read_table(path)["customer_id"].to_pylist()


def ids_of_workbook(path: Path) -> list[str]:
    rows = openpyxl.load_workbook(path, read_only=True)["Clients"].iter_rows(values_only=True)
    return [str(row[0]) for row in rows][1:]


READERS = {"csv": ids_of_csv, "parquet": ids_of_parquet, "xlsx": ids_of_workbook}


def test_every_segment_is_exported_to_exactly_those_who_may_be_written_to(
    scratch_warehouse: Warehouse, exported: list[ExportResult]
) -> None:
    for result in exported:
        audience = {
            "organization_id": result.organization_id,
            "segment": result.export_name.removeprefix("segment_"),
            "channel": result.channel,
        }
        rows = scratch_warehouse.rows(MAY_BE_WRITTEN_TO, audience)
        expected = [row["customer_id"] for row in rows]
        assert (audience, read_ids(result, "parquet")) == (audience, expected)
    assert sum(result.rows for result in exported) > 0
    assert sum(result.rows_withheld for result in exported) > 0


def test_every_organization_gets_each_of_the_ten_segments_over_both_channels(
    exported: list[ExportResult],
) -> None:
    organizations = {result.organization_id for result in exported}
    assert len(organizations) > 1
    assert len({result.export_name for result in exported}) == 10
    assert len(exported) == len(organizations) * 10 * 2


def test_other_tools_read_the_same_clients_from_every_format(
    exported: list[ExportResult],
) -> None:
    for result in exported:
        assert find_damage(result.manifest_path) == []
        ids = read_ids(result, "parquet")
        assert read_ids(result, "csv") == ids
        assert read_ids(result, "xlsx") == ids
