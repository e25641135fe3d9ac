"""Whatever text stands in a CSV file stands in raw afterwards."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NASTY = st.text(st.sampled_from("\\N\t\n\r\",'{}%é\N{NO-BREAK SPACE}"), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT | NASTY, min_size=1, max_size=20))
def test_any_text_reaches_raw_unchanged(business, texts: list[str]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(["organization_id", "customer_id", "first_name"])
    writer.writerows(["shop", number, text] for number, text in enumerate(texts))
    business.write("customers.csv", buffer.getvalue())
    business.load(snapshot=True)
    stored = business.column(
        "select coalesce(first_name, '') from raw_native.customers where not _is_deleted"
        " order by customer_id::int"
    )
    assert stored == texts
