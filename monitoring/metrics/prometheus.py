"""The recorder that Prometheus can read."""

from prometheus_client import Counter, Histogram

from monitoring.metrics.recorder import JOB_BUCKETS, MODEL_BUCKETS, REQUEST_BUCKETS, TOKEN_BUCKETS, ModelCall

_MODEL = ("gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model")
_PROVIDER = "openai"  # the protocol that is spoken; who answers it cannot be known
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Prometheus:
    """Counters and histograms, none of them in the library's global registry: `monitoring.exposition` reads files."""

    def __init__(self) -> None:
        self._requests = Counter(
            "mc_ai_requests", "Requests answered.", ["endpoint", "method", "status"], registry=None
        )
        self._request_seconds = Histogram(
            "mc_ai_request_duration_seconds",
            "Time to answer a request, by the pattern of its route.",
            ["endpoint"],
            buckets=REQUEST_BUCKETS,
            registry=None,
        )
        self._submitted = Counter("mc_ai_jobs_submitted", "Jobs accepted.", ["kind"], registry=None)
        self._refused = Counter(
            "mc_ai_jobs_refused",
            "Submissions not let in: the queue's wait, or that behind the owner's own jobs, was too long.",
            ["queue", "reason"],
            registry=None,
        )
        self._finished = Counter(
            "mc_ai_jobs_finished", "Jobs that reached a final state.", ["kind", "status"], registry=None
        )
        self._retried = Counter(
            "mc_ai_jobs_retried", "Failed attempts that were followed by another.", ["kind"], registry=None
        )
        self._lost = Counter("mc_ai_jobs_lost", "Times that a job lost its worker.", registry=None)
        self._recovered = Counter("mc_ai_jobs_recovered", "Lost jobs that were put back in the queue.", registry=None)
        self._wait = Histogram(
            "mc_ai_job_wait_seconds",
            "Time from when a job could run to when a worker took it.",
            ["kind"],
            buckets=JOB_BUCKETS,
            registry=None,
        )
        self._run = Histogram(
            "mc_ai_job_run_seconds",
            "Time that one attempt at a job took.",
            ["kind"],
            buckets=JOB_BUCKETS,
            registry=None,
        )

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

        # Finding a series by its labels costs as much as counting in it.
        self._answered: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        series = (endpoint, method if method in _METHODS else "other", status)
        found = self._answered.get(series)
        if found is None:
            number = self._requests.labels(*series[:2], str(status))
            found = self._answered[series] = number, self._request_seconds.labels(endpoint)
        found[0].inc()
        found[1].observe(seconds)

    def submitted(self, kind: str) -> None:
        """Count an accepted job."""
        self._submitted.labels(kind).inc()

    def refused(self, queue: str, reason: str) -> None:
        """Count a submission that was not let in."""
        self._refused.labels(queue, reason).inc()

    def claimed(self, kind: str, waited: float) -> None:
        """Count the seconds that a job waited for a worker."""
        self._wait.labels(kind).observe(max(0.0, waited))

    def finished(self, kind: str, status: str) -> None:
        """Count a job that reached a final state."""
        self._finished.labels(kind, status).inc()

    def ran(self, kind: str, seconds: float) -> None:
        """Count the seconds of an attempt."""
        self._run.labels(kind).observe(seconds)

    def retried(self, kind: str) -> None:
        """Count an attempt that will be followed by another."""
        self._retried.labels(kind).inc()

    def lapsed(self, requeued: int, failed: int) -> None:
        """Count jobs that lost their worker."""
        self._lost.inc(requeued + failed)
        self._recovered.inc(requeued)

    def source_asked(self, source: str, outcome: str, seconds: float) -> None:
        """Count what came of asking a source of answers."""
        self._sources.labels(source, outcome).inc()
        self._source_seconds.labels(source).observe(seconds)

    def model_asked(self, call: ModelCall) -> None:
        """Count a call of a model."""
        labels = (call.operation, _PROVIDER, call.model)
        self._model_seconds.labels(*labels, call.error or "").observe(call.seconds)
        for kind, tokens in (("input", call.input_tokens), ("output", call.output_tokens)):
            if tokens is not None:
                self._tokens.labels(*labels, kind).observe(tokens)
        self._dollars.labels(*labels).inc(call.dollars)
