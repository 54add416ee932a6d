import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from mcai_project.embedded import stack
from mcai_project.embedded.errors import EmbeddedError
from mcai_project.embedded.state import StackState
from tests.project.conftest import MakeHome
from tests.waiting import PATIENCE, eventually


@pytest.fixture(autouse=True)
def _commits_that_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests' own stack answers before a commit is written, which loses it when the server is killed.
    monkeypatch.setenv("MCAI_POSTGRES_OPTIONS", "fsync=off shared_buffers=32MB")


def test_a_stack_starts_answers_and_stops(home: Path) -> None:
    state = stack.start(home)
    assert _query(state, "SELECT current_user, extname FROM pg_extension WHERE extname = 'vector'") == (
        "mcai",
        "vector",
    )
    assert _redis(state).ping()
    assert stack.running(home) == state

    assert stack.stop(home)

    assert stack.running(home) is None
    assert not _alive(state)


def test_starting_again_finds_the_running_stack(home: Path) -> None:
    assert stack.start(home) == stack.start(home)


def test_stopping_what_does_not_run_says_so(home: Path) -> None:
    assert not stack.stop(home)


def test_data_survives_a_stop(home: Path) -> None:
    state = stack.start(home)
    _remember(state, "stopped")
    stack.stop(home)

    assert _recall(stack.start(home)) == "stopped"


def test_nothing_is_lost_when_every_process_is_killed(home: Path) -> None:
    state = stack.start(home)
    _remember(state, "killed")

    for pid in (state.keeper_pid, state.postgres_pid, state.valkey_pid):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: stack.running(home) is None)

    assert _recall(stack.start(home)) == "killed"


def test_a_server_that_dies_comes_back_at_the_same_address_with_its_data(home: Path) -> None:
    state = stack.start(home)
    _remember(state, "back")

    os.kill(state.postgres_pid, signal.SIGKILL)
    os.kill(state.valkey_pid, signal.SIGKILL)
    eventually(lambda: stack.running(home) not in {state, None} and _new_pids(home, state))

    mended = stack.running(home)
    assert mended is not None
    assert (mended.database_url, mended.redis_url) == (state.database_url, state.redis_url)
    assert _recall(mended) == "back"


def test_the_servers_end_with_a_killed_keeper(home: Path) -> None:
    state = stack.start(home)
    os.kill(state.keeper_pid, signal.SIGKILL)
    eventually(lambda: not _alive(state))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_whoever_started_it_dies(home: Path, number: signal.Signals) -> None:
    code = "import signal, sys, time; from pathlib import Path; from mcai_project.embedded import stack;"
    code += "signal.signal(signal.SIGINT, signal.default_int_handler);"  # ignored where tests run in the background
    code += "stack.start(Path(sys.argv[1])); time.sleep(600)"
    owner = subprocess.Popen([sys.executable, "-c", code, str(home)], stderr=subprocess.DEVNULL)
    eventually(lambda: stack.running(home) is not None)
    state = stack.running(home)
    assert state is not None

    owner.send_signal(number)
    owner.wait()

    eventually(lambda: not _alive(state))


def test_a_detached_stack_outlives_whoever_started_it(home: Path) -> None:
    assert _command(home, "start").returncode == 0
    assert stack.running(home) is not None
    assert _command(home, "status").returncode == 0
    assert _command(home, "stop").returncode == 0
    assert _command(home, "status").returncode == 3


def test_run_gives_a_command_the_servers_and_its_exit_code(home: Path) -> None:
    code = "import os, redis, sys; sys.exit(7 if redis.Redis.from_url(os.environ['REDIS_URL']).ping() else 1)"
    assert _command(home, "run", "--", sys.executable, "-c", code).returncode == 7
    assert stack.running(home) is None


def test_a_deep_folder_with_blanks_and_quotes_will_do(make_home: MakeHome) -> None:
    home = make_home("/".join(["a 'deep' \"folder\" of fifty characters".ljust(50, "é")] * 4))
    state = stack.start(home)
    assert len(os.fsencode(home)) > 200
    assert _query(state, "SELECT 1") == (1,)
    assert _redis(state).ping()


def test_two_homes_live_side_by_side(home: Path, make_home: MakeHome) -> None:
    one, other = stack.start(home), stack.start(make_home("other"))
    _remember(one, "one")
    _remember(other, "other")
    assert (_recall(one), _recall(other)) == ("one", "other")


def test_strangers_without_the_password_are_turned_away(home: Path) -> None:
    state = stack.start(home)
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(state.database_url.replace("mcai:", "mcai:wrong"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(state.redis_url.replace("//:", "//:wrong")).ping()


def test_what_holds_passwords_is_for_the_owner_alone(home: Path) -> None:
    stack.start(home)
    for name in ("embedded.json", "embedded.credentials.json"):
        assert (home / name).stat().st_mode & 0o077 == 0


def test_a_failure_names_the_log(make_home: MakeHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCAI_POSTGRES_OPTIONS", "no_such_parameter=1")
    home = make_home("broken")
    with pytest.raises(EmbeddedError, match=r"postgresql\.log(.|\n)*no_such_parameter"):
        stack.start(home)
    assert stack.running(home) is None


def test_parameters_can_be_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCAI_POSTGRES_OPTIONS", "shared_buffers=16MB work_mem='3 MB'")
    monkeypatch.setenv("MCAI_VALKEY_OPTIONS", "maxmemory=64mb")
    state = stack.start(home)
    assert _query(state, "SHOW work_mem") == ("3MB",)
    assert _redis(state).config_get("maxmemory")["maxmemory"] == str(64 << 20)


def _command(home: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    environment = os.environ | {"MCAI_HOME": str(home)}
    argv = [sys.executable, "-m", "mcai_project.embedded", *arguments]
    return subprocess.run(argv, env=environment, capture_output=True, timeout=PATIENCE)


def _alive(state: StackState) -> bool:
    return any(map(_is_running, (state.keeper_pid, state.postgres_pid, state.valkey_pid)))


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _new_pids(home: Path, before: StackState) -> bool:
    now = stack.running(home)
    return now is not None and now.postgres_pid != before.postgres_pid and now.valkey_pid != before.valkey_pid


def _query(state: StackState, query: str) -> tuple[object, ...]:
    with closing(psycopg2.connect(state.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone() if cursor.description else ()


def _redis(state: StackState) -> "redis.Redis":
    return redis.Redis.from_url(state.redis_url, decode_responses=True)


def _remember(state: StackState, text: str) -> None:
    _query(state, "CREATE TABLE IF NOT EXISTS memory (text text)")
    _query(state, "TRUNCATE memory")
    _query(state, f"INSERT INTO memory VALUES ('{text}')")
    _redis(state).set("memory", text)


def _recall(state: StackState) -> str:
    row = _query(state, "SELECT text FROM memory")
    assert row == (_redis(state).get("memory"),)
    return str(row[0])
