"""The SQL of a pass, compiled by dbt once for a state of the project and kept in a file.

No row decides what that SQL says, so an hour needs no dbt: dbt takes ten times as long over a node
of a few rows as Postgres. Put here compiling and the file. Do not put here running it
(compiled_run.py).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from orchestration.dbt.arguments import compile_arguments
from orchestration.dbt.build import BuildOptions, Dbt, buildable
from orchestration.dbt.project import DbtPaths, Manifest, project_fingerprint
from orchestration.dbt.runner import RECOMPUTES

# Everything that depends on rows, into tables that stand.
OF_KEYS = BuildOptions(recomputed_only=True, recreate=False, rebuilds_organizations=False)
OF_ORGANIZATIONS = BuildOptions(recomputed_only=True, recreate=False, rebuilds_organizations=True)


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """A table that is filled anew: by which query, and after which other tables."""

    unique_id: str
    name: str
    relation: str
    # Those of its contract, in order; none where the query alone decides.
    columns: tuple[str, ...]
    query: str
    # What follows in the same transaction: the model's own hook, or nothing.
    hook: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledTest:
    """A data test: the rows of its query are wrong."""

    unique_id: str
    name: str
    is_warning: bool
    query: str


@dataclass(frozen=True, slots=True)
class CompiledPass:
    """All SQL of a pass: over keys, or over organizations rebuilt whole."""

    # Of the files that it was compiled from.
    fingerprint: str
    models: tuple[CompiledModel, ...]
    tests: tuple[CompiledTest, ...]
    # The statements that publish, and a query of tables that they are not enough for.
    publish_rows: str
    what_only_dbt_publishes: str


_AS_JSON = TypeAdapter(CompiledPass)


def is_compiled(paths: DbtPaths, options: BuildOptions) -> bool:
    """Tell whether the SQL of the project as it stands is there; a quick look."""
    return _kept(_file(paths, options), project_fingerprint(paths)) is not None


def compiled_pass(
    paths: DbtPaths, manifest: Manifest, options: BuildOptions, dbt: Callable[[], Dbt]
) -> CompiledPass:
    """Return the SQL of the project as it stands, having dbt compile it where a file has changed.

    `options` are OF_KEYS or OF_ORGANIZATIONS. The variables of `export_environment` must be set.
    Raises DbtFailedError.
    """
    fingerprint = project_fingerprint(paths)
    file = _file(paths, options)
    kept = _kept(file, fingerprint)
    if kept is not None:
        return kept
    compiled = _compile(dbt(), manifest, options, fingerprint)
    _keep(file, compiled)
    return compiled


def _compile(dbt: Dbt, manifest: Manifest, options: BuildOptions, fingerprint: str) -> CompiledPass:
    with tempfile.TemporaryDirectory(dir=dbt.paths.target.parent) as folder:
        dbt.run(compile_arguments(dbt.paths, Path(folder)), options.variables)
        results = json.loads(Path(folder, "run_results.json").read_text(encoding="utf-8"))
    queries = {result["unique_id"]: result["compiled_code"] for result in results["results"]}
    nodes = manifest["nodes"]
    built = [i for i in buildable(manifest, options) if i in queries]
    models = {i for i in built if nodes[i]["resource_type"] == "model"}
    if not options.rebuilds_organizations:
        # What nobody reads yet waits for a rebuild.
        models &= _read_by_marts(nodes)
    tests = [i for i in built if nodes[i]["resource_type"] == "test"]
    analyses = {nodes[i]["name"]: query for i, query in queries.items() if "analysis." in i}
    return CompiledPass(
        fingerprint=fingerprint,
        models=tuple(
            _model(nodes[i], queries[i], analyses.get(hook_name(nodes[i]["name"]), ""), models)
            for i in sorted(models)
        ),
        tests=tuple(_test(nodes[i], queries[i]) for i in tests if _parents(nodes[i]) & models),
        publish_rows=analyses["publish_rows"],
        what_only_dbt_publishes=analyses["what_only_dbt_publishes"],
    )


def _read_by_marts(nodes: Mapping[str, Any]) -> set[str]:
    """Return what public tables are made of."""
    found: set[str] = set()
    waiting = [
        i for i, node in nodes.items() if node["config"].get("meta", {}).get("published_schema")
    ]
    while waiting:
        unique_id = waiting.pop()
        if unique_id in nodes and unique_id not in found:
            found.add(unique_id)
            waiting += _parents(nodes[unique_id])
    return found


def _parents(node: Mapping[str, Any]) -> set[str]:
    return set(node["depends_on"].get("nodes", ()))


def hook_name(model: str) -> str:
    """Return the name of the analysis that compiles a model's own hook, which dbt does not."""
    return f"after_{model}"


def _model(node: Mapping[str, Any], query: str, hook: str, models: set[str]) -> CompiledModel:
    has_contract = node["config"]["contract"]["enforced"]
    return CompiledModel(
        unique_id=node["unique_id"],
        name=node["name"],
        relation=node["relation_name"],
        columns=tuple(node["columns"]) if has_contract else (),
        query=query,
        hook=hook,
        after=tuple(sorted(models & _parents(node))),
    )


def _test(node: Mapping[str, Any], query: str) -> CompiledTest:
    return CompiledTest(
        unique_id=node["unique_id"],
        name=node["name"],
        is_warning=node["config"]["severity"].lower() == "warn",
        query=query,
    )


def _file(paths: DbtPaths, options: BuildOptions) -> Path:
    return paths.target.parent / f"pass_over_{options.variables[RECOMPUTES]}.json"


def _kept(file: Path, fingerprint: str) -> CompiledPass | None:
    try:
        kept = _AS_JSON.validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        # None yet, or one that another version of Chairside wrote.
        return None
    return kept if kept.fingerprint == fingerprint else None


def _keep(file: Path, compiled: CompiledPass) -> None:
    # Whole or not at all: another process may read it, and this one may be killed.
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        written = Path(folder, file.name)
        written.write_bytes(_AS_JSON.dump_json(compiled))
        written.replace(file)
