import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from mcai_project import web_queue
from mcai_project.web_queue import POLL, REST, SUBMIT, Queue, allowance
from mcai_project.web_shares import Shares, leave

SUBMISSION = b"POST /api/emotion/analyze-async HTTP/1.1\r\n"
POLLING = b"GET /api/job/01a1ff62-5f32-7644-b631-bd52f690aed3 HTTP/1.1\r\n"
PAGE = b"GET /api/datasets/ethics/examples HTTP/1.1\r\n"


class House:
    """A queue that listens, and clients of it."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.queue = Queue(SimpleNamespace(threads=8, keepalive=75, worker_connections=100), Shares(1))
        self.queue.listen(self.listener)
        self.clients: list[socket.socket] = []

    def client(self) -> socket.socket:
        """Return a connection that the queue has taken."""
        known = len(self.queue.connections)
        self.clients.append(socket.create_connection(self.listener.getsockname()))
        while len(self.queue.connections) == known:
            assert self.queue.take() is None
        return self.clients[-1]

    def asked(self, *requests: bytes) -> list[socket.socket]:
        """Return new connections, each with a request that has come in, in this order."""
        found = [self.client() for _ in requests]
        for client, request in zip(found, requests, strict=True):
            client.sendall(request)
        return found

    def served(self) -> bytes:
        """Return the first line of the request that is served next; nothing where none may be."""
        conn = self.queue.take()
        return b"" if conn is None else conn.sock.recv(1000)


@pytest.fixture
def house() -> Iterator[House]:
    place = House()
    yield place
    for each in (*place.clients, place.listener):
        each.close()
    leave(SimpleNamespace(age=1))


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_queue, "_LOOK_SECONDS", 0.05)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (SUBMISSION, SUBMIT), (POLLING, POLL), (b"GET /livez HTTP/1.1\r\n", POLL), (PAGE, REST),
        (b"GET /api/emotion/analyze-async HTTP/1.1\r\n", REST), (b"", REST),
    ],
)  # fmt: skip
def test_the_class_of_a_request_shows_in_its_first_line(line: bytes, expected: float) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(line)
        assert allowance(here.fileno()) == expected
        assert here.recv(1000, socket.MSG_DONTWAIT) == line if line else True, "it was only looked at"


def test_a_client_that_has_gone_is_seen_to_before_the_rest(house: House) -> None:
    _, gone = house.asked(PAGE, b"")
    gone.close()
    assert [house.served(), house.served()] == [b"", PAGE]


def test_who_submits_goes_first_then_who_polls_then_the_rest(house: House) -> None:
    house.asked(PAGE, POLLING, SUBMISSION)
    assert [house.served() for _ in range(3)] == [SUBMISSION, POLLING, PAGE]


def test_the_rest_has_its_turn_though_polls_keep_coming(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_queue, "_FRESH_SECONDS", 0.0)
    late = house.client()
    house.asked(PAGE, POLLING)
    assert house.served() == POLLING
    time.sleep(REST)
    late.sendall(POLLING)
    assert house.served() == PAGE


def test_few_of_the_rest_run_at_a_time_and_polls_go_past_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_queue, "_RUNS", 60.0)
    late = house.client()
    house.asked(PAGE, PAGE, PAGE)
    assert [house.served(), house.served()] == [PAGE, PAGE]
    time.sleep(REST)
    late.sendall(POLLING)
    assert house.served() == POLLING, "the third page is overdue"


def test_one_of_the_rest_that_waits_for_something_lets_another_run(house: House) -> None:
    house.asked(PAGE, PAGE, PAGE)
    assert [house.served(), house.served()] == [PAGE, PAGE]
    time.sleep(web_queue._RUNS)
    assert house.served() == PAGE


def test_the_rest_never_holds_all_threads(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_queue, "_RUNS", 0.0)
    house.asked(*[PAGE] * 6)
    assert [house.served() for _ in range(6)] == [PAGE] * 4 + [b""] * 2


def test_a_process_with_more_connections_than_another_leaves_new_ones_to_it() -> None:
    here, there = Shares(2), Shares(3)
    try:
        assert here.may_take_more(0)
        here.note(5)
        there.note(4)
        assert here.may_take_more(5)
        there.note(3)
        assert not here.may_take_more(5)
        assert there.may_take_more(3)
        leave(SimpleNamespace(age=3))
        assert here.may_take_more(5), "the other has ended"
    finally:
        for age in (2, 3):
            leave(SimpleNamespace(age=age))


def test_nobody_is_left_outside_though_the_other_process_does_not_open(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_queue, "_SWEEP_SECONDS", 0.05)
    Shares(4)
    try:
        for _ in range(4):
            house.client()
        assert len(house.queue.connections) == 4
    finally:
        leave(SimpleNamespace(age=4))
