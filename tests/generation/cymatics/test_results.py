"""What a request gives: data, files, and errors that name the field."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from generation.engines.cymatics import Params, figures, generate
from generation.engines.errors import ParameterError


def analyse(*frequencies: float | str, **options: Any) -> Any:
    return generate(Params.parse({"frequencies": list(frequencies), "options": {"resolution": 128, **options}}))


def test_each_frequency_and_their_superposition_have_a_picture_and_an_analysis() -> None:
    result = analyse(440, "A5")
    assert [f.name for f in result.files if f.media_type == "image/png"] == [
        "sand-superposition.png",
        "sand-1-440Hz.png",
        "sand-2-880Hz.png",
    ]
    assert [a["frequency"] for a in result.data["frequencies"]] == [440, 880]
    json.dumps(result.data, allow_nan=False)


def test_a_picture_has_the_size_asked_for_and_the_plates_aspect() -> None:
    picture = analyse(440, size=[0.3, 0.2]).files[0]
    assert Image.open(io.BytesIO(picture.content)).size == (128, 85) == (picture.meta["width"], picture.meta["height"])


def test_the_same_request_gives_the_same_bytes() -> None:
    assert [f.content for f in analyse(440).files] == [f.content for f in analyse(440).files]


def test_a_square_driven_at_its_centre_keeps_its_symmetry() -> None:
    symmetry = analyse(1234).data["frequencies"][0]["symmetry"]
    assert symmetry["group"] == "D4" and symmetry["deviation"] < 1e-10


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1, 0, True, "H9", None, 1e9, 10**400, [440]])
def test_a_bad_frequency_is_named(bad: object) -> None:
    with pytest.raises(ParameterError) as caught:
        Params.parse({"frequencies": [440, bad]})
    assert caught.value.field == "frequencies[1]"


def test_many_large_pictures_wait_in_files_instead_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = analyse(440, 660)
    monkeypatch.setattr(figures, "MOST_HELD", 4000)
    spilled = analyse(440, 660)
    assert any(not isinstance(file.content, bytes) for file in spilled.files)
    for file, same in zip(spilled.files, whole.files, strict=True):
        assert (file.content if isinstance(file.content, bytes) else file.content.read()) == same.content
