"""``manage.py embed_examples``: give every example its vector."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from knowledge.embedders.contract import EmbedderError
from knowledge.embedders.embedding import embed_pending
from knowledge.kinds.embedding import embed_enqueue


class Command(BaseCommand):
    """Count words, fit the embedder if need be, and embed what waits; stop and go on as you like."""

    help = "Count words, fit the embedder if need be, and embed what waits; stop and go on as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--refit", action="store_true", help="fit the embedder anew, and so make all vectors anew")
        parser.add_argument("--rebuild-index", action="store_true", help="quicker where most of a large store waits")
        parser.add_argument("--job", action="store_true", help="let a worker do it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Embed."""
        if options["job"]:
            self.stdout.write("submitted" if embed_enqueue() else "a job is waiting already")
            return
        try:
            with tqdm(total=100, unit="%", disable=options["verbosity"] == 0, file=self.stderr) as bar:
                done = embed_pending(
                    refit=options["refit"], rebuild=options["rebuild_index"],
                    progress=lambda fraction, stage: _show(bar, fraction, stage),
                )  # fmt: skip
        except EmbedderError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.embedded:,} examples embedded by {done.embedder}; {done.left:,} left")
        if (found := done.calibration) is not None:
            self.stdout.write(
                f"recall@10 {found.recall:.3f} (at least {found.at_least:.3f}) with breadth {found.breadth}"
            )


def _show(bar: "tqdm[Any]", fraction: float, stage: str) -> None:
    bar.set_description(stage)
    bar.update(round(100 * fraction, 1) - bar.n)
