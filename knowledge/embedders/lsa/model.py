"""The fitted model: which lexemes it knows, how rare each is, and where each points to."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import orjson

from knowledge.embedders.contract import EmbedderError
from knowledge.embedders.lsa.bags import Bag

FORMAT = 1
K1, B = 1.5, 0.75
"""The saturation and the correction for length of BM25 (see `knowledge.search.bm25`): measured on the collections of
`benchmarks/search_collections.py`, they serve better here than the usual 1 + log tf."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """A model of ``len(lexemes)`` lexemes: ``rarity`` (lexemes,), ``directions`` (lexemes, dimensions)."""

    lexemes: list[str]
    rarity: Floats
    directions: npt.NDArray[np.float16]
    mean_length: float
    _places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {lexeme: place for place, lexeme in enumerate(self.lexemes)})

    def documents(self, bags: Sequence[Bag]) -> Floats:
        """Return the vectors of examples, (bags, dimensions), of any length."""
        return self._project(bags, lambda bag: saturated(bag.counts, self.mean_length))

    def query(self, bag: Bag) -> Floats:
        """Return the vector of a query, (1, dimensions): a word that it says twice counts twice."""
        return self._project([bag], lambda bag: bag.counts)

    def _project(self, bags: Sequence[Bag], weigh: Callable[[Bag], Floats]) -> Floats:
        vectors = np.zeros((len(bags), self.directions.shape[1]), np.float32)
        for number, bag in enumerate(bags):
            known = [n for n, lexeme in enumerate(bag.lexemes) if lexeme in self._places]
            places = [self._places[bag.lexemes[n]] for n in known]
            weights = weigh(bag)[known] * self.rarity[places]
            vectors[number] = weights @ self.directions[places].astype(np.float32)
        return vectors

    @property
    def version(self) -> str:
        """Return a name for exactly these numbers."""
        return hashlib.sha256(b"".join(self._parts())).hexdigest()[:12]

    def to_bytes(self) -> bytes:
        """Return the model for keeping."""
        return b"".join(self._parts())

    def _parts(self) -> Iterator[bytes]:
        head = {"format": FORMAT, "mean_length": self.mean_length, "dimensions": self.directions.shape[1]}
        yield orjson.dumps(head | {"lexemes": self.lexemes}) + b"\n"
        yield self.rarity.astype("<f4").tobytes()
        yield self.directions.astype("<f2").tobytes()


def saturated(counts: Floats, mean_length: float) -> Floats:
    """Return tf / (tf + k1 (1 - b + b · length / mean length)) for the counts of one text."""
    norm = K1 * (1 - B + B * float(counts.sum()) / mean_length)
    return (counts / (counts + norm)).astype(np.float32)


def from_bytes(body: bytes) -> Model:
    """Return a kept model. Raises `EmbedderError` for one of another format."""
    head, _, numbers = body.partition(b"\n")
    told = orjson.loads(head)
    if told["format"] != FORMAT:
        raise EmbedderError(f"The kept model has format {told['format']}, not {FORMAT}: fit a new one.")
    lexemes, width = told["lexemes"], told["dimensions"]
    rarity = np.frombuffer(numbers, "<f4", len(lexemes))
    directions = np.frombuffer(numbers, "<f2", offset=rarity.nbytes).reshape(len(lexemes), width)
    return Model(lexemes, rarity, directions, told["mean_length"])
