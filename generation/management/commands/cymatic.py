"""``manage.py cymatic``: show the pattern of frequencies, of a recording or of an emotion."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.engine_kind import produce
from generation.engines.contract import File
from generation.engines.errors import ParameterError
from generation.kinds import sounded
from generation.management.shell import option, write
from jobs.errors import InvalidParams

_MODELS = ("plate", "disc", "membrane", "water")


class Command(BaseCommand):
    """Analyse frequencies and write the pictures, the nodal lines and the analysis into a folder."""

    help = "Show the pattern that a plate, disc, membrane or dish of water makes of frequencies."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments; ``--option`` reaches every option of the REST body."""
        parser.add_argument("frequencies", nargs="*", help="in Hz, or notes such as A4")
        parser.add_argument("--audio", type=Path, metavar="FILE", help="a WAV, FLAC or OGG file instead of frequencies")
        parser.add_argument("--emotion", help="an emotion of the catalogue instead of frequencies")
        what = parser.add_mutually_exclusive_group()
        for model in _MODELS:
            what.add_argument(f"--{model}", nargs="?", const="", metavar="EDGES", help=f"a {model} with these edges")
        parser.add_argument("--resolution", type=int, metavar="PIXELS")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="any further option")
        parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write (default: here)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Analyse, write the files, and print their paths and the summary."""
        body = _body(options)
        try:
            result = produce("cymatics", body, mood=sounded(body), progress=self._report)
        except (InvalidParams, ParameterError) as error:
            raise CommandError(str(error)) from error
        analysis = File("analysis.json", "application/json", json.dumps(result.data, indent=1).encode())
        for file in (*result.files, analysis):
            self.stdout.write(str(write(file, options["out"])))
        self.stdout.write(result.data["summary"])

    def _report(self, fraction: float, stage: str) -> None:
        self.stderr.write(f"\r{fraction:4.0%} {stage:<28}", ending="\n" if fraction >= 1 else "")


def _body(given: dict[str, Any]) -> dict[str, Any]:
    chosen = dict(map(option, given["option"])) | _model(given)
    if given["resolution"] is not None:
        chosen["resolution"] = given["resolution"]
    sources = {
        "frequencies": [_frequency(word) for word in given["frequencies"]] or None,
        "file": given["audio"],
        "emotion": given["emotion"],
    }
    return {**{name: value for name, value in sources.items() if value is not None}, "options": chosen}


def _model(given: dict[str, Any]) -> dict[str, Any]:
    for model in _MODELS:
        if given[model] is not None:
            return {"model": model, "edges": given[model]} if given[model] else {"model": model}
    return {}


def _frequency(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word
