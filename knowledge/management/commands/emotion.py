"""``manage.py emotion "…"``: what a text speaks of; and which version of the classifier says so."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.emotions.reading import texts_read
from knowledge.emotions.versions import active_version, version_activate, version_roll_back
from knowledge.models import EmotionModel

BAR = 30


class Command(BaseCommand):
    help = "Read texts for emotions, or choose the version of the model that does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="*")
        parser.add_argument("--top", type=int, default=5, help="how many scores (default 5)")
        parser.add_argument("--json", action="store_true", help="print the whole analysis as JSON")
        parser.add_argument("--versions", action="store_true", help="list the versions")
        parser.add_argument("--activate", metavar="SHA256", help="use this version, everywhere")
        parser.add_argument("--roll-back", action="store_true", help="use the version from before again")

    def handle(self, *args: Any, text: list[str], top: int, **options: Any) -> None:
        if options["activate"]:
            self._activate(options["activate"])
        if options["roll_back"]:
            self.stdout.write(f"Active: {version_roll_back()}")
        if options["versions"]:
            self._list()
        if text:
            self._read(text, max(1, top), as_json=options["json"])

    def _read(self, texts: list[str], top: int, *, as_json: bool) -> None:
        found = texts_read(texts, top=top)
        if as_json:
            self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
            return
        for text, reading in zip(texts, found["texts"], strict=True):
            self.stdout.write(f"{text[:100]}\n{_told(reading)}\n")

    def _activate(self, beginning: str) -> None:
        """Activate the one version whose SHA-256 begins so."""
        found = list(EmotionModel.objects.filter(sha256__startswith=beginning).values_list("sha256", flat=True)[:2])
        if len(found) != 1:
            raise CommandError(f"{len(found) or 'No'} versions begin with {beginning!r}; --versions lists them.")
        version_activate(found[0])
        self.stdout.write(f"Active: {found[0]}")

    def _list(self) -> None:
        active = active_version()
        for row in EmotionModel.objects.defer("content"):
            mark = "*" if row.sha256 == active else " "
            self.stdout.write(f"{mark} {row.sha256}  {row.created_at:%Y-%m-%d %H:%M}  {json.dumps(row.figures)}"[:300])
        self.stdout.write(f"Active: {active}")


def _told(reading: dict[str, Any]) -> str:
    if reading["note"]:
        return f"  {reading['note']}"
    bars = [f"  {name:<15} {score:5.1%} {'█' * round(BAR * score)}" for name, score in reading["scores"].items()]
    words = ", ".join(word["word"] for word in reading["words"])
    mood = f"  {', '.join(reading['labels'])}; valence {reading['valence']:+.2f}, arousal {reading['arousal']:+.2f}"
    return "\n".join([mood, *bars, *([f"  by the words: {words}"] if words else [])])
