"""Line charts as inline SVG."""

from datetime import UTC, datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitoring.records import Chart, Point

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640.0, 200.0, 60.0, 24.0, 26.0
COLOURS = ("#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2", "#be185d", "#4d7c0f", "#475569")


def drawn(chart: Chart) -> SafeString:
    """Return the chart as an ``<svg>``; a sentence where it has no two points."""
    lines = {name: points for name, points in chart.lines.items() if len(points) > 1}
    if not lines:
        return format_html("<p>{}</p>", "Nothing to show yet: a sample is taken every minute.")
    times = [time for points in lines.values() for time, _ in points]
    first, last = min(times), max(times)
    top = max((value for points in lines.values() for _, value in points), default=0.0) or 1.0
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" width="100%" font-size="11">{}{}{}</svg>',
        int(WIDTH), int(HEIGHT), f"{chart.title}, at most {top:.4g} {chart.unit}".strip(),
        _axes(first, last, top, chart.unit),
        format_html_join("", "{}", ((_line(points, first, last, top, n),) for n, points in enumerate(lines.values()))),
        _legend(list(lines)),
    )  # fmt: skip


def _line(points: list[Point], first: float, last: float, top: float, number: int) -> SafeString:
    across, up = (WIDTH - LEFT) / (last - first or 1.0), (HEIGHT - BOTTOM - TOP) / top
    path = " ".join(f"{LEFT + (t - first) * across:.1f},{HEIGHT - BOTTOM - value * up:.1f}" for t, value in points)
    colour = COLOURS[number % len(COLOURS)]
    return format_html('<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5"/>', path, colour)


def _axes(first: float, last: float, top: float, unit: str) -> SafeString:
    floor = HEIGHT - BOTTOM
    return format_html(
        '<path d="M{} {}V{}H{}" fill="none" stroke="currentColor" opacity=".4"/>'
        '<g fill="currentColor"><text x="0" y="{}">{}</text><text x="0" y="{}">0</text>'
        '<text x="{}" y="{}">{}</text><text x="{}" y="{}" text-anchor="end">{} UTC</text></g>',
        LEFT, TOP, floor, WIDTH, TOP + 8, f"{top:.4g} {unit}".strip(), floor,
        LEFT, HEIGHT - 8, _clock(first), WIDTH, HEIGHT - 8, _clock(last),
    )  # fmt: skip


def _legend(names: list[str]) -> SafeString:
    if len(names) < 2:
        return SafeString("")
    step = (WIDTH - LEFT) / len(names)
    return format_html_join(
        "",
        '<text x="{}" y="{}" fill="{}">{}</text>',
        ((int(LEFT + 6 + n * step), TOP - 12, COLOURS[n % len(COLOURS)], name) for n, name in enumerate(names)),
    )


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %H:%M}"
