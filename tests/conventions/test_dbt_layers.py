"""The arrows between dbt's layers, and the SQL that both engines speak, held against the files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"
LAYERS = {
    "staging": set(),
    "input": {"staging", "input"},
    "intermediate": {"input", "intermediate"},
    "marts": {"input", "intermediate"},
}
# Constructs that Spark lacks or reads differently; macros exist for each of them.
NOT_PORTABLE = {
    r"\bdistinct\s+on\b": "row_number() and a filter",
    r"\bgenerate_series\b": "date_spine()",
    r"\bat\s+time\s+zone\b": "local_timestamp() or business_day_start()",
    r"\bextract\s*\(\s*(epoch|dow|isodow)\b": "epoch() or day_of_week()",
    r"\bto_char\b": "a macro",
    r"->>?": "a macro for JSON",
    r"::": "cast(x as type)",
    r"\bnow\s*\(|\bcurrent_(date|timestamp)\b": "as_of()",
}


def models() -> list[Path]:
    return sorted(MODELS.rglob("*.sql"))


def layer_of(model: Path) -> str:
    return model.relative_to(MODELS).parts[0]


@pytest.fixture(scope="module")
def layers_by_name() -> dict[str, str]:
    seeds = (Path(__file__).parents[2] / "seeds" / "reference").glob("*.csv")
    return {model.stem: layer_of(model) for model in models()} | {
        seed.stem: "reference" for seed in seeds
    }


def test_every_model_lies_in_a_known_layer() -> None:
    assert models()
    assert {layer_of(model) for model in models()} <= LAYERS.keys()


@pytest.mark.parametrize("model", models(), ids=lambda model: model.stem)
def test_a_model_reads_only_the_layers_before_it(
    model: Path, layers_by_name: dict[str, str]
) -> None:
    references = re.findall(r"\bref\(\s*'([^']+)'", model.read_text())
    unknown = [name for name in references if name not in layers_by_name]
    assert not unknown, f"{model.stem} refers to {unknown}, which no file defines"
    allowed = LAYERS[layer_of(model)] | {"reference"}
    wrong = [name for name in references if layers_by_name[name] not in allowed]
    assert not wrong, f"{model.stem} may read {sorted(allowed)} but reads {wrong}"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.stem)
def test_only_staging_reads_sources(model: Path) -> None:
    if layer_of(model) != "staging":
        assert not re.search(r"\bsource\(", model.read_text())


@pytest.mark.parametrize("model", models(), ids=lambda model: model.stem)
def test_a_model_keeps_to_sql_that_both_engines_speak(model: Path) -> None:
    text = re.sub(r"--.*|\{#.*?#\}", "", model.read_text())
    found = {use for pattern, use in NOT_PORTABLE.items() if re.search(pattern, text, re.I)}
    assert not found, f"{model.stem}: use {sorted(found)}"


def test_what_a_pass_over_keys_runs_depends_on_no_row() -> None:
    # It is compiled once, and run for as long as no file changes.
    tests = (MODELS.parent / "tests").rglob("*.sql")
    asking = [path.name for path in [*models(), *tests] if "query(" in path.read_text()]
    assert asking == []
