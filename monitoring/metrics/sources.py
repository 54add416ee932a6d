"""Sources of answers and models, counted."""

from prometheus_client import Counter, Histogram

from monitoring.metrics.recorder import MODEL_BUCKETS, REQUEST_BUCKETS, TOKEN_BUCKETS, ModelCall
from monitoring.metrics.tally import TALLY

_MODEL = ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")
_PROVIDER = "openai"  # the protocol that is spoken; who answers it cannot be known


class SourceSeries:
    """What came of asking sources, and what models took."""

    def __init__(self) -> None:
        super().__init__()
        self._sources = Counter(
            "mc_ai_source_requests", "What came of asking a source of answers.", ["source", "outcome"], registry=None
        )
        self._source_seconds = Histogram(
            "mc_ai_source_duration_seconds",
            "Time that a source of answers took.",
            ["source"],
            buckets=REQUEST_BUCKETS,
            registry=None,
        )
        # https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/, names as OpenTelemetry writes them for us
        self._model_seconds = Histogram(
            "gen_ai_client_operation_duration_seconds",
            "Time that a call of a model took.",
            [*_MODEL, "error_type"],
            buckets=MODEL_BUCKETS,
            registry=None,
        )
        self._tokens = Histogram(
            "gen_ai_client_token_usage",
            "Tokens of a call of a model, as its endpoint counted them.",
            [*_MODEL, "gen_ai_token_type"],
            buckets=TOKEN_BUCKETS,
            registry=None,
        )
        self._dollars = Counter(
            "mc_ai_llm_cost_dollars", "What calls of models cost, in dollars.", _MODEL, registry=None
        )

    def source_asked(self, source: str, outcome: str, seconds: float) -> None:
        """Count what came of asking a source of answers."""
        TALLY.inc(self._sources.labels(source, outcome))
        TALLY.observe(self._source_seconds.labels(source), seconds)

    def model_asked(self, call: ModelCall) -> None:
        """Count a call of a model."""
        labels = (call.operation, _PROVIDER, call.model)
        TALLY.observe(self._model_seconds.labels(*labels, call.error or ""), call.seconds)
        for kind, tokens in (("input", call.input_tokens), ("output", call.output_tokens)):
            if tokens is not None:
                TALLY.observe(self._tokens.labels(*labels, kind), tokens)
        TALLY.inc(self._dollars.labels(*labels), call.dollars)
