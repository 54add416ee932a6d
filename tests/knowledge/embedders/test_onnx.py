"""The embedder of a site without internet: the real fastembed, with a model from a folder."""

from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from jobs import runner
from jobs.models import Job
from knowledge.embedders.contract import EmbedderError
from knowledge.embedders.embedding import embed_pending
from knowledge.embedders.onnx import FastEmbedder
from knowledge.kinds.embedding import embed_enqueue
from knowledge.models import Example
from knowledge.search.asked import Asked, Mode
from knowledge.search.searching import search
from tests.knowledge.embedders.tiny import write_model
from tests.knowledge.search.store import keep

WORDS = {
    "sea": [1, 0.1, 0], "ocean": [1, 0.2, 0], "ship": [0.8, 0.1, 0.1],
    "violin": [0, 1, 0.1], "piano": [0.1, 1, 0], "bread": [0, 0.1, 1], "flour": [0.1, 0, 1],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path / "tiny", WORDS)


@pytest.fixture
def chosen(settings: Settings, folder: Path) -> Settings:
    settings.EMBEDDER, settings.EMBEDDER_MODEL, settings.EMBEDDER_PATH = "fastembed", "house/tiny", str(folder)
    return settings


def found(query: str) -> list[str]:
    return [each.content for each in search(Asked(query, Mode.SEMANTIC)).results]


def test_texts_become_the_mean_of_their_tokens_and_of_length_one(folder: Path) -> None:
    embedder = FastEmbedder(model="house/tiny", path=str(folder))
    vectors = embedder.documents(["sea", "sea violin", "a longer text of the sea"])
    mean = (np.array(WORDS["sea"]) + WORDS["violin"]) / 2
    assert vectors[1, :3] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-6), "unknown words and padding have no direction"
    assert embedder.query("sea")[0] == pytest.approx(vectors[0], abs=1e-6)


@pytest.mark.django_db(transaction=True)
def test_a_store_is_embedded_by_the_job_and_searched_by_meaning(chosen: Settings) -> None:
    keep("ship", "violin", "bread")
    assert embed_enqueue() is True
    job = Job.objects.get(kind="embed")
    runner.run(job.pk, "test:1")
    job.refresh_from_db()
    assert (job.status, job.result["embedded"]) == ("completed", 3)
    assert [found(query)[0] for query in ("ocean", "piano", "flour")] == ["ship", "violin", "bread"]


@pytest.mark.django_db
def test_another_file_under_the_same_name_is_another_model(chosen: Settings, tmp_path: Path) -> None:
    keep("ship", "violin")
    first = embed_pending()
    turned = {word: values[::-1] for word, values in WORDS.items()}
    chosen.EMBEDDER_PATH = str(write_model(tmp_path / "turned", turned))
    second = embed_pending()
    assert (first.embedded, second.embedded) == (2, 2)
    assert set(Example.objects.values_list("embedder", flat=True)) == {second.embedder} != {first.embedder}


def test_what_cannot_be_used_is_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"holds no onnx/model.onnx or model.onnx"):
        FastEmbedder(model="house/tiny", path=str(tmp_path))
    with pytest.raises(EmbedderError, match="EMBEDDER_POOLING is 'sum'"):
        FastEmbedder(model="house/tiny", path=str(folder), pooling="sum")
    with pytest.raises(EmbedderError, match=r"'house/unknown' cannot be used: .*not supported"):
        FastEmbedder(model="house/unknown")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EmbedderError, match=r"tokenizer\.json"):
        FastEmbedder(model="house/tiny", path=str(folder))
    (folder / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(EmbedderError, match="'house/tiny' cannot be used"):
        FastEmbedder(model="house/tiny", path=str(folder))


def test_a_graph_that_gives_one_vector_a_token_needs_a_pooling(folder: Path) -> None:
    embedder = FastEmbedder(model="house/tiny", path=str(folder), pooling="disabled")
    with pytest.raises(EmbedderError, match="MEAN"):
        embedder.documents(["sea"])
