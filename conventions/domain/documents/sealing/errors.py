"""What may go wrong while sealing; each message, in French, says what to do."""


class SealingError(Exception):
    """The act was not sealed: it stays « à sceller », and is tried again. Nothing is faked."""


class SealUnavailable(SealingError):
    """The key or the certificate is missing, unreadable, expired or of the wrong sort."""


class TimestampFailed(SealingError):
    """The time-stamping authority did not answer, refused, or gave a token that does not hold."""


class ProofUnavailable(SealingError):
    """What proves the seals for later could not be gathered, or does not hold: nothing is kept."""


class ProofLost(ProofUnavailable):
    """The authority of a seal is lost for ever, and its revocation list with it: nothing will prove it more."""


class SealRefused(SealingError):
    """These bytes or this field cannot be sealed: trying again will not help."""
