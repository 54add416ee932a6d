"""Music: a prompt and a mood become a piece, composed, played, mastered and measured.

``Params.parse`` checks a request with the standard library alone; ``generate`` imports what it needs when it runs.
"""

from generation.engines.contract import NEUTRAL, Mood, Progress, Result, silent
from generation.engines.music.params import Params

__all__ = ["Params", "generate"]


def generate(params: Params, *, mood: Mood = NEUTRAL, progress: Progress = silent) -> Result:
    """Compose and render a piece.

    Parameters
    ----------
    mood
        Valence and arousal steer mode, tempo, register, dynamics, articulation, timbre and instruments; the
        frequencies feed the layers that were asked for.
    progress
        Called some twenty times; may raise to stop the work.

    Returns
    -------
    Audio, MIDI, a picture of waveform and spectrogram, and a summary of the score in JSON. Equal parameters, mood and
    seed give equal bytes.
    """
    from generation.engines.music.production import produce

    return produce(params, mood, progress)
