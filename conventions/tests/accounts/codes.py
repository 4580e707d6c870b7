"""What the telephone of a test shows, what its mailbox holds, what the page that asks for a proof says."""

import re

from django.core import mail
from django.utils import timezone
from django_otp.oath import TOTP

from conventions.domain.mails import delivery
from conventions.models import OutgoingMail
from conventions.tests.factories.people import SECRET

TITLE = "Confirmez que c’est vous"


def code(*, steps: int = 0) -> str:
    """Six digits of now, or of `steps` half-minutes from now."""
    totp = TOTP(bytes.fromhex(SECRET))
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"


def asks(answer) -> bool:
    return answer.status_code == 403 and TITLE in answer.content.decode()


def hidden(answer) -> dict[str, list[str]]:
    """What the page sends again."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    ):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def sent_digits() -> str:
    """Send the letters that wait, and read the code of the last one."""
    for row in OutgoingMail.objects.filter(state="a_envoyer").order_by("pk"):
        delivery.deliver(row.pk)
    return "".join(re.search(r"\n\s+(\d{3}).(\d{3})\n", mail.outbox[-1].body).groups())
