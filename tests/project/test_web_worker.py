import re
import socket
import threading
import time
from email.utils import parsedate_to_datetime
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


def test_each_answer_is_dated_with_its_own_second(live_web: str) -> None:
    with connect(live_web) as sock:
        for _ in range(2):
            before = int(time.time())
            sock.sendall(LIVE)
            dated = re.search(rb"\r\nDate: ([^\r]+ GMT)\r\n", sock.recv(65_536))
            assert dated is not None
            assert before <= parsedate_to_datetime(dated[1].decode()).timestamp() <= time.time()
            time.sleep(1)


def test_an_answer_without_a_body_is_answered_too(live_web: str) -> None:
    with connect(live_web) as sock:
        sock.sendall(LIVE.replace(b"GET", b"HEAD") + LIVE)
        assert receive(sock, 2) == [b"200", b"200"]


def test_an_answer_before_all_of_a_long_body_says_that_the_connection_ends(live_web: str) -> None:
    with connect(live_web) as sock:
        length = 200_000
        sock.sendall(b"POST /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % length)
        sock.sendall(b"x" * length)
        assert b"connection: close" in sock.recv(65_536).lower()
    with connect(live_web) as sock:
        sock.sendall(b"POST /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello" + LIVE)
        assert receive(sock, 2) == [b"403", b"200"]


SLOW = (
    b"GET /livez HTTP/1.1\r\nHost: 127.0",
    b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000\r\n\r\nusername=",
    b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\nusername=",
)


def test_senders_that_never_end_hold_the_threads_a_bounded_time(start_process: Start, transactional_db: None) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "3", "WEB_ARRIVAL_SECONDS": "1"}
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    slow = [connect(url) for _ in range(9)]
    for number, sock in enumerate(slow):
        sock.sendall(SLOW[number % len(SLOW)])
    with connect(url) as sock:
        sock.sendall(LIVE)
        assert receive(sock, 1) == [b"200"]
    for sock in slow:
        sock.close()


def test_a_body_that_comes_in_pieces_is_waited_for(start_process: Start, transactional_db: None) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    start_process(web_argv(port), {"WEB_CONCURRENCY": "1", "WEB_ARRIVAL_SECONDS": "1"}).wait_until(
        lambda: answers(f"{url}/livez"), "it answered"
    )
    pieces, size = 20, 8_000
    with connect(url) as sock:
        form = b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken=" + b"a" * 32  # so it is read
        head = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + form
        sock.sendall(head + b"\r\nContent-Length: %d\r\n\r\n" % (pieces * size))
        for _ in range(pieces):
            time.sleep(0.2)
            sock.sendall(b"x" * size)
        assert receive(sock, 1) == [b"403"]
