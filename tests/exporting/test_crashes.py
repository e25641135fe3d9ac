"""A reader who follows the manifest sees a whole export, whatever happens and whenever."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.errors import ChairsideError, DiskFullError, FolderNotWritableError
from orchestration.exporting.manifest import find_damage, read_manifest
from orchestration.exporting.snapshot import export_lock
from orchestration.postgres.connection import connect

if TYPE_CHECKING:
    from tests.exporting.conftest import Salon

# The process kills itself just before the named function would run.
KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.exporting import {module} as module
from orchestration.exporting.export import run_exports
from orchestration.postgres.connection import connect
from orchestration.settings import Settings
module.{function} = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
root, exports = Path(sys.argv[1]), Path(sys.argv[2])
with connect(os.environ["WAREHOUSE_URL"]) as connection:
    run_exports(connection, Settings(root, exports / "home", exports), ["segment_vip"])
"""
MOMENTS = {
    "before anything is complete": ("files", "checksum"),
    "between write and rename": ("files", "rename_folders"),
    "between rename and commit": ("publishing", "log_export"),
    "between commit and manifest": ("files", "replace_files"),
    "before the old export is removed": ("files", "remove_folders"),
}
AFTER_MANIFEST = {"before the old export is removed"}
AFTER_COMMIT = {"between commit and manifest"} | AFTER_MANIFEST


def export_and_die(salon: Salon, url: str, moment: str) -> None:
    module, function = MOMENTS[moment]
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED.format(module=module, function=function),
            str(salon.settings.project_root),
            str(salon.settings.exports),
        ],
        env=os.environ | {"WAREHOUSE_URL": url},
        capture_output=True,
        check=False,
    )
    assert process.returncode == -9, process.stderr.decode()


def manifest_path(salon: Salon) -> Path:
    return salon.settings.exports / "salon" / "segments" / "vip" / "email" / "manifest.json"


def wait_for_lock(salon: Salon) -> None:
    """The server needs a moment to notice that a killed process is gone."""
    salon.execute("select pg_advisory_lock(7302002)")
    salon.execute("select pg_advisory_unlock(7302002)")


def members_seen(salon: Salon) -> list[str]:
    """What a reader finds who follows the manifest now."""
    path = manifest_path(salon)
    [file] = [
        file
        for file in read_manifest(path).files
        if (file.format, file.content) == ("csv", "members")
    ]
    lines = (path.parent / file.path).read_text(encoding="utf-8").splitlines()
    return [line.split(",")[0] for line in lines[1:]]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_export_leaves_whole_files_and_the_next_run_repairs(
    salon: Salon, warehouse_url: str, moment: str
) -> None:
    salon.add("a")
    first = salon.manifest(salon.export()["email"])
    salon.add("b")
    export_and_die(salon, warehouse_url, moment)
    assert find_damage(manifest_path(salon)) == []
    assert members_seen(salon) == (["a", "b"] if moment in AFTER_MANIFEST else ["a"])

    wait_for_lock(salon)
    salon.add("c")
    last = salon.export()["email"]
    manifest = salon.manifest(last)
    assert find_damage(last.manifest_path) == []
    assert salon.ids(last) == ["a", "b", "c"]
    # Once the killed run was committed it counts, and the delta goes on from there.
    counts = moment in AFTER_COMMIT
    assert (manifest.delta_since == first.run) is not counts
    assert salon.ids(last, "added") == (["c"] if counts else ["b", "c"])
    runs = salon.query("select distinct run_name from ops.exports where channel = 'email'")
    assert len(runs) == (3 if counts else 2)
    folders = {path.name for path in last.manifest_path.parent.iterdir() if path.is_dir()}
    assert folders == {manifest.run, manifest.delta_since}


def test_a_committed_export_becomes_visible_even_if_the_next_one_fails(
    salon: Salon, warehouse_url: str
) -> None:
    salon.add("a")
    salon.export()
    salon.add("b")
    export_and_die(salon, warehouse_url, "between commit and manifest")
    assert members_seen(salon) == ["a"]
    wait_for_lock(salon)
    for number in range(200):
        salon.add(f"client-{number}")
    with room_for(10_000), pytest.raises(DiskFullError):
        salon.export(formats=["csv"])
    assert members_seen(salon) == ["a", "b"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let this process write files of at most `size` bytes; the system refuses more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "parquet"])
def test_a_full_disk_is_named_and_the_former_export_stays(salon: Salon, fmt: str) -> None:
    for number in range(200):
        salon.add(f"client-{number}")
    former = salon.export(formats=[fmt])["email"]
    membership = salon.query("select * from ops.export_members order by 3, 4")
    salon.add("one more")
    with room_for(1000), pytest.raises(DiskFullError, match="as they were"):
        salon.export(formats=[fmt])
    assert salon.manifest(former).rows == 200
    assert find_damage(former.manifest_path) == []
    assert salon.query("select * from ops.export_members order by 3, 4") == membership
    assert not list(salon.settings.exports.rglob("*.partial"))


def test_a_folder_that_cannot_be_made_is_named(salon: Salon) -> None:
    salon.add("a")
    salon.settings.exports.write_text("a file where the folder should be")
    with pytest.raises(FolderNotWritableError, match="exports"):
        salon.export()
    assert salon.query("select count(*) from ops.exports") == [(0,)]


def test_two_exports_at_once_are_refused(salon: Salon, warehouse_url: str) -> None:
    salon.add("a")
    with (
        connect(warehouse_url) as other,
        export_lock(other),
        pytest.raises(ChairsideError, match="Another export"),
    ):
        salon.export()
    assert salon.export()["email"].rows == 1


def test_every_file_has_the_checksum_and_size_of_its_manifest(salon: Salon) -> None:
    salon.add("a")
    result = salon.export()["email"]
    assert find_damage(result.manifest_path) == []
    assert len(result.files) == 7
    damaged = salon.path(result, "csv")
    damaged.write_bytes(damaged.read_bytes().replace(b"Client a", b"Client b"))
    salon.path(result, "parquet").unlink()
    assert find_damage(result.manifest_path) == [
        f"{result.files[0].path} is not the file that was exported",
        f"{result.files[2].path} is missing",
    ]


def test_a_reader_of_the_former_manifest_can_finish_and_older_files_are_gone(salon: Salon) -> None:
    salon.add("a")
    first, second, third = (salon.export()["email"] for _ in range(3))
    folder = third.manifest_path.parent
    assert not (folder / first.files[0].path).exists()
    for result in (second, third):
        assert all((folder / file.path).is_file() for file in result.files)


def test_rows_of_one_run_show_one_instant(
    salon: Salon, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.exporting import staging

    salon.add("a")
    count_withheld = staging.count_withheld

    def refresh_meanwhile(*arguments: Any) -> dict[str, int]:
        counts = count_withheld(*arguments)
        with connect(warehouse_url) as other, other.cursor() as cursor:
            cursor.execute("update marts.customer_analytics set email_consent = false")
        return counts

    monkeypatch.setattr(staging, "count_withheld", refresh_meanwhile)
    result = salon.export()["email"]
    assert (result.rows, result.rows_added, result.rows_withheld) == (1, 1, 0)
