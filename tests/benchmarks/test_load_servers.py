"""A load test is played on servers of its own, unless it is told to use others."""

import pytest

from benchmarks.load.servers import choose

THEIRS = {"DATABASE_URL": "postgresql://somebody@db/theirs", "REDIS_URL": "redis://cache/0"}


def test_servers_that_happen_to_be_in_the_environment_are_left_aside(capsys: pytest.CaptureFixture[str]) -> None:
    environment = {**THEIRS, "PATH": "/bin"}
    choose(environment, given=False)
    assert environment == {"PATH": "/bin"}
    told = capsys.readouterr().out
    assert "DATABASE_URL is left aside" in told and "REDIS_URL is left aside" in told
    assert "theirs" not in told  # nor the password that may stand in it


def test_servers_that_are_asked_for_are_used_when_both_are_named() -> None:
    environment = dict(THEIRS)
    choose(environment, given=True)
    assert environment == THEIRS
    del environment["REDIS_URL"]
    with pytest.raises(SystemExit, match="wants REDIS_URL"):
        choose(environment, given=True)
