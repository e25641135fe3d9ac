"""Who came and who went between two exports of the same segment over the same channel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon


def gone(salon: Salon, result: Any) -> dict[str, str]:
    return {row["customer_id"]: row["reason"] for row in salon.rows(result, "removed")}


def test_three_exports_tell_who_came_and_who_went(salon: Salon) -> None:
    for customer_id in ("a", "b", "c"):
        salon.add(customer_id)
    first = salon.export()["email"]
    assert salon.ids(first, "added") == ["a", "b", "c"]
    assert gone(salon, first) == {}

    salon.add("d")
    salon.leave("a", "vip")
    second = salon.export()["email"]
    assert salon.ids(second) == ["b", "c", "d"]
    assert salon.ids(second, "added") == ["d"]
    assert gone(salon, second) == {"a": "left_segment"}

    salon.join("a", "vip")
    salon.delete("d")
    third = salon.export()["email"]
    assert salon.ids(third, "added") == ["a"]
    assert gone(salon, third) == {"d": "deleted"}
    assert (third.rows, third.rows_added, third.rows_removed) == (3, 1, 1)


def test_an_export_of_the_same_members_adds_and_removes_nobody(salon: Salon) -> None:
    salon.add("a")
    salon.export()
    before = salon.query("select *, xmin from ops.export_members order by 1, 2, 3, 4")
    again = salon.export()["email"]
    assert salon.ids(again) == ["a"]
    assert salon.ids(again, "added") == []
    assert gone(salon, again) == {}
    assert salon.query("select *, xmin from ops.export_members order by 1, 2, 3, 4") == before


def test_consent_changes_between_exports_show_up_as_removals(salon: Salon) -> None:
    for customer_id in ("withdrew", "unknown_again", "suppressed", "no_mail", "stays"):
        salon.add(customer_id)
    salon.export()
    salon.change("withdrew", email_consent=False)
    salon.change("unknown_again", email_consent=None)
    salon.change("suppressed", is_suppressed=True)
    salon.change("no_mail", email="")
    results = salon.export()
    assert gone(salon, results["email"]) == {
        "withdrew": "consent_withdrawn",
        "unknown_again": "consent_withdrawn",
        "suppressed": "suppressed",
        "no_mail": "address_missing",
    }
    # Over the other channel only the one who may not be contacted at all is gone.
    assert gone(salon, results["sms"]) == {"suppressed": "suppressed"}
    assert salon.manifest(results["sms"]).removed == {"suppressed": 1}


def test_withdrawn_consent_is_told_even_of_a_client_who_also_left_the_segment(salon: Salon) -> None:
    salon.add("a")
    salon.export()
    salon.change("a", email_consent=False)
    salon.leave("a", "vip")
    assert gone(salon, salon.export()["email"]) == {"a": "consent_withdrawn"}


def test_renewed_consent_brings_a_client_back_as_added(salon: Salon) -> None:
    salon.add("a", email_consent=None)
    salon.export()
    salon.change("a", email_consent=True)
    assert salon.ids(salon.export()["email"], "added") == ["a"]


def test_removed_clients_are_named_by_id_only(salon: Salon) -> None:
    salon.add("a", name="Hidden Person", email="hidden@example.com")
    salon.export()
    salon.delete("a")
    result = salon.export()["email"]
    assert salon.rows(result, "removed") == [{"customer_id": "a", "reason": "deleted"}]
    assert pq.read_table(salon.path(result, "parquet", "removed")).to_pylist() == [
        {"customer_id": "a", "reason": "deleted"}
    ]


def test_the_membership_keeps_ids_and_nothing_about_the_person(salon: Salon) -> None:
    salon.add("a")
    salon.export()
    columns = salon.query(
        "select column_name from information_schema.columns where table_name = 'export_members'"
    )
    assert {name for (name,) in columns} == {
        "organization_id",
        "export_name",
        "channel",
        "customer_id",
        "first_export_id",
        "first_exported_at",
    }
    members = salon.query("select export_name, channel, customer_id from ops.export_members")
    assert sorted(members) == [("segment_vip", "email", "a"), ("segment_vip", "sms", "a")]


def test_an_organization_that_lost_all_its_clients_still_hears_who_went(salon: Salon) -> None:
    salon.add("a")
    salon.export()
    salon.delete("a")
    assert gone(salon, salon.export()["email"]) == {"a": "deleted"}


def test_a_copy_elsewhere_holds_all_members_and_leaves_the_delta_alone(
    salon: Salon, tmp_path: Path
) -> None:
    salon.add("a")
    first = salon.export()["email"]
    salon.add("b")
    copy = salon.export(out=tmp_path / "copy")["email"]
    assert salon.ids(copy) == ["a", "b"]
    assert {file.content for file in copy.files} == {"members"}
    assert salon.manifest(copy).delta_since is None
    last_run = salon.manifest(first).run
    regular = salon.export()["email"]
    assert salon.ids(regular, "added") == ["b"]
    assert salon.manifest(regular).delta_since == last_run
    assert salon.query("select count(*) from ops.exports where is_copy") == [(6,)]


def test_each_export_names_the_one_that_its_delta_refers_to(salon: Salon) -> None:
    salon.add("a")
    runs = [salon.manifest(salon.export()["email"]) for _ in range(3)]
    assert [run.delta_since for run in runs] == [None, runs[0].run, runs[1].run]
    logged = salon.query(
        "select run_name from ops.exports where channel = 'email' and format = 'csv'"
        " order by export_id"
    )
    assert [name for (name,) in logged] == [run.run for run in runs]


def test_a_delta_is_written_for_programs_and_counted_even_where_people_only_get_a_workbook(
    salon: Salon,
) -> None:
    salon.add("a")
    result = salon.export(formats=["xlsx"])["email"]
    assert [(file.format, file.content) for file in result.files] == [("xlsx", "members")]
    assert result.rows_added == 1
    salon.delete("a")
    result = salon.export()["email"]
    assert {file.format for file in result.files if file.content != "members"} == {"csv", "parquet"}
    assert gone(salon, result) == {"a": "deleted"}
