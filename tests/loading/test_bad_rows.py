"""A row that breaks a rule is kept aside with file, line, column and reason; the others load."""

from __future__ import annotations

import pytest

HEADERS = {
    "appointments": "organization_id,appointment_id,location_id,customer_id,status,start_at,end_at,"
    "created_at",
    "appointment_services": "organization_id,appointment_id,appointment_service_id,"
    "duration_minutes",
    "payments": "organization_id,payment_id,location_id,tender_type,amount,currency,paid_at",
    "sale_lines": "organization_id,sale_id,sale_line_id,line_type,gross_amount",
    "sales": "organization_id,sale_id,location_id,customer_id,status,currency,sale_date",
    "customers": "organization_id,customer_id,birthday,email_consent",
    "locations": "organization_id,location_id,name,timezone,currency,hours_monday",
}
GOOD = {
    "appointments": "salon,good,east,ada,confirmed,2026-05-01T10:00:00Z,2026-05-01T11:00:00Z,",
    "appointment_services": "salon,good,1,30",
    "payments": "salon,good,east,cash,20.00,CAD,2026-05-01T10:00:00Z",
    "sale_lines": "salon,good,1,service,20.00",
    "sales": "salon,good,east,ada,closed,CAD,2026-05-01",
    "customers": "salon,good,0000-02-29,yes",
    "locations": "salon,good,Good,UTC,USD,closed",
}
BAD = [
    ("sale_lines", "salon,s,1,service,12O.50", "gross_amount", "'12O.50' is not a number"),
    ("sale_lines", 'salon,s,1,service,"1,234.50"', "gross_amount", "without thousands marks"),
    ("sale_lines", "salon,s,1,service,", "gross_amount", "is empty, and it is required"),
    ("sale_lines", "salon,s,1,servise,3", "line_type", "expected one of service, product"),
    ("appointment_services", "salon,a,1,-30", "duration_minutes", "-30 is below 0"),
    ("appointment_services", "salon,a,1,30.5", "duration_minutes", "not a whole number"),
    (
        "appointments",
        "salon,a,east,ada,confirmed,2026-05-01T11:00:00Z,2026-05-01T10:00:00Z,",
        "end_at",
        "2026-05-01T10:00:00Z is before start_at, 2026-05-01T11:00:00Z",
    ),
    (
        "appointments",
        "salon,a,east,ada,came,2026-05-01T10:00:00Z,,",
        "status",
        "'came' is not known; expected one of requested, confirmed, attended",
    ),
    (
        "appointments",
        "salon,a,east,ada,confirmed,,,",
        "start_at",
        "at least one of start_at, start",
    ),
    ("appointments", "salon,a,east,ada,confirmed,2026-02-30 10:00,,", "start_at", "2026-02-30"),
    (
        "appointments",
        "salon,a,east,ada,confirmed,2026-05-01T10:00:00Z,,2026-06-03T12:00:00Z",
        "created_at",
        "lies in the future: it is now 2026-06-01 12:00 UTC",
    ),
    ("payments", "salon,p,east,cash,-5,CAD,2026-05-01T10:00:00Z", "amount", "below 0"),
    (
        "payments",
        "salon,p,east,cash,5,JPY,2026-05-01T10:00:00Z",
        "currency",
        "JPY is not the currency of location east, which uses CAD",
    ),
    (
        "payments",
        "salon,p,tokyo,cash,500.5,JPY,2026-05-01T10:00:00Z",
        "amount",
        "500.5 JPY is finer than the smallest unit of the currency, which has no decimals",
    ),
    ("payments", "salon,p,east,cash,5.005,,2026-05-01T10:00:00Z", "amount", "which has 2 decimals"),
    ("payments", "salon,p,east,cash,5,DOLLAR,2026-05-01T10:00:00Z", "currency", "ISO 4217"),
    ("sales", "salon,s,east,ada,closed,CAD,2026-06-03", "sale_date", "lies in the future"),
    ("customers", "salon,c,1985-02-29,", "birthday", "'1985-02-29' is not a birthday"),
    ("customers", "salon,c,,maybe", "email_consent", "neither true nor false"),
    ("locations", "salon,l,L,Toronto,CAD,", "timezone", "'Toronto' is not an IANA time zone"),
    ("locations", "salon,l,L,UTC,CAD,nine to five", "hours_monday", "not opening hours"),
    ("customers", "salon,c,1985-01-01", None, "has 3 fields where the header has 4"),
]


@pytest.mark.parametrize(
    ("entity", "row", "column", "reason"), BAD, ids=[f"{e}-{c}-{r[:20]}" for e, _, c, r in BAD]
)
def test_a_bad_row_is_named_and_the_others_load(
    salon, entity: str, row: str, column: str | None, reason: str
) -> None:
    name = f"{entity}.csv"
    salon.write(name, "\n".join([HEADERS[entity], row, GOOD[entity], ""]))
    report = salon.load(name)
    assert (report.total("rows_inserted"), report.total("rows_rejected")) == (1, 1)
    severity, file_name, line, found_column, found_reason, text = salon.rejects(report.load_id)[0]
    assert (severity, file_name, line, found_column, text) == ("error", name, 2, column, row)
    assert reason in found_reason
    assert str(report.first_errors[0]).startswith(f"{name}, line 2")


def test_every_problem_of_a_row_is_named(salon) -> None:
    row = "salon,a,east,ada,came,yesterday,,"
    salon.write("appointments.csv", f"{HEADERS['appointments']}\n{row}\n")
    report = salon.load("appointments.csv")
    assert report.total("rows_rejected") == 1
    assert [problem[3] for problem in salon.rejects(report.load_id)] == ["status", "start_at"]


def test_a_clock_a_few_hours_ahead_is_no_future(salon) -> None:
    row = "salon,a,east,ada,confirmed,2026-05-01T10:00:00Z,,2026-06-02T11:00:00Z"
    salon.write("appointments.csv", f"{HEADERS['appointments']}\n{row}\n")
    assert salon.load("appointments.csv").total("rows_inserted") == 1


def test_a_booking_in_the_future_is_no_problem(salon) -> None:
    row = "salon,a,east,ada,confirmed,2027-05-01T10:00:00Z,,"
    salon.write("appointments.csv", f"{HEADERS['appointments']}\n{row}\n")
    assert salon.load("appointments.csv").total("rows_inserted") == 1


def test_a_payment_for_an_unknown_sale_is_money_all_the_same(salon) -> None:
    salon.write("sales.csv", f"{HEADERS['sales']}\nsalon,known,east,ada,,,2026-05-01\n")
    salon.write(
        "payments.csv",
        "organization_id,payment_id,sale_id,location_id,tender_type,amount,paid_date\n"
        "salon,p1,known,east,cash,5,2026-05-01\nsalon,p2,lost,east,cash,7,2026-05-01\n",
    )
    report = salon.load()
    assert salon.column("select amount from raw_native.payments order by 1") == [5, 7]
    assert salon.rejects(report.load_id) == [
        (
            "warning",
            "payments.csv",
            3,
            "sale_id",
            "'lost' is unknown among this organization's sales",
            "salon,p2,lost,east,cash,7,2026-05-01",
        )
    ]
    assert report.total("rows_warned") == 1


def test_a_customer_of_another_organization_is_unknown_here(salon) -> None:
    salon.write("sales.csv", f"{HEADERS['sales']}\nsalon,s,east,cy,,,2026-05-01\n")
    report = salon.load("sales.csv")
    problem = salon.rejects(report.load_id)[0]
    assert problem[:5] == (
        "warning",
        "sales.csv",
        2,
        "customer_id",
        "'cy' is unknown among this organization's customers",
    )


def test_a_merged_customer_is_known(salon) -> None:
    salon.write(
        "customer_merges.csv", "organization_id,from_customer_id,to_customer_id\nsalon,old,ada\n"
    )
    salon.write("sales.csv", f"{HEADERS['sales']}\nsalon,s,east,old,,,2026-05-01\n")
    assert salon.load().total("rows_warned") == 0


def test_an_entity_that_an_organization_never_sends_is_one_warning(salon) -> None:
    rows = "".join(f"salon,p{i},s{i},east,cash,5,2026-05-01\n" for i in range(50))
    salon.write(
        "payments.csv",
        "organization_id,payment_id,sale_id,location_id,tender_type,amount,paid_date\n" + rows,
    )
    report = salon.load()
    assert [problem[4] for problem in salon.rejects(report.load_id)] == [
        "organization 'salon' has sent no sales, which 50 rows from here on name"
    ]


REFUNDS = "organization_id,refund_id,payment_id,location_id,amount,status,refunded_date\n"
PAYMENT = (
    "organization_id,payment_id,location_id,tender_type,amount,tip_amount,paid_date\n"
    "salon,p,east,card,100,10,2026-05-01\n"
)


def test_refunds_may_not_exceed_their_payment(salon) -> None:
    salon.write("payments.csv", PAYMENT)
    salon.write(
        "refunds.csv",
        REFUNDS + "salon,r1,p,east,60,,2026-05-02\nsalon,r2,p,east,45,failed,2026-05-03\n"
        "salon,r3,p,east,50,,2026-05-04\nsalon,r4,p,east,1,completed,2026-05-05\n",
    )
    report = salon.load()
    assert salon.column("select refund_id from raw_native.refunds order by 1") == ["r1", "r2", "r3"]
    assert salon.rejects(report.load_id)[0][1:5] == (
        "refunds.csv",
        5,
        "amount",
        "with this refund 111 would have been given back of payment p, which was 110",
    )


def test_refunds_of_earlier_loads_count(salon) -> None:
    salon.write("payments.csv", PAYMENT)
    salon.write("refunds.csv", REFUNDS + "salon,r1,p,east,100,,2026-05-02\n")
    salon.load()
    salon.write("refunds.csv", REFUNDS + "salon,r2,p,east,20,,2026-05-02\n")
    assert salon.load("refunds.csv").total("rows_rejected") == 1
    salon.write("refunds.csv", REFUNDS + "salon,r1,p,east,110,,2026-05-02\n")
    assert salon.load("refunds.csv").total("rows_updated") == 1
