"""The emotion classifier: train, load, score."""
