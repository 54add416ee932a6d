"""What every style must keep: the same bytes, the same picture at any size, and its parameters inside."""

import hashlib
import subprocess
import sys
from functools import lru_cache
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from generation.engines.art import Params, generate
from generation.engines.art.output import read_parameters
from generation.engines.art.vocabulary import STYLES
from generation.engines.contract import Mood
from generation.engines.errors import ParameterError
from tests.generation.art.likeness import grey, perceptual_hash, reduced, similarity

JOY = Mood("joy", 0.8, 0.6, 10.0, 528.0)
LINE_STYLES = sorted(name for name, style in STYLES.items() if style.lines)


@lru_cache(maxsize=64)
def draw(style="abstract", *, size=64, mood=JOY, **options):
    options = {"width": size, "height": size, "seed": 5} | options
    return generate(Params.parse({"prompt": "quiet teal water", "style": style, "options": options}), mood=mood)


def pixels(result, index=0):
    with Image.open(BytesIO(result.files[index].content)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_any_shape_and_says_what_it_did(style):
    result = draw(style, width=150, height=90)
    assert pixels(result).shape == (90, 150, 3)
    assert result.files[0].meta == {"width": 150, "height": 90}
    assert result.data["seed"] == 5 and result.data["style"] == style and result.data["emotion"] == "joy"
    assert all(len(colour) == 7 for colour in result.data["palette"])


@pytest.mark.parametrize("style", STYLES)
def test_a_transparent_background_shows_through_somewhere_and_not_everywhere(style):
    alpha = pixels(draw(style, background="transparent"))[..., 3]
    assert alpha.min() < 128 < alpha.max()


@pytest.mark.parametrize("style", STYLES)
def test_seeds_are_visibly_different(style):
    hashes = [perceptual_hash(pixels(draw(style, seed=seed))) for seed in (5, 1, 2)]
    distances = [int((a != b).sum()) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(distances) >= 6


def test_the_same_parameters_give_the_same_bytes_in_a_new_process():
    code = (
        "import hashlib\n"
        "from tests.generation.art.test_generate import draw\n"
        f"for style in {sorted(STYLES)!r}:\n"
        "    print(hashlib.sha256(draw(style).files[0].content).hexdigest())\n"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    here = [hashlib.sha256(draw(style).files[0].content).hexdigest() for style in sorted(STYLES)]
    assert here == there


@pytest.mark.parametrize("file_format", ["png", "webp", "svg"])
def test_a_file_holds_what_is_needed_to_make_it_again(file_format):
    first = draw("flow_field", format=file_format)
    again = generate(Params.parse({"replay": read_parameters(first.files[0].content)}))
    assert again.files == first.files
    assert again.data == first.data


def test_the_parameters_in_the_result_are_those_in_the_file():
    first = draw()
    assert generate(Params.parse({"replay": first.data["parameters"]})).files == first.files


def test_a_tampered_file_is_refused():
    content = draw("flow_field", format="svg").files[0].content.replace(b'"seed":5', b'"seed":6')
    with pytest.raises(ParameterError, match="changed"):
        Params.parse({"replay": read_parameters(content)})


@pytest.mark.parametrize("content", [b"", b"no picture", b"<svg ", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_picture_is_refused(content):
    with pytest.raises(ParameterError, match="replay"):
        read_parameters(content)


def test_a_picture_without_parameters_is_refused():
    plain = BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "PNG")
    with pytest.raises(ParameterError, match="no parameters"):
        read_parameters(plain.getvalue())


@pytest.mark.parametrize("style", LINE_STYLES)
def test_svg_is_well_formed_and_shows_shapes_on_the_ground(style):
    root = ElementTree.fromstring(draw(style, format="svg").files[0].content)
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names.count("path") > 5
    assert "metadata" in names and "rect" in names


def test_variations_come_with_a_contact_sheet_and_each_can_be_replayed():
    result = draw(variations=3)
    assert len(result.files) == 4
    assert result.files[0].name.startswith("contact-sheet")
    seeds = {file.name for file in result.files[1:]}
    assert len(seeds) == 3
    alone = generate(Params.parse({"replay": read_parameters(result.files[2].content)}))
    assert alone.files == result.files[2:3]
    assert generate(Params.parse({"replay": read_parameters(result.files[0].content)})).files == result.files


def test_progress_rises_to_one_and_may_stop_the_work():
    seen = []
    draw_params = Params.parse({"prompt": "x", "options": {"width": 128, "height": 128, "variations": 2}})
    generate(draw_params, progress=lambda fraction, stage: seen.append(fraction))
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) >= 4
    with pytest.raises(InterruptedError):
        generate(draw_params, progress=_interrupt)


def _interrupt(fraction, stage):
    raise InterruptedError


@pytest.mark.parametrize("style", ["abstract", "flow_field", "landscape", "harmonograph", "cymatic"])
def test_a_picture_is_the_same_at_any_size(style):
    small, large = draw(style, size=256), draw(style, size=768)
    assert similarity(reduced(pixels(large), 256), pixels(small)) > 0.93


@pytest.mark.parametrize("style", ["mandala", "kaleidoscope"])
@pytest.mark.parametrize("repeats", [5, 8])
def test_a_turn_by_one_repeat_changes_nothing(style, repeats):
    picture = Image.fromarray(grey(pixels(draw(style, size=512, symmetry=repeats))).astype(np.float32))
    turned = np.asarray(picture.rotate(360 / repeats, Image.Resampling.BICUBIC))
    y, x = np.mgrid[-1:1:512j, -1:1:512j]
    disc = np.hypot(x, y) < 0.95
    assert np.corrcoef(turned[disc], np.asarray(picture)[disc])[0, 1] >= 0.99


def test_supersampling_gives_the_same_picture_with_smoother_edges():
    fine, plain = (draw("flow_field", size=96, supersampling=factor) for factor in (2, 1))
    assert similarity(pixels(fine), pixels(plain)) > 0.95


def test_given_colours_are_the_palette_and_words_choose_it_otherwise():
    assert draw(palette=("#123456", "teal", "#fff")).data["palette"] == ["#123456", "#0f8587", "#ffffff"]
    assert "#0f8587" in draw().data["palette"]
    assert draw(palette="sunset").data["palette"][0] == "#241141"


def test_the_mood_changes_colours_where_words_name_none():
    def inks(mood):
        return generate(Params.parse({"prompt": "something", "options": {"width": 64, "height": 64}}), mood=mood).data

    assert inks(JOY)["palette"] != inks(Mood("sadness", -0.7, -0.5))["palette"]
    assert any("joy" in reason for reason in inks(JOY)["score"]["why"])


def test_variations_of_lines_are_shown_on_a_sheet_of_pixels():
    result = draw("mandala", format="svg", variations=2)
    assert [file.media_type for file in result.files] == ["image/png", "image/svg+xml", "image/svg+xml"]
