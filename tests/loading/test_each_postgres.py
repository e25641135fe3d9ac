"""Loading works the same on every supported Postgres that this machine has."""

from __future__ import annotations

from pathlib import Path

from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect
from orchestration.postgres.server import DatabaseUrls

from .conftest import BASE_FILES, CLOCK, Business

MAPPING = """\
source_system: till
organization_id: salon
files: {tickets: {path: tickets.txt, columns: {Amount: number}, delimiter: "|"}}
entities:
  sales:
    - from: tickets
      distinct: [Ticket]
      fields: {sale_id: Ticket, location_id: {constant: east}, sale_date: {greatest: Day}}
  sale_lines:
    - from: tickets
      fields:
        sale_id: Ticket
        sale_line_id: {ordinal_within: [Ticket]}
        line_type: {constant: service}
        gross_amount: {sum: [Amount, {constant: 1}]}
"""


def test_files_are_loaded_updated_mapped_and_rejected(
    each_postgres: DatabaseUrls, tmp_path: Path
) -> None:
    with connect(each_postgres.warehouse) as connection:
        business = Business(connection, tmp_path)
        for name, content in BASE_FILES.items():
            business.write(name, content)
        business.load()
        business.write("customers.csv", BASE_FILES["customers.csv"].replace("Ada", "Ida"))
        business.write(
            "payments.csv",
            "organization_id,payment_id,location_id,tender_type,amount,currency,paid_date\n"
            "salon,p,east,cash,5,CAD,2026-05-01\nsalon,q,east,cash,5,JPY,2026-05-01\n",
        )
        report = business.load(snapshot=True)
        assert (report.total("rows_updated"), report.total("rows_rejected")) == (1, 1)
        business.write("tickets.txt", "Ticket|Day|Amount\n1|2026-05-01|2.5\n1|2026-05-01|3\n")
        mapping = business.write("till.yml", MAPPING)
        mapped = load_path(connection, tmp_path, mapping, clock=CLOCK)
        assert mapped.total("rows_inserted") == 3
        assert business.column("select sum(gross_amount) from raw_native.sale_lines") == [7.5]
