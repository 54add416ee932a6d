"""How an import is to be done."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from knowledge.domains import domain_name_clean
from knowledge.errors import KnowledgeError, nearest

ON_DUPLICATE = ("skip", "replace", "error")
TEXT_UNITS = ("paragraph", "line")
FIELDS = ("content", "response")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Parameters of an import.

    Parameters
    ----------
    domain
        Where all examples go; when None, the domain that the file names, or else the name of the file.
    on_duplicate
        What to do with a content that its domain holds already: ``skip`` it, ``replace`` the one held, or report
        it as an ``error``.
    strict
        Import nothing when anything is wrong.
    dry_run
        Read all and say what would happen.
    text_unit
        What makes an example in a TXT file: a ``paragraph`` or a ``line``.
    header
        Whether the first row of a CSV or TSV file names its columns; without, they are content and response.
    encoding
        The encoding of the text; detected when None.
    fields
        Names of ``content`` and ``response`` in the file where they are unusual; dots reach into objects.
    """

    domain: str | None = None
    on_duplicate: str = "skip"
    strict: bool = False
    dry_run: bool = False
    text_unit: str = "paragraph"
    header: bool = True
    encoding: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.domain is not None:
            object.__setattr__(self, "domain", domain_name_clean(self.domain))
        one_of("on_duplicate", self.on_duplicate, ON_DUPLICATE)
        one_of("text_unit", self.text_unit, TEXT_UNITS)
        for name in self.fields:
            one_of("fields", name, FIELDS)
        if self.encoding is not None:
            known_encoding(self.encoding)

    def as_json(self) -> dict[str, Any]:
        """Return the options as they are kept with the batch."""
        return asdict(self)


def one_of(field_name: str, value: str, known: tuple[str, ...]) -> None:
    """Raise unless ``value`` is one of ``known``."""
    if value not in known:
        raise KnowledgeError(field_name, f"{value!r} is none of {', '.join(known)}.{nearest(str(value), known)}")


def known_encoding(name: str) -> None:
    """Raise unless Python can decode text in the encoding of this name."""
    try:
        b"x".decode(name, "replace")
    except LookupError as error:
        raise KnowledgeError("encoding", f"{name!r} is no known text encoding; try utf-8 or cp1252.") from error
