"""What can stop a launch, in words for whoever asked for it."""


class LaunchError(Exception):
    """The launch cannot go on; the message says why and which log says more."""


class Interrupted(Exception):
    """SIGINT or SIGTERM arrived."""
