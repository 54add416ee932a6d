"""The last source: models behind OpenAI's chat protocol, several of them, routed by the type of task."""
