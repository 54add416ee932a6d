import re
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE

LIVE = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SEARCH = b"GET /api/datasets HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
STATUS = re.compile(rb"HTTP/1\.1 (\d+)")


def connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE)


def receive(sock: socket.socket, count: int) -> list[bytes]:
    """Return the status codes of so many answers."""
    received = b""
    while len(STATUS.findall(received)) < count and (more := sock.recv(65_536)):
        received += more
    return STATUS.findall(received)


def test_a_connection_is_kept_for_further_requests(live_web: str) -> None:
    with connect(live_web) as sock:
        for _ in range(3):
            sock.sendall(LIVE)
            assert receive(sock, 1) == [b"200"]


def test_requests_that_come_at_once_are_all_answered(live_web: str) -> None:
    with connect(live_web) as sock:
        sock.sendall(LIVE + SEARCH + LIVE)
        assert receive(sock, 3) == [b"200", b"401", b"200"]


def test_silent_connections_hold_nobody_up(live_web: str) -> None:
    silent = [connect(live_web) for _ in range(60)]
    with connect(live_web) as sock:
        sock.sendall(LIVE)
        assert receive(sock, 1) == [b"200"]
    for each in silent:
        each.close()


def test_many_clients_at_once_are_all_answered(live_web: str) -> None:
    answered: list[bytes] = []

    def ask(number: int) -> None:
        with connect(live_web) as sock:
            for turn in range(20):
                sock.sendall(LIVE if (number + turn) % 2 else SEARCH)
                answered.extend(receive(sock, 1))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert answered.count(b"200") == answered.count(b"401") == 300


@pytest.mark.django_db(transaction=True)
def test_a_request_under_way_is_answered_while_the_server_stops(start_process: Start) -> None:
    port = free_port()
    web = start_process(web_argv(port), {"WEB_CONCURRENCY": "1"})
    web.wait_until(lambda: answers(f"http://127.0.0.1:{port}/livez"), "it answered")
    head = b"POST /api/emotion/analyze-async HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n"
    with connect(f"http://127.0.0.1:{port}") as sock:
        sock.sendall(head)  # its body is still to come
        time.sleep(0.5)
        stopping = threading.Thread(target=web.stop)
        stopping.start()
        time.sleep(0.5)
        sock.sendall(b"{}")
        assert receive(sock, 1) == [b"401"]
        stopping.join(PATIENCE)
    assert not stopping.is_alive()


def test_the_head_and_the_body_of_an_answer_come_in_one_piece(live_web: str) -> None:
    with connect(live_web) as sock:
        for request in (LIVE, SEARCH):
            sock.sendall(request)
            head, _, body = sock.recv(65_536).partition(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            assert length is not None
            assert len(body) == int(length[1]) > 0


def test_an_answer_without_a_body_is_answered_too(live_web: str) -> None:
    with connect(live_web) as sock:
        sock.sendall(LIVE.replace(b"GET", b"HEAD") + LIVE)
        assert receive(sock, 2) == [b"200", b"200"]
