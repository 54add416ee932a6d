"""``manage.py doctor``: is everything there and well, and what to do where it is not."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.doctor import examine


class Command(BaseCommand):
    """Examine this installation; the exit status is 1 where something wants looking after."""

    help = "Check services, versions, migrations, workers, clock, disk and permissions, with advice."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every check and print what it found."""
        ill = 0
        for finding in examine():
            mark = self.style.ERROR("✗") if finding.advice else self.style.SUCCESS("✓")
            self.stdout.write(f"{mark} {finding.what}")
            if finding.advice:
                ill += 1
                self.stdout.write(f"    {finding.advice}")
        if ill:
            self.stderr.write(f"{ill} to look after")
            raise SystemExit(1)
