"""Whose page is it: a foreign president, staff of any role, a superuser, nobody; who prepared; the second factor."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from conventions import permissions
from conventions.domain.acts import signing
from conventions.enums import ActState, Role
from conventions.models import JournalEntry, SignatureAct, User
from conventions.tests import factories as f
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import (
    entry_of,
    open_link,
    page_of,
    signs_with_account,
    signs_with_code,
)
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]
PAGES = ("read", "document", "sign", "correct", "decline", "thanks")
WRITERS = ("reached_end", "sign", "correct", "decline")
ROLES = (*Role.values, "superuser")


def answers(client, world, user) -> set[int]:
    """What every page and every form of this person's invitation answers to somebody."""
    form = entry_of(world.request_of(user)) | {"code": "123456", "reason": "Non."}
    found = {client.get(page_of(world, user, name)).status_code for name in PAGES}
    found |= {client.post(page_of(world, user, name), form).status_code for name in WRITERS}
    return found | {client.post(page_of(world, user), form | {"_code": "1"}).status_code}


def test_strangers_find_no_page_and_post_nothing(world, mailoutbox, as_role, sign_in_staff):
    stranger = f.PresidentFactory()
    clients = {
        "anonymous": Client(),
        "foreign president": as_role(stranger),
        "officer": sign_in_staff(world.officer),
    }
    for role in ROLES:
        user = f.UserFactory(superuser=True) if role == "superuser" else f.UserFactory(role=role)
        clients[role] = sign_in_staff(user)
    lines = JournalEntry.objects.count()
    for who, client in clients.items():
        for person in (world.president, *world.directors):
            assert answers(client, world, person) == {404}, (who, person)
    assert (SignatureAct.objects.count(), world.refreshed().state) == (0, ActState.TO_SIGN)
    assert JournalEntry.objects.count() == lines


def test_president_finds_no_page_of_the_directors_and_they_none_of_the_president(
    world, mailoutbox, as_role, sign_in_staff
):
    link, account = open_link(mailoutbox), as_role(world.president)
    for client in (link, account):
        for director in world.directors:
            assert answers(client, world, director) == {404}
    for director in world.directors:
        assert answers(sign_in_staff(director), world, world.president) == {404}


def test_former_president_without_link_finds_no_page(world, as_role):
    partner = world.request_of(world.president).signatory.party.partner
    former = f.PresidentFactory(partner=partner, former=True)
    assert answers(as_role(former), world, world.president) == {404}


def test_todo_asks_to_sign_in_and_is_empty_for_others(world, as_role):
    url = reverse("signing:todo")
    assert Client().get(url).status_code == 302
    assert "Rien n’attend votre signature" in text_of(as_role(f.PresidentFactory()).get(url))
    assert "Atelier du lagon" in text_of(as_role(world.president).get(url))


def test_staff_who_opens_the_link_of_a_president_signs_nothing(world, mailoutbox, sign_in_staff):
    colleague = f.UserFactory(role="juriste")
    client = open_link(mailoutbox, sign_in_staff(colleague))
    response = client.post(
        page_of(world, world.president), entry_of(world.request_of(world.president)) | {"code": "123456"}
    )
    assert "personne n’agit ici à la place du signataire" in text_of(response)
    refused = client.post(page_of(world, world.president, "decline"), {"reason": "Non."})
    assert "personne n’agit ici à la place du signataire" in text_of(refused)
    assert (SignatureAct.objects.count(), world.refreshed().state) == (0, ActState.TO_SIGN)


def test_address_of_a_colleague_is_refused_for_a_president(world):
    with pytest.raises(signing.SigningRefused, match="est celle d’un compte de l’OPT-NC"):
        signing.correct_address(
            world.request_of(world.president), world.officer.email.upper(), by=world.officer
        )


def test_preparer_who_is_also_a_signatory_is_refused(keys, sign_in_staff):
    together = worlds.drafted(order="ensemble")
    director = together.directors[0]
    director.groups.add(Group.objects.get(name="gestionnaire"))
    together.officer = User.objects.get(pk=director.pk)
    worlds.freeze(together)
    page = signs_with_account(sign_in_staff(director), together, director)
    assert "Vous avez préparé ce dossier : une autre personne doit le signer." in text_of(page)
    assert SignatureAct.objects.count() == 0
    refusal = JournalEntry.objects.filter(event="action_refusee").get()
    assert refusal.actor_id == director.pk


def test_without_second_factor_the_page_leads_to_it_and_signs_nothing(together, sign_in_staff):
    director = together.directors[0]
    client, url = sign_in_staff(director, verified=False), page_of(together, director)
    where = f"/admin/second-facteur/?next={url.replace('/', '%2F')}"
    asked = together.request_of(director)
    for response in (client.get(url), client.post(url, entry_of(asked))):
        assert (response.status_code, response["Location"]) == (302, where)
    assert SignatureAct.objects.count() == 0


def test_second_factor_of_another_session_does_not_count(together, sign_in_staff):
    director = together.directors[0]
    sign_in_staff(director)
    other = sign_in_staff(director, verified=False)
    response = other.post(page_of(together, director), entry_of(together.request_of(director)))
    assert (response.status_code, SignatureAct.objects.count()) == (302, 0)


def test_second_factor_ends_with_the_session(together, sign_in_staff):
    director = together.directors[0]
    client = sign_in_staff(director)
    client.logout()
    client.force_login(director, backend="django.contrib.auth.backends.ModelBackend")
    assert permissions.VERIFIED not in client.session
    response = client.post(page_of(together, director), entry_of(together.request_of(director)))
    assert (response.status_code, SignatureAct.objects.count()) == (302, 0)


def test_director_cannot_take_the_path_of_the_code(together, sign_in_staff):
    director = together.directors[0]
    asked = together.request_of(director)
    entry = signing.Entry(typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256)
    with pytest.raises(signing.SigningRefused, match="connectez-vous à votre compte"):
        signing.sign_with_code(asked, entry, digits="123456", by=director)


def test_president_cannot_take_the_path_of_the_account(together):
    president = together.president
    asked = together.request_of(president)
    entry = signing.Entry(typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256)
    with pytest.raises(PermissionDenied):
        signing.sign_with_account(asked, entry, by=president, second_factor=True)
    with pytest.raises(PermissionDenied):
        signing.sign_with_account(
            together.request_of(together.directors[0]), entry, by=president, second_factor=True
        )


def test_director_of_a_later_rank_waits_for_the_turn(world, mailoutbox, sign_in_staff):
    director = world.directors[0]
    page = signs_with_account(sign_in_staff(director), world, director)
    assert "D’autres signataires passent avant vous." in text_of(page)
    assert SignatureAct.objects.count() == 0
    signs_with_code(world, mailoutbox)
    signs_with_account(sign_in_staff(director), world, director)
    assert SignatureAct.objects.count() == 2


def test_president_signed_in_signs_without_the_link(world, mailoutbox, as_role):
    client, url = as_role(world.president), page_of(world, world.president)
    entry = entry_of(world.request_of(world.president))
    client.post(url, entry | {"_code": "1"})
    assert client.post(url, entry | {"code": worlds.code_in(mailoutbox[-1])}).status_code == 302
    assert SignatureAct.objects.get().method == "code"


def test_closed_account_of_a_director_opens_nothing(together, sign_in_staff):
    director = together.directors[0]
    client = sign_in_staff(director)
    director.is_active = False
    director.save()
    assert client.get(page_of(together, director)).status_code == 404
