"""What the telephone of a test shows."""

from django.utils import timezone
from django_otp.oath import TOTP

from conventions.tests.factories.people import SECRET


def code(*, steps: int = 0) -> str:
    """Six digits of now, or of `steps` half-minutes from now."""
    totp = TOTP(bytes.fromhex(SECRET))
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"
