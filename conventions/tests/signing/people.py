"""What signatories do in a browser, step by step."""

import datetime

from django.test import Client
from django.urls import reverse

from conventions.tests.signing.world import World, code_in, link_in

PRESIDENT = "presidence@niaouli.invalid"
NAME = "Léa Wabealo"


def mail_to(mailbox, address: str = PRESIDENT):
    """The last mail to this address."""
    return next(mail for mail in reversed(mailbox) if mail.to == [address])


def page_of(world: World, user, name: str = "sign") -> str:
    """The address of a page of the signing of this person."""
    return reverse(f"signing:{name}", args=[world.request_of(user).pk])


def open_link(mailbox, client: Client | None = None) -> Client:
    """A browser in which the president opened the last link received."""
    client = client or Client()
    client.post(link_in(mail_to_sign(mailbox)))
    return client


def mail_to_sign(mailbox):
    return next(mail for mail in reversed(mailbox) if mail.to == [PRESIDENT] and "/signer/" in mail.body)


def entry_of(asked, **changes) -> dict[str, str]:
    """A form filled as it should be."""
    filled = {
        "shown": asked.document.sha256,
        "typed_name": f"{asked.signatory.first_name} {asked.signatory.last_name}",
        "consents": "on",
        "drawing": "",
    }
    return filled | changes


def ask_code(client: Client, url: str, entry: dict, mailbox) -> str:
    """The six digits of the mail that the button sends."""
    client.post(url, entry | {"_code": "1"})
    return code_in(mailbox[-1])


def signs_with_code(world: World, mailbox, **changes):
    """The president opens, asks for a code, signs: the last page."""
    client, asked = open_link(mailbox), world.request_of(world.president)
    url, entry = reverse("signing:sign", args=[asked.pk]), entry_of(asked, **changes)
    code = ask_code(client, url, entry, mailbox)
    return client.post(url, entry | {"code": code}, follow=True)


def signs_with_account(client: Client, world: World, user, **changes):
    asked = world.request_of(user)
    url = reverse("signing:sign", args=[asked.pk])
    return client.post(url, entry_of(asked, **changes), follow=True)


def other_code(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def minutes(count: int) -> datetime.timedelta:
    return datetime.timedelta(minutes=count)
