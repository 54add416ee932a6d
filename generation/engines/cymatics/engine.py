"""From a request to its result: the one path that jobs, the command and scripts share."""

from typing import Any

import numpy as np

from generation.engines.contract import NEUTRAL, File, Mood, Progress, Result, silent
from generation.engines.cymatics import analysis, excitation, figures, sources, sweep, words
from generation.engines.cymatics.analysis import Pattern
from generation.engines.cymatics.bodies import Liquid
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.modal import Field, Modes
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.solve import CACHE, eigenmodes
from generation.engines.cymatics.sources import Tone


def generate(params: Params, *, mood: Mood = NEUTRAL, progress: Progress = silent, cache: EigenCache = CACHE) -> Result:
    """Analyse each frequency and their superposition, and draw them.

    Raises :class:`ParameterError` where the audio file or the emotion gives no frequency that can be analysed.
    """
    progress(0.0, "frequencies")
    tones = sources.tones(params, mood, cache)
    progress(0.1, "modes")
    modes = _modes(params, tones, cache)
    analyses: list[dict[str, Any]] = []
    tables: list[Field] = []
    files: list[File] = []
    for done, tone in enumerate(tones):
        progress(0.2 + 0.6 * done / len(tones), f"{tone.frequency:g} Hz")
        data, drawn, table = _tone(params, modes, tone, done + 1)
        analyses.append(data)
        files += figures.spilled(drawn, figures.bytes_held(files))
        tables.append(table * tone.weight)
    result = _data(params, modes, analyses)
    if len(tones) > 1:
        progress(0.8, "superposition")
        result["superposition"], drawn = _superposed(params, modes, tables)
        files = drawn + files
    if params.sweep:
        result["sweep"], film = sweep.draw(params, modes, progress)
        files.append(film)
    progress(1.0, "done")
    return Result(result, tuple(files))


def _modes(params: Params, tones: list[Tone], cache: EigenCache) -> Modes:
    highest = max([tone.frequency for tone in tones] + sweep.frequencies(params))
    return eigenmodes(
        params.body, params.modes, highest / 2 if isinstance(params.body.medium, Liquid) else highest, cache
    )


def _tone(params: Params, modes: Modes, tone: Tone, number: int) -> tuple[dict[str, Any], list[File], Field]:
    motion = excitation.excite(params, modes, tone.frequency)
    found = analysis.pattern(modes, excitation.table(modes, motion))
    data, files = _described(params, modes, found, f"{number}-{tone.frequency:.6g}Hz")
    return {**tone.describe(), **excitation.describe(params, modes, motion), **data}, files, found.table


def _superposed(params: Params, modes: Modes, tables: list[Field]) -> tuple[dict[str, Any], list[File]]:
    """Add the patterns up at the instant when each is at its largest."""
    total = np.asarray(sum(tables[1:], tables[0]))
    return _described(params, modes, analysis.pattern(modes, total), "superposition")


def _described(params: Params, modes: Modes, found: Pattern, name: str) -> tuple[dict[str, Any], list[File]]:
    lines = analysis.lines_of(found)
    data = analysis.describe(found, lines)
    picture = figures.Picture(name, found.table, data["displacement"]["rms"], lines)
    return data, figures.draw(params, modes, picture)


def _data(params: Params, modes: Modes, analyses: list[dict[str, Any]]) -> dict[str, Any]:
    listed = range(modes.rigid, min(modes.rigid + params.modes, len(modes.omega)))
    return {
        "model": params.model,
        "eigenmodes": [excitation.mode(modes, place) for place in listed],
        "frequencies": analyses,
        "summary": words.summary(params.model, params.body, analyses),
    }
