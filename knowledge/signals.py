"""What asking others costs, told to whoever counts. Receivers must be quick; one that fails harms nobody.

``source_asked``: source, outcome (`knowledge.answers.contract.Outcome`), seconds. ``model_asked``: operation (``chat``
or ``embeddings``), model (as the endpoint names it), seconds, error (None, or one word of what went wrong),
input_tokens and output_tokens (None where the endpoint did not count them), dollars.
"""

from django.dispatch import Signal

source_asked = Signal()
model_asked = Signal()
