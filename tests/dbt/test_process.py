"""The process that dbt runs in: it tells what failed, and never outlives whoever asked."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.dbt.outcomes import NodeOutcome, outcome_from_json, outcome_to_json
from orchestration.dbt.process import DbtProcess, dbt_process, prepared_dbt
from orchestration.dbt.project import DbtPaths
from orchestration.dbt.runner import DbtFailedError

PARENT = """
import os, signal, sys
from pathlib import Path
from orchestration.dbt.process import DbtProcess
from orchestration.dbt.project import DbtPaths
process = DbtProcess(DbtPaths(*[Path(sys.argv[1])] * 4))
print(process.start().pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def no_project(tmp_path: Path) -> DbtPaths:
    return DbtPaths(tmp_path, tmp_path, tmp_path / "target", tmp_path / "logs")


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_project_that_cannot_be_parsed_is_told_with_dbt_s_words(no_project: DbtPaths) -> None:
    with prepared_dbt(no_project) as dbt, pytest.raises(DbtFailedError, match=r"dbt_project\.yml"):
        list(dbt.stream(["build"]))


def test_the_prepared_process_is_used_and_not_another_one(no_project: DbtPaths) -> None:
    with prepared_dbt(no_project) as prepared, dbt_process(no_project) as given:
        assert given is prepared


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
