"""What a client asks for, checked. Standard library only: the web process imports this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.engines.errors import ParameterError
from generation.engines.music import checks
from generation.engines.music.ensemble import BASS, HARMONY, INSTRUMENTS, MELODY, PERCUSSION, ROLES
from generation.engines.music.theory import KEYS, METERS, MODE_ALIASES, MODES, SCALES

PROMPT_LENGTH = 2000
DURATION = (1.0, 600.0)
FORMATS = ("wav", "flac", "ogg")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of the client; ``None`` leaves a choice to the mood and the seed.

    ``tempo`` is in beats a minute, ``tuning`` the frequency of A4 in Hz, ``loudness`` in LUFS. ``drone``, ``binaural``
    and ``isochronic`` are a frequency in Hz, ``True`` for the emotion's own, or ``False``. ``instruments`` maps a role
    to an instrument.
    """

    seed: int | None = None
    emotion: str | None = None
    key: str | None = None
    mode: str | None = None
    scale: str | None = None
    tempo: float | None = None
    meter: str = "4/4"
    instruments: Mapping[str, str] = field(default_factory=dict)
    drone: bool | float = False
    binaural: bool | float = False
    isochronic: bool | float = False
    tuning: float = 440.0
    format: str = "flac"
    sample_rate: int = 44100
    bit_depth: int = 16
    loudness: float = -14.0


@dataclass(frozen=True, slots=True)
class Params:
    """A piece to compose: ``prompt`` is its title and the root of its seed, ``duration`` is in seconds."""

    prompt: str
    duration: float
    options: Options = field(default_factory=Options)

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Params":
        """Read the body of a request.

        Raises
        ------
        ParameterError
            With the path of the first field that is unusable.
        """
        checks.known_fields(body, ("prompt", "duration", "options"), "")
        prompt = checks.text(checks.required(body, "prompt"), "prompt", PROMPT_LENGTH)
        duration = checks.number(checks.required(body, "duration"), "duration", *DURATION, unit="seconds")
        return cls(prompt, duration, parse_options(body.get("options")))


def parse_options(value: object) -> Options:
    """Read the ``options`` of a request; raises ParameterError."""
    options = checks.mapping({} if value is None else value, "options")
    checks.known_fields(options, tuple(_READERS), "options.")
    given = {name: _READERS[name](raw, f"options.{name}") for name, raw in options.items() if raw is not None}
    return _agreed(Options(**given))


def _agreed(options: Options) -> Options:
    """Check that scale and mode go together."""
    if options.scale and options.mode and SCALES[options.scale].mode != options.mode:
        home = SCALES[options.scale].mode
        message = f"The scale {options.scale} belongs to the mode {home}, not to {options.mode}; leave one of them out."
        raise ParameterError("options.scale", message)
    return options


def _key(value: object, path: str) -> str:
    name = value.strip().replace("♯", "#").replace("♭", "b") if isinstance(value, str) else value
    return checks.choice(name[:1].upper() + name[1:] if isinstance(name, str) else name, path, tuple(KEYS))


def _mode(value: object, path: str) -> str:
    name = checks.choice(checks.identifier(value), path, (*MODES, *MODE_ALIASES))
    return MODE_ALIASES.get(name, name)


def _scale(value: object, path: str) -> str:
    name = checks.choice(checks.identifier(value), path, (*SCALES, *MODE_ALIASES))
    return MODE_ALIASES.get(name, name)


def _instruments(value: object, path: str) -> Mapping[str, str]:
    """Read a list of names, or a mapping of roles to names."""
    if isinstance(value, Mapping):
        checks.known_fields(value, ROLES, f"{path}.")
        return {role: _player(name, f"{path}.{role}", role) for role, name in value.items()}
    return _cast(checks.names(value, path, tuple(INSTRUMENTS)), path)


def _player(value: object, path: str, role: str) -> str:
    suited = tuple(name for name, player in INSTRUMENTS.items() if role in player.roles)
    return checks.choice(checks.identifier(value), path, suited + ((NONE,) if role == PERCUSSION else ()))


def _cast(names: list[str], path: str) -> Mapping[str, str]:
    """Give each instrument of a list the first free role that suits it; the last one fills what harmony lacks."""
    cast: dict[str, str] = {}
    for index, name in enumerate(names):
        free = [role for role in (MELODY, HARMONY, BASS, PERCUSSION) if role in INSTRUMENTS[name].roles]
        role = next((role for role in free if role not in cast), None)
        if role is None:
            message = f"No part is left that {name} could play; there are {', '.join(ROLES)}."
            raise ParameterError(f"{path}[{index}]", message)
        cast[role] = name
    return {PERCUSSION: NONE} | cast


def _number(low: float, high: float, unit: str) -> checks.Reader:
    return lambda value, path: checks.number(value, path, low, high, unit=unit)


def _layer(low: float, high: float) -> checks.Reader:
    read = _number(low, high, "Hz, or true for the emotion's own frequency")
    return lambda value, path: value if isinstance(value, bool) else read(value, path)


def _one_of(*known: Any) -> checks.Reader:
    return lambda value, path: checks.choice(value, path, known)


_READERS: Mapping[str, checks.Reader] = {
    "seed": lambda value, path: checks.integer(value, path, 0, 2**63 - 1),
    "emotion": lambda value, path: checks.text(value, path, 50),
    "key": _key,
    "mode": _mode,
    "scale": _scale,
    "tempo": _number(30, 240, "beats a minute"),
    "meter": _one_of(*METERS),
    "instruments": _instruments,
    "drone": _layer(20, 2000),
    "binaural": _layer(0.5, 50),
    "isochronic": _layer(0.5, 50),
    "tuning": _number(400, 480, "Hz for A4"),
    "format": _one_of(*FORMATS),
    "sample_rate": _one_of(44100, 48000),
    "bit_depth": _one_of(16, 24),
    "loudness": _number(-40, -9, "LUFS"),
}
