"""Queries of the pages where one signs: at most fifteen, as many for one text to sign and for thirty."""

import pytest

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

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]
BUDGET = 15
PAGES = ["read", "sign", "correct", "decline", "document"]


def costs(query_budget, client, url) -> int:
    with query_budget(BUDGET) as captured:
        response = client.get(url)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response.streaming_content)
    return len(captured)


def test_pages_of_the_one_who_came_by_a_link(world, mailoutbox, query_budget):
    client, link = open_link(mailoutbox), worlds.link_in(mail_to_sign(mailoutbox))
    for url in [link, *(page_of(world, world.president, name) for name in PAGES)]:
        assert costs(query_budget, client, url) > 0


def test_refused_form(world, mailoutbox, query_budget):
    client, asked = open_link(mailoutbox), world.request_of(world.president)
    with query_budget(BUDGET):
        response = client.post(page_of(world, world.president), entry_of(asked, typed_name=""))
    assert "Tapez votre prénom et votre nom." in response.content.decode()


def test_pages_of_the_one_who_has_an_account(together, mailoutbox, sign_in_staff, query_budget):
    signs_with_code(together, mailoutbox)
    director = together.directors[0]
    client = sign_in_staff(director)
    for name in PAGES:
        assert costs(query_budget, client, page_of(together, director, name)) > 0
    signs_with_account(client, together, director)
    assert costs(query_budget, client, page_of(together, director, "thanks")) > 0


def test_list_to_sign_costs_the_same_for_one_text_and_thirty(together, sign_in_staff, query_budget):
    director = together.directors[0]
    client, mandate = sign_in_staff(director), director.mandates.get()
    counts, shown = [costs(query_budget, client, "/signer/")], []
    for rank in range(29):
        act = f.ActFactory(
            convention=f.ConventionFactory(act=None),
            signatories=None,
            path="en_ligne",
            ceremony=f.CeremonyFactory(),
        )
        person = f.SignatoryFactory(act=act, party=act.convention.parties.first(), representative=mandate)
        f.settle(act, "a_signer", number=f"2031-{rank:03d}")
        f.SignatureRequestFactory(document=act.frozen_document, signatory=person)
        shown.append(act.convention.title)
    counts.append(costs(query_budget, client, "/signer/"))
    page = client.get("/signer/").content.decode()
    assert counts[0] == counts[1]
    assert all(title in page for title in shown)
