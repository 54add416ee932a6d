"""``python -m generation.engines.cymatics.gallery FOLDER``: draw the gallery of the documentation."""

import sys
from pathlib import Path
from typing import Any

from generation.engines.cymatics.engine import generate
from generation.engines.cymatics.params import Params

RESOLUTION = 384

SHOWN: dict[str, dict[str, Any]] = {
    "free-square": {"frequencies": [2400]},
    "clamped-square": {"frequencies": [3000], "options": {"edges": "CCCC", "palette": "brass"}},
    "cantilever": {
        "frequencies": [621],
        "options": {
            "edges": "CFFF",
            "size": [0.3, 0.2],
            "drive": {"kind": "force", "at": [0.29, 0.01]},
            "damping": 0.003,
        },
    },
    "bowed-corner": {
        "frequencies": [1500],
        "options": {"drive": {"kind": "force", "at": [0.0, 0.05]}, "damping": 0.002, "palette": "ember"},
    },
    "free-disc": {
        "frequencies": [2500],
        "options": {"model": "disc", "drive": {"kind": "force", "at": [0.1, 0]}, "damping": 0.003, "palette": "chalk"},
    },
    "disc-on-a-shaker": {"frequencies": [2720], "options": {"model": "disc", "drive": {"at": [0.0, 0.0]}}},
    "drumhead": {
        "frequencies": [640],
        "options": {"model": "membrane", "drive": {"kind": "force", "at": [0.07, 0.0]}, "palette": "ink"},
    },
    "round-dish": {
        "frequencies": [30],
        "options": {"model": "water", "views": ["displacement"], "palette": "ocean", "size": 0.06},
    },
    "square-dish": {
        "frequencies": [33],
        "options": {"model": "water", "shape": "rectangle", "views": ["displacement"], "palette": "ocean"},
    },
    "chord": {"frequencies": ["A4", "C#5", "E5"], "options": {"palette": "ember"}},
    "phase": {"frequencies": [5000], "options": {"views": ["phase"], "damping": 0.05, "drive": {"at": [0.05, 0.09]}}},
    "sweep": {
        "frequencies": [440],
        "options": {"sweep": {"from": 100, "to": 3000, "steps": 24, "format": "webp"}, "palette": "sand"},
    },
}
"""Name of each picture, and the request that draws it."""


def draw(folder: Path) -> None:
    """Write the pictures, and a page that shows them with what they are."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [_entry(folder, name, body) for name, body in SHOWN.items()]
    head = (
        "# Cymatics: a gallery\n\nDrawn by `python -m generation.engines.cymatics.gallery docs/gallery/cymatics`.\n\n"
    )
    (folder / "README.md").write_text(head + "\n".join(entries))


def _entry(folder: Path, name: str, body: dict[str, Any]) -> str:
    options = {**body.get("options", {}), "resolution": RESOLUTION}
    result = generate(Params.parse({**body, "options": options}))
    file = result.files[-1] if "sweep" in options else result.files[0]
    path = folder / f"{name}{Path(file.name).suffix}"
    assert isinstance(file.content, bytes)
    path.write_bytes(file.content)
    return f"![{name}]({path.name})\n\n**{name.replace('-', ' ')}**: {result.data['summary']}\n"


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
