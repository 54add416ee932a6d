"""The embedded PostgreSQL: a cluster made once, a database with pgvector in it, on loopback behind a password."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg2
from psycopg2 import sql

from mcai_project.embedded.credentials import Credentials
from mcai_project.embedded.errors import EmbeddedError, ServerFailed
from mcai_project.embedded.places import Places
from mcai_project.embedded.ports import LOOPBACK
from mcai_project.embedded.server import Server, as_account

NAME = "PostgreSQL"
DATABASE = ROLE = "mcai"
SUPERUSER = "postgres"
# A laptop's share: enough for a million examples, little beside a browser.
DEFAULTS = {
    "max_connections": "200",
    "shared_buffers": "512MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_line_prefix": "%m [%p] %d ",
    "log_min_duration_statement": "1s",
}


def options() -> dict[str, str]:
    """Return the server's parameters: ours, then what ``MCAI_POSTGRES_OPTIONS`` (``name=value …``) overrides."""
    given = shlex.split(os.environ.get("MCAI_POSTGRES_OPTIONS", ""))
    if wrong := [each for each in given if "=" not in each]:
        raise EmbeddedError(f"MCAI_POSTGRES_OPTIONS holds {wrong[0]!r}; write name=value, parted by spaces.")
    return DEFAULTS | _shared_memory() | dict(each.split("=", 1) for each in given)


def database_url(port: int, credentials: Credentials) -> str:
    """Return the URL that the project connects by."""
    return f"postgresql://{ROLE}:{credentials.database}@{LOOPBACK}:{port}/{DATABASE}"


def data(places: Places) -> Path:
    """Return the cluster's folder."""
    return places.data / "postgres"


def is_initialised(places: Places) -> bool:
    """Return whether the cluster was made."""
    return (data(places) / "PG_VERSION").exists()


def initialise(places: Places, credentials: Credentials) -> None:
    """Make the cluster, whole or not at all: beside its place, then renamed."""
    beside = Path(tempfile.mkdtemp(prefix="postgres.", dir=places.data))
    places.own(beside)
    try:
        _initdb(places, beside, credentials)
        beside.rename(data(places))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def launch(places: Places, port: int) -> Server:
    """Start the server on ``port`` of loopback, without a Unix socket, whose path a deep clone would make too long."""
    fixed = {"listen_addresses": LOOPBACK, "port": str(port), "unix_socket_directories": ""}
    argv = [str(places.postgres_bin / "postgres"), "-D", str(data(places))]
    for name, value in (options() | fixed).items():
        argv += ["-c", f"{name}={value}"]
    return Server(NAME, argv, places=places, stop_signal=signal.SIGINT)


def is_ready(port: int, credentials: Credentials) -> bool:
    """Return whether the server answers the superuser."""
    try:
        _connect(port, credentials, SUPERUSER).close()
    except psycopg2.OperationalError:
        return False
    return True


def ensure_database(port: int, credentials: Credentials) -> None:
    """Make the project's role and database, with pgvector in it and in the template that test databases copy."""
    with _cursor(port, credentials, SUPERUSER) as cursor:
        if not _exists(cursor, "SELECT 1 FROM pg_roles WHERE rolname = %s", ROLE):
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        cursor.execute(statement.format(sql.Identifier(ROLE), sql.Literal(credentials.database)))
    with _cursor(port, credentials, "template1") as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    with _cursor(port, credentials, SUPERUSER) as cursor:
        if not _exists(cursor, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def _initdb(places: Places, folder: Path, credentials: Credentials) -> None:
    log = places.logs / "initdb.log"
    with tempfile.NamedTemporaryFile("w", dir=places.data, prefix="password.") as password, log.open("wb") as output:
        password.write(credentials.superuser)
        password.flush()
        places.own(Path(password.name))
        argv = [str(places.postgres_bin / "initdb"), "-D", str(folder), "-U", SUPERUSER]
        argv += ["--auth=scram-sha-256", f"--pwfile={password.name}", "--encoding=UTF8"]
        # The builtin provider sorts alike on every machine, whichever locales it has.
        argv += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = subprocess.run(argv, stdout=output, stderr=output, cwd=places.data, check=False, **as_account(places))
    if done.returncode:
        raise ServerFailed("initdb", f"ended with exit code {done.returncode}", log)


def _shared_memory() -> dict[str, str]:
    """Return where parallel plans share memory: containers often have 64 MB for it, too little to build an index."""
    shm = Path("/dev/shm")  # noqa: S108 - looked at, not written to
    small = not shm.is_dir() or shutil.disk_usage(shm).total < 1 << 30
    return {"dynamic_shared_memory_type": "mmap"} if small else {}


class _cursor:
    """A superuser's cursor on ``database``, each statement its own transaction."""

    def __init__(self, port: int, credentials: Credentials, database: str) -> None:
        self._connection = _connect(port, credentials, database)
        self._connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self._connection.cursor()

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _connect(port: int, credentials: Credentials, database: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(
        host=LOOPBACK,
        port=port,
        user=SUPERUSER,
        password=credentials.superuser,
        dbname=database,
        connect_timeout=3,
        application_name="mcai-embedded",
    )


def _exists(cursor: "psycopg2.extensions.cursor", query: str, name: str) -> bool:
    cursor.execute(query, (name,))
    return cursor.fetchone() is not None
