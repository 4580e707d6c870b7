"""Why something cannot be published."""

from conventions.domain.foundation.refusals import Refused


class PublicationError(Refused):
    """A refusal; its message is French and says what to do."""

    def __init__(self, message: str, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
