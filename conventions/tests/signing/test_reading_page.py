"""The page where a signatory reads: « en bref » first, a table of articles, the signature always at hand; and after."""

import hashlib
import re

import pytest
from django.urls import reverse

from conventions.domain.acts.lifecycle import apply
from conventions.domain.documents import storage
from conventions.enums import Event
from conventions.tests import factories as f
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import open_link, signs_with_code
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


def read_page(world, mailbox) -> str:
    client, asked = open_link(mailbox), world.request_of(world.president)
    return text_of(client.get(reverse("signing:read", args=[asked.pk])))


def test_brief_comes_before_the_text_and_each_article_has_its_anchor(world, mailoutbox):
    page = read_page(world, mailoutbox)
    assert page.index("En bref") < page.index('class="agreement"')
    listed = re.findall(r'href="#(article-\d+)"', page)
    assert listed == re.findall(r'id="(article-\d+)"', page)
    assert len(listed) > 10


def test_way_to_the_signature_is_there_only_on_one_s_turn(world, mailoutbox, sign_in_staff):
    asked = world.request_of(world.president)
    way = f'href="{reverse("signing:sign", args=[asked.pk])}">Aller à la signature'
    assert way in read_page(world, mailoutbox)
    director = world.directors[0]
    later = world.request_of(director)
    page = text_of(sign_in_staff(director).get(reverse("signing:read", args=[later.pk])))
    assert "Aller à la signature" not in page
    assert "D’autres signataires passent avant vous" in page


def test_space_leads_from_the_text_to_the_signature_for_who_is_asked_alone(world, as_role):
    asked = world.request_of(world.president)
    url = reverse("portal:agreement", args=[world.convention.slug])
    way = reverse("signing:sign", args=[asked.pk])
    assert way in text_of(as_role(world.president).get(url))
    colleague = f.PresidentFactory(partner=world.president.mandates.get().partner)
    page = as_role(colleague).get(url)
    assert page.status_code == 200
    assert way not in text_of(page)


def test_what_was_signed_is_one_tap_away_byte_for_byte(world, mailoutbox):
    done = signs_with_code(world, mailoutbox)
    link = re.search(r'href="([^"]+document\.pdf)">Voir ce que j’ai signé', text_of(done))[1]
    served = b"".join(done.client.get(link).streaming_content)
    assert hashlib.sha256(served).hexdigest() == world.act.frozen_document.sha256
    assert served == storage.read_bytes(world.act.frozen_document)


def test_what_was_signed_stays_readable_once_the_text_was_replaced(world, mailoutbox):
    done = signs_with_code(world, mailoutbox)
    signed = world.act.frozen_document
    link = re.search(r'href="([^"]+document\.pdf)">Voir ce que j’ai signé', text_of(done))[1]
    apply(world.refreshed(), Event.CORRECT_BEFORE_SIGNING, by=world.officer, reason="Une date.")
    worlds.freeze(world)
    assert b"".join(done.client.get(link).streaming_content) == storage.read_bytes(signed)
