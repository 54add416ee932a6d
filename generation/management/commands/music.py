"""``manage.py music``: compose and render a piece from a prompt."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from generation.engine_kind import produce
from generation.engines.contract import NEUTRAL, Mood
from generation.engines.music.params import FORMATS
from generation.kinds import prompted
from generation.management.shell import option, write
from jobs.errors import InvalidParams

_SUMMARY = "{key} {mode}, {tempo:.0f} BPM, seed {seed}, {loudness:.1f} LUFS, {true_peak:.1f} dBTP"
_NAMED = ("seed", "emotion", "key", "mode", "tempo", "format")


class Command(BaseCommand):
    """Compose a piece and write its files into a folder."""

    help = "Compose a piece from a prompt: audio, MIDI, a picture of its spectrum and a summary of its score."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments; ``--option`` reaches every option of the REST body."""
        parser.add_argument("prompt", help="what the piece is about, in words")
        parser.add_argument("--duration", type=float, default=60.0, metavar="SECONDS", help="1 to 600 (default: 60)")
        parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write (default: here)")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--emotion", help="an emotion of the catalogue, instead of reading the prompt")
        parser.add_argument("--key", help="C, C#, Db … B")
        parser.add_argument("--mode", help="major, minor, dorian …")
        parser.add_argument("--tempo", type=float, metavar="BPM")
        parser.add_argument("--format", choices=FORMATS)
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="any further option")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compose, write the files, and print their paths and what was measured."""
        chosen = {name: options[name] for name in _NAMED if options[name] is not None}
        body = {
            "prompt": options["prompt"],
            "duration": options["duration"],
            "options": {**chosen, **dict(map(option, options["option"]))},
        }
        try:
            result = produce("music", body, mood=self._mood(body), progress=self._report)
        except InvalidParams as error:
            raise CommandError(str(error)) from error
        for file in result.files:
            self.stdout.write(str(write(file, options["out"])))
        self.stdout.write(_SUMMARY.format(**result.data))

    def _mood(self, body: dict[str, Any]) -> Mood:
        """The mood that a job would have; without a database, a neutral one, unless an emotion was named."""
        try:
            return prompted(body)
        except OperationalError as error:
            if "emotion" in body["options"]:
                raise CommandError("the catalogue of emotions cannot be reached (is the database up?)") from error
            self.stderr.write("The catalogue of emotions cannot be reached: composing in a neutral mood.")
            return NEUTRAL

    def _report(self, fraction: float, stage: str) -> None:
        self.stderr.write(f"\r{fraction:4.0%} {stage:<28}", ending="\n" if fraction >= 1 else "")
