"""Readers: a stream in, numbered records out. A record is an object as found, or the error of its row."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from knowledge.importing.encoding import decoded
from knowledge.importing.issues import RowError
from knowledge.importing.options import ImportOptions
from knowledge.importing.readers.delimited import read_delimited
from knowledge.importing.readers.json_document import read_json
from knowledge.importing.readers.parquet import read_parquet
from knowledge.importing.readers.text import read_text

Record = dict[str, Any] | RowError
Records = Iterator[tuple[int, Record]]


def records(stream: io.BufferedReader, kind: str, options: ImportOptions, on_header: Callable[[Any], None]) -> Records:
    """Return the records of ``stream``, a file of this format.

    ``on_header`` is called with what a JSON document says of its domain before its examples.
    """
    if kind == "parquet":
        return read_parquet(stream)
    is_json = kind == "json"
    text = decoded(stream, options.encoding, json=is_json, newline="\n" if is_json else "")
    if is_json:
        return read_json(text, on_header)
    if kind == "txt":
        return read_text(text, options.text_unit)
    return read_delimited(text, "\t" if kind == "tsv" else None, options)
