"""The TCP port of the embedded server: whether one is free, and which to take.

Put here questions to ports only. Do not put here server start-up.
"""

from __future__ import annotations

import socket

from orchestration.errors import PortTakenError
from orchestration.settings import Settings

LOOPBACK = "127.0.0.1"
# "May we use TLS?", the one question a Postgres server answers before it asks who you are.
_TLS_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As Postgres does, so that a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Tell whether a Postgres server replies on this port of 127.0.0.1; takes about 1 ms."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=5) as probe:
            probe.sendall(_TLS_REQUEST)
            return probe.recv(1) in (b"N", b"S")
    except OSError:
        return False


def choose_port(settings: Settings, remembered: int | None) -> int:
    """Return the port to listen on: the asked-for one, else the remembered, default or a free one.

    Raises PortTakenError when a port was asked for and another program has it.
    """
    if settings.postgres_port_is_explicit:
        if is_free(settings.postgres_port):
            return settings.postgres_port
        raise PortTakenError(
            f"Port {settings.postgres_port} of {LOOPBACK}, which CHAIRSIDE_POSTGRES_PORT asks for,"
            " is taken by another program.",
            "Stop that program, choose another port, or unset CHAIRSIDE_POSTGRES_PORT to let"
            " Chairside find a free one.",
        )
    for port in (remembered, settings.postgres_port):
        if port is not None and is_free(port):
            return port
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
