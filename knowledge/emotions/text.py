"""From raw text to tokens and sentences: the one reading that training and scoring share."""

import re
import unicodedata

LONGEST_TOKEN = 40

_TOKEN = re.compile(r"\[[a-z]+\]|[^\W_]+(?:'[^\W_]+)*|[!?.]+|[^\w\s]")
_ELONGATION = re.compile(r"([\w!?.])\1{3,}")
_REPEATED_SIGN = re.compile(r"([^\w\s!?.])\1+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINERS = (0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_TRANSLATION: dict[int, str | None] = {
    **dict.fromkeys(_CONTROLS, " "),
    **dict.fromkeys((*_JOINERS, *_SKIN_TONES)),
    **dict.fromkeys((0x2018, 0x2019, 0x02BC), "'"),
}


def normalise(text: str) -> str:
    """Return ``text`` in lower case, with one spelling for each character.

    Letters and closing signs are repeated thrice at most, other signs (emoji among them) not at all.
    """
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", text.translate(_TRANSLATION))
    return _REPEATED_SIGN.sub(r"\1", _ELONGATION.sub(r"\1\1\1", text.lower()))


def tokens(text: str) -> list[str]:
    """Return the words, runs of ``!?.`` and single signs (emoji among them) of ``text``, in order."""
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(normalise(text))]


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of ``text`` that are not blank."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]
