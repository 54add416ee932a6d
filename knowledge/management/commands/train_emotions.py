"""``manage.py train_emotions``: a new version of the emotion classifier."""

import time
from argparse import ArgumentParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from knowledge.emotions.errors import EmotionError
from knowledge.errors import KnowledgeError
from knowledge.kinds.emotion import METHODS


class Command(BaseCommand):
    help = "Make a version of the emotion classifier from curated examples, or rebuild the shipped one from files."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--domain", action="append", default=[], help="of this domain alone; may be repeated")
        parser.add_argument("--method", choices=METHODS, default=METHODS[0], help="refine the active version, or anew")
        parser.add_argument("--activate", action="store_true", help="use the new version at once, everywhere")
        parser.add_argument("--dry-run", action="store_true", help="print the card and keep nothing")
        parser.add_argument("--goemotions", type=Path, metavar="FOLDER", help="train.tsv, dev.tsv and emotions.txt")
        parser.add_argument("--output", type=Path, metavar="FOLDER", help="with --goemotions: where the model goes")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["goemotions"] is None) != (options["output"] is None):
            raise CommandError("--goemotions and --output go together.")
        try:
            with tqdm(total=100, unit="%", disable=not self.stderr.isatty()) as bar:
                make = self._rebuild if options["goemotions"] else self._curate
                steps = _Steps(bar)
                card = make(steps, **options)
            self.stderr.write(steps.told(), self.style.NOTICE)
            self.stdout.write(card)
        except (EmotionError, KnowledgeError) as error:
            raise CommandError(str(error)) from error
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} does not exist.") from error

    def _rebuild(self, progress: Any, *, goemotions: Path, output: Path, dry_run: bool, **options: Any) -> str:
        from knowledge.emotions.goemotions import GoEmotions, rebuild, write
        from knowledge.emotions.training import Recipe

        content, card = rebuild(GoEmotions.read(goemotions), Recipe(), timezone.now().date(), progress)
        if not dry_run:
            write(output, content, card)
        return card

    def _curate(
        self, progress: Any, *, domain: list[str], method: str, activate: bool, dry_run: bool, **options: Any
    ) -> str:
        from knowledge.emotions.versions import version_activate, version_add
        from knowledge.emotions.workshop import draft_make

        draft = draft_make(domains=domain, method=method, progress=progress)
        if dry_run:
            return draft.card
        version = version_add(draft)
        if activate:
            version_activate(version.sha256)
        return f"{draft.card}\nVersion {version.sha256}{', active now' if activate else ''}"


class _Steps:
    """Shows the progress on a bar, and keeps how long each step took, on the clock and of the processors."""

    def __init__(self, bar: "tqdm[Any]") -> None:
        self._bar = bar
        self._times = [("starting", *_clocks(of_the_process=True)), ("reading files", *_clocks())]

    def __call__(self, fraction: float, stage: str) -> None:
        if stage != self._times[-1][0]:
            self._times.append((stage, *_clocks()))
        self._bar.set_description(stage)
        self._bar.update(round(100 * fraction) - self._bar.n)

    def told(self) -> str:
        """Return a line for each step, and one for all of them."""
        end = _clocks()
        starts = [*self._times, ("", *end)]
        lines = [_line(name, after[1] - clock, after[2] - cpu) for (name, clock, cpu), after in pairwise(starts)]
        return "\n".join([*lines, _line("in all", end[0] - self._times[0][1], end[1])])


def _clocks(*, of_the_process: bool = False) -> tuple[float, float]:
    """Return the time and the CPU seconds of this process now, or at its start, in seconds."""
    return (psutil.Process().create_time(), 0.0) if of_the_process else (time.time(), time.process_time())


def _line(name: str, seconds: float, cpu: float) -> str:
    return f"{name:28}{seconds:7.1f} s {cpu:7.1f} s of CPU"
