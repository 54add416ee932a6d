"""The admin's pages cost memory only where they are served, and are checked all the same."""

import os
import subprocess
import sys
from pathlib import Path

LOADED = """
import sys
from mcai_project.celery import app
import django
django.setup()
app.loader.import_default_modules()
print([name for name in sys.modules if name.endswith(".admin") and not name.startswith("django.")])
from django.urls import get_resolver
get_resolver().url_patterns
print("knowledge.admin" in sys.modules)
"""
PAGE = """
from django.contrib import admin
from knowledge.models import FixtureExample


@admin.register(FixtureExample)
class Wrong(admin.ModelAdmin):
    list_display = ("nothing",)
"""


def python(*argv: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "mcai_project.settings"} | environment
    return subprocess.run([sys.executable, *argv], env=given, capture_output=True, text=True, check=False)


def test_what_a_worker_loads_has_no_pages_and_the_addresses_bring_them() -> None:
    done = python("-c", LOADED)
    assert done.stdout.splitlines() == ["[]", "True"], done.stderr


def test_check_finds_a_wrong_page(tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "__init__.py").touch()
    (tmp_path / "wrong" / "admin.py").write_text(PAGE)
    done = python("manage.py", "check", "--tag", "admin", PYTHONPATH=str(tmp_path), MCAI_EXTRA_APPS="wrong")
    assert done.returncode == 1 and "admin.E108" in done.stderr
