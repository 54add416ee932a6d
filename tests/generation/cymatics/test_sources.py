"""Frequencies from recordings, emotions and notes."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from generation.engines import spectrum
from generation.engines.contract import Mood
from generation.engines.cymatics import Params, generate
from generation.engines.cymatics.notes import frequency
from generation.engines.errors import ParameterError

SMALL = {"resolution": 64}


def record(
    path: Path, *partials: tuple[float, float], rate: int = 44100, seconds: float = 2.0, channels: int = 1, **how: str
) -> Path:
    """Write partials of (Hz, amplitude), each channel in another phase."""
    time = np.arange(int(rate * seconds)) / rate
    sound = [sum(a * np.sin(2 * np.pi * f * time + c) for f, a in partials) for c in range(channels)]
    soundfile.write(path, np.stack(sound, axis=1), rate, **how)
    return path


@pytest.mark.parametrize("window", ["hann", "blackman", "blackman-harris"])
@pytest.mark.parametrize(("name", "how"), [("a.wav", {"subtype": "PCM_24"}), ("a.flac", {}), ("a.ogg", {})])
def test_partials_are_found_between_bins(tmp_path: Path, window: str, name: str, how: dict[str, str]) -> None:
    found = spectrum.peaks(record(tmp_path / name, (440.3, 0.5), (1001.7, 0.25), **how), 2, window)
    assert [peak.frequency for peak in found] == pytest.approx([440.3, 1001.7], abs=0.1)
    assert [peak.amplitude for peak in found] == pytest.approx([1.0, 0.5], rel=0.05)


def test_eight_channels_at_96_khz_in_24_bits_are_read(tmp_path: Path) -> None:
    path = record(tmp_path / "a.wav", (528.0, 0.3), rate=96000, channels=8, subtype="PCM_24")
    assert spectrum.peaks(path, 1)[0].frequency == pytest.approx(528.0, abs=0.1)


def test_channels_in_opposite_phase_do_not_cancel(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(44100) / 44100)
    soundfile.write(tmp_path / "a.wav", np.stack([tone, -tone], axis=1), 44100)
    assert spectrum.peaks(tmp_path / "a.wav", 1)[0].frequency == pytest.approx(300, abs=0.1)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg"])
@pytest.mark.parametrize("part", [0.0, 0.001, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, name: str, part: float) -> None:
    path = record(tmp_path / name, (440.0, 0.5))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    refused(path)


def test_silence_is_refused(tmp_path: Path) -> None:
    refused(record(tmp_path / "a.wav", (440.0, 0.0)), "silent")


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros(4000 * 301), 4000)
    refused(tmp_path / "a.flac", "300 s")


@pytest.mark.parametrize("content", [b"", b"hello", b"RIFF....WAVE", b"%PDF-1.7 " * 400, bytes(5000)])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    refused(tmp_path / "a.wav")


def test_a_file_without_samples_or_that_is_not_there_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0), 44100)
    refused(tmp_path / "a.wav")
    refused(tmp_path / "missing.wav")


def refused(path: Path, why: str = "") -> None:
    with pytest.raises(ParameterError, match=why or None) as caught:
        spectrum.peaks(path, 4)
    assert caught.value.field == "file"


def test_a_recording_becomes_a_pattern_of_its_partials(tmp_path: Path) -> None:
    path = record(tmp_path / "a.wav", (440.0, 0.5), (880.0, 0.25))
    result = generate(Params.parse({"file": path, "options": {**SMALL, "peaks": 2}}))
    assert [a["frequency"] for a in result.data["frequencies"]] == pytest.approx([440, 880], abs=0.05)
    assert [a["weight"] for a in result.data["frequencies"]] == pytest.approx([1, 0.5], rel=0.05)


def test_an_upload_is_taken_as_the_api_keeps_it_and_a_clients_path_is_not(tmp_path: Path) -> None:
    path = record(tmp_path / "a.wav", (440.0, 0.5))
    assert Params.parse({"file": {"name": "song.wav", "path": str(path), "size": 1}}).file == str(path)
    with pytest.raises(ParameterError) as caught:
        Params.parse({"file": "/etc/hostname"})
    assert caught.value.field == "file"


def test_an_emotions_low_frequencies_are_raised_by_octaves_and_said_to_be() -> None:
    mood = Mood("calm", neuroscience_freq=10.0, metaphysical_freq=528.0)
    low, high = generate(Params.parse({"emotion": "calm", "options": SMALL}), mood=mood).data["frequencies"]
    assert low["requested"] == 10.0 and low["scaled_by"] == 8 and low["frequency"] == 80.0
    assert high["requested"] == high["frequency"] == 528.0 and high["scaled_by"] == 1


def test_an_emotion_without_frequencies_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        generate(Params.parse({"emotion": "calm", "options": SMALL}), mood=Mood("calm"))
    assert caught.value.field == "emotion"


def test_a_client_may_have_any_frequency_scaled() -> None:
    body = {"frequencies": [7.83], "options": {**SMALL, "scale": True}}
    assert generate(Params.parse(body)).data["frequencies"][0]["frequency"] == pytest.approx(7.83 * 8)


@pytest.mark.parametrize(
    ("name", "hertz"),
    [("A4", 440.0), ("C4", 261.6256), ("Bb3", 233.0819), ("c#5", 554.3653), ("E♭4", 311.1270), ("A-1", 13.75)],
)
def test_notes_have_their_pitch(name: str, hertz: float) -> None:
    assert frequency(name) == pytest.approx(hertz, rel=1e-6)


@pytest.mark.parametrize("name", ["", "H4", "A", "4", "A44444", "do"])
def test_what_is_no_note_has_none(name: str) -> None:
    assert frequency(name) is None
