"""Collections of documents, questions and judged answers, made from what is at hand without any network.

``manual``: the docstrings of NumPy, SciPy, scikit-learn and librosa. A question is the opening sentence of a function
that is left out of the documents, one of every three that may ask; the right answers are those functions among the
documents that its authors list under "See Also", a section that no document keeps. The judgements are those of the
libraries' authors, none of ours.

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
    """Documents by name, and questions with the names of their right answers."""

    name: str
    documents: dict[str, str]
    questions: list[tuple[str, frozenset[str]]]


def answers() -> Collection:
    """Return the demo domains as questions and responses."""
    documents, questions = {}, []
    for path in sorted(_DOMAINS.glob("*.json")):
        for number, example in enumerate(json.loads(path.read_text())["examples"]):
            name = f"{path.stem}/{number}"
            documents[name] = example["response"]
            questions.append((example["content"], frozenset({name})))
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
    asking = [name for name, others in related.items() if others & texts.keys() - {name} and _opening(texts[name])][::3]
    documents = {name: text for name, text in texts.items() if name not in set(asking)}
    questions = [(_opening(texts[name]), frozenset(related[name] & documents.keys())) for name in asking]
    return Collection("manual", documents, [each for each in questions if each[1]])


def _opening(text: str) -> str:
    """Return the first paragraph on one line, or nothing if it is too short to be a question."""
    words = text.strip().split("\n\n")[0].split()
    return " ".join(words) if len(words) >= 4 else ""


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
