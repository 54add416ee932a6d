"""The page on art says what is so."""

import re
from pathlib import Path

import pytest

from generation.engines.art.vocabulary import ASPECTS, BACKGROUNDS, FORMATS, PALETTES, STYLES

PAGE = (Path(__file__).parents[3] / "docs" / "art.md").read_text()


@pytest.mark.parametrize("names", [STYLES, PALETTES, ASPECTS, BACKGROUNDS, FORMATS])
def test_it_names_everything_that_can_be_chosen(names):
    assert [name for name in names if not re.search(rf"\b{name}\b", PAGE)] == []


def test_styles_that_can_be_svg_are_marked():
    rows = re.findall(r"^\| (`.*?) \|.*\| (yes)? ?\|$", PAGE, re.MULTILINE)
    marked = {name for cell, mark in rows if mark for name in re.findall(r"`(\w+)`", cell)}
    assert marked == {name for name, style in STYLES.items() if style.lines}


def test_its_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    scope: dict = {}
    exec(code, scope)
    assert scope["result"].files[0].name == "flow_field-7.png"


def test_its_gallery_has_a_sheet_of_every_style():
    sheets = {path.stem for path in (Path(__file__).parents[3] / "docs" / "gallery" / "art").glob("*.webp")}
    assert sheets == set(STYLES)
