"""What is composed: keys, forms, moods and choices, read from the files."""

import json
from itertools import pairwise
from statistics import fmean

import numpy as np
import pytest

from generation.engines.contract import NEUTRAL, Mood
from generation.engines.music.composing.keyfinding import key_strengths
from tests.generation.music.pieces import ANGER, JOY, PEACE, SORROW, content, midi, piece, sound, tracks

KEYS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def _strongest(result) -> tuple[int, str]:
    classes = np.zeros(12)
    for track in tracks(result):
        for start, end, pitch, _ in track.notes:
            classes[pitch % 12] += 0 if track.drums else end - start
    strengths = key_strengths(list(classes))
    return max(strengths, key=lambda key: strengths[key])


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_the_key_is_heard(tonic: int, mode: str) -> None:
    assert _strongest(piece(12, NEUTRAL, key=KEYS[tonic], mode=mode)) == (tonic, mode)


@pytest.mark.parametrize("mode", ["dorian", "phrygian", "lydian", "mixolydian", "locrian", "harmonic_minor"])
def test_a_mode_uses_its_own_notes_alone(mode: str) -> None:
    steps = {
        "dorian": {0, 2, 3, 5, 7, 9, 10}, "phrygian": {0, 1, 3, 5, 7, 8, 10}, "lydian": {0, 2, 4, 6, 7, 9, 11},
        "mixolydian": {0, 2, 4, 5, 7, 9, 10}, "locrian": {0, 1, 3, 5, 6, 8, 10},
        "harmonic_minor": {0, 2, 3, 5, 7, 8, 11},
    }[mode]  # fmt: skip
    result = piece(20, NEUTRAL, key="D", mode=mode)
    used = {(note[2] - 2) % 12 for track in tracks(result) if not track.drums for note in track.notes}
    assert used <= steps


def test_a_scale_keeps_the_melody_to_its_notes() -> None:
    result = piece(20, NEUTRAL, key="C", scale="major_pentatonic")
    melody = tracks(result)[0]
    strange = [note for note in melody.notes if note[2] % 12 not in {0, 2, 4, 7, 9}]
    assert len(strange) <= 0.15 * len(melody.notes)


def test_opposite_moods_lie_apart_on_every_cue() -> None:
    def cues(mood: Mood) -> tuple[float, float, float]:
        result = piece(20, mood)
        melody = tracks(result)[0].notes
        legato = fmean((a[1] - a[0]) / (b[0] - a[0]) for a, b in pairwise(melody))
        return result.data["tempo"], fmean(note[3] for note in melody), -legato

    for high, low in ((JOY, SORROW), (ANGER, SORROW), (JOY, PEACE), (ANGER, PEACE)):
        assert all(more > less for more, less in zip(cues(high), cues(low), strict=True))
    assert [piece(20, mood).data["mode"] for mood in (JOY, PEACE, ANGER, SORROW)] == [
        "major",
        "major",
        "minor",
        "minor",
    ]


def test_sections_return_with_the_same_chords() -> None:
    result = piece(61)
    labels = [section["label"] for section in result.data["sections"]]
    assert labels[0] == "intro" and labels[-1] == "coda" and labels.count("A") > 1
    starts = [section["start"] for section in result.data["sections"] if section["label"] == "A"]
    first, second = (
        [chord["symbol"] for chord in result.data["chords"] if start - 0.01 <= chord["start"] < start + 12]
        for start in starts[:2]
    )
    assert first == second


def test_the_last_chord_is_the_tonic() -> None:
    assert [piece(20, mood).data["chords"][-1]["numeral"] for mood in (JOY, SORROW)] == ["I", "i"]


def test_a_tempo_that_was_asked_for_is_kept() -> None:
    result = piece(20, tempo=93.5)
    assert result.data["tempo"] == 93.5
    assert next(m.tempo for m in midi(result).tracks[0] if m.type == "set_tempo") == round(60e6 / 93.5)


@pytest.mark.parametrize("meter", ["2/4", "3/4", "5/4", "6/8", "9/8", "12/8"])
def test_every_meter_makes_a_piece(meter: str) -> None:
    result = piece(15, meter=meter)
    signature = next(m for m in midi(result).tracks[0] if m.type == "time_signature")
    assert f"{signature.numerator}/{signature.denominator}" == meter
    assert midi(result).length == pytest.approx(15, abs=0.01)


def test_chosen_instruments_play() -> None:
    result = piece(5, instruments=("flute", "organ", "bass"))
    assert set(result.data["instruments"].values()) == {"flute", "organ", "bass"}


def test_a_prompt_without_a_mood_in_it_makes_a_neutral_piece() -> None:
    result = piece(5, NEUTRAL, "🌊😀")
    assert result.data["mode"] == "major"
    assert len(tracks(result)) >= 5


def test_a_drone_sounds_at_the_frequency_of_the_emotion() -> None:
    mood = Mood("joy", 0.8, 0.6, neuroscience_freq=40.0, metaphysical_freq=528.0)
    without, with_drone = (
        sound(piece(8, mood, key="C", seed=1, drone=drone))[0].mean(axis=1) for drone in (False, True)
    )
    bins = np.fft.rfftfreq(len(without), 1 / 44100)
    near = np.abs(bins - 528) < 0.5
    assert np.abs(np.fft.rfft(with_drone))[near].max() > 20 * np.abs(np.fft.rfft(without))[near].max()


def test_the_score_explains_itself() -> None:
    score = json.loads(content(piece(20), "score.json"))
    assert score["cues"]["tempo"] == pytest.approx(98 + 8 + 25.2)
    assert {part["name"] for part in score["parts"]} >= {"Melody", "Upper voice", "Alto", "Tenor", "Bass"}
