"""Any endpoint that speaks OpenAI's embeddings protocol: ``POST {EMBEDDER_URL}/embeddings``."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt

from jobs import tracing
from knowledge import signals
from knowledge.embedders.contract import EmbedderAway, EmbedderError, Vectors, fitted
from knowledge.models import EMBEDDING_DIMENSIONS

BATCH = 64
LONGEST_TEXT = 24_000
"""Characters, about 6,000 tokens: models take 8,192."""
ATTEMPTS = 4
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504}
_LONGEST_PAUSE = 30.0


class EndpointEmbedder:
    """Embeds by a model behind an endpoint; ``dimensions`` is asked of it, or not sent where it is 0."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        api_key: str = "",
        dimensions: int = EMBEDDING_DIMENSIONS,
        truncate: bool = False,
        timeout: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.identity = f"openai:{model}:{dimensions}"
        self._url = f"{url.rstrip('/')}/embeddings"
        self._body: dict[str, Any] = {"model": model, "encoding_format": "float"}
        self._body |= {"dimensions": dimensions} if dimensions else {}
        self._truncate = truncate
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(timeout=timeout, headers=headers)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """See `contract.Embedder`."""
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return np.concatenate([self._embed(batch, ATTEMPTS) for batch in batches])

    def query(self, text: str) -> Vectors:
        """See `contract.Embedder`; someone waits, so one attempt must do."""
        return self._embed([text], 1)

    def _embed(self, texts: Sequence[str], attempts: int) -> Vectors:
        body = self._body | {"input": [text[:LONGEST_TEXT] or " " for text in texts]}
        for attempt in range(1, attempts + 1):
            pause, began = min(2.0**attempt / 2, _LONGEST_PAUSE), time.perf_counter()
            try:
                response = self._post(body)
            except httpx.HTTPError as error:
                reason = type(error).__name__
                self._tell(began, None, "timeout" if isinstance(error, httpx.TimeoutException) else "connection")
            else:
                self._tell(began, response, None if response.is_success else str(response.status_code))
                if response.status_code not in _PASSING:
                    return fitted(_read(response, len(texts)), truncate=self._truncate)
                reason, pause = f"HTTP {response.status_code}", _pause(response, pause)
            if attempt < attempts:
                self._sleep(pause)
        raise EmbedderAway(f"The embeddings endpoint does not answer: {reason}.")

    def _post(self, body: dict[str, Any]) -> httpx.Response:
        host = {"server.address": httpx.URL(self._url).host}
        with tracing.span("embeddings", tracing.Kind.CLIENT, host) as trace:
            return self._client.post(self._url, json=body, headers={"traceparent": trace.header})

    def _tell(self, began: float, response: httpx.Response | None, error: str | None) -> None:
        """Tell whoever counts of one exchange."""
        signals.model_asked.send_robust(
            None,
            operation="embeddings",
            model=self._body["model"],
            seconds=time.perf_counter() - began,
            error=error,
            input_tokens=None if error else _tokens(response),
            output_tokens=None,
            dollars=0.0,
        )


def _pause(response: httpx.Response, otherwise: float) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_PAUSE) if asked.isascii() and asked.isdigit() else otherwise


def _tokens(response: httpx.Response | None) -> int | None:
    """Return the tokens that the endpoint says it counted; None where it says nothing that makes sense."""
    try:
        counted = response.json()["usage"]["prompt_tokens"] if response else None
    except (ValueError, KeyError, TypeError):
        return None
    return counted if isinstance(counted, int) and counted >= 0 else None


def _read(response: httpx.Response, count: int) -> npt.NDArray[np.float32]:
    if response.status_code != 200:
        raise EmbedderError(f"The embeddings endpoint answers HTTP {response.status_code}.")
    try:
        data = sorted(response.json()["data"], key=lambda each: each["index"])
        vectors = np.array([each["embedding"] for each in data], np.float32)
    except (ValueError, KeyError, TypeError) as error:
        raise EmbedderError("The embeddings endpoint gives no list of vectors.") from error
    if vectors.ndim != 2 or len(vectors) != count or [each["index"] for each in data] != list(range(count)):
        raise EmbedderError(f"The embeddings endpoint was asked for {count} vectors and gave {vectors.shape}.")
    return vectors
