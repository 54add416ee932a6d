"""The way of one piece through the studio: cues, score, sound, master, files."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from generation.engines.contract import File, Mood, Progress, Result
from generation.engines.music.casting import cast
from generation.engines.music.composing.composer import compose
from generation.engines.music.composing.score import Score
from generation.engines.music.cues import Cues, cues_of
from generation.engines.music.files.audio import MEDIA_TYPES, AudioWriter
from generation.engines.music.files.midi import encode_midi
from generation.engines.music.files.pictures import HEIGHT, WIDTH, Pictures
from generation.engines.music.files.summary import chord_list, score_json, section_list
from generation.engines.music.mastering.master import Master, Target
from generation.engines.music.params import Params
from generation.engines.music.pipeline import ahead
from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis.layers import layers_of
from generation.engines.music.synthesis.mixer import Mixer
from generation.engines.music.synthesis.tones import frequency_of

_CEILING = {"wav": -1.0, "flac": -1.0, "ogg": -2.0}
"""dBTP; Vorbis moves peaks by up to about 1 dB, and is left room for it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """All that is settled before the first sample."""

    params: Params
    mood: Mood
    cues: Cues
    score: Score
    seed: int


@dataclass(frozen=True, slots=True)
class Recording:
    """The finished audio file, its picture, and its measures in LUFS and dBTP."""

    audio: bytes | BinaryIO
    picture: bytes
    loudness: float
    true_peak: float


def produce(params: Params, mood: Mood, progress: Progress) -> Result:
    """Make all files of a piece; see :func:`generation.engines.music.generate`."""
    progress(0.0, "composing")
    piece = prepare(params, mood)
    progress(0.05, "rendering")
    recording = record(piece, progress)
    progress(1.0, "done")
    return Result(_data(piece, recording), _files(piece, recording))


def prepare(params: Params, mood: Mood) -> Piece:
    """Choose the seed and the players, and write the score."""
    seed, cues = seed_of(params), cues_of(mood)
    players = cast(params.prompt, mood, params.options.instruments, seed)
    return Piece(params, mood, cues, compose(params, cues, players, seed), seed)


def seed_of(params: Params) -> int:
    """Return the seed that was given, or one that belongs to the prompt."""
    if params.options.seed is not None:
        return params.options.seed
    return int.from_bytes(hashlib.sha256(params.prompt.encode()).digest()[:6])


def record(piece: Piece, progress: Progress) -> Recording:
    """Render the piece and draw its picture."""
    options = piece.params.options
    pictures = Pictures(round(piece.score.duration * options.sample_rate), options.sample_rate)
    audio, loudness, true_peak = render(piece, progress, pictures.feed)
    return Recording(audio, pictures.png({"Title": piece.score.title}), loudness, true_peak)


def render(
    piece: Piece, progress: Progress, watch: Callable[[Floats], None] = lambda block: None
) -> tuple[bytes | BinaryIO, float, float]:
    """Mix the piece, then master it into the audio file: that file, its LUFS and its dBTP.

    ``watch`` sees every finished block.
    """
    options, mixer = piece.params.options, _mixer(piece)
    total, rate = mixer.total, options.sample_rate
    mixed = _reported(ahead(mixer.blocks()), total, progress, (0.05, 0.6), "rendering")
    with Master(mixed, total, rate, Target(options.loudness, _CEILING[options.format])) as master:
        writer = AudioWriter(options.format, rate, options.bit_depth, _tags(piece))
        finished = ahead(_seen(master.blocks(), watch))
        for block in _reported(finished, total, progress, (0.6, 0.98), "mastering"):
            writer.write(block)
        return writer.close(), master.loudness, master.true_peak


def _mixer(piece: Piece) -> Mixer:
    options, score = piece.params.options, piece.score
    layers = layers_of(options, piece.mood, frequency_of(48 + score.tonic, options.tuning))
    return Mixer(score, piece.cues, layers, rate=options.sample_rate, tuning=options.tuning, seed=piece.seed)


def _seen(blocks: Iterable[Floats], watch: Callable[[Floats], None]) -> Iterator[Floats]:
    for block in blocks:
        watch(block)
        yield block


def _reported(
    blocks: Iterable[Floats], total: int, progress: Progress, span: tuple[float, float], stage: str
) -> Iterator[Floats]:
    """Pass blocks on, reporting about ten times on the way."""
    done, told = 0, 0
    for block in blocks:
        yield block
        done += block.shape[1]
        if done - told >= total // 10:
            told = done
            progress(span[0] + (span[1] - span[0]) * done / total, stage)


def _tags(piece: Piece) -> dict[str, str]:
    """What players show: the title, and in the comment what is needed to make the piece again."""
    score = piece.score
    comment = f"key={score.key} mode={score.mode} tempo={score.tempo} meter={score.meter_name} seed={piece.seed}"
    return {"title": score.title, "artist": "MC AI", "genre": "Generative", "comment": comment}


def _data(piece: Piece, recording: Recording) -> dict[str, Any]:
    score = piece.score
    return {
        "seed": piece.seed,
        "key": score.key,
        "mode": score.mode,
        "scale": score.scale,
        "tempo": score.tempo,
        "meter": score.meter_name,
        "duration": score.duration,
        "emotion": piece.mood.emotion,
        "loudness": round(recording.loudness, 2),
        "true_peak": round(recording.true_peak, 2),
        "chords": chord_list(score),
        "sections": section_list(score),
        "instruments": {part.name: part.instrument for part in score.parts},
    }


def _files(piece: Piece, recording: Recording) -> tuple[File, ...]:
    kind, length = piece.params.options.format, {"duration": piece.score.duration}
    return (
        File(f"music.{kind}", MEDIA_TYPES[kind], recording.audio, length),
        File("music.mid", "audio/midi", encode_midi(piece.score), length),
        File("spectrogram.png", "image/png", recording.picture, {"width": WIDTH, "height": HEIGHT}),
        File("score.json", "application/json", score_json(piece.score, piece.cues, piece.mood)),
    )
