"""An import as a kind of job: read into staging by the handler, applied in the finishing transaction."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from jobs.context import job_id_var
from jobs.errors import InvalidParams
from jobs.outcome import Outcome
from jobs.registry import Kind, Progress
from knowledge.errors import KnowledgeError
from knowledge.importing.apply import import_apply
from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_stage
from knowledge.importing.sources import FORMATS, Source, source_of
from knowledge.kinds import body as read

OPTIONS = ("on_duplicate", "strict", "text_unit", "header", "encoding", "fields")
FIELDS = ("file", "domain", "dry_run", "options", *OPTIONS)
HOUR_SECONDS = 3_600


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of an import; options may stand under ``options`` or beside it. Raises `InvalidParams`."""
    read.only(body, FIELDS)
    nested = body.get("options") or {}
    if not isinstance(nested, Mapping):
        raise InvalidParams("options", "It must be an object.")
    read.only(nested, OPTIONS, "options.")
    file = body.get("file")
    if not isinstance(file, Mapping) or "path" not in file:
        raise InvalidParams("file", "Send a file as multipart/form-data.")
    _source(file)
    return {"file": dict(file), "options": _options({**body, **nested}).as_json()}


def handle(params: dict[str, Any], progress: Progress) -> Outcome:
    """Read the file; what it brings is written when the job is finished."""
    job = job_id_var.get()
    staging = import_stage(
        sources=[_source(params["file"])],
        options=ImportOptions(**params["options"]),
        actor=read.actor(),
        key=UUID(job) if job else None,
        progress=lambda fraction, stage: progress(0.5 * fraction, stage),
    )
    progress(0.5, "writing")
    return Outcome({}, commit=lambda: import_apply(staging).as_json())


def _source(file: Mapping[str, Any]) -> Source:
    source = source_of(Path(file["path"]), str(file["name"]))
    if source is None:
        raise InvalidParams("file", f"{file['name']!r} is none of {', '.join(FORMATS)} (or gzip of one: .gz).")
    return source


def _options(body: Mapping[str, Any]) -> ImportOptions:
    fields = body.get("fields") or {}
    if not isinstance(fields, Mapping) or not all(isinstance(value, str) for value in fields.values()):
        raise InvalidParams("options.fields", "It must be an object of texts, such as {'content': 'article.body'}.")
    try:
        return ImportOptions(
            domain=read.text(body, "domain"),
            on_duplicate=read.text(body, "on_duplicate") or "skip",
            strict=read.truth(body, "strict"),
            dry_run=read.truth(body, "dry_run"),
            text_unit=read.text(body, "text_unit") or "paragraph",
            header=read.truth({"header": body.get("header", True)}, "header"),
            encoding=read.text(body, "encoding"),
            fields=dict(fields),
        )
    except KnowledgeError as error:
        raise read.refused(error, "options." if error.field in OPTIONS else "") from error


IMPORT = Kind("import", "data", validate, handle, time_limit=HOUR_SECONDS)
