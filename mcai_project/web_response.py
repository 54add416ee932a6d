"""An answer that goes out in one piece: gunicorn writes its head and its body by themselves."""

import time
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.http import parser, wsgi
from gunicorn.util import write

_READ_TO_ITS_END = parser._DRAIN_MAX_BYTES  # of a body that was not asked for; of a longer one gunicorn hangs up


class WholeResponse(wsgi.Response):  # type: ignore[misc]  # gunicorn has no types
    """Keeps the head until the first of the body comes: one packet, and one wait for the interpreter's lock, fewer."""

    sock: Any
    _head = b""

    def send_headers(self) -> None:
        """Make the head; it says so where the connection ends with this answer, for much is left of the request."""
        if getattr(self.req.body.reader, "length", 0) >= _READ_TO_ITS_END:
            self.force_close()
        wire, self.sock = self.sock, self
        try:
            super().send_headers()
        finally:
            self.sock = wire

    def sendall(self, head: bytes) -> None:
        """Keep the head, which is the one thing that is written here."""
        self._head = head

    def sendfile(self, respiter: Any) -> bool:
        """Send a file, which goes its own way, behind the head."""
        self.send_headers()
        self._send_head()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """End the answer, which may have had no body."""
        if not self.headers_sent:
            self.send_headers()
        self._send_head()
        super().close()

    def _emit_body(self, data: bytes) -> None:
        if not self._head or self.chunked:
            self._send_head()
            write(self.sock, data, self.chunked)
            return
        head, self._head = self._head, b""
        self.sock.sendall(head + data)

    def _send_head(self) -> None:
        head, self._head = self._head, b""
        if head:
            self.sock.sendall(head)


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _http_date(timestamp: float | None = None) -> str:
    """Return a moment, or now, as HTTP writes it; gunicorn would work out the same second for each answer in it."""
    return _date(int(time.time() if timestamp is None else timestamp))


def install() -> None:
    """Have this process answer so; gunicorn asks nobody which class its answers shall be of."""
    wsgi.Response = WholeResponse
    util.http_date = _http_date
