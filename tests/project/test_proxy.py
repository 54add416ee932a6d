"""What a proxy says of a request is believed of listed proxies alone, and of it no more than the scheme."""

from pathlib import Path

import httpx
import pytest

from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE, eventually

TLS = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def production(start_process: Start, log: Path, **environment: str) -> str:
    """Start the web server as in production; return its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    needed = {
        "MCAI_ENV": "production", "SECRET_KEY": "s" * 40, "ALLOWED_HOSTS": "127.0.0.1", "WEB_ACCESS_LOG": str(log),
        "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    start_process(web_argv(port), needed | environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    return url


def ask(url: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=PATIENCE)


def logged_in_from(url: str, origin: str) -> int:
    """Return how a log-in of nobody that comes from this origin is answered: 403, or the form again."""
    form = ask(f"{url}/admin/login/", TLS)
    token = form.cookies["csrftoken"]
    headers = TLS | {"Origin": origin, "Cookie": f"csrftoken={token}", "Referer": f"{origin}/admin/login/"}
    body = {"username": "nobody", "password": "none", "csrfmiddlewaretoken": token}
    return httpx.post(f"{url}/admin/login/", headers=headers, data=body, timeout=PATIENCE).status_code


@pytest.mark.django_db(transaction=True)
def test_a_listed_proxy_is_believed(start_process: Start, log: Path) -> None:
    url = production(start_process, log, FORWARDED_ALLOW_IPS="10.1.0.0/16,127.0.0.1")
    assert "strict-transport-security" in ask(f"{url}/livez", TLS).headers
    assert "strict-transport-security" not in ask(f"{url}/livez").headers
    assert "strict-transport-security" not in ask(f"{url}/livez", {"X-Forwarded-Ssl": "on"}).headers
    assert "; Secure" in ask(f"{url}/admin/login/", TLS).headers["set-cookie"]
    assert logged_in_from(url, url.replace("http:", "https:")) == 200
    assert logged_in_from(url, "https://evil.example") == 403
    answer = ask(f"{url}/admin/", TLS | {"SCRIPT_NAME": "/evil", "X-Forwarded-For": "192.0.2.7"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/admin/login/?next=/admin/")
    eventually(lambda: "127.0.0.1 192.0.2.7 - [" in log.read_text(), "the log tells both addresses")


def test_another_is_not(start_process: Start, log: Path) -> None:
    url = production(start_process, log, FORWARDED_ALLOW_IPS="10.1.0.0/16")
    assert "strict-transport-security" not in ask(f"{url}/livez", TLS).headers
    assert logged_in_from(url, url.replace("http:", "https:")) == 403
