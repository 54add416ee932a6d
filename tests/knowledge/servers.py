"""Real HTTP servers that speak the protocols of MediaWiki, SearXNG and OpenAI, well or ill."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pytest_django import Settings

HANG_SECONDS = 60.0


class Call:
    """One request that a server got, and how to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self._handler = handler
        split = urlsplit(handler.path)
        self.path, self.query = unquote(split.path), {k: v[0] for k, v in parse_qs(split.query).items()}
        self.headers, self.body = handler.headers, body

    @property
    def json(self) -> Any:
        """The body decoded."""
        return json.loads(self.body)

    def answer(self, body: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> None:
        """Answer with ``body``."""
        self.begin(kind, status, **{"Content-Length": str(len(body))} | headers)
        self.send(body)

    def answer_json(self, value: Any, status: int = 200, **headers: str) -> None:
        """Answer with JSON."""
        self.answer(json.dumps(value).encode(), status=status, **headers)

    def begin(self, kind: str, status: int = 200, **headers: str) -> None:
        """Send the head of an answer."""
        self._handler.send_response(status)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, piece: bytes) -> None:
        """Send a piece of the body."""
        self._handler.wfile.write(piece)
        self._handler.wfile.flush()


Answering = Callable[[Call], None]


class Server:
    """An HTTP server on a free port of the loopback; ``fault``, where set, answers in place of ``well``."""

    def __init__(self, well: Answering) -> None:
        self.well, self.fault = well, None  # type: Answering, Answering | None
        self.calls: list[Call] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def stop(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                call = Call(self, self.rfile.read(int(self.headers.get("Content-Length", "0"))))
                server.calls.append(call)
                self.close_connection = True
                with suppress(BrokenPipeError, ConnectionResetError):
                    (server.fault or server.well)(call)

            do_POST = do_GET

            def log_message(self, *_args: Any) -> None:
                """Keep quiet."""

        return Handler


# --- faults ---------------------------------------------------------------------------------------------------


def hangs(call: Call) -> None:
    del call
    time.sleep(HANG_SECONDS)


def drips(call: Call) -> None:
    call.begin("application/json")
    for _ in range(int(HANG_SECONDS / 0.05)):
        call.send(b" ")
        time.sleep(0.05)


def drips_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(int(HANG_SECONDS / 0.05)):
        call.send(f"X-{number}: 1\r\n".encode())
        time.sleep(0.05)


def fails(call: Call) -> None:
    call.answer_json({"error": "boom"}, status=500)


def is_busy(call: Call) -> None:
    call.answer_json({"error": "slow down"}, status=429, Retry_After="120")


def sends_broken_json(call: Call) -> None:
    call.answer(b'{"pages": [')


def sends_other_json(call: Call) -> None:
    call.answer(b'["not", {"what": "was"}, "asked"]')


def sends_ten_megabytes(call: Call) -> None:
    call.answer(b'{"pages": ["' + b"x" * 10_000_000 + b'"]}')


def sends_endless(call: Call) -> None:
    call.begin("application/json")
    while True:
        call.send(b"x" * 65_536)


def redirects_to(address: str) -> Answering:
    def redirect(call: Call) -> None:
        call.answer(b"", status=302, Location=address)

    return redirect


def closes(call: Call) -> None:
    call.begin("application/json", Content_Length="100")
    call.send(b"{")


# --- the protocols --------------------------------------------------------------------------------------------

PAGES = {
    "Photosynthesis": "<p class='mw-empty-elt'></p><table><tr><td><p>Infobox</p></td></tr></table>"
    "<p><b>Photosynthesis</b> is the process by which plants turn light<sup>[1]</sup> into chemical energy. "
    "It takes place in chloroplasts.</p><p>Oxygen is released.</p>",
    "Plant": "<p>Plants are living things.</p>",
}


def mediawiki(call: Call) -> None:
    if call.path == "/w/rest.php/v1/search/page":
        return call.answer_json({"pages": [_page(title) for title in _matching(call.query["q"])]})
    title = call.path.removeprefix("/w/rest.php/v1/page/").removesuffix("/html")
    if title in PAGES:
        return call.answer(f"<!DOCTYPE html><html><body>{PAGES[title]}</body></html>".encode(), "text/html")
    return call.answer_json({"httpCode": 404}, status=404)


def _matching(query: str) -> list[str]:
    return [
        title for title in reversed(PAGES) if any(word.casefold()[:5] in title.casefold() for word in query.split())
    ]


def _page(title: str) -> dict[str, Any]:
    excerpt = f'<span class="searchmatch">{title}</span> &amp; more'
    return {"id": len(title), "key": title, "title": title, "excerpt": excerpt, "description": None, "thumbnail": None}


def searx(call: Call) -> None:
    result = {
        "url": "https://example.org/tides",
        "title": "Tides explained",
        "content": "Tides rise and fall because of the Moon's gravity.",
        "engine": "example",
        "score": 1.0,
    }
    other = {"url": "javascript:alert(1)", "title": "Bad", "content": "tides tides tides"}
    asked = call.query["q"].casefold()
    call.answer_json({"query": asked, "results": [other, result] if "tide" in asked else [], "answers": []})


def chat(call: Call) -> None:
    said = "Entropy measures how many arrangements look the same."
    usage = {"prompt_tokens": 40, "completion_tokens": 10, "total_tokens": 50}
    if not call.json.get("stream"):
        message = {"role": "assistant", "content": said}
        call.answer_json({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage})
        return
    call.begin("text/event-stream")
    for word in said.split(" "):
        send_event(call, {"choices": [{"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}]})
    send_event(call, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    send_event(call, {"choices": [], "usage": usage})
    call.send(b"data: [DONE]\n\n")


def send_event(call: Call, event: Any) -> None:
    call.send(b"data: " + json.dumps(event).encode() + b"\n\n")


@pytest.fixture
def wikipedia(settings: Settings) -> Iterator[Server]:
    """Run a MediaWiki site and set it as the source."""
    server = Server(mediawiki)
    settings.WIKIPEDIA_URL, settings.WIKIPEDIA_TIMEOUT = f"{server.url}/w/rest.php/v1", 4.0
    yield server
    server.stop()


@pytest.fixture
def searxng(settings: Settings) -> Iterator[Server]:
    """Run a search of the web and set it as the source."""
    server = Server(searx)
    settings.SEARXNG_URL, settings.SEARXNG_TIMEOUT = server.url, 4.0
    yield server
    server.stop()


@pytest.fixture
def llm(settings: Settings) -> Iterator[Server]:
    """Run a model of a dollar a thousand tokens and set it as the source."""
    server = Server(chat)
    entry = {"name": "small", "url": f"{server.url}/v1", "model": "small-1", "api_key": "secret", "timeout": 4.0}
    settings.LLM_MODELS = [{**entry, "input_price": 1_000.0, "output_price": 1_000.0, "max_tokens": 100}]
    settings.LLM_DAILY_BUDGET = 1_000.0
    yield server
    server.stop()
