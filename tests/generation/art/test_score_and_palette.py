"""How words and moods become behaviour and colour."""

import numpy as np
import pytest

from generation.engines import color
from generation.engines.art import palette, score
from generation.engines.contract import NEUTRAL, Mood

ANGER, CALM = Mood("anger", -0.6, 0.8), Mood("calm", 0.6, -0.6)


def read(prompt="", mood=NEUTRAL, *, complexity=0.5, symmetry=None):
    return score.read(prompt, mood, complexity=complexity, symmetry=symmetry, rng=np.random.default_rng(0))


def choose(prompt="", mood=NEUTRAL, *, wanted=None, background=None, seed=0, prefer="dark"):
    rng = np.random.default_rng(seed)
    return palette.choose(wanted, background=background, prompt=prompt, mood=mood, rng=rng, prefer=prefer)


def lch(ink):
    return color.srgb_to_oklch(color.from_hex(ink))


def test_arousal_gives_energy_and_valence_gives_light():
    assert read(mood=ANGER).energy > read().energy > read(mood=CALM).energy
    assert read(mood=ANGER).light < read(mood=CALM).light


def test_words_move_the_score_and_are_named():
    storm = read("a wild storm in a dense forest")
    assert storm.energy > 0.5 and storm.density > 0.5
    assert {"word wild", "word storm", "word dense", "word forest"} <= {reason.split(":")[0] for reason in storm.why}


def test_a_score_never_leaves_its_range():
    extreme = read("wild storm fire rush dense crowded dark night " * 5, Mood("rage", -1, 1), complexity=1.0)
    values = (extreme.energy, extreme.density, extreme.motion, extreme.light)
    assert min(values) >= 0 and max(values) <= 1


def test_symmetry_comes_from_the_option_then_from_words():
    assert read("a snowflake").symmetry == 6
    assert read("a snowflake", symmetry=9).symmetry == 9


@pytest.mark.parametrize(("word", "hue"), [("teal", 195), ("red", 29), ("purple", 318), ("gold", 84)])
def test_a_colour_word_is_in_the_palette_and_its_hue_leads(word, hue):
    inks = choose(f"something {word}").inks
    near = [abs((lch(ink)[2] - hue + 180) % 360 - 180) < 45 for ink in inks]
    assert sum(near) >= len(inks) // 2


def test_things_bring_their_palettes_and_colours_take_their_place_in_it():
    assert choose("waves").inks == palette.PALETTES["ocean"]
    inks = choose("a teal forest").inks
    assert "#0f8587" in inks and len(set(inks) & set(palette.PALETTES["forest"])) == 4


def test_angry_colours_are_warm_and_calm_ones_cool():
    def hues(mood):
        inks = [lch(ink) for seed in range(12) for ink in choose(mood=mood, seed=seed).inks[1:4]]
        return np.array([hue for _, chroma, hue in inks if chroma > 0.03])

    warm = lambda hue: np.abs((hue - 40 + 180) % 360 - 180) < 75  # noqa: E731
    assert warm(hues(ANGER)).mean() > 0.6
    assert warm(hues(CALM)).mean() < 0.4


def test_inks_of_a_mood_run_from_dark_to_light():
    for seed in range(20):
        lightness = [lch(ink)[0] for ink in choose(mood=CALM, seed=seed).inks]
        assert lightness[-1] - lightness[0] > 0.45


@pytest.mark.parametrize(
    ("background", "dark"), [("dark", True), ("light", False), ("#101010", True), ("#ffffff", False)]
)
def test_the_ground_is_as_asked_and_the_ramp_starts_there(background, dark):
    chosen = choose(background=background)
    assert chosen.dark is dark
    assert np.allclose(chosen.ramp[0], chosen.ground_light, atol=2e-3)


def test_inks_that_stand_apart_from_the_ground_are_found_even_among_bad_ones():
    assert choose(wanted=("#000000", "#010101"), background="#000000").apart(0.3) == ["#010101"]
