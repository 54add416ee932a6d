"""The embedder that needs no download and no network: latent semantic analysis, fitted on the store itself.

Deerwester et al. 1990, "Indexing by Latent Semantic Analysis": the singular vectors of the matrix of examples by words
put words that occur in the same company near each other, so that a question finds what says the same in other words.
"""
