"""Pages of the admin at a million examples: the list, its filters, and searches for rare and common words."""

import statistics
import time

from django.contrib.auth.models import User
from django.test import Client

from benchmarks.knowledge.corpora import LARGE
from benchmarks.report import Row
from knowledge.models import Dataset

ROUNDS, BOUND_MS = 5, 300
LIST = "/admin/knowledge/example/"


def rows() -> list[Row]:
    """Measure the whole request, templates included, without HTTP."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("benchmark"))
    large = Dataset.objects.get(domain_name="large").pk
    pages = {
        "list": "",
        "page 300": "?p=300",
        "search, rare word": "?q=bacedi",
        "search, word of most": "?q=bace",
        "search, two words": "?q=bace+dice",
        "search, no match": "?q=nonesuchword",
        "filter: domain": f"?dataset__id__exact={large}",
        "filter: emotion": "?emotion=joy",
        "filter: without response": "?has_response=no",
        "filter: date": "?created_at_from=2020-01-01&created_at_to=2020-01-02",
    }
    return [_row(client, name, query) for name, query in pages.items()]


def _row(client: Client, name: str, query: str) -> Row:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = client.get(LIST + query)
        times.append(1_000 * (time.perf_counter() - started))
        assert answer.status_code == 200, (name, answer.status_code)
    median = statistics.median(times)
    return Row(f"admin, {name}, of {LARGE:,}", f"{median:.0f} ms", f"< {BOUND_MS} ms", median < BOUND_MS)
