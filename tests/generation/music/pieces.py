"""Pieces for the tests, and readers that know nothing of the engine's own code."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

from generation.engines.contract import Mood, Result
from generation.engines.music import Params, generate

JOY, ANGER = Mood("joy", 0.8, 0.6), Mood("anger", -0.7, 0.7)
SORROW, PEACE = Mood("sadness", -0.7, -0.6), Mood("serenity", 0.6, -0.6)


@cache
def piece(duration: float = 20, mood: Mood = JOY, prompt: str = "calm sea at dawn", **options: Any) -> Result:
    """Generate a piece once for all tests that ask for the same."""
    return generate(Params.parse({"prompt": prompt, "duration": duration, "options": options}), mood=mood)


def content(result: Result, ending: str) -> bytes:
    """Return the bytes of the file whose name ends so."""
    found = next(file.content for file in result.files if file.name.endswith(ending))
    return found if isinstance(found, bytes) else found.read()


def sound(result: Result) -> tuple[NDArray[np.float64], int]:
    """Read the audio with libsndfile: samples of shape (n, 2), and the rate."""
    samples, rate = soundfile.read(io.BytesIO(content(result, result.files[0].name)), dtype="float64")
    return samples, rate


@dataclass(frozen=True)
class Track:
    """A track of a MIDI file: its name and its notes as (start, end, pitch, velocity), times in ticks."""

    name: str
    drums: bool
    notes: tuple[tuple[int, int, int, int], ...]


def midi(result: Result) -> mido.MidiFile:
    """Read the MIDI file."""
    return mido.MidiFile(file=io.BytesIO(content(result, ".mid")))


def tracks(result: Result) -> list[Track]:
    """Return the tracks that have notes."""
    return [track for track in map(_track, midi(result).tracks) if track.notes]


def _track(messages: mido.MidiTrack) -> Track:
    now, sounding, notes, drums = 0, {}, [], False
    for message in messages:
        now += message.time
        if message.type == "note_on" and message.velocity:
            sounding[message.note] = (now, message.velocity)
            drums = message.channel == 9
        elif message.type in ("note_on", "note_off"):
            start, velocity = sounding.pop(message.note)
            notes.append((start, now, message.note, velocity))
    return Track(messages.name, drums, tuple(sorted(notes)))
