"""An export as a kind of job."""

import tempfile
from collections.abc import Mapping
from typing import IO, Any, cast

from jobs.outcome import Outcome, OutFile
from jobs.registry import Kind, Progress
from knowledge.errors import KnowledgeError
from knowledge.exporting.run import datasets_chosen, export_write, format_check
from knowledge.exporting.writers import MEDIA_TYPES
from knowledge.kinds import body as read

FIELDS = ("domain", "format", "archived")
HOUR_SECONDS = 3_600


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of an export. Raises `InvalidParams`."""
    read.only(body, FIELDS)
    domain = read.text(body, "domain")
    try:
        chosen = format_check(read.text(body, "format") or ("jsonl" if domain is None else "json"))
        if chosen == "json" and domain is None:
            raise KnowledgeError("format", "A JSON document holds one domain; name one, or take another format.")
        datasets_chosen([] if domain is None else [domain])
    except KnowledgeError as error:
        raise read.refused(error) from error
    return {"domain": domain, "format": chosen, "archived": read.truth(body, "archived")}


def handle(params: dict[str, Any], progress: Progress) -> Outcome:
    """Write the file."""
    domain, chosen = params["domain"], params["format"]
    out = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115 - the runner reads and closes it
    try:
        datasets = datasets_chosen([] if domain is None else [domain])
        count = export_write(out=out, datasets=datasets, format=chosen, archived=params["archived"], progress=progress)
    except KnowledgeError as error:
        raise read.refused(error) from error
    file = OutFile(f"{(domain or 'examples').lstrip('.')}.{chosen}", MEDIA_TYPES[chosen], cast(Any, out))
    return Outcome({"domains": [dataset.domain_name for dataset in datasets], "examples": count}, (file,))


EXPORT = Kind("export", "data", validate, handle, time_limit=HOUR_SECONDS)
