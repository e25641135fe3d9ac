"""How a dbt node appears in Dagster: its key, group, owner, tags and description.

Put here naming and describing. Do not put here running (runner.py) or schedules (automation.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from orchestration.dbt.dagster_dbt_alone import DagsterDbtTranslator

DEFAULT_OWNER = "team:data-engineering"
# Where dbt builds what readers later see in the schema that the folder's meta names.
PUBLISHED_SCHEMA = "published_schema"

Props = Mapping[str, Any]


class ChairsideTranslator(DagsterDbtTranslator):
    """Assets are keyed and grouped as the warehouse's schemas are; one instance per manifest."""

    _short_names: Counter[tuple[str | None, str]] | None = None

    def get_asset_key(self, dbt_resource_props: Props) -> dg.AssetKey:
        """Return [schema, table], so that a key reads as the table's name in SQL."""
        props = dbt_resource_props
        name = props.get("identifier") or props.get("alias") or props["name"]
        return dg.AssetKey([props["schema"], name])

    def get_group_name(self, dbt_resource_props: Props) -> str | None:
        """Return the layer: one group for a schema."""
        if published_schema(dbt_resource_props):
            return f"{published_schema(dbt_resource_props)}_built"
        return str(dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Props) -> str:
        """Return what dbt's YAML says, and the file to open."""
        text = str(dbt_resource_props.get("description") or dbt_resource_props["name"]).strip()
        return f"{text}\n\n`dbt_project/{dbt_resource_props['original_file_path']}`"

    def get_owners(self, dbt_resource_props: Props) -> Sequence[str]:
        """Return the owner of the node's meta, an address or a team's name."""
        return [owner_of(dbt_resource_props)]

    def get_tags(self, dbt_resource_props: Props) -> Mapping[str, str]:
        """Return dbt's tags, and the layer and topic that the folder tells."""
        tags = dict(super().get_tags(dbt_resource_props))
        return tags | layer_tags(dbt_resource_props)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Props, unique_id: str, project: Any
    ) -> dg.AssetCheckSpec | None:
        """Return the check of a data test under a name that fits a column of the UI."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is None:
            return None
        node = manifest["nodes"][unique_id]
        description = node.get("description") or spec.description
        return spec._replace(name=self._check_name(manifest, node), description=description)

    def _check_name(self, manifest: Props, test: Props) -> str:
        """Return kind and column, such as not_null_customer_id, where no other test has the same.

        dbt's own names repeat the table and list all arguments, which no column of the UI can hold.
        """
        if self._short_names is None:
            tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
            self._short_names = Counter(
                (node.get("attached_node"), short_name(node)) for node in tests
            )
        short = short_name(test)
        unique = self._short_names[test.get("attached_node"), short] == 1
        return short if unique else str(test["name"])


def short_name(test: Props) -> str:
    """Return a generic test's kind and column, and a singular test's own name."""
    generic = test.get("test_metadata")
    if not generic:
        return str(test["name"])
    column = generic["kwargs"].get("column_name")
    return f"{generic['name']}_{column}" if column else str(generic["name"])


def published_schema(props: Props) -> str | None:
    """Return the schema a model is published to, or None for one that readers do not see."""
    if props["resource_type"] != "model":
        return None
    schema = props.get("config", {}).get("meta", {}).get(PUBLISHED_SCHEMA)
    return str(schema) if schema else None


def owner_of(props: Props) -> str:
    """Return who answers for a node, as its meta says."""
    return team_or_address(props.get("config", {}).get("meta", {}).get("owner") or DEFAULT_OWNER)


def team_or_address(owner: str) -> str:
    """Return an owner as Dagster takes it: an address as it is, anything else as a team."""
    if "@" in owner or owner.startswith("team:"):
        return owner
    return "team:" + re.sub(r"[^a-z0-9]+", "-", owner.lower()).strip("-")


def layer_tags(props: Props) -> dict[str, str]:
    """Return tags for the folders of a model: layer=marts, topic=finance."""
    if props["resource_type"] == "source":
        return {"layer": "raw"}
    names = ("layer", "topic")
    folders = props["fqn"][1:-1] if props["resource_type"] == "model" else ["reference"]
    return dict(zip(names, folders, strict=False))
