"""The process that dbt runs in: it tells what failed, and never outlives whoever asked."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.dbt.arguments import common_arguments
from orchestration.dbt.outcomes import NodeOutcome, outcome_from_json, outcome_to_json
from orchestration.dbt.process import DbtProcess, dbt_process, prepared_dbt
from orchestration.dbt.project import DbtPaths, load_manifest, project_paths
from orchestration.dbt.runner import DbtFailedError, DbtRunner
from orchestration.settings import Settings

PARENT = """
import os, signal, sys
from pathlib import Path
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.project import DbtPaths
process = DbtProcess(DbtPaths(*[Path(sys.argv[1])] * 4))
print(process.start().pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


SMALL_PROJECT = {
    "dbt_project.yml": "{name: small, version: '1.0.0', profile: small, config-version: 2}",
    "profiles.yml": """
        small:
          outputs:
            default: {type: postgres, host: nowhere, user: u, password: p, port: 1,
                      dbname: d, schema: s}
    """,
    "models/one.sql": "select 1 as one",
}


@pytest.fixture
def no_project(tmp_path: Path) -> DbtPaths:
    return DbtPaths(tmp_path, tmp_path, tmp_path / "target", tmp_path / "logs")


@pytest.fixture
def small_project(tmp_path: Path) -> Settings:
    """A project of one model, which nobody has read yet."""
    for name, text in SMALL_PROJECT.items():
        file = tmp_path / "dbt_project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Settings(tmp_path, tmp_path / "home", tmp_path / "exports")


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_one_process_serves_all_blocks_and_tells_what_cannot_be_parsed_with_dbt_s_words(
    no_project: DbtPaths,
) -> None:
    with (
        prepared_dbt(no_project) as prepared,
        prepared_dbt(no_project) as within,
        dbt_process(no_project) as asked,
    ):
        assert within is prepared
        assert asked is prepared
        with pytest.raises(DbtFailedError, match=r"dbt_project\.yml"):
            list(asked.stream(["build"]))


def test_the_prepared_process_reads_the_project_for_everybody(
    small_project: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with prepared_dbt(project_paths(small_project)) as prepared:
        prepared.run(["list", *common_arguments(prepared.paths)])
        monkeypatch.setattr(DbtRunner, "parse", lambda *_, **__: pytest.fail("read once more"))
        assert list(load_manifest(small_project)["nodes"]) == ["model.small.one"]


def test_closing_ends_the_process_and_a_question_after_that_says_so(no_project: DbtPaths) -> None:
    dbt = DbtProcess(no_project)
    dbt.start()
    dbt.close()
    with pytest.raises((DbtFailedError, ValueError)):
        dbt.run(["build"])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_a_killed_parent_leaves_no_dbt_behind(tmp_path: Path) -> None:
    parent = subprocess.run(
        [sys.executable, "-c", PARENT, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    pid = int(parent.stdout)
    for _ in range(600):
        if not is_alive(pid):
            return
        time.sleep(0.1)
    pytest.fail("dbt went on without its parent")


def test_an_outcome_comes_out_of_json_as_it_went_in() -> None:
    outcome = NodeOutcome("m.c.a", "model", "a", "success", None, 3, None, None, None, 0.5)
    assert outcome_from_json(outcome_to_json(outcome)) == outcome
