"""Exports are what the dbt exposures declare, and a wrong declaration is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from orchestration.errors import ChairsideError
from orchestration.exporting.definitions import (
    EXPOSURES_FILE,
    load_definitions,
    select_definitions,
)
from orchestration.settings import find_project_root

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon

PROJECT_ROOT = find_project_root(Path(__file__).resolve().parent)


def declare(folder: Path, **changes: Any) -> Path:
    export = {
        "segment": "vip",
        "channels": ["email"],
        "columns": ["customer_id", "email"],
        **changes,
    }
    exposure = {
        "name": "segment_vip",
        "owner": {"name": "Marketing"},
        "config": {"meta": {"export": export}},
    }
    dashboard = {"name": "board", "type": "dashboard", "owner": {"name": "Marketing"}}
    path = folder / EXPOSURES_FILE
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump({"exposures": [exposure, dashboard]}), encoding="utf-8")
    return folder


def test_each_of_the_ten_segments_has_its_export() -> None:
    definitions = load_definitions(PROJECT_ROOT).values()
    assert sorted(definition.segment for definition in definitions) == [
        "birthday",
        "discount_lovers",
        "dormant_high_value",
        "frequent",
        "loyalty_champions",
        "new_customers",
        "referral_candidates",
        "seasonal",
        "vip",
        "win_back",
    ]
    assert all(definition.name == f"segment_{definition.segment}" for definition in definitions)
    assert all(definition.channels == ("email", "sms") for definition in definitions)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ChairsideError, match="no export named segment_vips") as caught:
        select_definitions(load_definitions(PROJECT_ROOT), ["segment_vip", "segment_vips"])
    assert "segment_vip, segment_win_back" in caught.value.hint


def test_exposures_that_are_no_exports_are_left_alone(tmp_path: Path) -> None:
    assert list(load_definitions(declare(tmp_path))) == ["segment_vip"]


def test_a_disabled_exposure_is_no_export(tmp_path: Path) -> None:
    path = declare(tmp_path) / EXPOSURES_FILE
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["exposures"][0]["config"]["enabled"] = False
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert load_definitions(tmp_path) == {}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channels": ["pigeon"]}, "pigeon"),
        ({"channels": []}, "channels"),
        ({"channels": ["sms"]}, "sms needs phone"),
        ({"columns": ["email"]}, "customer_id must be a column"),
        ({"columns": ["customer_id", "email", "email"]}, "named twice"),
        ({"columns": ["customer_id", "email", "net_12m_minor"]}, "currency"),
        ({"columns": ["customer_id", "email", "name; drop table"]}, "drop table"),
        ({"colums": []}, "colums"),
    ],
)
def test_a_wrong_declaration_is_named_with_its_file(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ChairsideError, match=message) as caught:
        load_definitions(declare(tmp_path, **changes))
    assert "exposures.yml: exposure segment_vip" in caught.value.message


def test_a_column_that_no_mart_has_is_named(salon: Salon) -> None:
    salon.execute("alter table marts.customer_analytics drop column loyalty_tier")
    with pytest.raises(ChairsideError, match="loyalty_tier"):
        salon.export("segment_loyalty_champions")


def test_a_column_type_that_no_file_can_hold_is_named(salon: Salon) -> None:
    salon.execute("alter table marts.customer_analytics drop column loyalty_tier")
    salon.execute("alter table marts.customer_analytics add column loyalty_tier text[]")
    with pytest.raises(ChairsideError, match="loyalty_tier"):
        salon.export("segment_loyalty_champions")


def test_the_definition_version_changes_with_the_rule_and_not_with_the_members(
    salon: Salon,
) -> None:
    salon.add("a")
    first = salon.export()["email"]
    salon.add("b")
    assert salon.export()["email"].definition_version == first.definition_version
    salon.execute("update reference.segment_thresholds set value = value + 1")
    changed = salon.export()["email"]
    assert changed.definition_version != first.definition_version
    assert changed.definition_version.startswith("1.0-")
    assert salon.manifest(changed).thresholds[0]["value"] == "3001"
