"""What every engine takes and gives, so that jobs, commands and tests can treat them alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

Progress = Callable[[float, str], None]
"""Called as ``progress(fraction, stage)`` with a fraction in [0, 1]. It may raise, to stop the work."""


def silent(fraction: float, stage: str) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class Mood:
    """The feeling that an engine works from.

    ``valence`` and ``arousal`` lie in [-1, 1]; the frequencies are in Hz and may be absent.
    """

    emotion: str | None = None
    valence: float = 0.0
    arousal: float = 0.0
    neuroscience_freq: float | None = None
    metaphysical_freq: float | None = None


NEUTRAL = Mood()


@dataclass(frozen=True, slots=True)
class File:
    """One produced file: bytes, or a seekable binary stream (such as a temporary file) for what is large.

    ``meta`` holds ``width`` and ``height`` in pixels, or ``duration`` in seconds, where they apply.
    """

    name: str
    media_type: str
    content: bytes | BinaryIO
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What an engine made: plain JSON data, and files."""

    data: dict[str, Any]
    files: tuple[File, ...] = ()
