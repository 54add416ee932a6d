"""Versions are added, activated and rolled back, and every process follows."""

import threading

import numpy as np
import pytest
from django.db import connection

from knowledge.emotions.artifact import Model, digest
from knowledge.emotions.errors import ArtifactError
from knowledge.emotions.provider import Provider
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.shipped import shipped_model
from knowledge.emotions.versions import SHIPPED, Draft, active_version, version_activate, version_add, version_roll_back
from knowledge.models import EmotionModel

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped_again() -> bytes:
    """Another version with all 28 labels, told apart by one threshold."""
    model = shipped_model()
    model.thresholds[0] += 0.01
    return model.to_bytes()


def add(content: bytes) -> str:
    return version_add(Draft(content, "# card", {"macro_f1": 0.5})).sha256


def test_without_a_version_the_shipped_model_is_active() -> None:
    assert active_version() == SHIPPED
    assert len(Provider().current().model.labels) == 28


def test_a_version_is_used_once_it_is_activated(small_file: bytes) -> None:
    provider = Provider()
    sha256 = add(small_file)
    assert provider.current().version == SHIPPED
    assert version_activate(sha256)
    assert (provider.current().version, provider.current().model.labels) == (sha256, ("joy", "neutral", "sadness"))


def test_the_same_file_is_one_version(small_file: bytes) -> None:
    assert add(small_file) == add(small_file) == digest(small_file)
    assert EmotionModel.objects.count() == 1


def test_a_broken_file_becomes_no_version() -> None:
    with pytest.raises(ArtifactError):
        add(b"broken")
    assert not EmotionModel.objects.exists()


def test_an_unknown_version_cannot_be_activated() -> None:
    assert not version_activate("0" * 64)
    assert active_version() == SHIPPED


def test_rolling_back_goes_step_by_step_to_the_shipped_model(small_file: bytes, shipped_again: bytes) -> None:
    first, second = add(small_file), add(shipped_again)
    version_activate(first)
    version_activate(second)
    assert [version_roll_back() for _ in range(3)] == [first, SHIPPED, SHIPPED]


def test_an_older_version_can_be_activated_again(small_file: bytes, shipped_again: bytes) -> None:
    first, second = add(small_file), add(shipped_again)
    for sha256 in (first, second, first):
        version_activate(sha256)
    assert active_version() == first
    assert version_roll_back() == second


def test_an_idle_model_is_dropped_and_loaded_again(small_file: bytes) -> None:
    now = [0.0]
    provider = Provider(idle=100, clock=lambda: now[0])
    provider.current()
    now[0] = 99
    provider.drop_if_idle()
    assert provider.is_loaded
    now[0] = 100
    provider.drop_if_idle()
    assert not provider.is_loaded
    assert provider.current().version == SHIPPED


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_scoring_see_one_version_or_the_other(small_file: bytes, shipped_again: bytes) -> None:
    text = "so happy today"
    files = {digest(content): content for content in (small_file, shipped_again)}
    expected = {sha: probabilities(Model.from_bytes(content), [text]) for sha, content in files.items()}
    expected[SHIPPED] = probabilities(shipped_model(), [text])
    seen: list[str] = []
    stop = threading.Event()

    def score() -> None:
        provider = Provider()
        try:
            while not stop.is_set():
                loaded = provider.current()
                np.testing.assert_array_equal(probabilities(loaded.model, [text]), expected[loaded.version])
                seen.append(loaded.version)
        finally:
            connection.close()

    workers = [threading.Thread(target=score) for _ in range(3)]
    for worker in workers:
        worker.start()
    _wait_until_seen(seen, SHIPPED)
    for content in files.values():
        sha256 = add(content)
        version_activate(sha256)
        _wait_until_seen(seen, sha256)
    last = version_roll_back()
    _wait_until_seen(seen, last)
    stop.set()
    for worker in workers:
        worker.join()
    assert set(seen) == {SHIPPED, *files}


def _wait_until_seen(seen: list[str], version: str) -> None:
    start = len(seen)
    for _ in range(2000):
        if version in seen[start:]:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"nobody used {version}: {set(seen[start:])}")
