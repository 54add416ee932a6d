"""A small world of three emotions, in which the words decide."""

from itertools import product

from knowledge.emotions.dataset import Labelled
from knowledge.emotions.training import Recipe, Trained, train

_WORDS = {
    "joy": ("happy", "delighted", "cheerful", "glad"),
    "sadness": ("sad", "gloomy", "tearful", "lonely"),
    "neutral": ("table", "window", "paper", "bottle"),
}
_FRAMES = ("the {} one stood there", "a very {} day", "{} again this morning", "they were {} in town", "so {} it was")
SMALL = Recipe(rarest_word=1, rarest_gram=2, features=400, least_weight=0.05, folds=2)


def rows() -> list[Labelled]:
    """Return sixty sentences, twenty of each emotion."""
    return [
        Labelled(frame.format(word), frozenset({emotion}))
        for emotion, words in _WORDS.items()
        for word, frame in product(words, _FRAMES)
    ]


def trained(recipe: Recipe = SMALL) -> Trained:
    """Return a model of the small world, judged on the first frame of each word."""
    held_out = [row for row in rows() if "stood there" in row.text]
    return train([row for row in rows() if row not in held_out], held_out, recipe)
