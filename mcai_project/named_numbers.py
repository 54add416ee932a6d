"""Settings that hold a number for each of several names: ``art=600,data=0``, or one number for all."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured


def named_numbers(variable: str, text: str, defaults: Mapping[str, float]) -> dict[str, float]:
    """Return the numbers of `text` over `defaults`, whose names are the ones that there are (any, where there is none).

    Raises
    ------
    ImproperlyConfigured
        When a name is unknown, or a value is no number of at least 0.
    """
    if text.strip() and "=" not in text and not defaults:
        raise ImproperlyConfigured(f"{variable} is {text!r}; it must be name=number, more of them parted by commas.")
    if "=" not in text:
        return dict(defaults) if not text.strip() else dict.fromkeys(defaults, _number(variable, text))
    pairs = (pair.partition("=") for pair in text.split(","))
    given = {name.strip(): _number(variable, value) for name, _, value in pairs}
    if defaults and (unknown := given.keys() - defaults.keys()):
        raise ImproperlyConfigured(f"{variable} names {sorted(unknown)[0]!r}; it may name {', '.join(defaults)}.")
    return {**defaults, **given}


def _number(variable: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ImproperlyConfigured(f"{variable} holds {text.strip()!r} where a number of at least 0 is wanted.")
    return value
