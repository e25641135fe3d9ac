"""The log of exports in ops.exports: what was written, and which export was the last.

Put here SQL on ops.exports. Do not put here the membership (delta.py).
"""

from __future__ import annotations

from orchestration.exporting.audience import Audience
from orchestration.exporting.manifest import Manifest, ManifestFile
from orchestration.exporting.snapshot import Cursor


def find_last_runs(cursor: Cursor, audience: Audience, count: int) -> list[str]:
    """Return the names of an audience's last committed exports, newest first, copies left out."""
    cursor.execute(
        """
        select run_name from ops.exports
        where organization_id = %(organization_id)s
            and export_name = %(export_name)s
            and channel = %(channel)s
            and not is_copy
        group by run_name
        order by max(export_id) desc
        limit %(count)s
        """,
        {**audience.parameters, "count": count},
    )
    return [name for (name,) in cursor.fetchall()]


def log_export(cursor: Cursor, manifest: Manifest, folder: str, is_copy: bool) -> int:
    """Add a row for each file of all members; return the number of the first one.

    `folder` is what the manifest's paths are relative to. The files of a delta have no row: the
    columns rows_added and rows_removed count them.
    """
    numbers = [
        _log_file(cursor, manifest, file, f"{folder}/{file.path}", is_copy)
        for file in manifest.files
        if file.content == "members"
    ]
    return numbers[0]


def _log_file(
    cursor: Cursor, manifest: Manifest, file: ManifestFile, file_name: str, is_copy: bool
) -> int:
    cursor.execute(
        """
        insert into ops.exports (
            refresh_id, export_name, organization_id, channel, format, file_name, run_name, is_copy,
            definition_version, rows, rows_added, rows_removed, rows_withheld, sha256, as_of,
            exported_at
        ) values (
            %(refresh_id)s, %(export)s, %(organization_id)s, %(channel)s, %(format)s, %(file_name)s,
            %(run)s, %(is_copy)s, %(definition_version)s, %(rows)s, %(rows_added)s,
            %(rows_removed)s, %(rows_withheld)s, %(sha256)s, %(as_of)s, %(generated_at)s
        )
        returning export_id
        """,
        {
            **manifest.model_dump(
                include={
                    "refresh_id",
                    "export",
                    "organization_id",
                    "channel",
                    "run",
                    "definition_version",
                    "rows_added",
                    "rows_removed",
                    "rows_withheld",
                    "as_of",
                    "generated_at",
                }
            ),
            "format": file.format,
            "rows": file.rows,
            "sha256": file.sha256,
            "file_name": file_name,
            "is_copy": is_copy,
        },
    )
    [(export_id,)] = cursor.fetchall()
    return int(export_id)
