import ipaddress
import socket
import threading
from typing import Any

import pytest

from knowledge.sources.net.addresses import Unresolved, is_public, resolve
from tests.waiting import PATIENCE


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
    ],
)
def test_our_own_network_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_resolver_that_does_not_answer_costs_no_more_than_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    told, answered = threading.Event(), threading.Event()

    def slow(*_args: Any, **_more: Any) -> list[Any]:
        told.wait(PATIENCE)
        answered.set()
        return []

    with monkeypatch.context() as patched, pytest.raises(Unresolved, match=r"example\.org"):
        patched.setattr(socket, "getaddrinfo", slow)
        resolve("example.org", 80, 0.05)
    assert not answered.is_set()
    told.set()


def test_a_name_that_is_none_is_unresolved() -> None:
    with pytest.raises(Unresolved):
        resolve("a" * 64 + ".invalid", 80, 1.0)
