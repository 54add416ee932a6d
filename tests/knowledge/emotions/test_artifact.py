import pytest

from knowledge.emotions.artifact import Model, digest
from knowledge.emotions.errors import ArtifactError
from knowledge.emotions.shipped import shipped_bytes


def test_the_shipped_model_is_small_and_knows_28_emotions() -> None:
    content = shipped_bytes()
    assert len(content) <= 1_000_000
    assert len(Model.from_bytes(content).labels) == 28


def test_a_file_read_and_written_again_is_the_same() -> None:
    content = shipped_bytes()
    assert digest(Model.from_bytes(content).to_bytes()) == digest(content)


@pytest.mark.parametrize("damage", [b"", b"not a model", shipped_bytes()[:5000], shipped_bytes()[:-200]])
def test_a_damaged_file_is_refused(damage: bytes) -> None:
    with pytest.raises(ArtifactError):
        Model.from_bytes(damage)
