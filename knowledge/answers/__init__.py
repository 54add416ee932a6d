"""Answers to questions: the shared cache first, then the sources in their order."""
