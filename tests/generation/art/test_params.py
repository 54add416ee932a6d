"""What a request for a picture may say, and what it is told when it is wrong."""

import json

import pytest

from generation.engines.art import Params
from generation.engines.contract import NEUTRAL, Mood
from generation.engines.errors import ParameterError


def parse(**body):
    return Params.parse({"prompt": "teal forest"} | body)


def refusal(**body) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        parse(**body)
    return caught.value


def test_defaults_are_an_abstract_picture_of_1024_pixels():
    params = parse()
    assert (params.style, params.width, params.height, params.format) == ("abstract", 1024, 1024, "png")


def test_the_seed_is_derived_when_it_is_not_given():
    assert parse().seed == parse().seed != parse(prompt="red forest").seed


def test_the_body_of_parameters_parses_to_the_same_parameters():
    params = parse(style="flow_field", options={"palette": ["#123", "teal"], "symmetry": 5, "emotion": "joy"})
    assert Params.parse(json.loads(json.dumps(params.body()))) == params


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 10_000, None, 7])
def test_a_prompt_has_1_to_2000_characters(prompt):
    assert refusal(prompt=prompt).field == "prompt"


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("value", [63, 4097, -1, 10**9, "512", True, 512.5, float("nan")])
def test_sides_lie_within_64_and_4096(side, value):
    error = refusal(options={side: value})
    assert error.field == f"options.{side}"
    assert "64" in error.message and "4096" in error.message


def test_an_unknown_style_is_told_the_known_ones_and_the_nearest():
    error = refusal(style="flowfield")
    assert error.field == "style"
    assert "did you mean 'flow_field'" in error.message and "abstract" in error.message


def test_an_unknown_palette_is_told_the_known_ones_and_the_nearest():
    error = refusal(options={"palette": "oceans"})
    assert error.field == "options.palette"
    assert "did you mean 'ocean'" in error.message and "sunset" in error.message


@pytest.mark.parametrize("colour", ["#12", "#gggggg", "tealish", 5, None, "rgb(1,2,3)"])
def test_a_colour_that_is_none_is_named_by_its_place(colour):
    assert refusal(options={"palette": ["#102030", colour]}).field == "options.palette[1]"


@pytest.mark.parametrize("palette", [["#123456"], ["#123456"] * 13, []])
def test_a_given_palette_has_2_to_12_colours(palette):
    assert refusal(options={"palette": palette}).field == "options.palette"


def test_unknown_fields_are_refused_with_the_nearest():
    assert "did you mean 'width'" in refusal(options={"widht": 512}).message
    assert refusal(promt="x").field == "promt"


def test_an_aspect_completes_the_other_side():
    params = parse(options={"aspect": "wide", "width": 1600})
    assert (params.width, params.height) == (1600, 900)
    assert refusal(options={"aspect": "wide", "width": 1600, "height": 900}).field == "options.aspect"


def test_svg_is_for_line_styles():
    assert parse(style="flow_field", options={"format": "svg"}).format == "svg"
    assert "flow_field" in refusal(options={"format": "svg"}).message


def test_too_much_work_is_refused():
    assert refusal(options={"width": 4096, "height": 4096, "variations": 9}).field == "options.variations"
    assert refusal(options={"width": 4096, "height": 4096, "supersampling": 4}).field == "options.supersampling"


class TestReplay:
    def test_a_record_parses_to_the_same_parameters_with_their_mood(self):
        params, mood = parse(options={"seed": 7}), Mood("joy", 0.8, 0.5, 10.0, 528.0)
        replayed = Params.parse({"replay": params.record(mood)})
        assert replayed.mood == mood
        assert replayed.body() == params.body()

    def test_text_and_whole_numbers_written_without_a_point_are_the_same_record(self):
        text = json.dumps(parse().record(NEUTRAL)).replace("0.0", "0")
        assert Params.parse({"replay": text}).mood == NEUTRAL

    def test_a_changed_record_is_refused(self):
        record = parse().record(NEUTRAL)
        changed = record | {"options": record["options"] | {"width": 2048}}
        assert "changed" in refusal_of({"replay": changed}).message

    @pytest.mark.parametrize("replay", ["no json", "[]", 5, {}, {"prompt": "x"}])
    def test_what_is_no_record_is_refused(self, replay):
        assert refusal_of({"replay": replay}).field.startswith("replay")

    def test_a_replay_cannot_be_changed_beside_it(self):
        record = parse().record(NEUTRAL)
        assert refusal_of({"replay": record, "prompt": "other"}).field == "prompt"


def refusal_of(body) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        Params.parse(body)
    return caught.value
