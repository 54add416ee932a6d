"""A PostgreSQL that is really restarted, or killed: idle connections meet nothing of it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from mcai_project.embedded import postgres
from mcai_project.embedded.credentials import Credentials
from mcai_project.embedded.places import Places
from mcai_project.embedded.ports import LOOPBACK, free_port
from mcai_project.embedded.server import Server
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db


class Restarted:
    """A server of our own that comes back on the same port."""

    def __init__(self, home: Path) -> None:
        self.places, self.credentials, self.port = Places(home), Credentials(), free_port()
        self.places.prepare()
        postgres.initialise(self.places, self.credentials)
        self._server = self._launch()
        postgres.ensure_database(self.port, self.credentials)

    def restart(self) -> None:
        self.stop()
        self._server = self._launch()

    def kill(self) -> None:
        backends = psutil.Process(self._server.pid).children(recursive=True)
        os.kill(self._server.pid, signal.SIGKILL)
        psutil.wait_procs(backends, timeout=PATIENCE)  # while one is left, no other server may have their memory
        self.restart()

    def stop(self) -> None:
        self._server.stop()

    def _launch(self) -> Server:
        server = postgres.launch(self.places, self.port)
        server.wait_ready(lambda: postgres.is_ready(self.port, self.credentials))
        return server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    server = Restarted(tmp_path_factory.mktemp("restarted"))
    yield server
    server.stop()


@pytest.fixture
def idle(server: Restarted) -> Iterator[Any]:
    """A connection that has been used, by the backend that the settings name."""
    given = {
        "ENGINE": connection.settings_dict["ENGINE"], "HOST": LOOPBACK, "PORT": server.port,
        "USER": postgres.ROLE, "PASSWORD": server.credentials.database, "NAME": postgres.DATABASE,
    }  # fmt: skip
    made = ConnectionHandler({"default": given})["default"]
    assert one(made) == 1
    yield made
    made.close()


def one(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        found: int = cursor.fetchone()[0]
    return found


@contextmanager
def transaction_of(connection: Any) -> Iterator[None]:
    """A transaction of a connection that is in no list of aliases."""
    connection.set_autocommit(False)
    connection.in_atomic_block = True
    try:
        yield
    finally:
        connection.in_atomic_block = False


@pytest.mark.parametrize("loss", ["restart", "kill"])
def test_the_first_statement_after_a_restart_is_answered(server: Restarted, idle: Any, loss: str) -> None:
    before = idle.connection
    getattr(server, loss)()
    assert one(idle) == 1
    assert idle.connection is not before


def test_a_transaction_that_begins_after_a_restart_is_answered(server: Restarted, idle: Any) -> None:
    server.restart()
    idle.set_autocommit(False)
    assert one(idle) == 1
    idle.rollback()


def test_a_transaction_in_which_the_server_went_is_an_error_and_not_begun_anew(server: Restarted, idle: Any) -> None:
    with transaction_of(idle):
        one(idle)
        server.restart()
        with pytest.raises(OperationalError):
            one(idle)
    idle.close()
    assert one(idle) == 1


def test_between_two_requests_an_ended_connection_is_dropped_and_none_is_made(server: Restarted, idle: Any) -> None:
    server.restart()
    idle.close_if_unusable_or_obsolete()
    assert idle.connection is None


def test_a_notification_is_no_end(idle: Any, server: Restarted) -> None:
    other = postgres._connect(server.port, server.credentials, postgres.DATABASE)
    before = idle.connection
    with idle.cursor() as cursor:
        cursor.execute("LISTEN news")
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("NOTIFY news")
    other.close()
    assert one(idle) == 1
    assert idle.connection is before
    assert before.notifies


def test_a_server_that_is_there_is_not_asked_whether_it_is(
    idle: Any, django_assert_num_queries: Callable[..., Any]
) -> None:
    before = idle.connection
    with django_assert_num_queries(2, connection=idle):
        one(idle)
        one(idle)
    assert idle.connection is before
