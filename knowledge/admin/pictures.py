"""Small pictures as SVG: bars, shares, and the waves of two frequencies. Colours follow the theme by currentColor."""

import math
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 260, 110
LABEL = 16
Bars = Sequence[tuple[str, int]]

_BAR = '<rect x="{}" y="{}" width="{}" height="{}" rx="1"><title>{}: {}</title></rect>'
_SVG = (
    '<svg viewBox="0 0 {} {}" class="w-full text-primary-600 dark:text-primary-500" role="img" aria-label="{}">'
    '<g fill="currentColor">{}</g><g fill="currentColor" opacity="0.75" font-size="11">{}</g></svg>'
)
_TEXT = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
_ROW = (
    '<div class="flex items-center gap-2 text-sm"><span class="truncate" style="width:7rem" title="{0}">{0}</span>'
    '<span class="grow bg-base-100 dark:bg-base-800 rounded"><span class="block h-3 rounded bg-primary-600" '
    'style="width:{1}%"></span></span><span class="text-right tabular-nums" style="width:4rem">{2}</span></div>'
)


def bars(values: Bars, title: str) -> SafeString:
    """Return upright bars, the highest as high as the picture, with the first, last and highest value written."""
    if not values:
        return format_html('<p class="text-sm">{}</p>', "Nothing to show yet.")
    top = max(count for _, count in values) or 1
    step = WIDTH / len(values)
    room = HEIGHT - 2 * LABEL
    shapes = []
    for index, (label, count) in enumerate(values):
        height = room * count / top
        y = LABEL + room - height
        shapes.append((f"{index * step:.1f}", f"{y:.1f}", f"{max(step - 1, 0.5):.1f}", f"{height:.1f}", label, count))
    texts = [
        (0, HEIGHT - 4, "start", values[0][0]),
        (WIDTH, HEIGHT - 4, "end", values[-1][0] if len(values) > 1 else ""),
        (WIDTH, LABEL - 5, "end", f"{top:,}"),
    ]
    drawn = (format_html_join("", _BAR, shapes), format_html_join("", _TEXT, texts))
    return format_html(_SVG, WIDTH, HEIGHT, title, *drawn)


def shares(values: Bars) -> SafeString:
    """Return lying bars, each as long as its share of all, with the label before and the value behind."""
    total = sum(count for _, count in values) or 1
    rows = ((label, f"{100 * count / total:.1f}", f"{count:,}") for label, count in values)
    return format_html_join("", _ROW, rows) if values else SafeString("Nothing to show yet.")


def wave(hertz: float, title: str) -> SafeString:
    """Return a sine whose number of waves grows with the logarithm of the frequency, from 1 at 1 Hz to 24 at 20 kHz."""
    waves = 1 + 23 * max(math.log10(max(hertz, 1.0)), 0.0) / math.log10(20_000)
    points = " ".join(f"{x:.1f},{24 - 20 * math.sin(2 * math.pi * waves * x / WIDTH):.1f}" for x in range(WIDTH + 1))
    return format_html(
        '<svg viewBox="0 0 {} 48" class="w-full max-w-xs text-primary-600 dark:text-primary-500" role="img" '
        'aria-label="{}"><polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>',
        WIDTH,
        title,
        points,
    )
