"""The result in plain words."""

from collections.abc import Mapping, Sequence
from typing import Any

from generation.engines.cymatics.bodies import Body, Circle, Liquid, Rectangle, Sheet


def summary(model: str, body: Body, analyses: Sequence[Mapping[str, Any]]) -> str:
    """Say what was analysed, and what each of the first frequencies shows."""
    shown = " ".join(_sentence(analysis) for analysis in analyses[:4])
    more = len(analyses) - 4
    return f"{_what(model, body)} {shown}" + (f" And {more} more." if more > 0 else "")


def _what(model: str, body: Body) -> str:
    thing = "dish of water" if model == "water" else model
    return f"A {thing} {_extent(body)}{_build(body)}."


def _extent(body: Body) -> str:
    if isinstance(body.shape, Rectangle):
        return f"of {body.shape.a:g} by {body.shape.b:g} m"
    assert isinstance(body.shape, Circle)
    return f"{2 * body.shape.radius:g} m across"


def _build(body: Body) -> str:
    if isinstance(body.medium, Sheet):
        return f", {body.medium.thickness * 1000:g} mm thick, edges {body.edges}"
    if isinstance(body.medium, Liquid):
        return f", {body.medium.depth * 1000:g} mm deep"
    return f", under {body.medium.tension:g} N/m"


def _sentence(analysis: Mapping[str, Any]) -> str:
    scaled = f" (from {analysis['requested']:g} Hz)" if analysis["scaled_by"] != 1 else ""
    state = "at a resonance" if analysis["resonant"] else "between resonances"
    return (
        f"{analysis['frequency']:g} Hz{scaled} is {state}{_made_of(analysis['strongest'])}, with"
        f" {_count(analysis['nodal_domains'], 'nodal domain')}, {analysis['nodal_length']:.3g} m of nodal lines and"
        f" {analysis['symmetry']['group']} symmetry."
    )


def _made_of(strongest: Sequence[Mapping[str, Any]]) -> str:
    if not strongest:
        return ""
    first = strongest[0]
    return f", {first['share']:.0%} of it mode {first['index']} ({first['frequency']:.4g} Hz)"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
