"""Line charts as SVG."""

from collections.abc import Mapping, Sequence
from html import escape

Series = Sequence[tuple[float, float]]
COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#64748b")
WIDTH, HEIGHT, LEFT, BOTTOM = 620, 180, 56, 22


def lines(title: str, series: Mapping[str, Series]) -> str:
    """Return a chart of the series by name, against seconds, from nought to the highest value."""
    points = [point for each in series.values() for point in each]
    if not points:
        return ""
    right, top = max(x for x, _ in points) or 1.0, max(y for _, y in points) or 1.0
    drawn = "".join(
        _line(each, right, top, COLOURS[index % len(COLOURS)]) for index, each in enumerate(series.values())
    )
    named = "".join(
        f'<tspan fill="{COLOURS[index % len(COLOURS)]}" dx="10">{escape(name)}</tspan>'
        for index, name in enumerate(series)
    )
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f'<path d="M{LEFT} 4V{HEIGHT - BOTTOM}H{WIDTH}" fill="none" stroke="#94a3b8"/>'
        f'<text x="{LEFT - 6}" y="14" text-anchor="end">{_number(top)}</text>'
        f'<text x="{LEFT - 6}" y="{HEIGHT - BOTTOM}" text-anchor="end">0</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{right:.0f} s</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 6}">{named}</text>{drawn}</svg></figure>'
    )


def _line(series: Series, right: float, top: float, colour: str) -> str:
    width, height = WIDTH - LEFT - 4, HEIGHT - BOTTOM - 8
    points = " ".join(f"{LEFT + x / right * width:.1f},{4 + (1 - y / top) * height:.1f}" for x, y in series)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
