"""What a mapping can say, and that mapped rows are checked and named like native ones."""

from __future__ import annotations

import pytest

from orchestration.errors import ChairsideError

HEAD = """\
source_system: till
organization_id: shop
timezone: Europe/Berlin
formats: {date: "%d.%m.%Y", time: "%H:%M", decimal: ",", thousands: ".", delimiter: ";"}
"""
LOCATION = """\
  locations:
    - rows: [{location_id: main, name: Shop, timezone: Europe/Berlin, currency: EUR}]
"""
TICKETS = (
    """\
files:
  tickets:
    path: tickets.csv
    columns: {Tag: date, Zeit: time, Betrag: number, Steuer: number}
entities:
"""
    + LOCATION
    + """\
  sales:
    - from: tickets
      distinct: [Bon]
      fields:
        sale_id: Bon
        location_id: {constant: main}
        closed_at: {least: {template: "{Tag} {Zeit}"}}
        total_amount: {total: {sum: [Betrag, Steuer]}}
  sale_lines:
    - from: tickets
      fields:
        sale_id: Bon
        sale_line_id: {ordinal_within: [Bon]}
        line_type: {map: Art, values: {Ware: product}, otherwise: {constant: service}}
        quantity: {when: {value: Betrag, below: 0}, then: {constant: -1}, otherwise: {constant: 1}}
        gross_amount: Betrag
        tax_amount: Steuer
"""
)
TICKET_ROWS = """\
Bon;Tag;Zeit;Art;Betrag;Steuer
7;31.03.2026;09:30;Schnitt;1.234,50;0,5
7;31.03.2026;09:05;Ware;-10,00;
8;01.04.2026;10:00;Ware;5,00;1
"""


@pytest.fixture
def shop(business):
    """Loads the folder's files, mapping aside, through a mapping text."""

    def load(text: str, name: str | None = None, **options):
        mapping = business.folder.parent / "shop.yml"
        mapping.write_text(text, encoding="utf-8")
        return business.load(name, mapping=mapping, **options)

    business.map = load
    return business


def test_rows_groups_numbers_and_days_are_mapped(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS)
    report = shop.map(HEAD + TICKETS)
    assert shop.query(
        "select sale_id, (closed_at at time zone 'UTC')::text, total_amount, _source_line"
        " from raw_native.sales order by 1"
    ) == [("7", "2026-03-31 07:05:00", 1225, 2), ("8", "2026-04-01 08:00:00", 6, 4)]
    assert shop.query(
        "select sale_id, sale_line_id, line_type, quantity, gross_amount::text, tax_amount"
        " from raw_native.sale_lines order by 1, 2"
    )[:2] == [("7", "1", "service", 1, "1234.50", 0.5), ("7", "2", "product", -1, "-10.00", None)]
    assert report.source_system == "till"
    assert shop.query("select source_system from ops.loads") == [("till",)]
    assert not shop.map(HEAD + TICKETS).changed_anything


def test_a_foreign_value_that_cannot_be_read_names_its_own_line_and_column(shop) -> None:
    bad = "9;31.13.2026;10:00;Ware;5,00;1\n9;01.04.2026;10:00;Ware;5.00 EUR;1\n"
    shop.write("tickets.csv", TICKET_ROWS + bad)
    report = shop.map(HEAD + TICKETS)
    assert report.total("rows_rejected") == 2
    assert [problem[1:5] for problem in shop.rejects(report.load_id)] == [
        ("tickets.csv", 5, "Tag", "'31.13.2026' is not a date written as %d.%m.%Y"),
        (
            "tickets.csv",
            6,
            "Betrag",
            "'5.00 EUR' is not a number written with the decimal mark ','"
            " and the thousands mark '.'",
        ),
    ]
    assert shop.column("select count(*) from raw_native.sale_lines") == [3]


def test_a_mapped_row_that_breaks_a_rule_names_the_foreign_column(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS.replace("1.234,50", ""))
    report = shop.map(HEAD + TICKETS)
    assert shop.rejects(report.load_id) == [
        (
            "error",
            "tickets.csv",
            2,
            "Betrag",
            "is empty, and it is required",
            "7;31.03.2026;09:30;Schnitt;;0,5",
        )
    ]


def test_too_many_rejects_undo_a_mapped_load(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS.replace("31.03.2026", "2026-03-31"))
    with pytest.raises(ChairsideError, match=r"tickets.csv: 2 of 3 rows"):
        shop.map(HEAD + TICKETS, max_reject_share=0.5)
    assert shop.column("select count(*) from raw_native.locations") == [0]
    assert shop.query("select severity, entity from ops.rejected_rows") == [("error", "sales")] * 2


BOOKINGS = (
    """\
files:
  bookings:
    path: bookings/*.csv
    columns: {Tag: date, Zeit: time}
  missed: {path: missed.csv, columns: {Tag: date}, optional: true}
  prices: {path: prices.csv, optional: true, encoding: cp1252, delimiter: ","}
entities:
"""
    + LOCATION
    + """\
  appointments:
    - from: bookings
      where: {not: {value: Kunde, in: [TEST, PROBE]}}
      distinct: [&id {first_of: [{template: "{Kunde} {Tag}"}, {hash: [Tag, Zeit, Was]}]}]
      fields:
        appointment_id: *id
        location_id: {constant: main}
        customer_id: Kunde
        start_at: {least: {template: "{Tag} {Zeit}"}}
        status:
          when:
            every: {found_in: missed, match: {Kunde: Kunde, Tag: Tag}, empty_equals_empty: true}
          then: {constant: no_show}
          otherwise: {constant: confirmed}
  appointment_services:
    - from: bookings
      where: {not: {value: Kunde, in: [TEST, PROBE]}}
      fields:
        appointment_id: *id
        appointment_service_id: Was
        service_id: {lookup: prices, match: {Text: Was}, take: Nummer}
"""
)


def write_bookings(shop) -> None:
    (shop.folder / "bookings").mkdir()
    shop.write(
        "bookings/1.csv",
        "Kunde;Tag;Zeit;Was\nA;01.05.2026;10:00;Färben\n"
        "A;01.05.2026;09:00;Schnitt\nTEST;01.05.2026;09:00;Schnitt\n",
    )
    shop.write(
        "bookings/2.csv",
        "Kunde;Tag;Zeit;Was\nB;01.05.2026;10:00;Färben\n;02.05.2026;10:00;Schnitt\n",
    )


def test_a_second_file_overlays_the_status_of_the_first(shop) -> None:
    write_bookings(shop)
    shop.write("missed.csv", "Kunde;Tag\nB;01.05.2026\n;02.05.2026\n")
    shop.write("prices.csv", "Nummer,Text\n12,Färben\n13,Schnitt\n".encode("cp1252"))
    report = shop.map(HEAD + BOOKINGS)
    assert shop.query(
        "select customer_id, status, _source_file, _source_line from raw_native.appointments"
        " order by start_at, 1"
    ) == [
        ("A", "confirmed", "bookings/1.csv", 2),
        ("B", "no_show", "bookings/2.csv", 2),
        (None, "no_show", "bookings/2.csv", 3),
    ]
    assert sorted(shop.column("select service_id from raw_native.appointment_services")) == [
        "12",
        "12",
        "13",
        "13",
    ]
    assert {file.file_name for file in report.files} == {
        "shop.yml",
        "bookings/1.csv",
        "bookings/2.csv",
    }


def test_optional_files_may_be_absent(shop) -> None:
    write_bookings(shop)
    shop.map(HEAD + BOOKINGS)
    assert set(shop.column("select status from raw_native.appointments")) == {"confirmed"}
    assert set(shop.column("select service_id from raw_native.appointment_services")) == {None}


def test_a_file_that_is_asked_for_must_be_there(shop) -> None:
    with pytest.raises(ChairsideError, match=r"holds no file 'tickets.csv', which shop.yml asks"):
        shop.map(HEAD + TICKETS)


def test_a_single_file_of_an_export_can_be_loaded(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS)
    shop.write("notes.txt", "not for loading")
    assert shop.map(HEAD + TICKETS, "tickets.csv").total("rows_inserted") == 6
    with pytest.raises(ChairsideError, match="none of the files that shop"):
        shop.map(HEAD + TICKETS, "notes.txt")


@pytest.mark.parametrize(
    ("policy", "utc", "rejected"),
    [
        ("", "2026-10-25 00:30:00", 0),
        ("local_times: {ambiguous: later}\n", "2026-10-25 01:30:00", 0),
        ("local_times: {ambiguous: reject}\n", None, 1),
    ],
)
def test_a_mapping_rules_on_times_that_happen_twice(shop, policy, utc, rejected) -> None:
    (shop.folder / "bookings").mkdir()
    shop.write("bookings/1.csv", "Kunde;Tag;Zeit;Was\nA;25.10.2026;02:30;Schnitt\n")
    report = shop.map(HEAD + policy + BOOKINGS)
    assert report.total("rows_rejected") == rejected
    starts = shop.column("select (start_at at time zone 'UTC')::text from raw_native.appointments")
    assert starts == ([utc] if utc else [])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("source_system:", "source_sytem:", "'source_sytem' is not known here"),
        ("Europe/Berlin\nformats", "Berlin\nformats", "timezone: 'Berlin' is not an IANA"),
        ("  sale_lines:", "  sale_line:", "entities.sale_line: the native layout has no entity"),
        ("sale_id: Bon\n        location", "sale: Bon\n        location",
         "entities.sales[0].fields.sale: sales has no column 'sale'"),
        ("{ordinal_within: [Bon]}", "{ordinal: [Bon]}",
         "entities.sale_lines[0].fields.sale_line_id: a value needs exactly one of constant"),
        ("Steuer: number", "Steuer: numbr",
         "files.tickets.columns.Steuer: 'numbr' is not one of text, number"),
        ("distinct: [Bon]\n", "\n", "`least` looks at a group of rows; this input has no"),
        ("[Betrag, Steuer]", "[Betrag, Art]",
         "entities.sales[0].fields.total_amount.total.sum[1]: expected a number"),
        ("gross_amount: Betrag", "gross_amount: Betrg",
         "entities.sale_lines[0].fields.gross_amount: file 'tickets' has no column 'Betrg'"
         " (did you mean 'Betrag'?)"),
        ("columns: {Tag: date", "columns: {Tagg: date",
         "tickets.csv, line 1: there is no column 'Tagg' (did you mean 'Tag'?)"),
        ("gross_amount: Betrag\n", "\n", "required columns are missing: gross_amount"),
        ("from: tickets\n      distinct", "from: ticket\n      distinct",
         "entities.sales[0].from: 'ticket' is not one of tickets"),
        ('delimiter: ";"', 'delimiter: ";;"', "formats.delimiter: a delimiter is a single"),
        ("path: tickets.csv", "path: tickets.csv\n    encoding: latin-99", "'latin-99' is not an"),
        ("organization_id: shop", "organization_id: [shop", "shop.yml is not YAML"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_names_the_key(shop, old: str, new: str, message: str) -> None:
    text = HEAD + TICKETS
    assert old in text
    shop.write("tickets.csv", TICKET_ROWS)
    with pytest.raises(ChairsideError) as caught:
        shop.map(text.replace(old, new, 1))
    assert message in caught.value.message
    assert "seeds/README.md" in caught.value.hint
    assert shop.column("select count(*) from raw_native.sales") == [0]


def test_a_snapshot_through_a_mapping_marks_what_vanished(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS)
    shop.map(HEAD + TICKETS)
    shop.write("tickets.csv", TICKET_ROWS.rsplit("8;", 1)[0])
    report = shop.map(HEAD + TICKETS, snapshot=True)
    assert report.total("rows_deleted") == 2
    assert shop.column("select sale_id from raw_native.sales where _is_deleted") == ["8"]


def test_a_snapshot_with_unreadable_rows_deletes_nothing(shop) -> None:
    shop.write("tickets.csv", TICKET_ROWS)
    shop.map(HEAD + TICKETS)
    shop.write("tickets.csv", TICKET_ROWS.replace("8;01.04.2026", "8;April"))
    assert shop.map(HEAD + TICKETS, snapshot=True).total("rows_deleted") == 0


def test_text_of_a_mapping_is_never_run_as_sql(shop) -> None:
    evil = "x') or true --"
    text = (HEAD + TICKETS).replace("values: {Ware: product}", f'values: {{"{evil}": product}}')
    text = text.replace("{constant: main}", '{first_of: [{constant: main}, {template: "\'{Bon}"}]}')
    shop.write("tickets.csv", TICKET_ROWS.replace("Schnitt", evil).replace("Ware", "Art"))
    shop.map(text)
    assert shop.column("select count(*) from raw_native.sales") == [2]
    assert shop.column(
        "select line_type from raw_native.sale_lines where sale_line_id = '1' and sale_id = '7'"
    ) == ["product"]
