"""Synthetic corpora, and the commands that rotate and fill."""

import orjson
import pytest
from django.core.management import CommandError, call_command

from knowledge.corpus import corpus, vocabulary
from knowledge.models import Dataset, Example
from knowledge.tasks import rotate
from tests.knowledge.conftest import domain


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first, again, other = (list(corpus(examples=50, seed=seed)) for seed in (1, 1, 2))
    assert first == again and {row["content"] for row in first}.isdisjoint(row["content"] for row in other)
    assert len(set(vocabulary())) == len(vocabulary()) == 20_000


@pytest.mark.django_db
def test_a_corpus_is_loaded_and_marked(tmp_path: object, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    call_command("make_corpus", examples=30, seed=3, domain="trial")
    assert Dataset.objects.get().example_count == 30
    assert all(row["synthetic"] for row in Example.objects.values_list("metadata", flat=True))
    capsysbinary.readouterr()
    call_command("make_corpus", examples=2, seed=3)
    assert [orjson.loads(line) for line in capsysbinary.readouterr().out.splitlines()] == list(
        corpus(examples=2, seed=3)
    )


@pytest.mark.django_db
def test_rotation_by_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    domain("tea", 5)
    call_command("rotate_datasets", "tea", max_examples=2, dry_run=True)
    assert "tea: 3 archived, 2 left" in capsys.readouterr().out and Example.objects.count() == 5
    call_command("rotate_datasets", max_examples=2)
    call_command("rotate_datasets", "tea", restore=True)
    assert "3 examples restored" in capsys.readouterr().out and Example.objects.count() == 5
    with pytest.raises(CommandError, match="Did you mean 'tea'"):
        call_command("rotate_datasets", "te")


@pytest.mark.django_db
def test_the_night_rotates_every_domain_over_its_limit() -> None:
    domain("tea", 5, max_examples=4), domain("coffee", 5, max_examples=4, rotation_exempt=True)
    rotate()
    assert dict(Dataset.objects.values_list("domain_name", "example_count")) == {"tea": 4, "coffee": 5}
