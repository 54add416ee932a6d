"""What can go wrong. Each fault is done to the system, lasts a moment, and leaves it to mend itself."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import psutil
import redis

from tests.chaos.load import Load
from tests.chaos.system import LEASE_SECONDS, System

Fault = Callable[[System, Load, random.Random], None]
WORKERS = ("worker_a", "worker_b", "worker_c")


def kill_child(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 one child of a worker's pool."""
    children = system.children(rng.choice(WORKERS))
    if children:
        _kill(rng.choice(children))


def kill_worker_main(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 a worker's main process; its children are left behind."""
    system.signal(rng.choice(WORKERS), signal.SIGKILL)


def kill_worker_group(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 a whole worker."""
    system.signal(rng.choice(WORKERS), signal.SIGKILL, group=True)


def freeze_worker(system: System, load: Load, rng: random.Random) -> None:
    """SIGSTOP a whole worker for longer than its leases last, then let it go on."""
    name = rng.choice(WORKERS)
    system.signal(name, signal.SIGSTOP, group=True)
    time.sleep(LEASE_SECONDS + 1.5)
    system.signal(name, signal.SIGCONT, group=True)


def stop_worker(system: System, load: Load, rng: random.Random) -> None:
    """SIGTERM: the soft shutdown."""
    system.signal(rng.choice(WORKERS), signal.SIGTERM)
    time.sleep(rng.uniform(0, 2))


def kill_web(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 the web server, or one of its processes."""
    children = system.children("web")
    if children and rng.random() < 0.7:
        _kill(rng.choice(children))
    else:
        system.signal("web", signal.SIGKILL, group=True)


def die_before_publishing(system: System, load: Load, rng: random.Random) -> None:
    """Have a process accept a job and die between the commit and the message."""
    tag = load.new_tag()
    subprocess.run(
        [sys.executable, "-m", "tests.chaos.dying_submitter", tag], env=system.environment(), check=False, timeout=240
    )


def kill_broker(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 the broker."""
    _kill_pid(system.state.valkey_pid)


def flush_broker(system: System, load: Load, rng: random.Random) -> None:
    """Lose all that the broker held."""
    with suppress(redis.RedisError):
        redis.Redis.from_url(system.state.redis_url, socket_timeout=3).flushall()


def freeze_broker(system: System, load: Load, rng: random.Random) -> None:
    """A broker that accepts connections and never answers."""
    with suppress(psutil.NoSuchProcess):
        broker = psutil.Process(system.state.valkey_pid)
        broker.suspend()
        try:
            time.sleep(rng.uniform(0.5, 4))
        finally:
            broker.resume()


def kill_database(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 PostgreSQL: every connection breaks, it recovers from its log."""
    _kill_pid(system.state.postgres_pid)


def kill_reconciler(system: System, load: Load, rng: random.Random) -> None:
    """kill -9 one of the reconcilers, or both."""
    for name in rng.sample(("reconciler_a", "reconciler_b"), rng.choice((1, 2))):
        system.signal(name, signal.SIGKILL)


def double_messages(system: System, load: Load, rng: random.Random) -> None:
    """Put each message of the queue there twice more."""
    with suppress(redis.RedisError):
        client = redis.Redis.from_url(system.state.redis_url, socket_timeout=3)
        messages = client.lrange("data", 0, -1)
        if messages:
            client.rpush("data", *messages, *messages)


def cancel_some(system: System, load: Load, rng: random.Random) -> None:
    """Cancel jobs at whatever moment they are in."""
    load.cancel_some(rng)


def submit_poison(system: System, load: Load, rng: random.Random) -> None:
    """Submit a job that kills whoever runs it."""
    load.submit_odd("test-suicide")


def submit_hanging(system: System, load: Load, rng: random.Random) -> None:
    """Submit a job that hangs past its time limit."""
    load.submit_odd("test-hang")


def fill_disk(system: System, load: Load, rng: random.Random) -> None:
    """Submit a job whose disk is full half-way through its file, at the first attempt."""
    load.submit_full_disk()


FAULTS: tuple[Fault, ...] = (
    kill_child, kill_worker_main, kill_worker_group, freeze_worker, stop_worker, kill_web, die_before_publishing,
    kill_broker, flush_broker, freeze_broker, kill_database, kill_reconciler, double_messages, cancel_some,
    submit_poison, submit_hanging, fill_disk,
)  # fmt: skip


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill()


def _kill_pid(pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).kill()
