"""From a mood to musical cues: a linear, additive map.

Eerola, Friberg & Bresin (2013, Frontiers in Psychology 4:487) found that the cues of emotion in music add up linearly
in valence and arousal, in the order mode, tempo, register, dynamics, articulation, timbre. The signs and that order
of weights are theirs; the units and ranges below are this engine's choice.
"""

from dataclasses import asdict, dataclass

from generation.engines.contract import Mood


@dataclass(frozen=True, slots=True)
class Cues:
    """What the composer and the synthesiser read.

    Attributes
    ----------
    mode
        ``major`` or ``minor``.
    tempo
        Beats a minute.
    register
        Semitones by which the ensemble is moved up or down.
    velocity
        Mean MIDI velocity.
    articulation
        Sounding part of a written note, 0 to 1.
    brightness
        0 (dark) to 1 (bright) of the timbre.
    activity
        0 (long notes) to 1 (short notes) of rhythm and percussion.
    space
        Reverberation time in seconds.
    """

    mode: str
    tempo: float
    register: float
    velocity: float
    articulation: float
    brightness: float
    activity: float
    space: float

    def as_data(self) -> dict[str, object]:
        """Return the cues as plain JSON data."""
        return {k: v if isinstance(v, str) else round(v, 3) for k, v in asdict(self).items()}


def cues_of(mood: Mood) -> Cues:
    """Map valence and arousal, each in [-1, 1], to cues."""
    valence, arousal = max(-1.0, min(1.0, mood.valence)), max(-1.0, min(1.0, mood.arousal))
    return Cues(
        mode="major" if valence >= 0 else "minor",
        tempo=98 + 10 * valence + 42 * arousal,
        register=3 * valence + 2 * arousal,
        velocity=74 + 5 * valence + 26 * arousal,
        articulation=0.78 - 0.08 * valence - 0.12 * arousal,
        brightness=0.5 + 0.1 * valence + 0.4 * arousal,
        activity=0.5 + 0.1 * valence + 0.4 * arousal,
        space=1.9 - 0.2 * valence - 0.7 * arousal,
    )
