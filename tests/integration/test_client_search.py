"""Finding clients by name, mail address and telephone number, any of which may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.warehouse import Warehouse

ORGANIZATION = "search-test"
CLIENTS = {
    "complete": ("Zoë O'Brien-Lee", "zoe.brien@Example.com", "+1 (416) 555-0101"),
    "no-name": (None, "solo@example.com", "416.555.0102"),
    "no-mail": ("Max Müller", None, "030 5551234"),
    "no-phone": ("Ann Lee", "ann@example.org", None),
    "abroad": ("Karl Ruprecht", None, "+49 30 5559876"),
    "nothing": (None, None, None),
}
INSERT_CLIENT = """
    insert into marts.customer_analytics (
        organization_id, customer_id, source_customer_ids, name, email, phone, is_suppressed,
        age_group, currency, is_top_expected_value, is_top_spend, source_system,
        definition_version, customer_type, updated_at
    ) values (
        %(organization)s, %(id)s, array[%(id)s], %(name)s, %(email)s, %(phone)s, false,
        'unknown', 'CAD', false, false, 'test', '1.0', 'client', now()
    )
"""
CLOSE_OTHER_WAYS = """
    alter table marts.customer_analytics drop constraint customer_analytics_pkey;
    do $$
    declare
        other regclass;
    begin
        for other in
            select indexrelid from pg_catalog.pg_index
            where
                indrelid = 'marts.customer_analytics'::regclass
                and pg_get_indexdef(indexrelid) not like '%to_tsvector%'
        loop
            execute format('drop index %s', other);
        end loop;
    end
    $$;
    set local enable_seqscan = off
"""
SEARCH = "select customer_id from marts.search_customers(%s, %s)"


@pytest.fixture(scope="module")
def clients(scratch_warehouse: Warehouse) -> Warehouse:
    """A warehouse in which one business has the clients above."""
    for client_id, (name, email, phone) in CLIENTS.items():
        values = {"organization": ORGANIZATION, "id": client_id}
        scratch_warehouse.execute(
            INSERT_CLIENT, values | {"name": name, "email": email, "phone": phone}
        )
    return scratch_warehouse


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zoë", {"complete"}),
        ("O'Brien", {"complete"}),
        ("LEE", {"complete", "no-phone"}),
        ("mül", {"no-mail"}),
        ("lee ann", {"no-phone"}),
        ("zoe.brien@example.com", {"complete"}),
        ("solo@", {"no-name"}),
        ("example.org", {"no-phone"}),
        ("416 555-0101", {"complete"}),
        ("4165550101", {"complete"}),
        ("+1 416 555 0101", {"complete"}),
        ("555-0101", {"complete"}),
        ("416555", {"complete", "no-name"}),
        ("+49 30 555 1234", {"no-mail"}),
        ("030 5559876", {"abroad"}),
        ("lee 416", {"complete"}),
        ("nobody", set()),
        ("", set()),
        ("0", set()),
        ("%_'\"\\ & | ! () :* <->", set()),
    ],
)
def test_a_client_is_found_by_what_is_known_of_them(
    clients: Warehouse, query: str, found: set[str]
) -> None:
    rows = clients.rows(SEARCH, (ORGANIZATION, query))
    assert {row["customer_id"] for row in rows} == found


def test_a_business_finds_only_its_own_clients(clients: Warehouse) -> None:
    assert clients.rows(SEARCH, ("another", "zoë")) == []


def test_a_reader_may_search_with_the_rights_they_have(clients: Warehouse) -> None:
    (function,) = clients.rows(
        "select prosecdef, has_function_privilege('bi_reader', oid, 'execute') as is_open"
        " from pg_proc where proname = 'search_customers'"
    )
    assert function == {"prosecdef": False, "is_open": True}


def test_a_search_can_read_the_index_of_names_mails_and_numbers(clients: Warehouse) -> None:
    with clients.connection() as connection, connection.cursor() as cursor:
        # So few clients are quicker found by their business: what is asked is whether the index
        # can serve, so every other way is closed, until the end of the transaction.
        cursor.execute(CLOSE_OTHER_WAYS)
        cursor.execute("explain " + SEARCH, (ORGANIZATION, "zoë"))
        plan = "\n".join(line for (line,) in cursor.fetchall())
        connection.rollback()
    assert "Index Scan on customer_analytics_to_tsvector_idx" in plan, plan
