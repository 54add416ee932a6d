"""Snippets of texts that were found without the database."""

import re
from collections.abc import Collection

from knowledge.search import snippets
from knowledge.search.snippets import Met
from knowledge.sources.relevance import words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def snippet(text: str, wanted: Collection[str]) -> str:
    """Return HTML: the parts of ``text`` that hold most of the ``wanted`` stems, escaped, such words in ``<mark>``."""
    shown = text.strip()
    forms = list(_WORD.finditer(shown))
    meant = {form: stem for form in {each[0] for each in forms} for stem in words(form) if stem in wanted}
    return snippets.snippet(shown, [Met(*each.span(), meant[each[0]]) for each in forms if each[0] in meant])
