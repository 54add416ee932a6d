"""From a request to its result: the one path that jobs, the command and scripts share."""

from typing import Any

import numpy as np

from generation.engines.contract import NEUTRAL, File, Mood, Progress, Result, silent
from generation.engines.cymatics import analysis, figures, sources, words
from generation.engines.cymatics.analysis import Pattern
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.modal import Field, Modes
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.response import Drive, Response, resonances, respond
from generation.engines.cymatics.solve import CACHE, eigenmodes
from generation.engines.cymatics.sources import Tone

NEAREST = 5
_NARROWEST = 0.005


def generate(params: Params, *, mood: Mood = NEUTRAL, progress: Progress = silent, cache: EigenCache = CACHE) -> Result:
    """Analyse each frequency and their superposition, and draw them.

    Raises :class:`ParameterError` where the audio file or the emotion gives no frequency that can be analysed.
    """
    progress(0.0, "frequencies")
    tones = sources.tones(params, mood, cache)
    progress(0.05, "modes")
    modes = eigenmodes(params.body, params.modes, max(tone.frequency for tone in tones), cache)
    progress(0.2, "patterns")
    analyses, tables, files = [], [], []
    for done, tone in enumerate(tones):
        answer = response(params, modes, tone)
        data, drawn, table = _pattern(params, modes, answer, f"{done + 1}-{tone.frequency:.6g}Hz")
        analyses.append({**_tone(tone), **_resonance(params, modes, answer, tone), **data})
        files += drawn
        tables.append(table * tone.weight)
        progress(0.2 + 0.7 * (done + 1) / len(tones), f"{tone.frequency:g} Hz")
    result = _data(params, modes, analyses)
    if len(tones) > 1:
        result["superposition"], drawn = _superposed(params, modes, tables)
        files = drawn + files
    progress(1.0, "done")
    return Result(result, tuple(files))


def response(params: Params, modes: Modes, tone: Tone) -> Response:
    """Return the steady vibration at one frequency of a request."""
    return respond(modes, tone.frequency, drive_of(params), params.damping)


def drive_of(params: Params) -> Drive:
    """Return the drive of a request."""
    return Drive("force" if params.drive == "force" else "displacement", params.at, params.driver_radius)


def _pattern(params: Params, modes: Modes, answer: Response, name: str) -> tuple[dict[str, Any], list[File], Field]:
    scale = 1 / np.sqrt(modes.body.medium.surface_density)
    found = analysis.pattern(modes, modes.space.coefficients(answer.amounts) * scale)
    data, files = _described(params, modes, found, name)
    return data, files, found.table


def _superposed(params: Params, modes: Modes, tables: list[Field]) -> tuple[dict[str, Any], list[File]]:
    """Add the patterns up at the instant when each is at its largest."""
    total = np.asarray(sum(tables[1:], tables[0]))
    return _described(params, modes, analysis.pattern(modes, total), "superposition")


def _described(params: Params, modes: Modes, found: Pattern, name: str) -> tuple[dict[str, Any], list[File]]:
    lines = analysis.lines_of(found)
    data = analysis.describe(found, lines)
    picture = figures.Picture(name, found.table, data["displacement"]["rms"], lines)
    return data, figures.draw(params, modes, picture)


def _tone(tone: Tone) -> dict[str, Any]:
    return {
        "frequency": tone.frequency,
        "requested": tone.requested,
        "scaled_by": tone.frequency / tone.requested,
        "weight": tone.weight,
    }


def _resonance(params: Params, modes: Modes, answer: Response, tone: Tone) -> dict[str, Any]:
    """Tell whether the driven body is within half its half-power bandwidth of a resonance, and which modes it shows."""
    near = resonances(modes, drive_of(params), tone.frequency)
    offsets = np.abs(near / tone.frequency - 1)
    resonance = float(near[offsets.argmin()]) if len(near) else None
    return {
        "nearest": _nearest(modes, answer, tone.frequency),
        "resonant": bool(len(near) and offsets.min() <= max(params.damping / 2, _NARROWEST)),
        "resonance": resonance,
    }


def _nearest(modes: Modes, answer: Response, frequency: float) -> list[dict[str, Any]]:
    elastic = np.arange(modes.rigid, modes.trusted)
    order = elastic[np.argsort(np.abs(modes.frequency[elastic] - frequency), kind="stable")][:NEAREST]
    return [{**mode(modes, int(place)), "share": float(answer.shares[place])} for place in order]


def mode(modes: Modes, place: int) -> dict[str, Any]:
    """Return one eigenmode as JSON; ``place`` counts rigid-body motions, ``index`` does not and starts at 1."""
    return {
        "index": place - modes.rigid + 1,
        "lambda": float(modes.lam[place]),
        "frequency": float(modes.frequency[place]),
        "symmetry": str(modes.labels[place]),
    }


def _data(params: Params, modes: Modes, analyses: list[dict[str, Any]]) -> dict[str, Any]:
    listed = range(modes.rigid, min(modes.rigid + params.modes, len(modes.omega)))
    return {
        "model": params.model,
        "eigenmodes": [mode(modes, place) for place in listed],
        "frequencies": analyses,
        "summary": words.summary(params.model, params.body, analyses),
    }
