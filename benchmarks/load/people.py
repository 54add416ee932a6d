"""``python -m benchmarks.load.people COUNT FILE``: so many users, each with an API key; the keys go into a file."""

import os
import sys
from pathlib import Path

import django

from mcai_project.embedded.state import write_private


def main(count: int, target: Path) -> None:
    """Make the users and their keys anew."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")
    django.setup()
    from django.contrib.auth.models import User

    from jobs.models import ApiKey
    from jobs.models.api_key import HINT_LENGTH, hash_key, new_key

    names = [f"load-{number}" for number in range(count)]
    User.objects.bulk_create([User(username=name) for name in names], ignore_conflicts=True)
    users = list(User.objects.filter(username__in=names))
    ApiKey.objects.filter(owner__in=users).delete()
    keys = [new_key() for _ in users]
    rows = zip(users, keys, strict=True)
    ApiKey.objects.bulk_create(
        ApiKey(owner=user, name="load", key_hash=hash_key(key), hint=key[:HINT_LENGTH]) for user, key in rows
    )
    write_private(target, "\n".join(keys))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
