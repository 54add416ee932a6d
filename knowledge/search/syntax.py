"""The syntax that people know from the web: plain words, "a phrase", OR between two of them, -without.

Plain words only rank: a question typed as a sentence must not need every word of it. Phrases must be there, and what
follows a minus must not.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# what the database's `search_blanked` takes out of texts, without the signs that are syntax
_GLUE = re.compile(r"""(?!"|(?<!\S)-|(?<=\d)\.(?=\d))(?:[^\w\s]|_)""")


def blanked(query: str) -> str:
    """Return a query with its punctuation blanked as texts have theirs, for ``websearch_to_tsquery``."""
    return _GLUE.sub(" ", query)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query in its parts.

    ``words`` holds every word that ranks, those of phrases too. Each group of ``required`` holds alternatives, of
    which an example must have one; ``excluded`` holds what it must not have.
    """

    words: str
    required: tuple[tuple[str, ...], ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    is_phrase: bool


def parse(query: str) -> Parsed:
    """Return the parts of ``query``; nothing that one can type is an error."""
    groups: list[list[_Atom]] = []
    excluded: list[str] = []
    joining = False
    for token in _TOKEN.finditer(query):
        atom = _atom(token)
        if token["minus"]:
            excluded.append(atom.text)
        elif atom == _Atom("OR", is_phrase=False):
            joining = bool(groups)
            continue
        elif joining:
            groups[-1].append(atom)
        else:
            groups.append([atom])
        joining = False
    words = " ".join(atom.text for group in groups for atom in group)
    required = [tuple(atom.text for atom in group) for group in groups if any(atom.is_phrase for atom in group)]
    return Parsed(words, tuple(required), tuple(text for text in excluded if text))


def _atom(token: re.Match[str]) -> _Atom:
    if token["phrase"] is not None:
        return _Atom(token["phrase"].strip(), is_phrase=bool(token["phrase"].strip()))
    return _Atom(token["word"], is_phrase=False)
