"""The race of the engine and fluidsynth over the same minute of music, in pairs that follow each other.

Both end with a FLAC file of 44.1 kHz, 16 bits, two channels on disk, with a hall. What else each side does:

* ``rendered``: the engine starts at the score, as fluidsynth starts at the MIDI file of that score. It measures
  loudness and true peaks, brings them to target, and dithers; fluidsynth does none of these.
* ``whole job``: composing, MIDI, picture and summary too.
* fluidsynth is the player of the command line with its own defaults (reverb and chorus on, one core), its time that of
  the process, sound font and all, as one who calls it has to wait. A run over a MIDI file of next to nothing tells how
  much of that is its start. Its WAV file, which spares it the encoding, is timed too.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory

import mido

from benchmarks.report import Row
from generation.engines.contract import Mood, Result, silent
from generation.engines.music import Params, generate
from generation.engines.music.production import Piece, prepare, render

SOUND_FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
SECONDS = 60
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of all threads and children by the processor."""

    clock: float
    processor: float


def race(moods: Mapping[str, Mood]) -> Iterator[Row]:
    """Time a minute in each mood, and say what fluidsynth's start costs."""
    player = shutil.which("fluidsynth") if SOUND_FONT.exists() else None
    with TemporaryDirectory() as folder:
        for name, mood in moods.items():
            yield from _rows(name, mood, Path(folder), player)
        if player:
            start = _nothing(Path(folder))
            spent = [_timed(lambda: _play(player, start, "flac")) for _ in range(_ROUNDS)]
            clock, processor = (1000 * min(times) for times in ((s.clock for s in spent), (s.processor for s in spent)))
            yield Row("fluidsynth's start, in each of its times", f"{clock:.0f} ms, {processor:.0f} ms of CPU", "–")


def _rows(name: str, mood: Mood, folder: Path, player: str | None) -> Iterator[Row]:
    params = Params.parse({"prompt": "a walk", "duration": SECONDS, "options": {"seed": 3}})
    piece, score = prepare(params, mood), folder / f"{name}.mid"
    score.write_bytes(_content(generate(params, mood=mood), ".mid"))
    runners: dict[str, Callable[[], object]] = {
        "rendered": lambda: _render(piece, folder),
        "whole job": lambda: (folder / "job.flac").write_bytes(_content(generate(params, mood=mood), ".flac")),
    }
    if player:
        runners |= {kind: lambda kind=kind: _play(player, score, kind) for kind in ("flac", "wav")}  # type: ignore[misc]
    rounds = [{name: _timed(run) for name, run in runners.items()} for _ in range(_ROUNDS)]
    for ours in ("rendered", "whole job"):
        speed = f"{SECONDS / median(r[ours].clock for r in rounds):.0f}× real time"
        if not player:
            yield Row(f"{name}: a minute, {ours}", speed, "fluidsynth is not installed")
            continue
        clock, processor = _ratios(rounds, ours, "flac")
        theirs = f"fluidsynth to FLAC, {SECONDS / median(r['flac'].clock for r in rounds):.0f}×"
        measured = f"{speed}; by the clock {clock:.2f} times fluidsynth, by CPU time {processor:.2f}"
        met = min(clock, processor) >= 2 if ours == "rendered" else None
        yield Row(f"{name}: a minute, {ours}", measured, theirs if met is None else f"{theirs}; both ≥ 2", met)
        clock, processor = _ratios(rounds, ours, "wav")
        yield Row("… beside its WAV, not encoded", f"by the clock {clock:.2f}, by CPU time {processor:.2f}", "–")


def _ratios(rounds: list[dict[str, Spent]], ours: str, theirs: str) -> tuple[float, float]:
    """How many times as long they take, the median of the pairs: by the clock, and by the processor."""
    return (
        median(r[theirs].clock / r[ours].clock for r in rounds),
        median(r[theirs].processor / r[ours].processor for r in rounds),
    )


def _timed(run: Callable[[], object]) -> Spent:
    clock, processor = time.perf_counter(), _processor()
    run()
    return Spent(time.perf_counter() - clock, _processor() - processor)


def _processor() -> float:
    return sum(getrusage(who).ru_utime + getrusage(who).ru_stime for who in (RUSAGE_SELF, RUSAGE_CHILDREN))


def _render(piece: Piece, folder: Path) -> None:
    audio, _, _ = render(piece, silent)
    (folder / "rendered.flac").write_bytes(audio if isinstance(audio, bytes) else audio.read())


def _play(player: str, score: Path, kind: str) -> None:
    """Let fluidsynth play a MIDI file into an audio file of 16 bits, with its reverb and chorus."""
    out = ["-F", str(score.with_suffix(f".{kind}")), "-T", kind, "-O", "s16", "-r", "44100"]
    command = [player, "-ni", "-R", "1", "-C", "1", *out, str(SOUND_FONT), str(score)]
    subprocess.run(command, check=True, capture_output=True)


def _nothing(folder: Path) -> Path:
    """A MIDI file of one short note."""
    notes = [mido.Message("note_on", note=60, velocity=1), mido.Message("note_off", note=60, time=10)]
    song, path = mido.MidiFile(tracks=[mido.MidiTrack(notes)]), folder / "nothing.mid"
    stream = BytesIO()
    song.save(file=stream)
    path.write_bytes(stream.getvalue())
    return path


def _content(result: Result, ending: str) -> bytes:
    content = next(file.content for file in result.files if file.name.endswith(ending))
    return content if isinstance(content, bytes) else content.read()
