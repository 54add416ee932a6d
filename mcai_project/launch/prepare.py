"""``python -m mcai_project.launch.prepare``: bring the database up to date, fill an empty one, make the ways in.

A process of its own, so that the launcher needs no Django. Everything here may be run again: it changes only what
is missing. The fixtures go into an empty knowledge store alone, so that no curator's edit is ever written over.
"""

import os
from io import StringIO

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from mcai_project.embedded import secret
from mcai_project.embedded.state import write_private

ADMIN = "admin"
ADMIN_PASSWORD, API_KEY = "admin_password", "api_key"  # the names of files in the home


def main() -> None:
    """Prepare, saying each step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")
    django.setup()
    print("migrating the database", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    if not _holds_knowledge():
        print("loading the fixtures", flush=True)
        call_command("load_fixtures")
    _ensure_admin()
    _ensure_api_key()


def _holds_knowledge() -> bool:
    return all(apps.get_model("knowledge", name)._default_manager.exists() for name in ("Dataset", "Emotion"))


def _ensure_admin() -> None:
    """Make the administrator; where he is there but his password is not ours (an older home's database), set it."""
    from django.contrib.auth import get_user_model

    password = secret.kept(settings.MCAI_HOME, ADMIN_PASSWORD, length=12)
    user, made = get_user_model().objects.get_or_create(
        username=ADMIN, defaults={"is_staff": True, "is_superuser": True, "email": "admin@localhost"}
    )
    if made or not user.check_password(password):
        user.set_password(password)
        user.save()


def _ensure_api_key() -> None:
    """Make an API key and keep it, unless the one kept still opens the API."""
    from jobs.keys import key_find

    path = settings.MCAI_HOME / API_KEY
    row = key_find(path.read_text().strip()) if path.exists() else None
    if row is None or not row.is_usable():
        output = StringIO()
        call_command("create_api_key", ADMIN, name="make run", quiet=True, stdout=output)
        write_private(path, output.getvalue())


if __name__ == "__main__":
    main()
