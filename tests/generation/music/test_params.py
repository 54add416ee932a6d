"""What a request may say, and what it hears when it says something else."""

import math
import subprocess
import sys
from typing import Any

import pytest

from generation.engines.errors import ParameterError
from generation.engines.music import Params


def _body(**changes: Any) -> dict[str, Any]:
    return {"prompt": "calm sea", "duration": 10} | changes


def _refusal(body: dict[str, Any]) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        Params.parse(body)
    return caught.value


@pytest.mark.parametrize("duration", [0, -1, math.nan, math.inf, 0.99, 600.01, 86_400, "60", True, [60], None])
def test_a_duration_outside_one_to_six_hundred_seconds_is_refused_by_name(duration: object) -> None:
    assert _refusal(_body(duration=duration)).field == "duration"


@pytest.mark.parametrize("duration", [1, 1.0, 0.1 * 37, 600])
def test_a_duration_within_bounds_is_kept(duration: float) -> None:
    assert Params.parse(_body(duration=duration)).duration == duration


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 10_000, None, 7, ["sea"]])
def test_a_prompt_that_is_no_text_of_sensible_length_is_refused(prompt: object) -> None:
    assert _refusal(_body(prompt=prompt)).field == "prompt"


@pytest.mark.parametrize("prompt", ["海の夜明け", "😀🌊", "море", "a", "x" * 2000])
def test_a_prompt_may_be_in_any_script(prompt: str) -> None:
    assert Params.parse(_body(prompt=prompt)).prompt == prompt


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"tempo": 0}, "options.tempo"),
        ({"tempo": 1000}, "options.tempo"),
        ({"tempo": "fast"}, "options.tempo"),
        ({"key": "H"}, "options.key"),
        ({"key": 3}, "options.key"),
        ({"mode": "happy"}, "options.mode"),
        ({"scale": "nonsense"}, "options.scale"),
        ({"meter": "7/3"}, "options.meter"),
        ({"format": "mp3"}, "options.format"),
        ({"sample_rate": 22_050}, "options.sample_rate"),
        ({"bit_depth": 8}, "options.bit_depth"),
        ({"loudness": 0}, "options.loudness"),
        ({"seed": -1}, "options.seed"),
        ({"seed": 1.5}, "options.seed"),
        ({"tuning": 1}, "options.tuning"),
        ({"instruments": ["kazoo"]}, "options.instruments[0]"),
        ({"instruments": {"melody": "drums"}}, "options.instruments.melody"),
        ({"instruments": {"solo": "flute"}}, "options.instruments.solo"),
        ({"instruments": ["flute", "clarinet"]}, "options.instruments[1]"),
        ({"instruments": []}, "options.instruments"),
        ({"drone": -3}, "options.drone"),
        ({"binaural": "alpha"}, "options.binaural"),
        ({"mode": "major", "scale": "blues"}, "options.scale"),
        ({"temppo": 90}, "options.temppo"),
        ([], "options"),
    ],
)
def test_an_unusable_option_is_refused_with_its_path(options: object, field: str) -> None:
    assert _refusal(_body(options=options)).field == field


def test_an_unknown_name_is_answered_with_the_nearest_known_one() -> None:
    assert "tempo" in _refusal(_body(options={"temppo": 90})).message
    assert "dorian" in _refusal(_body(options={"mode": "dorain"})).message
    assert "duration" in _refusal(_body(durations=3)).message


@pytest.mark.parametrize(("written", "read"), [("C", "C"), ("f#", "F#"), ("B♭", "Bb"), (" eb ", "Eb")])
def test_keys_are_read_in_common_spellings(written: str, read: str) -> None:
    assert Params.parse(_body(options={"key": written})).options.key == read


def test_modes_are_read_under_their_other_names() -> None:
    assert Params.parse(_body(options={"mode": "Aeolian"})).options.mode == "minor"
    assert Params.parse(_body(options={"mode": "Harmonic Minor"})).options.mode == "harmonic_minor"


def test_a_list_of_instruments_is_cast_by_what_suits_them_and_leaves_drums_out() -> None:
    options = Params.parse(_body(options={"instruments": ["flute", "harp", "bass"]})).options
    assert options.instruments == {"melody": "flute", "harmony": "harp", "bass": "bass", "percussion": "none"}


def test_reading_parameters_needs_the_standard_library_alone() -> None:
    code = "import sys, generation.engines.music; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
