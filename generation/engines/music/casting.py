"""Who plays: the client's choice first, then what the prompt names or paints, then the mood."""

import re
from collections.abc import Mapping
from random import Random

from generation.engines.contract import Mood
from generation.engines.music.ensemble import BASS, HARMONY, INSTRUMENTS, MELODY, PERCUSSION

AUTO = "auto"
_IMAGES = {
    "sea|ocean|wave|waves|river|water|lake|dream|moon|night|sleep": {HARMONY: "harp"},
    "rain|snow|ice|star|stars|winter|magic|fairy|toy": {MELODY: "celesta"},
    "church|temple|prayer|cathedral|holy": {HARMONY: "organ"},
    "bird|birds|wind|spring|meadow|shepherd|dawn|morning": {MELODY: "flute"},
    "fire|camp|desert|spain|folk|road|village": {HARMONY: "guitar"},
    "city|neon|robot|space|cyber|future|machine": {MELODY: "lead", HARMONY: "electric_piano", BASS: "synth_bass"},
    "jungle|africa|tropical|island|drum|drums|dance": {MELODY: "marimba"},
    "king|epic|hero|battle|storm|war|mountain": {MELODY: "strings"},
}
_MOODS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "joy": {MELODY: ("piano", "marimba", "flute"), HARMONY: ("guitar", "piano", "electric_piano"), BASS: ("bass",)},
    "anger": {MELODY: ("lead", "strings"), HARMONY: ("electric_piano", "guitar"), BASS: ("synth_bass",)},
    "sorrow": {MELODY: ("clarinet", "strings", "piano"), HARMONY: ("piano", "harp"), BASS: ("bass", "piano")},
    "peace": {MELODY: ("flute", "celesta", "piano"), HARMONY: ("harp", "guitar", "piano"), BASS: ("bass", "piano")},
}


def cast(prompt: str, mood: Mood, wanted: Mapping[str, str], seed: int) -> dict[str, str]:
    """Return the instrument of each role; percussion may be ``none``, ``drums`` or ``auto`` (as the mood asks)."""
    rng = Random(f"{seed}/cast")
    chosen = {role: rng.choice(names) for role, names in _MOODS[_quadrant(mood)].items()}
    return {PERCUSSION: AUTO} | chosen | _painted(prompt) | dict(wanted)


def _quadrant(mood: Mood) -> str:
    if mood.arousal >= 0.1:
        return "joy" if mood.valence >= 0 else "anger"
    return "peace" if mood.valence >= 0 else "sorrow"


def _painted(prompt: str) -> dict[str, str]:
    """Instruments that the words of a prompt call for; one named outright wins over an image."""
    words = set(re.findall(r"\w+", prompt.lower()))
    painted: dict[str, str] = {}
    for image, roles in _IMAGES.items():
        if words & set(image.split("|")):
            painted |= roles
    for name, player in INSTRUMENTS.items():
        if name in words or f"{name}s" in words:
            painted[player.roles[0]] = name
    return painted
