"""What a request may say, and what it is told when it says something else."""

import subprocess
import sys
from typing import Any

import pytest

from generation.engines.cymatics import Params
from generation.engines.errors import ParameterError


def refused(body: dict[str, Any]) -> ParameterError:
    with pytest.raises(ParameterError) as caught:
        Params.parse(body)
    return caught.value


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "frequencies"),
        ({"frequencies": [440], "emotion": "joy"}, "frequencies"),
        ({"frequencies": []}, "frequencies"),
        ({"frequencies": [440] * 65}, "frequencies"),
        ({"frequencies": {"a": 1}}, "frequencies[0]"),
        ({"frequencies": [440], "weights": [1, 2]}, "weights"),
        ({"frequencies": [440], "weights": [-1]}, "weights[0]"),
        ({"frequencies": [440, 500], "weights": [0, 0]}, "weights"),
        ({"emotion": "joy", "weights": [1]}, "weights"),
        ({"emotion": ""}, "emotion"),
        ({"emotion": 7}, "emotion"),
        ({"file": 7}, "file"),
        ({"frequency": [440]}, "frequency"),
        ({"frequencies": [440], "options": []}, "options"),
        ({"frequencies": [440], "options": 7}, "options"),
    ],
)
def test_a_body_that_cannot_be_used_names_its_field(body: dict[str, Any], field: str) -> None:
    assert refused(body).field == field


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"model": "plat"}, "options.model"),
        ({"edgs": "FFFF"}, "options.edgs"),
        ({"edges": "FFF"}, "options.edges"),
        ({"edges": "FFXF"}, "options.edges"),
        ({"edges": 4}, "options.edges"),
        ({"model": "disc", "edges": "FFFF"}, "options.edges"),
        ({"model": "membrane", "edges": "F"}, "options.edges"),
        ({"model": "membrane", "nu": 0.3}, "options.nu"),
        ({"model": "water", "drive": {"kind": "force"}}, "options.drive"),
        ({"size": -1}, "options.size"),
        ({"size": [0.2]}, "options.size"),
        ({"size": [0.2, 0]}, "options.size[1]"),
        ({"size": [1, 0.01]}, "options.size"),
        ({"size": "big"}, "options.size"),
        ({"thickness": 0.1}, "options.thickness"),
        ({"thickness": 0}, "options.thickness"),
        ({"material": "stel"}, "options.material"),
        ({"E": float("nan")}, "options.E"),
        ({"rho": -1}, "options.rho"),
        ({"nu": 0.51}, "options.nu"),
        ({"nu": -1}, "options.nu"),
        ({"damping": -0.1}, "options.damping"),
        ({"damping": 2}, "options.damping"),
        ({"resolution": 8192}, "options.resolution"),
        ({"resolution": 100.5}, "options.resolution"),
        ({"modes": 0}, "options.modes"),
        ({"modes": 201}, "options.modes"),
        ({"modes": 200, "size": [1, 0.05], "edges": "CFFC"}, "options.modes"),
        ({"views": ["sands"]}, "options.views[0]"),
        ({"views": []}, "options.views"),
        ({"palette": "sandy"}, "options.palette"),
        ({"scale": 1}, "options.scale"),
        ({"window": "han"}, "options.window"),
        ({"drive": {"knd": "force"}}, "options.drive.knd"),
        ({"drive": {"kind": "forc"}}, "options.drive.kind"),
        ({"drive": {"at": [1, 1]}}, "options.drive.at"),
        ({"drive": {"at": [0.1]}}, "options.drive.at"),
        ({"drive": {"at": ["x%", 0]}}, "options.drive.at[0]"),
        ({"drive": {"at": [0, 0.1]}, "edges": "CFFF"}, "options.drive.at"),
        ({"drive": "centre"}, "options.drive"),
        ({"sweep": {"from": 200, "to": 100}}, "options.sweep.to"),
        ({"sweep": {"from": 200}}, "options.sweep.to"),
        ({"sweep": {"from": 20, "to": 200, "steps": 1}}, "options.sweep.steps"),
        ({"sweep": {"from": 20, "to": 200, "format": "mp4"}}, "options.sweep.format"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(options: dict[str, Any], field: str) -> None:
    assert refused({"frequencies": [440], "options": options}).field == field


def test_a_mistyped_name_is_told_the_nearest_one() -> None:
    assert "did you mean 'material'" in refused({"frequencies": [440], "options": {"materiel": "brass"}}).message
    assert "did you mean 'brass'" in refused({"frequencies": [440], "options": {"material": "bras"}}).message


def test_a_frequency_beyond_the_model_is_told_the_range_of_that_plate() -> None:
    """Six thicknesses of a 5 mm steel plate: k = 2π/0.03, f = k² √(D/ρh) / 2π."""
    message = refused({"frequencies": [440, 1e5], "options": {"thickness": 0.005, "size": 0.3}}).message
    assert "above 0 and at most" in message and "54635" in message


@pytest.mark.parametrize(
    ("given", "kept"), [("free", "FFFF"), ("clamped", "CCCC"), ("ccff", "CCFF"), ("S", "SSSS"), ("FSCF", "FSCF")]
)
def test_edges_may_be_letters_or_a_word(given: str, kept: str) -> None:
    assert Params.parse({"frequencies": [440], "options": {"edges": given}}).body.edges == kept


def test_the_drive_may_be_given_in_metres_or_in_shares() -> None:
    def at(place: object, **options: object) -> tuple[float, float]:
        return Params.parse({"frequencies": [440], "options": {"drive": {"at": place}, **options}}).at

    assert at([0.1, 0.05], size=[0.2, 0.1]) == at(["50%", "50%"], size=[0.2, 0.1]) == (0.1, 0.05)  # type: ignore[comparison-overlap]
    assert at("centre", size=[0.2, 0.1]) == (0.1, 0.05)
    assert at("centre", model="disc") == at(["50%", "50%"], model="disc") == (0.0, 0.0)


def test_reading_a_request_needs_the_standard_library_alone() -> None:
    code = (
        "import sys; from generation.engines.cymatics import Params; Params.parse({'frequencies': [440]});"
        "assert not {'numpy', 'scipy', 'PIL', 'soundfile'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
