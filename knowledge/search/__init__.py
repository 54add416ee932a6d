"""Search over the examples: by words (BM25), by meaning (vectors), and by both together."""
