"""Outlines round the centre of the picture, drawn on the upward axis: what ornaments are made of."""

import numpy as np

from generation.engines.art.drawing import Points


def petal(foot: float, tip: float, half_width: float) -> Points:
    """Return a petal on the upward axis from ``foot`` to ``tip``, widest past its middle."""
    t = np.linspace(0, 1, 28)
    # Widest past the middle, pointed at the tip.
    width = half_width * np.sin(np.pi * t**1.25) ** 0.85 * (1 - 0.12 * t)
    radius = foot + (tip - foot) * t
    side = np.stack([width, -radius], axis=1)
    return np.concatenate([side, side[::-1] * [-1, 1]])


def arch(foot: float, top: float, half_angle: float) -> Points:
    """Return a round arch over ``half_angle`` to both sides of the upward axis."""
    t = np.linspace(-1, 1, 33)
    radius = foot + (top - foot) * np.sqrt(1 - np.abs(t) ** 2.4)
    return np.stack([radius * np.sin(t * half_angle), -radius * np.cos(t * half_angle)], axis=1)


def circle(distance: float, radius: float) -> Points:
    """Return a circle whose centre lies ``distance`` up the axis."""
    angle = np.arange(40) * (2 * np.pi / 40)
    return np.stack([radius * np.sin(angle), -distance - radius * np.cos(angle)], axis=1)


def polar(radius: float, angle: float) -> tuple[float, float]:
    """Return the point at a radius, and an angle from the upward axis."""
    return float(radius * np.sin(angle)), float(-radius * np.cos(angle))


def turned(points: Points, angle: float) -> Points:
    """Turn points about the centre."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]))


def grown(outline: Points, by: float) -> Points:
    """Move every point of an outline away from its middle."""
    middle = outline.mean(axis=0)
    offset = outline - middle
    length = np.maximum(np.hypot(*offset.T), 1e-9)[:, None]
    return np.asarray(middle + offset * (1 + by / length))
