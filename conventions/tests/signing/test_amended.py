"""An amendment and a termination signed online, with the words of their kind; and what the pages cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions.domain.acts import drafting, signing
from conventions.domain.acts.lifecycle import apply
from conventions.domain.foundation import triggers
from conventions.enums import ActState, DocumentKind, Event
from conventions.models import Act, SignatureAct, SignatureRequest
from conventions.tests import factories as f
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import (
    entry_of,
    mail_to_sign,
    open_link,
    page_of,
    signs_with_account,
    signs_with_code,
)
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf, pytest.mark.slow]


def everybody_signs(world, mailbox, sign_in_staff):
    signs_with_code(world, mailbox)
    for user in world.directors:
        signs_with_account(sign_in_staff(user), world, user)
    assert world.refreshed().state == ActState.SIGNED


def begun(world, event, **details):
    """The act that follows, a complete draft to be signed online."""
    act = apply(world.refreshed(), event, by=world.officer, reason="Une prolongation (fictif).", **details)
    Act.objects.filter(pk=act.pk).update(path="en_ligne", board_decision=f.BoardDecisionFactory())
    drafting.refresh_clauses(Act.objects.get(pk=act.pk), by=world.officer)
    world.act = Act.objects.get(pk=act.pk)
    return worlds.freeze(world)


@pytest.mark.parametrize(
    ("event", "details", "the", "signs"),
    [
        (Event.START_AMENDMENT, {"ends_on": f.acts.days_from_today(500)}, "l’avenant", "le signe"),
        (Event.START_TERMINATION, {"effective_on": f.acts.days_from_today(30)}, "la résiliation", "la signe"),
    ],
)
def test_act_that_follows_is_signed_online_in_its_own_words(
    world, mailoutbox, sign_in_staff, event, details, the, signs
):
    everybody_signs(world, mailoutbox, sign_in_staff)
    begun(world, event, **details)
    assert f"{the[:1].upper()}{the[1:]} est prêt" in mail_to_sign(mailoutbox).body
    client = open_link(mailoutbox)
    pages = [text_of(client.get(page_of(world, world.president, name))) for name in ("read", "sign")]
    assert f"Signer {the}" in pages[0]
    assert f"J’ai lu {the} n° {world.act.reference}" in pages[1]
    everybody_signs(world, mailoutbox, sign_in_staff)
    row = SignatureAct.objects.filter(document=world.act.frozen_document).first()
    assert f"et je {signs} pour" in row.consent
    assert world.act.documents.filter(kind=DocumentKind.ATTESTATION).count() == 1


# --- what the pages cost ---


def cost(client, url: str) -> int:
    """Queries of a page already read once."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_pages_of_a_signatory_cost_few_queries(world, mailoutbox):
    client = open_link(mailoutbox)
    for name, budget in (("read", 12), ("sign", 15), ("correct", 12), ("decline", 12)):
        assert cost(client, page_of(world, world.president, name)) <= budget, name
    url = page_of(world, world.president)
    with CaptureQueriesContext(connection) as captured:
        client.post(url, entry_of(world.request_of(world.president)) | {"code": "123456"})
    assert len(captured) <= 25


def test_page_of_a_director_costs_few_queries(together, sign_in_staff):
    director = together.directors[0]
    assert cost(sign_in_staff(director), page_of(together, director)) <= 15


def test_list_of_what_waits_costs_the_same_for_one_and_thirty(together, sign_in_staff):
    director = together.directors[0]
    client, url = sign_in_staff(director), reverse("signing:todo")
    one = cost(client, url)
    asked = together.request_of(director)
    triggers.remove()
    for rank in range(29):
        convention = f.ConventionFactory(act="a_signer", act__number=f"2025-{rank + 1:03d}")
        act = convention.acts.get()
        person = f.SignatoryFactory(act=act, representative=asked.signatory.representative)
        SignatureRequest.objects.create(document=act.frozen_document, signatory=person, rank=1)
    triggers.install()
    assert text_of(client.get(url)).count("<li><h3>") == 30
    assert (cost(client, url), one <= 12) == (one, True)


def test_card_of_signatures_reads_its_lines_in_one_query(world):
    with CaptureQueriesContext(connection) as captured:
        assert len(signing.progress(world.act.frozen_document)) == 3
    assert len(captured) == 1


def test_card_of_signatures_tells_that_a_mandate_has_ended(world, as_role):
    mandate = world.request_of(world.president).signatory.representative
    mandate.mandate_end = mandate.mandate_start + datetime.timedelta(days=1)
    mandate.save()
    url = reverse("admin:conventions_convention_change", args=[world.convention.pk])
    assert "Son mandat a pris fin le" in text_of(as_role(world.officer).get(url))
