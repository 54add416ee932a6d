"""Collections of documents, questions and judged answers, made from what is at hand without any network.

``manual``: the docstrings of NumPy, SciPy, scikit-learn, scikit-image-like libraries that are installed. A question is
the opening sentence of a function; the right answers are the functions that its authors list under "See Also". Neither
that section nor the function itself can be found. The judgements are those of the libraries' authors, none of ours.

``answers``: the demo domains. A question is that of an example, the documents are the responses alone, and the one
right answer is its own: hard, since question and response often share few words.
"""

import importlib
import inspect
import json
import pkgutil
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

LIBRARIES = ("numpy", "scipy", "sklearn", "librosa")
_SECTION = re.compile(r"\n\s*See Also\s*\n\s*-{3,}\n(.*?)(?=\n\s*\n\s*[A-Z][\w ]+\n\s*-{3,}|\Z)", re.S)
_NAME = re.compile(r"^\s*(?:\w+\.)*(\w+(?:\s*,\s*(?:\w+\.)*\w+)*)\s*(?::|$)", re.M)
_DOMAINS = Path(__file__).resolve().parents[1] / "fixtures" / "domains"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents by name; for each question the names of its right answers, and of the document it is made from."""

    name: str
    documents: dict[str, str]
    questions: list[tuple[str, str, frozenset[str]]]


def answers() -> Collection:
    """Return the demo domains as questions and responses."""
    documents, questions = {}, []
    for path in sorted(_DOMAINS.glob("*.json")):
        for number, example in enumerate(json.loads(path.read_text())["examples"]):
            name = f"{path.stem}/{number}"
            documents[name] = example["response"]
            questions.append((example["content"], "", frozenset({name})))
    return Collection("answers", documents, questions)


def manual() -> Collection:
    """Return the docstrings of the installed libraries, judged by their "See Also"."""
    texts: dict[str, str] = {}
    related: dict[str, frozenset[str]] = {}
    seen: set[str] = set()
    for library in LIBRARIES:
        for name, text in _docstrings(library):
            section = _SECTION.search(text)
            rest = _SECTION.sub("\n", text)
            if (folded := " ".join(rest.split())) in seen:  # the store holds a text once
                continue
            seen.add(folded)
            texts[name] = rest
            related[name] = _names(section[1]) if section else frozenset()
    questions = []
    for name, others in related.items():
        known = frozenset(others & texts.keys() - {name})
        opening = " ".join(texts[name].strip().split("\n\n")[0].split())
        if known and len(opening.split()) >= 4:
            questions.append((opening, name, known))
    return Collection("manual", texts, questions)


def _names(section: str) -> frozenset[str]:
    return frozenset(name.strip() for found in _NAME.findall(section) for name in found.split(","))


def _docstrings(library: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for module in _modules(library):
        for name in dir(module):
            thing = getattr(module, name, None)
            text = inspect.getdoc(thing) if inspect.isroutine(thing) or inspect.isclass(thing) else None
            home = getattr(thing, "__module__", None) or ""
            if name.startswith("_") or not text or len(text) < 200 or name in seen or not home.startswith(library):
                continue
            seen.add(name)
            yield name, text


def _modules(library: str) -> Iterator[ModuleType]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = importlib.import_module(library)
        yield root
        for found in pkgutil.iter_modules(root.__path__):
            if found.name.startswith("_") or found.name in {"tests", "conftest", "f2py", "distutils", "testing"}:
                continue
            try:
                yield importlib.import_module(f"{library}.{found.name}")
            except ImportError:
                continue
