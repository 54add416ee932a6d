"""An endpoint that speaks OpenAI's protocol, on a real socket."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from knowledge.embedders.contract import EmbedderAway, EmbedderError
from knowledge.embedders.endpoint import BATCH, EndpointEmbedder

Reply = Callable[[dict[str, Any]], tuple[int, Any]]


class Server(ThreadingHTTPServer):
    """Answers each request by the next of ``replies``, the last one again and again; keeps what it was asked."""

    replies: list[Reply]
    asked: list[dict[str, Any]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body | {"path": self.path, "key": self.headers["Authorization"]})
        replies = self.server.replies
        status, answer = (replies.pop(0) if len(replies) > 1 else replies[0])(body)
        self.send_response(status)
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


def vectors(body: dict[str, Any]) -> tuple[int, Any]:
    data = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(body["input"])]
    return 200, {"data": data[::-1]}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.replies, server.asked = [vectors], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def embedder(server: Server, **options: Any) -> EndpointEmbedder:
    url = f"http://127.0.0.1:{server.server_port}/v1"
    return EndpointEmbedder(url=url, model="small", api_key="k", sleep=lambda _: None, **options)


def test_texts_are_sent_in_batches_and_their_vectors_come_back_in_order(server: Server) -> None:
    texts = ["x" * (n % 9 + 1) for n in range(BATCH + 10)]
    found = embedder(server).documents(texts)
    assert [len(asked["input"]) for asked in server.asked] == [BATCH, 10]
    assert found[:, 0] / found[:, 1] == pytest.approx(np.array([len(text) for text in texts]), rel=1e-5)


def test_the_request_names_model_dimensions_and_key(server: Server) -> None:
    embedder(server).query("hello")
    (asked,) = server.asked
    assert asked["path"] == "/v1/embeddings"
    assert (asked["model"], asked["dimensions"], asked["key"]) == ("small", 256, "Bearer k")


def test_a_passing_fault_is_tried_again_after_as_long_as_the_server_asks(server: Server) -> None:
    pauses: list[float] = []
    server.replies = [lambda _: (429, {}), lambda _: (503, {}), vectors]
    made = EndpointEmbedder(url=f"http://127.0.0.1:{server.server_port}", model="m", sleep=pauses.append)
    assert made.documents(["a"]).shape == (1, 256)
    assert pauses == [7.0, 7.0]


def test_a_fault_that_stays_is_said(server: Server) -> None:
    server.replies = [lambda _: (503, {})]
    with pytest.raises(EmbedderAway, match="503"):
        embedder(server).documents(["a"])
    assert len(server.asked) == 4


def test_a_query_is_not_tried_again_since_someone_waits(server: Server) -> None:
    server.replies = [lambda _: (503, {})]
    with pytest.raises(EmbedderAway):
        embedder(server).query("a")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        (401, {}), (200, {"data": []}), (200, {"data": [{"index": 0}]}), (200, []), (200, {"data": None}),
        (200, {"data": [{"index": 0, "embedding": ["x"]}]}), (200, {"data": [{"index": 0, "embedding": [1.0] * 300}]}),
        (200, {"data": [{"index": 1, "embedding": [1.0]}]}),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(server: Server, answer: tuple[int, Any]) -> None:
    server.replies = [lambda _: answer]
    with pytest.raises(EmbedderError):
        embedder(server).query("a")
