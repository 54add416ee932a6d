"""``manage.py ask``: put a question to the knowledge store and its other sources."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from knowledge.answers.asking import Ask, ask
from knowledge.answers.contract import Reply
from knowledge.answers.representation import reply_body
from knowledge.cache.errors import Unobtainable
from knowledge.cache.policies import TASK_TYPES
from knowledge.sources.contract import Question
from knowledge.sources.registry import SOURCE_NAMES


class Command(BaseCommand):
    """Answer a question, and say where the answer comes from and what it cost."""

    help = "Answer a question, and say where the answer comes from and what it cost."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("query", help="the question")
        parser.add_argument("--domain", help="look in this domain only")
        parser.add_argument("--sources", nargs="+", choices=SOURCE_NAMES, default=SOURCE_NAMES, metavar="SOURCE")
        parser.add_argument("--task-type", choices=TASK_TYPES, default="query")
        parser.add_argument("--owner", help="whose answer it is, for tutoring and collaboration")
        parser.add_argument("--no-cache", action="store_true", help="ask the sources in any case")
        parser.add_argument("--stream", action="store_true", help="print a model's words as they come")
        parser.add_argument("--json", action="store_true", help="print JSON, as the API answers")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask and print."""
        listener = self if options["stream"] and not options["json"] else None
        question = Question(options["query"], options["domain"], options["task_type"], listener)
        try:
            reply = ask(Ask(question, tuple(options["sources"]), not options["no_cache"], options["owner"]))
        except (Unobtainable, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            json.dumps(reply_body(reply), indent=2, ensure_ascii=False) if options["json"] else told(reply)
        )

    def piece(self, text: str) -> None:
        """Print a piece of the answer at once."""
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def restart(self) -> None:
        """Say that another model begins."""
        self.stdout.write("\n[another model begins]\n")


def as_text(reply: Reply) -> str:
    """Return the reply as JSON."""
    return json.dumps(reply_body(reply), indent=2, ensure_ascii=False)


def told(reply: Reply) -> str:
    """Return the reply for a person to read."""
    body = reply_body(reply)
    lines = [body["answer"] or "Nothing was found.", ""]
    lines += [f"[{n}] {_cited(c)}" for n, c in enumerate(body["citations"], start=1)]
    lines += [f"{s['name']}: {s['outcome']}{_why(s)}" for s in body["sources"]]
    marks = "".join(f", {mark}" for mark in ("cached", "stale") if body[mark])
    lines.append(f"confidence {body['confidence']:.2f}{marks}, ${body['cost']:.6f}, {body['time_ms']:.1f} ms")
    return "\n".join(lines)


def _cited(citation: dict[str, Any]) -> str:
    where = citation.get("url") or f"{citation.get('domain')}, example {citation.get('example_id')}"
    return f"{citation['title']} ({where})"


def _why(attempt: dict[str, Any]) -> str:
    return f" ({attempt['detail']})" if attempt["detail"] else ""
