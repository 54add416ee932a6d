"""The score in a page of JSON: what is played when, and why."""

import json
from typing import Any

from generation.engines.contract import Mood
from generation.engines.music.composing.score import Chord, Part, Score, Section
from generation.engines.music.cues import Cues


def chord_list(score: Score) -> list[dict[str, Any]]:
    """Return the chords with their times in seconds."""
    return [_chord(score, chord) for chord in score.chords]


def section_list(score: Score) -> list[dict[str, Any]]:
    """Return the form: sections with their bars and times in seconds."""
    return [_section(score, section) for section in score.sections]


def score_json(score: Score, cues: Cues, mood: Mood) -> bytes:
    """Return the summary as a JSON file."""
    data = {
        "title": score.title,
        "key": score.key,
        "mode": score.mode,
        "scale": score.scale,
        "meter": score.meter_name,
        "tempo_map": [{"time": 0.0, "bpm": score.tempo}],
        "duration": score.duration,
        "mood": {"emotion": mood.emotion, "valence": mood.valence, "arousal": mood.arousal},
        "cues": cues.as_data(),
        "form": section_list(score),
        "chords": chord_list(score),
        "parts": [_part(part) for part in score.parts],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _chord(score: Score, chord: Chord) -> dict[str, Any]:
    start, end = score.seconds(chord.start), score.seconds(chord.end)
    return {"start": round(start, 3), "end": round(end, 3), "symbol": chord.symbol, "numeral": chord.numeral}


def _section(score: Score, section: Section) -> dict[str, Any]:
    start = score.seconds(section.start * score.meter.bar)
    return {"label": section.label, "start": round(start, 3), "bar": section.start + 1, "bars": section.bars,
            "phrases": [phrase.label for phrase in section.phrases]}  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    return {"name": part.name, "role": part.role, "instrument": part.instrument, "range": [part.low, part.high],
            "notes": len(part.notes)}  # fmt: skip
