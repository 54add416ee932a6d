"""Reading texts: as a job, and one short text at once."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.api.parsing import BodyParser, body_of
from jobs.api.submitting import PROBLEMS, SubmitView, submit_schema
from jobs.errors import InvalidParams
from knowledge.emotions.request import LONGEST_AT_ONCE, LONGEST_TEXT, MOST_TEXTS, Request


class OptionsSerializer(serializers.Serializer[Any]):
    """How much to tell."""

    top = serializers.IntegerField(min_value=1, max_value=100, required=False, help_text="how many scores")
    arc = serializers.BooleanField(required=False, help_text="the mood from sentence to sentence")


class AnalyzeAtOnceSerializer(serializers.Serializer[Any]):
    """One short text."""

    text = serializers.CharField(max_length=LONGEST_AT_ONCE, allow_blank=True)
    options = OptionsSerializer(required=False)


class AnalyzeSerializer(serializers.Serializer[Any]):
    """One text, or many."""

    text = serializers.CharField(required=False, max_length=LONGEST_TEXT, allow_blank=True)
    texts = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True), max_length=MOST_TEXTS, required=False
    )
    options = OptionsSerializer(required=False)


class ArcSerializer(serializers.Serializer[Any]):
    """One sentence of a text."""

    text = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field, not DRF's own `label`
    score = serializers.FloatField(allow_null=True)
    valence = serializers.FloatField()
    arousal = serializers.FloatField()


class WordSerializer(serializers.Serializer[Any]):
    """A word that spoke for the first label."""

    word = serializers.CharField()
    weight = serializers.FloatField()


class ReadingSerializer(serializers.Serializer[Any]):
    """What was found in a text."""

    labels = serializers.ListField(child=serializers.CharField())
    scores = serializers.DictField(child=serializers.FloatField())
    valence = serializers.FloatField()
    arousal = serializers.FloatField()
    neuroscience_freq = serializers.FloatField(allow_null=True, help_text="Hz")
    metaphysical_freq = serializers.FloatField(allow_null=True, help_text="Hz")
    ekman = serializers.CharField(allow_null=True)
    words = WordSerializer(many=True)
    note = serializers.CharField(allow_null=True)
    arc = ArcSerializer(many=True, required=False)


class ReadingsSerializer(serializers.Serializer[Any]):
    """What was found, and by which version of the model."""

    texts = ReadingSerializer(many=True)
    model = serializers.CharField()


class EmotionView(SubmitView):
    """``POST /api/emotion/analyze-async``."""

    kind = "emotion"

    @submit_schema("emotion", AnalyzeSerializer, "Have texts read for emotions")
    def post(self, request: HttpRequest) -> Response:
        """Accept the job."""
        return super().post(request)


class EmotionAtOnceView(APIView):
    """``POST /api/emotion/analyze``."""

    parser_classes = (BodyParser,)

    @extend_schema(
        operation_id="analyze_emotion",
        tags=["emotion"],
        summary="Read one short text for emotions",
        request=AnalyzeAtOnceSerializer,
        responses={200: ReadingsSerializer, **PROBLEMS},
    )
    def post(self, request: HttpRequest) -> Response:
        """Answer at once."""
        from knowledge.emotions.reading import texts_read  # numpy: loaded with the first text

        asked = Request.parse(_short(body_of(request)))
        return Response(texts_read(**asked.as_params()))


def _short(body: dict[str, Any]) -> dict[str, Any]:
    text = body.get("text")
    if "texts" in body or "text" not in body:
        raise InvalidParams("text", "send one `text`; POST /api/emotion/analyze-async takes many")
    if isinstance(text, str) and len(text) > LONGEST_AT_ONCE:
        raise InvalidParams(
            "text", f"has {len(text):,} characters; here {LONGEST_AT_ONCE:,} are read, more by analyze-async"
        )
    return body
