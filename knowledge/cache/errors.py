"""What can go wrong with a value that is computed once for many."""


class Unobtainable(Exception):
    """The value cannot be had now; an older one may stand in, marked stale."""


class ComputationFailed(Unobtainable):
    """Another process computed for us, and failed; the text is its reason."""


class StillComputing(Unobtainable):
    """Another process or thread has been computing for longer than we can wait."""
