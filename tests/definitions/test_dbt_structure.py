"""The dbt project keeps its structural rules, which need its manifest and no warehouse."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from orchestration.dbt.project import load_manifest, project_paths
from orchestration.settings import Settings

RULES = "dbt-bouncer.yml"
ARTIFACTS = "dbt_artifacts_dir: dbt_project/target"


def test_models_keep_the_rules_of_their_layer(project_settings: Settings, tmp_path: Path) -> None:
    load_manifest(project_settings)
    rules = (project_settings.project_root / RULES).read_text(encoding="utf-8")
    assert ARTIFACTS in rules
    target = project_paths(project_settings).target
    file = tmp_path / RULES
    file.write_text(rules.replace(ARTIFACTS, f"dbt_artifacts_dir: {target}"), encoding="utf-8")
    bouncer = Path(sys.executable).with_name("dbt-bouncer")
    result = subprocess.run(
        [bouncer, "--config-file", file],
        cwd=project_settings.project_root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
