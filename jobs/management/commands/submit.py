"""``manage.py submit KIND name=value …``: submit a job from the shell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import registry, selectors
from jobs.admission import QueueFull
from jobs.choices import Tier
from jobs.errors import InvalidParams
from jobs.management import client
from jobs.submit import Submission, submit


class Command(BaseCommand):
    """Submit a job, and watch it if asked to."""

    help = "Submit a job: manage.py submit art prompt='a calm sea' options.seed=7 --watch"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("kind")
        parser.add_argument("field", nargs="*", help="name=value; options.NAME=value for options")
        parser.add_argument("--user", default="console", help="whose job it is")
        parser.add_argument("--tier", choices=[tier.label for tier in Tier], default=Tier.STANDARD.label)
        parser.add_argument("--force", action="store_true", help="however long the queue is")
        parser.add_argument("--watch", action="store_true", help="draw its progress until it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        """Submit."""
        owner = client.acting_user(options["user"])
        tier = next(tier for tier in Tier if tier.label == options["tier"])
        try:
            params = registry.get(options["kind"]).validate(client.body_of(options["field"]))
            accepted = submit(
                Submission(
                    kind=options["kind"], params=params, owner_id=owner.pk, tier=tier, guarded=not options["force"]
                )
            )
        except QueueFull as error:
            raise CommandError(f"{error} --force submits it all the same.") from error
        except InvalidParams as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(accepted.job_id))
        job = selectors.job_get(job_id=accepted.job_id, owner_id=None)
        if options["watch"] and job is not None:
            client.tell(client.watch(job, self.stdout), self.stdout)
