"""Where what a signatory is sent goes, and how much of it is shown."""

from conventions.models import SignatureRequest


def address_of(request: SignatureRequest) -> str:
    """Where invitations and codes are sent: what staff wrote on the signatory, else the account, else the mandate."""
    person = request.signatory
    mandate = person.representative
    account = mandate.user if mandate else None
    known = (person.email, account.email if account else "", mandate.email if mandate else "")
    return next((address for address in known if address), "")


def masked_address(address: str) -> str:
    """« l…a@niaouli.nc »: enough for its owner to recognise it."""
    name, _at, domain = address.partition("@")
    shown = f"{name[:1]}…{name[-1:]}" if len(name) > 2 else f"{name[:1]}…"
    return f"{shown}@{domain}" if domain else ""
