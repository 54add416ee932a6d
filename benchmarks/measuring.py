"""Times a poll and a submission with metrics and without, in turns in one process, and prints seconds as JSON.

Processor time of the process, whose threads write what was counted, the least of many blocks, each longer than the
pause between two writings: what else the machine does can only add to a block.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

from jobs.hotpath import quick_poll  # noqa: E402
from monitoring.metrics import receivers  # noqa: E402
from monitoring.metrics.recorder import Nothing, recorder  # noqa: E402
from monitoring.middleware import poll_answered  # noqa: E402

_BLOCKS, _SECONDS = 20, 0.6

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def main(key: str) -> None:
    """Time both."""
    applications = {True: _application(on=True)}
    counting = recorder()
    applications[False] = _application(on=False)
    submit = ("POST", "/api/jobs/batch", json.dumps({"jobs": [{"kind": "test-noop", "body": {}}]}).encode())
    answer = json.loads(_ask(applications[True], key, *submit))
    poll = ("GET", f"/api/job/{answer['jobs'][0]['job_id']}", b"")
    found = {}
    for what, request in (("poll", poll), ("submit", submit)):
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * _BLOCKS):
            on = turn % 2 == 0
            receivers.recorder = (lambda: counting) if on else Nothing  # type: ignore[assignment]
            times[on].append(_block(applications[on], key, request))
        found[what] = {"with": min(times[True]), "without": min(times[False])}
    print(json.dumps(found))


def _application(*, on: bool) -> Application:
    """Return the whole application as it is served, which looks at the setting as it is made."""
    settings.MCAI_METRICS = on
    recorder.cache_clear()
    return quick_poll(get_wsgi_application(), poll_answered())


def _block(application: Application, key: str, request: tuple[str, str, bytes]) -> float:
    began, ends, asked = time.process_time(), time.monotonic() + _SECONDS, 0
    while time.monotonic() < ends:
        _ask(application, key, *request)
        asked += 1
    return (time.process_time() - began) / asked


def _ask(application: Application, key: str, method: str, path: str, body: bytes) -> bytes:
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1", "HTTP_AUTHORIZATION": f"Bearer {key}", "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }  # fmt: skip
    answer = application(environ, lambda status, headers, exc=None: None)
    content = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return content


if __name__ == "__main__":
    main(sys.argv[1])
