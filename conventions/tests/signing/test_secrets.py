"""Links and codes live in the mail alone: neither in the database, nor in logs, nor on pages of staff."""

import io
import json
import logging

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from conventions.domain.acts import signing
from conventions.domain.people.security import invitations
from conventions.tests.factories import UserFactory
from conventions.tests.signing.people import (
    ask_code,
    entry_of,
    mail_to_sign,
    open_link,
    page_of,
    signs_with_code,
)
from conventions.tests.signing.world import link_in
from opt_partners.logs import HideSecretLinks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


@pytest.fixture
def log():
    """What the console handler writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(HideSecretLinks())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def everything_stored() -> str:
    """Every column of every row."""
    rows = [list(model._default_manager.values()) for model in apps.get_models() if model._meta.managed]
    return json.dumps(rows, default=str, ensure_ascii=False)


def test_neither_link_nor_code_is_stored(world, mailoutbox):
    token = link_in(mail_to_sign(mailoutbox)).split("/")[2]
    client, url = open_link(mailoutbox), page_of(world, world.president)
    code = ask_code(client, url, entry_of(world.request_of(world.president)), mailoutbox)
    stored = everything_stored()
    assert (token in stored, f'"{code}"' in stored, f"{code[:3]} {code[3:]}" in stored) == (
        False,
        False,
        False,
    )


def test_failing_pages_of_a_link_leave_it_out_of_the_log(world, mailoutbox, log):
    link = link_in(mail_to_sign(mailoutbox))
    strict = Client(enforce_csrf_checks=True)
    assert (strict.post(link).status_code, strict.put(link).status_code) == (403, 403)
    written = log.getvalue()
    assert (link.split("/")[2] in written, written.count("/signer/…/")) == (False, 2)


def test_crash_on_a_link_leaves_it_out_of_the_log(log):
    try:
        raise ValueError("/signer/secret-de-43-signes/ est cassé")
    except ValueError:
        logging.getLogger("essai").exception("Adresse %s", "/signer/secret-de-43-signes/")
    assert ("secret-de-43-signes" in log.getvalue(), "ValueError: /signer/…/" in log.getvalue()) == (
        False,
        True,
    )


def test_addresses_of_acts_stay_readable_in_the_log(log):
    logging.getLogger("essai").warning("Adresse %s", "/signer/acte/12/signature/")
    assert log.getvalue() == "Adresse /signer/acte/12/signature/\n"


def test_invitation_of_a_member_of_staff_stays_out_of_the_log(log):
    user = UserFactory(role="juriste")
    link = invitations.path_for(user)
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    written = log.getvalue()
    assert (link.split("/")[4] in written, "/…/" in written) == (False, True)


def test_ceremony_logs_neither_link_nor_code(world, mailoutbox, log):
    signs_with_code(world, mailoutbox)
    told = log.getvalue()
    code = next(mail.body for mail in mailoutbox if "code" in mail.subject.lower())
    digits = [word for word in code.split() if word.isdecimal() and len(word) == 6]
    assert link_in(mail_to_sign(mailoutbox)).split("/")[2] not in told
    assert not any(word in told for word in digits)


def test_pages_of_staff_show_neither_link_nor_code(world, mailoutbox, as_role):
    token = link_in(mail_to_sign(mailoutbox)).split("/")[2]
    client = open_link(mailoutbox)
    code = ask_code(
        client, page_of(world, world.president), entry_of(world.request_of(world.president)), mailoutbox
    )
    signing.send_again(world.request_of(world.president), by=world.officer)
    latest = link_in(mail_to_sign(mailoutbox)).split("/")[2]
    staff = as_role("superuser")
    pages = [
        reverse("admin:conventions_convention_change", args=[world.convention.pk]),
        reverse("admin:conventions_outgoingmail_changelist"),
        reverse("admin:conventions_journalentry_changelist"),
        reverse("admin:conventions_journalentry_export", args=["csv"]),
    ]
    for page in pages:
        response = staff.get(page, follow=True)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = content.decode(errors="replace")
        assert response.status_code == 200
        assert [secret in text for secret in (token, latest, "/signer/", code)] == [False] * 4, page
