"""Why a step of the signing cannot be done: every message is French and says what to do."""

from conventions.domain.foundation.refusals import Refused


class SigningRefused(Refused):
    """Nothing was signed."""


class LinkRefused(SigningRefused):
    """A link that no longer opens anything; `why` is a slug: inconnue, remplacee, revoquee, expiree, a state."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why
