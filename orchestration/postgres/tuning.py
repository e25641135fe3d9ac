"""The server's configuration, sized for analytics on the machine at hand.

Put here the settings and why each differs from Postgres's default. Do not put here role settings
(roles.py) or anything a person should set for their own server (<home>/postgresql.local.conf).
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
# A container's default /dev/shm is 64 MB, too small for parallel queries.
ENOUGH_SHARED_MEMORY_BYTES = GIGABYTE
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the sizes depend on, in bytes."""

    memory: int
    free_disk: int
    shared_memory: int | None


def read_machine(data_parent: Path) -> Machine:
    """Measure this machine; a container's own memory limit counts as its memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    shm = Path("/dev/shm")  # noqa: S108 - only its size is asked
    return Machine(
        memory=min([memory, *_container_limits()]),
        free_disk=shutil.disk_usage(data_parent).free,
        shared_memory=shutil.disk_usage(shm).total if shm.is_dir() else None,
    )


def server_settings(machine: Machine) -> dict[str, str]:
    """Return the settings that follow from the machine and from the work: few, long queries."""
    memory = machine.memory
    settings = {
        # Half of what Postgres may use: an hour reads many pages that the hour before has read, and
        # the system takes ten times as long to hand one over as this cache (docs/scale.md).
        "shared_buffers": _size(memory // 3, 64, 8192),
        "effective_cache_size": _size(memory // 2, 128, 1 << 20),
        # Each sort and hash of each query may take this much, some of them several times over.
        "work_mem": _size(memory // 160, 8, 128),
        "maintenance_work_mem": _size(memory // 16, 64, 1024),
        "max_wal_size": _size(machine.free_disk // 10, 256, 4096),
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        # Nothing replicates an embedded server, and bulk loads then skip the log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "synchronous_commit": "on",
        "jit": "off",
        "max_connections": "100",
        "timezone": "UTC",
        "password_encryption": "scram-sha-256",
    }
    if machine.shared_memory is not None and machine.shared_memory < ENOUGH_SHARED_MEMORY_BYTES:
        settings["dynamic_shared_memory_type"] = "sysv"
    return settings


def logging_settings(folder: Path) -> dict[str, str]:
    """Return settings that keep one week of logs, a file a day."""
    return {
        "logging_collector": "on",
        "log_directory": str(folder),
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %u@%d %a ",
        "log_timezone": "UTC",
        "log_lock_waits": "on",
        "log_min_duration_statement": "10s",
    }


def render(settings: dict[str, str], local: str = "") -> str:
    """Return the configuration file: our settings, then a person's own, which win."""
    lines = ["# Written at every start; put your own in postgresql.local.conf in the home folder."]
    for name, value in settings.items():
        escaped = value.replace("\\", "\\\\").replace("'", "''")
        lines.append(f"{name} = '{escaped}'")
    return "\n".join([*lines, local.strip()]).rstrip() + "\n"


def _size(wanted: int, least_megabytes: int, most_megabytes: int) -> str:
    return f"{min(max(wanted // MEGABYTE, least_megabytes), most_megabytes)}MB"


def _container_limits() -> list[int]:
    limits = []
    for path in _CGROUP_LIMITS:
        try:
            limits.append(int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):
            # Absent outside Linux; "max" where there is no limit.
            continue
    return limits
