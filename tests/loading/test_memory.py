"""Loading takes a bounded amount of memory, however large the file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROWS = 250_000
MOST_MEGABYTES = 300
# Linux counts what the parent held before the program began into ru_maxrss, and not into VmHWM.
PROGRAM = """
import os, pathlib, re, resource, sys
from orchestration.loading.load import load_path
from orchestration.postgres.connection import connect
with connect(os.environ["LOADED_DATABASE"]) as connection:
    report = load_path(connection, sys.argv[1])
status = pathlib.Path("/proc/self/status")
if status.exists():
    kilobytes = int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(report.total("rows_inserted"), kilobytes // 1024)
"""


def test_a_large_file_takes_no_more_memory_than_promised(
    new_database, empty_warehouse: str, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("organization_id,customer_id,first_name,email,created_at,version\n")
        for number in range(ROWS):
            file.write(
                f'shop,customer-{number},"Name, {number}",client.{number}@example.com,'
                f"2026-01-01T{number % 24:02d}:30:00Z,{number % 5}\n"
            )
    with new_database(empty_warehouse) as url:
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(path)],
            env={"LOADED_DATABASE": url, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
    inserted, megabytes = map(int, result.stdout.split())
    assert inserted == ROWS
    assert megabytes < MOST_MEGABYTES, f"{megabytes} MB"
