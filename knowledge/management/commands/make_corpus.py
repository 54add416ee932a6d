"""``manage.py make_corpus --examples N --seed S``: synthetic examples, to a file or into the store."""

import getpass
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from knowledge.corpus import corpus
from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_run


class Command(BaseCommand):
    help = "Make synthetic examples, marked as such in their metadata; the same seed gives the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--examples", type=int, required=True)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--output", type=Path, help="a JSONL file; stdout when neither this nor --domain is given")
        parser.add_argument("--domain", help="import them into this domain")

    def handle(self, *args: Any, examples: int, seed: int, output: Path | None, domain: str | None, **o: Any) -> None:
        if examples < 1:
            raise CommandError("--examples must be 1 or more.")
        if domain is not None:
            self._load(examples, seed, domain)
        elif output is None:
            _write(sys.stdout.buffer, examples, seed, quiet=True)
        else:
            with output.open("wb") as out:
                _write(out, examples, seed, quiet=o["verbosity"] == 0)

    def _load(self, examples: int, seed: int, domain: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "synthetic.jsonl"
            with path.open("wb") as out:
                _write(out, examples, seed, quiet=False)
            report = import_run(paths=[path], options=ImportOptions(domain=domain), actor=getpass.getuser())
        self.stdout.write(f"{report.added:,} synthetic examples added to {domain} (import {report.batch}).")


def _write(out: IO[bytes], examples: int, seed: int, *, quiet: bool) -> None:
    for record in tqdm(corpus(examples=examples, seed=seed), total=examples, disable=quiet, unit=" examples"):
        out.write(orjson.dumps(record) + b"\n")
