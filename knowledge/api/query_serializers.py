"""Shapes of queries and replies, for the API's schema."""

from typing import Any

from rest_framework import serializers

from knowledge.answers.contract import Outcome
from knowledge.api.query_body import LONGEST_QUERY
from knowledge.cache.policies import TASK_TYPES
from knowledge.sources.registry import SOURCE_NAMES


class QuerySerializer(serializers.Serializer[Any]):
    """A question."""

    query = serializers.CharField(max_length=LONGEST_QUERY)
    domain = serializers.CharField(required=False, help_text="look in this domain only")
    sources = serializers.ListField(
        child=serializers.ChoiceField(SOURCE_NAMES), required=False, min_length=1, help_text="asked in this order"
    )
    task_type = serializers.ChoiceField(TASK_TYPES, required=False, default="query")
    use_cache = serializers.BooleanField(required=False, default=True)


class CitationSerializer(serializers.Serializer[Any]):
    """Where a part of the answer comes from."""

    title = serializers.CharField()
    excerpt = serializers.CharField()
    url = serializers.CharField(required=False)
    domain = serializers.CharField(required=False)
    example_id = serializers.IntegerField(required=False)
    licence = serializers.CharField(required=False)


class TokensSerializer(serializers.Serializer[Any]):
    """Tokens that this reply used."""

    prompt = serializers.IntegerField()
    completion = serializers.IntegerField()
    total = serializers.IntegerField()


class AttemptSerializer(serializers.Serializer[Any]):
    """What came of one source."""

    name = serializers.ChoiceField(SOURCE_NAMES)
    outcome = serializers.ChoiceField([str(outcome) for outcome in Outcome])
    detail = serializers.CharField(allow_blank=True)
    time_ms = serializers.FloatField()


class ReplySerializer(serializers.Serializer[Any]):
    """An answer."""

    query = serializers.CharField()
    answer = serializers.CharField(allow_null=True, help_text="null where nothing was found")
    source = serializers.ChoiceField(SOURCE_NAMES, allow_null=True)  # type: ignore[assignment]  # SPEC's name
    confidence = serializers.FloatField(help_text="0 to 1")
    citations = CitationSerializer(many=True)
    model = serializers.CharField(allow_null=True)
    cached = serializers.BooleanField()
    stale = serializers.BooleanField(help_text="made from what may no longer be so")
    age = serializers.FloatField(help_text="seconds since it was made")
    tokens = TokensSerializer()
    cost = serializers.FloatField(help_text="dollars, of this reply")
    saved_cost = serializers.FloatField(help_text="dollars that the cache saved")
    time_ms = serializers.FloatField()
    query_hash = serializers.CharField(help_text="names the answer in feedback")
    sources = AttemptSerializer(many=True)


class ReplyEventSerializer(serializers.Serializer[Any]):
    """One event of a reply that is heard as it is written."""

    event = serializers.ChoiceField(["piece", "restart", "answer", "problem"])
    data = serializers.CharField(  # type: ignore[assignment]  # the name of server-sent events
        help_text="JSON: {text} of a piece, nothing of a restart, the reply, or a problem"
    )
