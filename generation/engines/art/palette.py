"""The colours of a picture: chosen in OKLCH from what was asked for, the words of the prompt, and the mood."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from generation.engines import color
from generation.engines.art.score import words
from generation.engines.art.vocabulary import COLOURS, PALETTES, THINGS
from generation.engines.contract import Mood

Light = NDArray[np.float32]

# Hue (degrees, OKLCH) at every 45° of the circumplex of valence and arousal, from pleasant through excited,
# angry, sad and tired back: a reading of colour and emotion norms (Jonauskaite et al. 2020), not a law.
_HUES = np.array([98.0, 72.0, 45.0, 22.0, -45.0, -98.0, -135.0, -190.0, -262.0])
# Offsets in hue of five inks from dark to light, by harmony.
_HARMONIES = {
    "analogous": (-40.0, -20.0, 0.0, 22.0, 45.0),
    "complementary": (-15.0, 0.0, 12.0, 180.0, 30.0),
    "split": (-10.0, 0.0, 15.0, 150.0, 210.0),
    "triadic": (0.0, 10.0, 120.0, 20.0, 240.0),
}
_YELLOW_LIFT = np.array([0.12, 0.16, 0.16, 0.1, 0.03])
# Shadows of yellow are seen as brown and red sooner than as olive.
_SHADOW_TURN = np.array([48.0, 30.0, 10.0, 0.0, 0.0])
RAMP = 4096


@dataclass(frozen=True)
class Palette:
    """``inks`` as ``#rrggbb`` and the ``ground`` that they lie on; ``transparent`` leaves the ground out."""

    inks: tuple[str, ...]
    ground: str
    transparent: bool
    why: str

    @cached_property
    def dark(self) -> bool:
        """Whether the ground is darker than middle grey."""
        return bool(self._lab(self.ground)[0] < 0.55)

    @cached_property
    def ground_light(self) -> Light:
        """The ground in linear light, shape (3,)."""
        return color.srgb_to_linear(color.from_hex(self.ground)).astype(np.float32)

    @cached_property
    def ink_light(self) -> Light:
        """The inks in linear light, shape (n, 3), in the order given."""
        return np.stack([color.srgb_to_linear(color.from_hex(c)) for c in self.inks]).astype(np.float32)

    @cached_property
    def ramp(self) -> Light:
        """Steps from the ground through all inks, away from it in lightness: shape (RAMP, 3), linear light."""
        return color.gradient([self._lab(self.ground), *self._sorted()], RAMP)

    @cached_property
    def scale(self) -> Light:
        """Steps through the inks alone, in the same order as ``ramp``: shape (RAMP, 3), linear light."""
        return color.gradient(self._sorted(), RAMP)

    @cached_property
    def wheel(self) -> Light:
        """Steps through the inks and back to the first, for what repeats: shape (RAMP, 3), linear light."""
        stops = self._sorted()
        return color.gradient([*stops, *stops[-2::-1]], RAMP)

    def apart(self, least: float) -> list[str]:
        """Return the inks whose lightness differs from the ground's by ``least`` or more, or the farthest one."""
        ground = self._lab(self.ground)[0]
        distance = {ink: abs(self._lab(ink)[0] - ground) for ink in self.inks}
        return [ink for ink in self.inks if distance[ink] >= least] or [max(distance, key=lambda ink: distance[ink])]

    def _sorted(self) -> list[color.Array]:
        stops = sorted((self._lab(ink) for ink in self.inks), key=lambda lab: float(lab[0]))
        return stops if self.dark else stops[::-1]

    @staticmethod
    def _lab(ink: str) -> color.Array:
        return color.linear_to_oklab(color.srgb_to_linear(color.from_hex(ink)))


def choose(
    wanted: str | tuple[str, ...] | None,
    *,
    background: str | None,
    prompt: str,
    mood: Mood,
    rng: np.random.Generator,
    prefer: str = "dark",
) -> Palette:
    """Choose inks and ground; what was asked for comes before the prompt's words, and they before the mood."""
    inks, why = _inks(wanted, prompt, mood, rng)
    transparent = background == "transparent"
    tone = prefer if background is None or transparent else background
    ground = tone if color.is_hex(tone) else _ground(inks, light=tone == "light")
    return Palette(inks, ground, transparent, why)


def _inks(
    wanted: str | tuple[str, ...] | None, prompt: str, mood: Mood, rng: np.random.Generator
) -> tuple[tuple[str, ...], str]:
    if isinstance(wanted, tuple):
        return wanted, "colours as given"
    if wanted is not None:
        return PALETTES[wanted], f"palette {wanted}"
    spoken = words(prompt)
    colours = list(dict.fromkeys(word for word in spoken if word in COLOURS))
    things = [w for w in spoken if w in PALETTES or w in THINGS]
    if things:
        name = things[0] if things[0] in PALETTES else THINGS[things[0]]
        return _tinted(PALETTES[name], colours[:2]), "words " + ", ".join([things[0], *colours[:2]])
    if colours:
        return _around(colours[:3], rng), "words " + ", ".join(colours[:3])
    return _by_mood(mood, rng)


def _tinted(base: tuple[str, ...], colours: list[str]) -> tuple[str, ...]:
    # A colour word takes the place of the ink nearest to it in lightness.
    inks = list(base)
    for word in colours:
        lightness = [abs(_lch(ink)[0] - _lch(COLOURS[word])[0]) for ink in inks]
        inks[int(np.argmin(lightness))] = COLOURS[word]
    return tuple(inks)


def _around(colours: list[str], rng: np.random.Generator) -> tuple[str, ...]:
    # The colours named, completed by shades of them up to five inks from dark to light.
    named = [_lch(COLOURS[word]) for word in colours]
    inks = [COLOURS[word] for word in colours]
    for lightness in (0.27, 0.94, 0.78, 0.45, 0.62):
        if len(inks) >= 5:
            break
        near = named[int(rng.integers(len(named)))]
        turn = rng.uniform(-24, 24) + (0.6 - lightness) * 40
        chroma = max(near[1] * (0.55 if lightness > 0.9 else 0.85), 0.02 if near[1] > 0.03 else near[1])
        inks.append(_hex(lightness, chroma, near[2] + turn))
    return tuple(sorted(inks, key=lambda ink: float(_lch(ink)[0])))


def _by_mood(mood: Mood, rng: np.random.Generator) -> tuple[tuple[str, ...], str]:
    strength = min(1.0, float(np.hypot(mood.valence, mood.arousal)))
    hue = _mood_hue(mood) if strength > 0.1 else float(rng.uniform(0, 360))
    hue += rng.uniform(-18, 18)
    # Bright feelings bear contrast of hue, heavy ones stay within a family.
    liking = 0.5 + 0.5 * mood.valence
    weights = np.array([1.4 - 0.6 * liking, 0.6 + 0.3 * liking, 0.2 + 0.5 * liking, 0.6 * liking])
    harmony = str(rng.choice(list(_HARMONIES), p=weights / weights.sum()))
    chroma = 0.115 + 0.045 * mood.arousal + 0.025 * mood.valence
    top = 0.9 + 0.05 * mood.valence
    hues = hue + np.array(_HARMONIES[harmony]) * rng.choice([-1, 1])
    hues -= _SHADOW_TURN * _yellowness(hues)
    lightness = np.linspace(0.27 + 0.05 * mood.valence, top, 5) + _YELLOW_LIFT * _yellowness(hues)
    swell = np.array([0.75, 1.1, 1.25, 1.05, 0.5]) * (1 + 0.1 * _yellowness(hues))
    inks = tuple(_hex(*ink) for ink in zip(lightness, chroma * swell, hues, strict=True))
    source = f"mood of {mood.emotion}" if mood.emotion else "mood" if strength > 0.1 else "seed"
    return inks, f"{harmony} harmony from the {source}"


def _yellowness(hues: color.Array) -> color.Array:
    # Yellow has its full colour only when it is light: darker, it is olive and brown.
    away = np.abs((hues - 92.0 + 180.0) % 360.0 - 180.0)
    return np.clip(1 - away / 45.0, 0, 1)


def _mood_hue(mood: Mood) -> float:
    angle = np.degrees(np.arctan2(mood.arousal, mood.valence)) % 360
    return float(np.interp(angle, np.arange(9) * 45.0, _HUES))


def _ground(inks: tuple[str, ...], *, light: bool) -> str:
    lch = sorted((_lch(ink) for ink in inks), key=lambda c: float(c[0]))
    if light:
        return _hex(0.965, min(0.018, lch[-1][1] * 0.4), lch[-1][2])
    return _hex(min(0.17, float(lch[0][0]) * 0.7), min(0.035, lch[0][1] * 0.6), lch[0][2])


def _lch(ink: str) -> color.Array:
    return color.srgb_to_oklch(color.from_hex(ink))


def _hex(lightness: float, chroma: float, hue: float) -> str:
    return color.to_hex(color.oklch_to_srgb([lightness, chroma, hue]))
