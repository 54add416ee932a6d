"""Pictures from a prompt, a style and a seed: the same bytes every time, at any size."""

from generation.engines.art.params import Params
from generation.engines.contract import NEUTRAL, Mood, Progress, Result, silent

__all__ = ["Params", "generate"]


def generate(params: Params, *, mood: Mood = NEUTRAL, progress: Progress = silent) -> Result:
    """Draw the picture, or the contact sheet and the variations, that the parameters ask for.

    The result's data hold ``seed``, ``style``, ``palette`` (hex list), ``emotion``, ``score`` (how prompt and mood
    were understood) and ``parameters`` (the record that a replay takes).
    """
    # Numpy and the styles are loaded with the first picture, so that a process which only checks requests stays small.
    from generation.engines.art import studio

    return studio.produce(params, mood=mood, progress=progress)
