import os
import subprocess
import sys

import pytest

from tests.waiting import PATIENCE

SAFE = {
    "MCAI_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "mcai.example.org",
    "DATABASE_URL": "postgresql://u:p@db/mcai",
    "REDIS_URL": "redis://broker/0",
}


def _load(**variables: str) -> "subprocess.CompletedProcess[str]":
    code = "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS)"
    kept = {name: os.environ[name] for name in ("PATH", "MCAI_HOME")}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "mcai_project.settings"} | variables
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


def test_production_starts_with_all_it_needs() -> None:
    assert _load(**SAFE).stdout.strip() == "False True ['mcai.example.org']"


def test_the_defaults_are_safe_without_any_variable() -> None:
    assert _load().stdout.startswith("False ")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"DEBUG": "on"}, "DEBUG"),
        ({"MCAI_ENV": "prod"}, "MCAI_ENV"),
        ({"MCAI_LONGEST_WAIT": "art=soon"}, "MCAI_LONGEST_WAIT"),
        ({"MCAI_LONGEST_WAIT": "arts=60"}, "MCAI_LONGEST_WAIT"),
        ({"MCAI_LONGEST_WAIT": "-1"}, "MCAI_LONGEST_WAIT"),
    ],
)
def test_what_is_unsafe_is_refused_by_name(change: dict[str, str], named: str) -> None:
    refused = _load(**SAFE | change)
    assert refused.returncode != 0
    assert f"ImproperlyConfigured: {named}" in refused.stderr
