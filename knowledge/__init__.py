"""Datasets, examples and emotions."""
