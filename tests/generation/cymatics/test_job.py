"""The kind of job gives the very bytes that the engine does."""

from generation.engines.cymatics import Params, generate
from generation.kinds import CYMATIC

BODY = {"frequencies": [440, "E5"], "options": {"resolution": 64, "model": "disc", "edges": "C"}}


def test_a_job_gives_the_bytes_of_the_engine() -> None:
    told: list[tuple[float, str]] = []
    outcome = CYMATIC.handler(CYMATIC.validate(BODY), lambda fraction, stage: told.append((fraction, stage)))
    plain = generate(Params.parse(BODY))
    assert outcome.data == plain.data
    assert [(f.name, f.content) for f in outcome.files] == [(f.name, f.content) for f in plain.files]
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1
