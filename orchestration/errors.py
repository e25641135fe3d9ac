"""The errors a person can act on: what went wrong, where, and what to do next.

Put here an error class that more than one package raises or that the command line must print
without a traceback. Do not put here errors that only one module raises and catches, nor any
handling of them.
"""

from __future__ import annotations


class ChairsideError(Exception):
    """A failure with a message (what and where) and a hint (what to do next).

    The command line prints both without a traceback and exits with code 1.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the two sentences apart, so that each reader can lay them out as it likes."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message and, where there is one, the hint."""
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class InvalidSettingError(ChairsideError):
    """An environment variable holds a value that cannot be used."""


class FolderNotWritableError(ChairsideError):
    """A folder that Chairside must write to refuses it."""


class DiskFullError(ChairsideError):
    """The disk that holds the data has no room left."""


class BinariesMissingError(ChairsideError):
    """No Postgres program that runs on this platform was found."""


class PortTakenError(ChairsideError):
    """Another program listens on the port that was asked for."""


class ServerStartError(ChairsideError):
    """The embedded Postgres could not be created, started or stopped."""


class ServerUnreachableError(ChairsideError):
    """No Postgres answers at the address, after retries."""


class WrongPasswordError(ChairsideError):
    """Postgres answers, and refuses the user or the password."""


class DatabaseMissingError(ChairsideError):
    """Postgres answers, and has no database of that name."""


class ServerTooOldError(ChairsideError):
    """Postgres answers, and is older than the oldest supported version."""
