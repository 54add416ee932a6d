"""A client with a key, the catalogue, and small models to activate."""

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from jobs.keys import key_create
from knowledge.models import Emotion
from tests.knowledge.emotions.samples import trained


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice")


@pytest.fixture
def client(alice: User) -> APIClient:
    _, key = key_create(owner=alice, name="test")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.fixture
def love(db: None) -> Emotion:
    return Emotion.objects.create(
        name="love", valence=0.9, arousal=0.4, neuroscience_freq=40.0, metaphysical_freq=528.0
    )


@pytest.fixture(scope="session")
def small_file() -> bytes:
    """The file of a model that knows joy, sadness and neutral."""
    return trained().model.to_bytes()
