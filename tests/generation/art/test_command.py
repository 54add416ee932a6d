"""`manage.py art` as people use it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from generation.engines.art import Params, generate
from generation.mood import mood_of

pytestmark = pytest.mark.django_db


def art(*arguments, **options):
    out = StringIO()
    call_command("art", *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_it_writes_the_same_bytes_as_an_import(tmp_path):
    art("teal forest", style="flow_field", size="120x90", seed=7, out=tmp_path)
    body = {"prompt": "teal forest", "style": "flow_field", "options": {"seed": 7, "width": 120, "height": 90}}
    expected = generate(Params.parse(body), mood=mood_of("teal forest")).files[0]
    assert (tmp_path / expected.name).read_bytes() == expected.content


def test_a_file_can_be_replayed(tmp_path):
    art("teal forest", style="mandala", size="120x90", format="svg", out=tmp_path / "first")
    (first,) = (tmp_path / "first").iterdir()
    art(replay=first, out=tmp_path / "again")
    assert (tmp_path / "again" / first.name).read_bytes() == first.read_bytes()


def test_palette_and_further_options_reach_the_engine(tmp_path):
    said = art("sea", size="64x64", palette="#102030,teal", option=["complexity=0.9", "background=light"], out=tmp_path)
    assert "#102030 #0f8587" in said


@pytest.mark.parametrize(
    ("arguments", "options", "complaint"),
    [
        ([], {}, "prompt: "),
        (["sea"], {"style": "vornoi"}, "did you mean 'voronoi'"),
        (["sea"], {"size": "big"}, "1024x768"),
        (["sea"], {"emotion": "joyy"}, "options.emotion"),
        (["sea"], {"option": ["heigth=64"]}, "options.heigth"),
    ],
)
def test_bad_input_is_told(tmp_path, arguments, options, complaint):
    with pytest.raises(CommandError, match=complaint):
        art(*arguments, out=tmp_path, **options)


def test_a_file_that_is_away_or_holds_nothing_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot read"):
        art(replay=tmp_path / "none.png")
    (tmp_path / "empty.png").write_bytes(b"")
    with pytest.raises(CommandError, match="no readable PNG"):
        art(replay=tmp_path / "empty.png")
