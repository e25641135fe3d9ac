"""Which organizations, refreshes and places a run of exports concerns, and the command itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.errors import ChairsideError
from orchestration.exporting.export import run_exports
from orchestration.exporting.files import folder_name

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon


def test_all_segments_of_all_organizations_are_exported_by_default(salon: Salon) -> None:
    salon.add("a", "seasonal")
    salon.add("b", "frequent", organization_id="spa")
    results = run_exports(salon.connection, salon.settings)
    assert len(results) == 10 * 2 * 2
    filled = {(r.organization_id, r.export_name, r.channel) for r in results if r.rows}
    assert filled == {
        ("salon", "segment_seasonal", "email"),
        ("salon", "segment_seasonal", "sms"),
        ("spa", "segment_frequent", "email"),
        ("spa", "segment_frequent", "sms"),
    }


def test_an_export_is_stamped_with_the_refresh_that_it_shows(salon: Salon) -> None:
    salon.add("a")
    salon.execute(
        "insert into ops.refreshes (status, as_of, triggered_by) values"
        " ('running', '2026-03-02 12:00:00+00', 'test')"
    )
    result = salon.export(refresh_id=1)["email"]
    assert (result.refresh_id, result.as_of.isoformat()) == (1, "2026-03-01T12:00:00+00:00")
    logged = salon.query("select distinct refresh_id, as_of from ops.exports")
    assert logged == [(1, result.as_of)]


def test_a_refresh_that_was_not_published_is_refused(salon: Salon) -> None:
    with pytest.raises(ChairsideError, match="Refresh 2 has not been published"):
        salon.export(refresh_id=2)


def test_a_warehouse_without_tables_says_what_to_run(salon: Salon) -> None:
    salon.execute("drop table marts.customer_segments")
    with pytest.raises(ChairsideError, match=r"marts\.customer_segments not found") as caught:
        salon.export()
    assert "chairside refresh" in caught.value.hint


def test_an_unknown_organization_is_answered_with_the_known_ones(salon: Salon) -> None:
    salon.add("a")
    with pytest.raises(ChairsideError, match="no organization spa") as caught:
        salon.export(organizations=["spa"])
    assert "salon" in caught.value.hint


def test_an_unknown_format_is_answered_with_the_known_ones(salon: Salon) -> None:
    with pytest.raises(ChairsideError, match="no export format pdf"):
        salon.export(formats=["pdf"])


@pytest.mark.parametrize("identifier", ["..", ".", "../../etc", "a/b", "a\\b", "Zoë", "x" * 300])
def test_an_organizations_folder_lies_in_the_exports_folder(salon: Salon, identifier: str) -> None:
    salon.add("a", organization_id=identifier)
    result = salon.export()["email"]
    inside = result.manifest_path.resolve().relative_to(salon.settings.exports.resolve())
    assert len(inside.parts) == 5
    assert salon.manifest(result).organization_id == identifier


def test_organizations_with_different_ids_have_different_folders() -> None:
    identifiers = ["a/b", "a%2Fb", "a b", "a+b", ".a", "%2Ea", "x" * 300, "x" * 301]
    assert len({folder_name(identifier) for identifier in identifiers}) == len(identifiers)


def test_a_folder_that_another_organization_owns_is_not_overwritten(salon: Salon) -> None:
    salon.add("a")
    result = salon.export()["email"]
    document = json.loads(result.manifest_path.read_text(encoding="utf-8"))
    result.manifest_path.write_text(json.dumps(document | {"organization_id": "Salon"}))
    with pytest.raises(ChairsideError, match="organization Salon, not those of salon"):
        salon.export()


def test_a_connection_can_be_used_further_after_an_export_and_after_a_failure(
    salon: Salon,
) -> None:
    salon.add("a")
    with pytest.raises(ChairsideError):
        salon.export(refresh_id=99)
    salon.export()
    assert salon.query("show transaction_read_only") == [("off",)]
    salon.execute("create table marts.still_writable (id integer)")


def test_the_command_exports_and_tells_what_it_did(
    salon: Salon, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon.add("a")
    salon.add("b", email_consent=None)
    monkeypatch.setenv("CHAIRSIDE_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHAIRSIDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHAIRSIDE_EXPORTS", str(tmp_path / "out"))
    outcome = CliRunner().invoke(main, ["export", "segment_vip", "--format", "csv"])
    assert outcome.exit_code == 0, outcome.output
    email, sms, summary = outcome.output.splitlines()
    assert email.split() == [
        "salon", "segment_vip", "email", "1", "clients", "+1", "0", "1", "withheld",
    ]  # fmt: skip
    assert sms.split()[2:4] == ["sms", "2"]
    assert summary.startswith("As of 2026-03-01 12:00 UTC")
    assert len(list((tmp_path / "out").rglob("*.csv"))) == 6


def test_the_command_lists_the_exports_without_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAIRSIDE_HOME", str(tmp_path / "home"))
    outcome = CliRunner().invoke(main, ["export", "--list"])
    assert outcome.exit_code == 0, outcome.output
    assert len(outcome.output.splitlines()) == 10
    assert not (tmp_path / "home").exists()


def test_the_command_answers_an_unknown_name_with_the_known_ones() -> None:
    outcome = CliRunner().invoke(main, ["export", "--list", "segment_x"])
    assert outcome.exit_code == 1
    assert "segment_birthday" in outcome.output


@pytest.mark.parametrize("kept", [2, 4])
def test_as_many_runs_stay_on_disk_as_settings_say(salon: Salon, kept: int) -> None:
    salon.add("a")
    settings = replace(salon.settings, export_runs_kept=kept)
    runs = []
    for _ in range(kept + 3):
        results = run_exports(salon.connection, settings, ["segment_vip"])
        runs.append(salon.manifest(results[0]).run)
    folder = results[0].manifest_path.parent
    assert {child.name for child in folder.iterdir() if child.is_dir()} == set(runs[-kept:])
