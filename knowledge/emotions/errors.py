"""What goes wrong with training data and model files."""


class EmotionError(ValueError):
    """An error of this package that says what is wrong in one sentence."""


class TrainingDataError(EmotionError):
    """The examples cannot teach a classifier."""


class ArtifactError(EmotionError):
    """A model file cannot be read."""
