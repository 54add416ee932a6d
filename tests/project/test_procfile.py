import subprocess

from mcai_project.launch import procfile
from mcai_project.queues import QUEUE_NAMES


def test_the_procfile_follows_from_the_queues() -> None:
    assert procfile.PATH.read_text() == procfile.text(), "python -m mcai_project.launch procfile > Procfile"


def test_every_queue_has_a_worker_of_its_own() -> None:
    workers = {name: command for name, command in procfile.commands().items() if name.startswith("worker_")}
    assert list(workers) == [f"worker_{queue}" for queue in QUEUE_NAMES]
    for queue in QUEUE_NAMES:
        assert f" -Q {queue} " in workers[f"worker_{queue}"]


def test_the_other_processes_are_there() -> None:
    assert {"web", "reconciler", "beat", "flower"} <= procfile.commands().keys()


def test_the_pool_of_a_queue_gets_bounds_from_the_environment() -> None:
    def words(**environment: str) -> list[str]:
        command = procfile.commands()["worker_art"]
        told = subprocess.run(["/bin/sh", "-c", f"echo {command}"], env=environment, capture_output=True, check=True)
        return told.stdout.decode().split()

    assert not [word for word in words(MCAI_AUTOSCALE_MUSIC="4,1") if "autoscale" in word]
    assert "--autoscale=4,1" in words(MCAI_AUTOSCALE_ART="4,1")
