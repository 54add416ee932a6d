"""Names to addresses in bounded time, and which addresses lie in the open internet."""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from functools import lru_cache

_THREADS = 8
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unresolved(Exception):
    """A name has no address, or none came in time."""


def resolve(host: str, port: int, timeout: float | None) -> list[Address]:
    """Return the addresses of ``host``, in the system's order.

    Raises
    ------
    Unresolved
        Where there is none, or the system's resolver, which knows no time-out, has not answered in ``timeout`` seconds.
    """
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    future = _resolvers().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = future.result(timeout)
    except (OSError, UnicodeError, FutureTimeout) as error:
        future.cancel()
        raise Unresolved(f"{host}: {error or 'no answer in time'}") from error
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether ``address`` lies in the open internet, and not in our own network, whatever it is wrapped in."""
    return all(a.is_global and not a.is_multicast for a in (address, *_inside(address)))


def _inside(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = address.teredo or ()
    nat64 = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return [a for a in (address.ipv4_mapped, address.sixtofour, nat64, *teredo) if a is not None]


@lru_cache(maxsize=1)
def _resolvers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")
