"""``manage.py art``: draw a picture from a prompt, or draw an earlier one again."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from generation.engines import art
from generation.engines.art.vocabulary import STYLES
from generation.engines.contract import NEUTRAL, Mood
from generation.engines.errors import ParameterError
from generation.management.shell import option, write
from generation.mood import mood_of
from jobs.errors import InvalidParams


class Command(BaseCommand):
    """Draw a picture and write its files into a folder."""

    help = "Draw a picture from a prompt, a style and a seed, or again from the parameters inside an earlier file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments; ``--option`` reaches every option of the REST body."""
        parser.add_argument("prompt", nargs="?", help="what the picture is of, in words")
        parser.add_argument("--style", default=None, help=f"one of: {', '.join(sorted(STYLES))}")
        parser.add_argument("--replay", type=Path, metavar="FILE", help="a PNG, WebP or SVG made earlier")
        parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER", help="where to write (default: here)")
        parser.add_argument("--seed", type=int)
        parser.add_argument("--emotion")
        parser.add_argument("--palette", help="a palette's name, or colours with commas between: '#123456,teal'")
        parser.add_argument("--size", metavar="WIDTHxHEIGHT", help="in pixels, such as 1024x768")
        parser.add_argument("--variations", type=int)
        parser.add_argument("--format", choices=("png", "webp", "svg"))
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="any further option")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, write the files, and print their paths."""
        try:
            params = art.Params.parse(_body(options))
            mood = params.mood or self._mood(params)
        except (ParameterError, InvalidParams) as error:
            raise CommandError(f"{error.field}: {error.message}") from error
        result = art.generate(params, mood=mood, progress=self._report)
        for file in result.files:
            self.stdout.write(str(write(file, options["out"])))
        self.stdout.write(f"seed {result.data['seed']}, palette {' '.join(result.data['palette'])}")

    def _mood(self, params: art.Params) -> Mood:
        try:
            return mood_of(params.prompt, params.emotion)
        except OperationalError as error:
            if params.emotion is not None:
                raise CommandError(f"the catalogue of emotions is out of reach: {error}") from error
            self.stderr.write(self.style.WARNING("no database: the picture is drawn in a neutral mood"))
            return NEUTRAL

    def _report(self, fraction: float, stage: str) -> None:
        self.stderr.write(f"\r{fraction:4.0%} {stage:<28}", ending="\n" if fraction >= 1 else "")


def _body(given: dict[str, Any]) -> dict[str, Any]:
    if given["replay"] is not None:
        return _replay(given["replay"])
    chosen = {name: given[name] for name in ("seed", "emotion", "variations", "format") if given[name] is not None}
    chosen |= _size(given["size"]) | _palette(given["palette"]) | dict(map(option, given["option"]))
    return {"prompt": given["prompt"] or "", "style": given["style"] or "abstract", "options": chosen}


def _replay(path: Path) -> dict[str, Any]:
    from generation.engines.art.output import read_parameters

    try:
        return {"replay": read_parameters(path.read_bytes())}
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error


def _size(value: str | None) -> dict[str, Any]:
    if value is None:
        return {}
    width, _, height = value.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise CommandError("--size must look like 1024x768")
    return {"width": int(width), "height": int(height)}


def _palette(value: str | None) -> dict[str, Any]:
    if value is None:
        return {}
    return {"palette": value.split(",") if "," in value else value}
