"""How long browsers keep the icon, which they ask for on every page, and which has no version in its name."""

from wsgiref.headers import Headers

ICONS = ("/favicon.ico", "/favicon.svg")
KEPT_SECONDS = 86_400


def keep_icons(headers: Headers, _path: str, url: str) -> None:
    """Have WhiteNoise send the icons with a day to keep; other files keep its own headers."""
    if url in ICONS:
        headers["Cache-Control"] = f"max-age={KEPT_SECONDS}, public"
