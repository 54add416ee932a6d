"""Many connections that send one request over and over: the least client that can be had in Python.

The client shares the cores with the server, so it does no more than it must: the request's bytes are made once, and
of an answer only the status and the length are read.
"""

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit


@dataclass
class Tally:
    """What came back: times in seconds, and how many answers were not of the expected status."""

    times: list[float] = field(default_factory=list)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Return the answers a second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the time within which the given share of the answers came."""
        return sorted(self.times)[int(share * (len(self.times) - 1))]


def request_bytes(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Return an HTTP/1.1 request."""
    parts = urlsplit(url)
    lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def hammer(url: str, request: bytes, *, connections: int, seconds: float, expect: int) -> Tally:
    """Send the request over so many connections for so long, and at least once over each."""
    tally, lock = Tally(), threading.Lock()
    stop_at = time.monotonic() + seconds

    def work() -> None:
        times, wrong = [], 0
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)) as connection:
            stream = connection.makefile("rb")
            while (begun := time.monotonic()) < stop_at or not times:
                connection.sendall(request)
                wrong += _read(stream) != expect
                times.append(time.monotonic() - begun)
        with lock:
            tally.times += times
            tally.wrong += wrong

    began = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds = time.monotonic() - began
    return tally


def _read(stream: BinaryIO) -> int:
    """Read one answer; return its status."""
    status, length, chunked = int(stream.readline().split(b" ", 2)[1]), 0, False
    while (line := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        chunked = chunked or name.lower() == b"transfer-encoding"
    if not chunked:
        stream.read(length)
    while chunked and (size := int(stream.readline(), 16)):
        stream.read(size + 2)
    if chunked:
        stream.readline()
    return status
