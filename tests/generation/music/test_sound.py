"""The finished sound, measured by other people's meters."""

import io

import mido
import numpy as np
import pyloudnorm
import pytest
import soundfile
from scipy.signal import resample_poly

from tests.generation.music.pieces import ANGER, JOY, PEACE, SORROW, content, piece, sound


@pytest.mark.parametrize("mood", [JOY, ANGER, SORROW, PEACE], ids=lambda mood: mood.emotion)
def test_loudness_and_true_peak_are_what_was_promised(mood) -> None:
    samples, rate = sound(piece(mood=mood))
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-14, abs=0.1)
    assert 20 * np.log10(np.abs(resample_poly(samples, 8, 1)).max()) <= -1


@pytest.mark.parametrize("loudness", [-30, -23, -9])
def test_loudness_is_as_asked(loudness: float) -> None:
    result = piece(loudness=loudness)
    samples, rate = sound(result)
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(loudness, abs=0.1)
    assert result.data["loudness"] == pytest.approx(loudness, abs=0.02)
    assert 20 * np.log10(np.abs(resample_poly(samples, 8, 1)).max()) <= -1


@pytest.mark.parametrize("duration", [1, 2.5, 7.3, 20, 61])
def test_audio_and_midi_last_as_long_as_was_asked(duration: float) -> None:
    result = piece(duration)
    samples, rate = sound(result)
    assert len(samples) / rate == pytest.approx(duration, abs=1 / rate)
    assert mido.MidiFile(file=io.BytesIO(content(result, ".mid"))).length == pytest.approx(duration, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "rate", "depth", "subtype"),
    [
        ("wav", 44100, 16, "PCM_16"),
        ("wav", 48000, 24, "PCM_24"),
        ("flac", 48000, 24, "PCM_24"),
        ("ogg", 48000, 16, "VORBIS"),
    ],
)
def test_every_format_holds_two_channels_and_the_title(kind: str, rate: int, depth: int, subtype: str) -> None:
    result = piece(3, format=kind, sample_rate=rate, bit_depth=depth, seed=5)
    with soundfile.SoundFile(io.BytesIO(content(result, f".{kind}"))) as file:
        assert (file.format.lower(), file.samplerate, file.channels, file.subtype) == (kind, rate, 2, subtype)
        assert file.title == "calm sea at dawn"
        assert "seed=5" in file.comment


def test_sixteen_bits_are_the_sound_and_a_noise_of_two_steps_in_the_treble() -> None:
    coarse, fine = (sound(piece(8, format="wav", seed=5, bit_depth=depth))[0] for depth in (16, 24))
    noise = (coarse - fine)[:, 0] * 2**15
    assert np.abs(noise).max() <= 1.6
    assert abs(noise.mean()) < 0.01
    power = np.abs(np.fft.rfft(noise)) ** 2
    assert power[: len(power) // 8].mean() < 0.5 * power[-len(power) // 8 :].mean()
