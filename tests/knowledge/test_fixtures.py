"""The fixtures load once, and never over what a curator did since."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from knowledge.fixtures import Loaded, fixtures_load
from knowledge.models import Dataset, Emotion, Example
from knowledge.rotation import rotation_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    joy = {
        "name": "joy", "neuroscience_freq": 10.0, "metaphysical_freq": 528.0, "valence": 0.8, "arousal": 0.5,
        "personality_template": {"tone": "bright"}, "evidence": {"neuroscience_freq": "EEG"}, "group": "positive",
    }  # fmt: skip
    tea = {
        "domain": "tea", "title": "Tea", "description": "Leaves and water", "licence": "CC0-1.0",
        "examples": [{"content": "oolong", "response": "half fermented"}, {"content": "sencha"}, {"content": "assam"}],
    }  # fmt: skip
    (tmp_path / "domains").mkdir()
    (tmp_path / "emotions.json").write_text(json.dumps({"emotions": [joy]}))
    (tmp_path / "domains" / "tea.json").write_text(json.dumps(tea))
    return tmp_path


def test_a_second_load_adds_nothing(folder: Path) -> None:
    assert fixtures_load(folder) == Loaded(emotions=1, domains=1, examples=3)
    assert fixtures_load(folder) == Loaded(emotions=0, domains=0, examples=0)
    assert Dataset.objects.get().metadata == {"title": "Tea", "description": "Leaves and water", "licence": "CC0-1.0"}


def test_edits_deletions_and_the_archive_stand(folder: Path) -> None:
    fixtures_load(folder)
    Emotion.objects.update(neuroscience_freq=11.0)
    Example.objects.filter(content="oolong").update(response="edited")
    Example.objects.filter(content="sencha").delete()
    rotation_run(domain="tea", max_examples=1)
    call_command("load_fixtures", folder=folder)
    assert list(Example.objects.values_list("content", flat=True)) == ["assam"]
    assert Emotion.objects.get().neuroscience_freq == 11.0
