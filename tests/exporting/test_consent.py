"""Consent and suppression are applied at export, and nobody's name leaks otherwise."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon


def test_only_clients_who_agreed_to_the_channel_are_exported(salon: Salon) -> None:
    salon.add("both")
    salon.add("mail_only", sms_consent=False)
    salon.add("text_only", email_consent=False)
    results = salon.export()
    assert salon.ids(results["email"]) == ["both", "mail_only"]
    assert salon.ids(results["sms"]) == ["both", "text_only"]


def test_a_client_who_was_never_asked_counts_as_no(salon: Salon) -> None:
    salon.add("asked")
    salon.add("never_asked", email_consent=None)
    result = salon.export()["email"]
    assert salon.ids(result) == ["asked"]
    assert result.withheld == {"consent_never_asked": 1}


def test_suppressed_clients_are_withheld_whatever_they_agreed_to(salon: Salon) -> None:
    salon.add("suppressed", is_suppressed=True)
    salon.add("not_said", is_suppressed=None)
    for result in salon.export().values():
        assert salon.ids(result) == ["not_said"]
        assert result.withheld == {"suppressed": 1}


def test_a_client_without_the_address_of_the_channel_is_withheld(salon: Salon) -> None:
    salon.add("no_mail", email=None)
    salon.add("blank_mail", email="  ")
    result = salon.export()["email"]
    assert result.rows == 0
    assert result.withheld == {"address_missing": 2}


def test_each_withheld_client_is_counted_once_under_the_gravest_reason(salon: Salon) -> None:
    salon.add("everything", is_suppressed=True, email_consent=None, email=None)
    salon.add("refused", email_consent=False, email=None)
    result = salon.export()["email"]
    assert result.withheld == {"consent_refused": 1, "suppressed": 1}
    assert result.rows_withheld == 2


def test_the_log_and_the_manifest_say_how_many_were_withheld_and_never_who(salon: Salon) -> None:
    salon.add("member-1")
    salon.add("secret-2", name="Hidden Person", email_consent=None)
    result = salon.export()["email"]
    logged = salon.query(
        "select format, rows, rows_withheld from ops.exports where channel = 'email' order by 1"
    )
    assert logged == [("csv", 1, 1), ("parquet", 1, 1), ("xlsx", 1, 1)]
    folder = result.manifest_path.parent
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert b"Hidden Person" not in content
        assert b"secret-2" not in content
    assert salon.manifest(result).withheld == {"consent_never_asked": 1}


def test_a_file_holds_the_address_of_its_own_channel_only(salon: Salon) -> None:
    salon.add("c1", email="one@example.com", phone="604 555 0199")
    results = salon.export()
    [mail], [text] = salon.rows(results["email"]), salon.rows(results["sms"])
    assert mail["email"] == "one@example.com"
    assert "phone" not in mail
    assert text["phone"] == "604 555 0199"
    assert "email" not in text


def test_a_file_holds_the_columns_of_its_definition_and_no_others(salon: Salon) -> None:
    salon.add("c1", "birthday", birth_month=2, birth_day=29)
    result = salon.export("segment_birthday")["email"]
    header = "customer_id,name,email,is_primary,birth_month,birth_day,last_visit_at"
    assert salon.path(result, "csv").read_bytes().split(b"\r\n")[0].decode() == header
    assert [column.name for column in salon.manifest(result).columns] == header.split(",")


def test_another_organizations_clients_are_in_their_own_files_only(salon: Salon) -> None:
    salon.add("c1")
    salon.add("c1", organization_id="spa", name="Someone else")
    results = salon.export(organizations=["spa"])
    assert results["email"].organization_id == "spa"
    assert [row["name"] for row in salon.rows(results["email"])] == ["Someone else"]
    assert not (salon.settings.exports / "salon").exists()


def test_files_and_folders_are_open_to_their_owner_only(salon: Salon) -> None:
    salon.add("c1")
    salon.export()
    places = [salon.settings.exports, *salon.settings.exports.rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in places}
    assert modes == {(True, 0o700), (False, 0o600)}
