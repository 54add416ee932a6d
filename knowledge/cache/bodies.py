"""Pages as they were last sent, in this process: what most ask for is not fetched, decoded and encoded for each anew.

A page is known by its version, which the database tells at every request; so one from before a change is never sent.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from knowledge.cache import stats

MOST = 16
LARGEST = 262_144  # bytes

_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = Lock()


def body_of(name: str, cache_type: str, make: Callable[[], bytes]) -> bytes:
    """Return the body of this name, the version in it; what is not kept is made, and kept if it is not too large.

    A kept one counts as a hit of the shared cache's type, of which it was made.
    """
    with _lock:
        body = _kept.get(name)
        if body is not None:
            _kept.move_to_end(name)
    if body is not None:
        stats.count(cache_type, "hits", stats.at("process", "hits"))
        return body
    body = make()
    if len(body) <= LARGEST:
        with _lock:
            _kept[name] = body
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return body
