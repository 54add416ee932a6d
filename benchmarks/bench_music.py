"""Music: what independent tools hear in the pieces, and what they cost beside fluidsynth.

Measured in a process of its own with one thread for linear algebra; ``music_race`` says how the times are taken.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import fmean as mean
from typing import Any

import numpy as np

from benchmarks import music_judges as judges
from benchmarks.music_race import race
from benchmarks.report import Row
from generation.engines.contract import Mood, Result
from generation.engines.music import Params, generate
from generation.engines.music.ensemble import INSTRUMENTS
from generation.engines.music.synthesis.tones import frequency_of, render_tone

MOODS = {
    "joy": Mood("joy", 0.8, 0.6),
    "anger": Mood("anger", -0.7, 0.8),
    "sadness": Mood("sadness", -0.7, -0.6),
    "calm": Mood("serenity", 0.6, -0.6),
}
RATE = 44100
_MEMORY = """
from pathlib import Path
from generation.engines.music import Params, generate
generate(Params.parse({"prompt": "a long day", "duration": 600}))
print(next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM")) / 1024)
"""


def run() -> list[Row]:
    """Measure in a fresh process, where the thread count can still be set."""
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_music"], env=one_thread, check=True, capture_output=True, text=True
    )
    return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]


def _rows() -> Iterator[Row]:
    yield from _score_rows()
    yield from _audio_rows()
    yield _aliasing()
    yield _emotions()
    yield from race(MOODS)
    yield _memory()


def _piece(duration: float, mood: Mood, prompt: str, **options: Any) -> Result:
    body = {"prompt": prompt, "duration": duration, "options": {"format": "wav", **options}}
    return generate(Params.parse(body), mood=mood)


def _bytes(result: Result, ending: str) -> bytes:
    content = next(file.content for file in result.files if file.name.endswith(ending))
    return content if isinstance(content, bytes) else content.read()


def _every_key(duration: float, seeds: Iterable[int]) -> Iterator[tuple[tuple[str, str], Result]]:
    """Pieces in all 24 keys, their moods drawn at random on the side of the mode."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for mode, sign in (("major", 1), ("minor", -1)):
            for key in judges.KEYS:
                mood = Mood(None, sign * rng.uniform(0, 1), rng.uniform(-1, 1))
                yield (key, mode), _piece(duration, mood, "a walk", key=key, mode=mode, seed=seed)


def _score_rows() -> Iterator[Row]:
    """What the MIDI files say: 24 keys, five seeds."""
    right, faults, outside, count = 0, 0, 0, 0
    for key, result in _every_key(12, range(5)):
        data, score = _bytes(result, ".mid"), json.loads(_bytes(result, ".json"))
        ranges = {f"{part['name']} ({part['instrument']})": part["range"] for part in score["parts"]}
        right += judges.midi_key(data) == key
        faults += judges.parallels(data)
        for name, notes in judges.voices(data).items():
            low, high = ranges[name]
            outside += sum(not low <= note[2] <= high for note in notes)
        count += 1
    yield Row(f"key from MIDI, {count} pieces in 24 keys", f"{right / count:.1%}", "≥ 99%", right / count >= 0.99)
    yield Row("parallel fifths, octaves, unisons", f"{faults}", "0", faults == 0)
    yield Row("notes outside the range of their voice", f"{outside}", "0", outside == 0)


def _audio_rows() -> Iterator[Row]:
    """What librosa and pyloudnorm hear in one piece of every key."""
    import librosa
    import pyloudnorm
    from scipy.signal import resample_poly

    keys, tempi, found, levels, peaks, lengths = [], [], [], [], [], []
    for key, result in _every_key(24, (7,)):
        samples, rate = judges.heard(_bytes(result, ".wav"))
        mono = librosa.resample(samples.mean(axis=1), orig_sr=rate, target_sr=22050)
        keys.append(judges.key_of(librosa.feature.chroma_cqt(y=mono, sr=22050).mean(axis=1)) == key)
        tempo = float(np.atleast_1d(librosa.beat.beat_track(y=mono, sr=22050)[0])[0])
        tempi.append(min(abs(tempo / result.data["tempo"] / octave - 1) for octave in (0.5, 1, 2)) < 0.08)
        attacks = librosa.onset.onset_detect(y=mono, sr=22050, units="time")
        found += [bool(np.abs(attacks - moment).min() < 0.05) for moment in judges.onsets(_bytes(result, ".mid"))]
        levels.append(abs(pyloudnorm.Meter(rate).integrated_loudness(samples) + 14))
        peaks.append(20 * np.log10(np.abs(resample_poly(samples, 8, 1)).max()))
        lengths.append(abs(len(samples) / rate - 24))
    yield Row("key from audio, chroma of librosa, 24 keys", f"{mean(keys):.1%}", "≥ 95%", mean(keys) >= 0.95)
    yield Row("tempo from audio, librosa, up to an octave", f"{mean(tempi):.1%}", "≥ 95%", mean(tempi) >= 0.95)
    yield Row("MIDI onsets that librosa finds within 50 ms", f"{mean(found):.1%}", "≥ 80%", mean(found) >= 0.8)
    yield Row("loudness off target, worst, pyloudnorm", f"{max(levels):.3f} LU", "≤ 0.1 LU", max(levels) <= 0.1)
    yield Row("true peak, worst, 8 times oversampled", f"{max(peaks):.2f} dBTP", "≤ -1 dBTP", max(peaks) <= -1)
    yield Row("duration off, worst", f"{max(lengths) * 1000:.2f} ms", "≤ 50 ms", max(lengths) <= 0.05)


def _aliasing() -> Row:
    """Energy between the partials of every pitched instrument, C2 to C8, at full brightness."""
    worst = max(_alias(name, pitch) for name in INSTRUMENTS if name != "drums" for pitch in (36, 60, 84, 108))
    return Row("alias energy, worst of all instruments, C2 to C8", f"{worst:.0f} dB", "≤ -90 dB", worst <= -90)


def _alias(name: str, pitch: int) -> float:
    frequency = frequency_of(pitch)
    tone = render_tone(name, frequency, 1.8, RATE, brightness=1.0)[RATE // 8 :][: 1 << 16]
    power = np.abs(np.fft.rfft(tone * np.kaiser(1 << 16, 24))) ** 2
    bins = np.fft.rfftfreq(1 << 16, 1 / RATE)
    ratios = np.abs(1 + 3.5 * np.arange(-7, 8)) if name == "bells" else np.arange(1, RATE / 2 / frequency)
    partials = frequency * ratios
    between = (np.abs(bins[:, None] - partials) > 45 + 0.008 * partials).all(axis=1) & (bins > 20)
    return float(10 * np.log10(power[between].sum() / power.sum() + 1e-30))


def _emotions() -> Row:
    """Whether tempo, mode, brightness, articulation and dynamics lie in the order that the moods ask for."""
    cues = {name: _cues(_piece(20, mood, "a walk", seed=3)) for name, mood in MOODS.items()}
    orders = [
        ("tempo", "joy", "sadness"), ("tempo", "anger", "sadness"), ("tempo", "joy", "calm"),
        ("major", "joy", "anger"), ("major", "calm", "sadness"),
        ("centroid", "joy", "sadness"), ("centroid", "anger", "calm"), ("centroid", "joy", "calm"),
        ("legato", "sadness", "joy"), ("legato", "calm", "joy"), ("legato", "sadness", "anger"),
        ("velocity", "anger", "sadness"), ("velocity", "joy", "calm"),
    ]  # fmt: skip
    right = sum(cues[more][cue] > cues[less][cue] for cue, more, less in orders)
    return Row("cues of opposite emotions in the right order", f"{right} of {len(orders)}", "all", right == len(orders))


def _cues(result: Result) -> dict[str, float]:
    import librosa

    samples, rate = judges.heard(_bytes(result, ".wav"))
    melody = next(notes for name, notes in judges.voices(_bytes(result, ".mid")).items() if name.startswith("Melody"))
    gaps = [(a[1] - a[0]) / (b[0] - a[0]) for a, b in pairwise(melody)]
    return {
        "tempo": result.data["tempo"],
        "major": float(judges.midi_key(_bytes(result, ".mid"))[1] == "major"),
        "centroid": float(librosa.feature.spectral_centroid(y=samples.mean(axis=1), sr=rate).mean()),
        "legato": mean(gaps),
        "velocity": mean(note[3] for note in melody),
    }


def _memory() -> Row:
    done = subprocess.run([sys.executable, "-c", _MEMORY], check=True, capture_output=True, text=True)
    peak = float(done.stdout)
    return Row("ten minutes of music, peak resident", f"{peak:.0f} MB", "≤ 200 MB", peak <= 200)


if __name__ == "__main__":
    from dataclasses import astuple

    print(json.dumps([astuple(row) for row in _rows()], default=bool))
