"""A TCP proxy before a real server, which can be cut or made to hang while programs talk through it."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Listens on a free port of the loopback and hands everything to ``host:port``."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._flows = threading.Event()
        self._flows.set()
        self._open: list[socket.socket] = []
        self._cut = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and refuse new ones by ending them at once."""
        self._cut = True
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        """Take what is sent, and hand nothing on."""
        self._flows.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self._cut = False
        self._flows.set()

    def close(self) -> None:
        """Stop for good."""
        self.cut()
        self._flows.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._cut:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._flows.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
