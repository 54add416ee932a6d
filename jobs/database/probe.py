"""Whether a PostgreSQL server answers: it is asked for TLS, and must say yes or no.

Eight bytes there and one back, ahead of any log-in (PostgreSQL's documentation, "Message Formats", SSLRequest). A port
that takes connections proves nothing: the kernel does so for a stopped process too.
"""

import socket
import struct
from dataclasses import dataclass

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens: a host, or the folder of its socket, and the port."""

    host: str
    port: int

    @classmethod
    def of(cls, host: str, port: str) -> "Address | None":
        """Return the address in Django's settings; None where they name no server, or several."""
        if not host or "," in host:
            return None
        return cls(host, int(port or 5432))


def answers(address: Address, seconds: float) -> bool:
    """Return whether the server answers within ``seconds`` for each step."""
    try:
        with _connected(address, seconds) as server:
            server.sendall(_SSL_REQUEST)
            return server.recv(1) in {b"S", b"N"}
    except OSError:
        return False


def _connected(address: Address, seconds: float) -> socket.socket:
    if not address.host.startswith("/"):
        return socket.create_connection((address.host, address.port), timeout=seconds)
    server = socket.socket(socket.AF_UNIX)
    server.settimeout(seconds)
    server.connect(f"{address.host}/.s.PGSQL.{address.port}")
    return server
