"""What the demo asks for: small, but worth showing."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One job to submit."""

    kind: str
    path: str
    body: dict[str, Any]


REQUESTS = (
    Request(
        "art",
        "/api/art/generate-async",
        {"prompt": "aurora over a silent lake", "options": {"width": 1024, "height": 1024, "seed": 7}},
    ),
    Request(
        "music",
        "/api/music/generate-async",
        {"prompt": "a calm walk home in the evening", "duration": 15, "options": {"seed": 7, "format": "wav"}},
    ),
    Request(
        "cymatic",
        "/api/cymatic/analyze-async",
        # Three resonances of this very plate, held at its centre.
        {"frequencies": [381.8, 983.6, 2226.1], "options": {"model": "plate", "edges": "FFFF", "size": 0.24}},
    ),
    Request(
        "emotion",
        "/api/emotion/analyze-async",
        {"texts": ["Thank you so much, this made my day!", "I miss him every single day."], "options": {"top": 3}},
    ),
    # Dry: it says what would be moved. Nobody's examples are archived by a demonstration.
    Request("rotation", "/api/datasets/rotate-async", {"max_examples": 10, "dry_run": True}),
)
