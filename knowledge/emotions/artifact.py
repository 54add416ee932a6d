"""The trained model and its file: one compressed ``.npz`` without pickles."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.emotions.errors import ArtifactError
from knowledge.emotions.vectorizer import Floats, Vocabulary

FORMAT = 1
LARGEST_FILE = 50_000_000


@dataclass(frozen=True, slots=True)
class Model:
    """A linear classifier of ``len(labels)`` independent labels over a vocabulary.

    ``weights`` has shape (features, labels). The logit of a label is ``row @ weights + bias``; its probability is
    ``1 / (1 + exp(-(slope · logit + offset)))``; the label is given when the probability reaches ``thresholds``.
    ``about`` says how it was made.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Floats
    bias: Floats
    slope: Floats
    offset: Floats
    thresholds: Floats
    about: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the file of this model: the same bytes for the same model."""
        arrays: dict[str, NDArray[Any]] = {
            "head": _packed(json.dumps({"format": FORMAT, "labels": self.labels, "about": self.about}, sort_keys=True)),
            "words": _packed("\n".join(self.vocabulary.words)),
            "grams": _packed("\n".join(self.vocabulary.grams)),
            "idf": self.vocabulary.idf.astype(np.float16),
            "weights": self.weights.T.astype(np.float16),
            "scale": np.stack([self.bias, self.slope, self.offset, self.thresholds]).astype(np.float32),
        }
        return _zipped(arrays)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the model of a file.

        Raises
        ------
        ArtifactError
            The content is no model file of a known format, or its parts do not fit together.
        """
        arrays = _unzipped(content)
        try:
            head = json.loads(_unpacked(arrays["head"]))
            vocabulary = Vocabulary(_names(arrays["words"]), _names(arrays["grams"]), arrays["idf"].astype(np.float32))
            weights = np.ascontiguousarray(arrays["weights"].T, np.float32)
            bias, slope, offset, thresholds = arrays["scale"]
            model = cls(tuple(head["labels"]), vocabulary, weights, bias, slope, offset, thresholds, head["about"])
        except (KeyError, ValueError, TypeError) as error:
            raise ArtifactError(f"The model file lacks a part or has a broken one: {error}.") from error
        _check(model, head.get("format"))
        return model

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the model in the file at ``path``."""
        return cls.from_bytes(path.read_bytes())


def digest(content: bytes) -> str:
    """Return the SHA-256 of a model file, by which it is known."""
    return hashlib.sha256(content).hexdigest()


def _check(model: Model, version: object) -> None:
    if version != FORMAT:
        raise ArtifactError(f"The model file has format {version!r}; format {FORMAT} is known.")
    names = len(model.vocabulary.words) + len(model.vocabulary.grams)
    if model.weights.shape != (names, len(model.labels)) or len(model.vocabulary) != names:
        raise ArtifactError(f"The model file has {names} features and weights of shape {model.weights.shape}.")
    if not (np.isfinite(model.weights).all() and np.isfinite(model.thresholds).all()):
        raise ArtifactError("The model file holds weights that are no numbers.")


def _packed(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode()


def _names(array: NDArray[np.uint8]) -> list[str]:
    return _unpacked(array).split("\n") if array.size else []


def _zipped(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an ``.npz`` with fixed times, which ``numpy.savez_compressed`` would fill with the clock's."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(info, entry.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return stream.getvalue()


def _unzipped(content: bytes) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(info.file_size for info in archive.infolist())
            if size > LARGEST_FILE:
                raise ArtifactError(f"The model file unpacks to {size:,} bytes; {LARGEST_FILE:,} are allowed.")
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return dict(stored)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise ArtifactError(f"This is no model file: {error}.") from error
