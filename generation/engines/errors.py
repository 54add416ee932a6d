"""What an engine raises when a parameter cannot be used."""


class ParameterError(ValueError):
    """A parameter is unusable.

    Parameters
    ----------
    field
        The dotted path of the parameter as a client wrote it, such as ``options.width`` or ``frequencies[3]``.
    message
        What was wrong and what would be right, as one sentence for the client.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
