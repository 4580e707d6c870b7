"""Why something cannot be published."""


class PublicationError(ValueError):
    """A refusal; its message is French and says what to do."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
