"""The mail server, spoken to so that what became of a message is known: taken, refused, or perhaps taken.

Django's own backend, save that once a whole message has been sent its answer is waited for longer than any other: a
server that is slow to look at it has most often taken it, and must not be given it again.
"""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

END = b"\r\n.\r\n"


class PerhapsTaken(smtplib.SMTPException):
    """The whole message was sent, and the server said nothing of it: it may have been delivered."""


class _Patient(smtplib.SMTP):
    _whole = False  # the message was sent to its end, its answer is waited for

    def send(self, s: Any) -> None:
        super().send(s)
        self._whole = isinstance(s, bytes) and s.endswith(END)

    def getreply(self) -> tuple[int, bytes]:
        if not self._whole or self.sock is None:
            return super().getreply()
        self._whole = False
        self.sock.settimeout(settings.EMAIL_TAKING_TIMEOUT)
        try:
            return super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            if is_silence(error):
                raise PerhapsTaken from error
            raise


class _PatientOverTls(_Patient, smtplib.SMTP_SSL):
    pass


class PatientBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _PatientOverTls if self.use_ssl else _Patient


def is_silence(error: BaseException | None) -> bool:
    """Whether the server let the time pass without a word; smtplib tells it as a connection that closed."""
    while error is not None:
        if isinstance(error, TimeoutError):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_outage(error: Exception) -> bool:
    """Whether the server as a whole is away, busy or badly set: nothing is said of this letter or of its address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)
