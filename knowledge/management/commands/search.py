"""``manage.py search "…"``: search the examples from a shell."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.errors import InvalidParams
from knowledge.api.search_asked import asked_of
from knowledge.cache.searches import page_json
from knowledge.errors import KnowledgeError
from knowledge.search.asked import Mode
from knowledge.search.highlighting import Result
from knowledge.search.searching import Page, search
from knowledge.search.snippets import CLOSE, OPEN


class Command(BaseCommand):
    """Search the examples by words, by meaning, or by both."""

    help = "Search the examples by words, by meaning, or by both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options, which are those of the REST API."""
        parser.add_argument("q", help='words, "a phrase", one OR another, -without')
        parser.add_argument("--mode", choices=list(Mode), default=str(Mode.TEXT))
        parser.add_argument("--domain")
        parser.add_argument("--from", help="created at this date or moment, or later")
        parser.add_argument("--to", help="created within this day, at this moment, or earlier")
        parser.add_argument("--emotion")
        parser.add_argument("--min-frequency", help="Hz")
        parser.add_argument("--max-frequency", help="Hz")
        parser.add_argument("--limit", default="10")
        parser.add_argument("--archived", action="store_true", help="look in the archive as well")
        parser.add_argument("--json", action="store_true", help="print JSON, as the API answers")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Search and print."""
        names = ("q", "mode", "domain", "from", "to", "emotion", "min_frequency", "max_frequency", "limit")
        query = {name: options[name] for name in names if options[name]}
        try:
            page = search(asked_of({**query, "archived": str(options["archived"]).lower()}))
        except (InvalidParams, KnowledgeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(page_json(page), indent=2, ensure_ascii=False) if options["json"] else told(page))


def told(page: Page) -> str:
    """Return the page for a person to read."""
    if not page.results:
        return f"Nothing was found. Did you mean: {page.suggestion}" if page.suggestion else "Nothing was found."
    return "\n".join(map(_line, page.results))


def _line(found: Result) -> str:
    snippet = " ".join(found.snippet.replace(OPEN, "*").replace(CLOSE, "*").split())
    return f"{found.score:8.3f}  {found.domain}, example {found.id}{' (archived)' * found.archived}: {snippet}"
