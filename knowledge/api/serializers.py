"""Shapes of requests, for the API's schema; the kinds of job do the validating."""

from typing import Any

from rest_framework import serializers

from knowledge.exporting.writers import WRITERS
from knowledge.feedback import MAX_NOTE
from knowledge.importing.options import ON_DUPLICATE, TEXT_UNITS
from knowledge.kinds.curation import MOST_IDS


class RotationSerializer(serializers.Serializer[Any]):
    """A rotation."""

    domain = serializers.CharField(required=False, max_length=100, help_text="all domains when absent")
    max_examples = serializers.IntegerField(required=False, min_value=0, help_text="instead of each domain's limit")
    dry_run = serializers.BooleanField(required=False, default=False)


class ExampleSerializer(serializers.Serializer[Any]):
    """An example, or a change of one."""

    content = serializers.CharField(required=False)
    response = serializers.CharField(required=False, allow_blank=True)
    metadata = serializers.JSONField(required=False)


class SnapshotSerializer(serializers.Serializer[Any]):
    """A name for a state."""

    name = serializers.CharField(max_length=100)
    note = serializers.CharField(required=False)


class DomainSerializer(serializers.Serializer[Any]):
    """A domain."""

    domain = serializers.CharField(max_length=100)


class RestoreArchiveSerializer(serializers.Serializer[Any]):
    """A domain whose archive comes back, or the archived examples that do."""

    domain = serializers.CharField(max_length=100, required=False)
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=MOST_IDS)


class RestoreSnapshotSerializer(DomainSerializer):
    """A snapshot to go back to."""

    snapshot = serializers.CharField(max_length=100)


class UndoSerializer(serializers.Serializer[Any]):
    """An import to take back."""

    batch = serializers.IntegerField(min_value=1)


class FeedbackSerializer(serializers.Serializer[Any]):
    """A rating and a note."""

    example = serializers.IntegerField(required=False, help_text="the id of an example")
    query_hash = serializers.CharField(required=False, help_text="of the answer that is rated, instead")
    rating = serializers.IntegerField(min_value=1, max_value=5)
    note = serializers.CharField(required=False, max_length=MAX_NOTE)


class ExportSerializer(serializers.Serializer[Any]):
    """An export."""

    domain = serializers.CharField(required=False, max_length=100, help_text="all domains when absent")
    format = serializers.ChoiceField(list(WRITERS), required=False)
    archived = serializers.BooleanField(required=False, default=False, help_text="with what rotation archived")


class ImportOptionsSerializer(serializers.Serializer[Any]):
    """How to import."""

    on_duplicate = serializers.ChoiceField(ON_DUPLICATE, required=False)
    strict = serializers.BooleanField(required=False, help_text="import nothing when anything is wrong")
    text_unit = serializers.ChoiceField(TEXT_UNITS, required=False, help_text="what makes an example in a TXT file")
    header = serializers.BooleanField(required=False, help_text="whether a table's first row names its columns")
    encoding = serializers.CharField(required=False, help_text="detected when absent")
    fields = serializers.DictField(  # type: ignore[assignment]  # the option's name, not DRF's own `fields`
        child=serializers.CharField(), required=False, help_text="such as {'content': 'article.body'}"
    )


class ImportSerializer(serializers.Serializer[Any]):
    """An import."""

    file = serializers.FileField(help_text="JSON, JSONL, CSV, TSV or TXT, gzip of each, or Parquet")
    domain = serializers.CharField(required=False, max_length=100, help_text="named like the file when absent")
    dry_run = serializers.BooleanField(required=False, default=False)
    options = ImportOptionsSerializer(required=False)
