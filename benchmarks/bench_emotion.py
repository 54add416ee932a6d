"""The emotion classifier: how good, how quick, how small; beside scikit-learn's own scoring of the same weights."""

import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.report import Row
from knowledge.emotions.analysis import Analyst
from knowledge.emotions.artifact import Model
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.shipped import shipped_bytes, shipped_model

TEXTS = 5_000
VOCABULARY = """
    i you the so really thanks love hate sorry happy sad angry what why lol that movie was great terrible game today
    never always feel think hope wish people friend dog morning work school proud scared surprised amazing boring
    don't can't it's they're this is my your and but because when with about
"""


def run() -> list[Row]:
    """Measure the shipped model."""
    return [*_quality(), *_size(), *_speed(), _loading()]


def _quality() -> list[Row]:
    """Return the figures on the held-out split, as the model tells them: the split itself is not part of this."""
    about = shipped_model().about
    macro, micro = float(about["macro_f1"]), float(about["micro_f1"])
    return [
        Row("macro-F1, GoEmotions development split", f"{macro:.4f}", "at least 0.51 (from the card)", macro >= 0.51),
        Row("micro-F1, GoEmotions development split", f"{micro:.4f}", "at least 0.56 (from the card)", micro >= 0.56),
    ]


def _size() -> list[Row]:
    disk = len(shipped_bytes()) / 1e6
    memory = _memory_of_model()
    return [
        Row("model on disk", f"{disk:.2f} MB", "at most 1 MB", disk <= 1),
        Row("model in memory, after 5,000 texts", f"{memory:.1f} MB", "at most 20 MB", memory <= 20),
    ]


def _speed() -> list[Row]:
    texts = _texts()
    model = shipped_model()
    probabilities(model, texts[:500])
    batch = TEXTS / _cpu(lambda: probabilities(model, texts))
    one = _cpu(lambda: [probabilities(model, [text]) for text in texts[:1000]]) / 1000
    whole = TEXTS / _cpu(lambda: Analyst(model).read(texts, arc=False))
    whole_one = _cpu(lambda: [Analyst(model).read([text]) for text in texts[:1000]]) / 1000
    peer = _cpu(lambda: _peer(model, texts[:1000])) / 1000
    return [
        Row("scores of a batch, one core", f"{batch:,.0f} texts/s", "over 10,000 texts/s", batch > 10_000),
        Row("scores of one text", f"{1e6 * one:.0f} µs", "under 1 ms", one < 1e-3),
        Row("whole analysis of a batch (labels, mood, words), one core", f"{whole:,.0f} texts/s", "–"),
        Row("whole analysis of one text, with its arc", f"{1e6 * whole_one:.0f} µs", "under 1 ms", whole_one < 1e-3),
        Row("scores of a batch, against sklearn's TfidfVectorizer", f"{batch * peer:.1f}× as fast", "–"),
    ]


def _loading() -> Row:
    loading = min(_cpu(shipped_model) for _ in range(5))
    return Row("loading", f"{1e3 * loading:.1f} ms", "under 100 ms", loading < 0.1)


def _texts() -> list[str]:
    """Return texts of 3 to 30 words, about as long as the comments of GoEmotions."""
    rng, words = np.random.default_rng(0), VOCABULARY.split()
    lengths = rng.integers(3, 24, TEXTS)
    return [" ".join(rng.choice(words, n)) + rng.choice([".", "!", "?", ""]) for n in lengths]


def _peer(model: Model, texts: list[str]) -> None:
    """Score with scikit-learn's vectorizer over the same words and pieces, and the same weights."""
    from scipy.special import expit
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizers = (
        TfidfVectorizer(vocabulary=model.vocabulary.words, ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(vocabulary=model.vocabulary.grams, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    start, logits = 0, 0
    for vectorizer in vectorizers:
        end = start + len(vectorizer.vocabulary)
        vectorizer.idf_ = model.vocabulary.idf[start:end]
        logits = logits + vectorizer.transform(texts) @ model.weights[start:end]
        start = end
    expit(logits)


def _memory_of_model() -> float:
    """Return by how many MB a fresh process grows that loads the model and scores."""
    code = (
        "import resource, numpy as np\n"
        "from benchmarks.bench_emotion import peak, _texts, probabilities, shipped_model\n"
        "texts = _texts(); before = peak()\n"
        "model = shipped_model(); probabilities(model, texts)\n"
        "print(peak() - before)"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def peak() -> float:
    """Return the highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of ``work``, the least of three."""
    best = math.inf
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best
