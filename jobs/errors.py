"""What can go wrong with a job, and whether trying again can help: the callee knows, the runner decides."""

import errno

from django.db import InterfaceError, OperationalError

_PASSING_OS_ERRORS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EIO}
)


class JobError(Exception):
    """A job cannot go on. The message is short and fit for the client."""

    permanent = True
    code = "failed"


class PermanentError(JobError):
    """Trying again would fail alike."""


class TransientError(JobError):
    """A fault that can heal: the job is tried again after a while."""

    permanent = False
    code = "unavailable"


class InvalidParams(PermanentError):
    """A parameter is unusable.

    Parameters
    ----------
    field
        Dotted path of the parameter as the client wrote it.
    message
        What was wrong and what would be right.
    """

    code = "invalid"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class UnknownKind(InvalidParams):
    """No such kind of job."""


class Interrupted(Exception):
    """Raised out of a progress call: the handler shall stop."""


class CancelRequested(Interrupted):
    """The client wants the job no more."""


class LeaseLost(Interrupted):
    """Another worker may have the job by now; whatever this one still does counts for nothing."""


class TimeLimitReached(Interrupted):
    """The kind's time limit is over."""


def is_permanent(error: BaseException) -> bool:
    """Say whether trying again after `error` would fail alike."""
    if isinstance(error, JobError):
        return error.permanent
    if isinstance(error, OSError):
        return not isinstance(error, ConnectionError | TimeoutError) and error.errno not in _PASSING_OS_ERRORS
    return not isinstance(error, OperationalError | InterfaceError | MemoryError)


def reason(error: BaseException) -> dict[str, str]:
    """Return what a client may know of `error`: a code, and a sentence without internals."""
    if isinstance(error, InvalidParams):
        return {"code": error.code, "message": str(error), "field": error.field}
    if isinstance(error, JobError):
        return {"code": error.code, "message": str(error)}
    if not is_permanent(error):
        return {"code": "unavailable", "message": "a service that the job needs was unavailable"}
    return {"code": "internal", "message": "the job failed for an internal reason; it was logged"}
