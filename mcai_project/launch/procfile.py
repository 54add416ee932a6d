"""The Procfile follows from the list of queues; ``python -m mcai_project.launch procfile`` prints it."""

from pathlib import Path

from honcho.environ import parse_procfile

from mcai_project.queues import QUEUES, QueueSpec

PATH = Path(__file__).resolve().parents[2] / "Procfile"
WORKER = "worker_{name}"
WEB_NICE = 8


def worker_name(queue: str) -> str:
    """Return the name that the worker of ``queue`` bears in the Procfile."""
    return WORKER.format(name=queue)


def autoscale(queue: str) -> str:
    """Return the shell's words for the option that lets the worker's pool grow and shrink, where that is set."""
    variable = f"MCAI_AUTOSCALE_{queue.upper()}"
    return f"${{{variable}:+--autoscale=${variable}}}"


def text() -> str:
    """Return what the Procfile should hold."""
    lines = {
        # Nicer than PostgreSQL and Valkey, which its requests wait for, and than a client on the same machine.
        "web": f"nice -n {WEB_NICE} gunicorn -c mcai_project/gunicorn.conf.py mcai_project.wsgi",
        **{worker_name(queue.name): _worker(queue) for queue in QUEUES},
        "reconciler": "python manage.py reconcile",
        "beat": "celery -A mcai_project --quiet beat --pidfile= --loglevel INFO",
        "flower": "celery -A mcai_project flower --conf=mcai_project/flower_config.py",
    }
    return "".join(f"{name}: {command}\n" for name, command in lines.items())


def commands() -> dict[str, str]:
    """Return the command of each process that the Procfile names, in its order."""
    return dict(parse_procfile(PATH.read_text()).processes)


def _worker(queue: QueueSpec) -> str:
    # Nicer than web: however heavy the jobs, requests are answered first.
    # The shell puts in the bounds of the pool where the environment has them; they go before --concurrency.
    # Remapped, a SIGTERM gives the running job the soft shutdown's seconds; plain, it would wait without a bound.
    return (
        f"nice -n 19 env REMAP_SIGTERM=SIGQUIT celery -A mcai_project --quiet worker -Q {queue.name} -n {queue.name}@%h"
        f" --concurrency {queue.concurrency} {autoscale(queue.name)} --without-gossip --without-mingle --loglevel INFO"
    )
