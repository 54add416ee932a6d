"""Measure everything and print the rows as JSON on the last line."""

import json
from dataclasses import asdict

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.knowledge import admin, loading, paging, rotating  # noqa: E402

call_command("migrate", verbosity=0)
rows = [*loading.rows(), *rotating.rows(), *paging.rows(), *admin.rows()]
print(json.dumps([asdict(row) for row in rows]))
