"""The six digits: wrong, tried too often, late, used, of another text or another person; asked again and again."""

import pytest
import time_machine
from django.conf import settings as site
from django.utils import timezone

from conventions.domain.acts.requests import codes
from conventions.domain.foundation.one_time_codes import CodeOver
from conventions.domain.mails import delivery
from conventions.enums import ActState
from conventions.models import SignatureAct, SignatureCode
from conventions.tests.signing import world as worlds
from conventions.tests.signing.people import (
    ask_code,
    entry_of,
    minutes,
    open_link,
    other_code,
    page_of,
    signs_with_code,
)
from conventions.tests.signing.test_links import refrozen, text_of
from conventions.tests.signing.world import code_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


class Desk:
    """The president's page, opened from the link."""

    def __init__(self, world, mailbox):
        self.world, self.mailbox = world, mailbox
        self.client, self.url = open_link(mailbox), page_of(world, world.president)
        self.entry = entry_of(world.request_of(world.president))

    def ask(self) -> str:
        return ask_code(self.client, self.url, self.entry, self.mailbox)

    def post(self, code: str):
        return self.client.post(self.url, self.entry | {"code": code})


@pytest.fixture
def desk(world, mailoutbox):
    return Desk(world, mailoutbox)


def nothing_signed(world) -> bool:
    return not SignatureAct.objects.exists() and world.refreshed().state == ActState.TO_SIGN


def test_right_code_signs_however_it_is_typed(desk, world):
    code = desk.ask()
    assert desk.post(f" {code[:3]} {code[3:]} ").status_code == 302
    assert SignatureAct.objects.get().identity_check == "code envoyé à l’adresse p…e@niaouli.invalid"


def test_wrong_code_says_how_many_tries_are_left_and_keeps_what_was_typed(desk, world):
    response = desk.post(other_code(desk.ask()))
    page = text_of(response)
    assert ("Il vous reste 4 essais." in page, nothing_signed(world)) == (True, True)
    assert (f'value="{desk.entry["typed_name"]}"' in page, "checked" in page) == (True, True)


def test_sixth_try_is_refused_even_with_the_right_code(desk, world):
    code = desk.ask()
    pages = [text_of(desk.post(other_code(code))) for _ in range(site.SIGNATURE_CODE_TRIES)]
    assert "c’était le dernier essai" in pages[-1]
    assert "essais n’ont pas suffi. Demandez un nouveau code." in text_of(desk.post(code))
    assert (SignatureCode.objects.get().tries, nothing_signed(world)) == (5, True)
    assert desk.post(desk.ask()).status_code == 302


def test_code_after_ten_minutes_is_refused(desk, world):
    code = desk.ask()
    with time_machine.travel(timezone.now() + minutes(10), tick=False):
        assert "Ce code a expiré" in text_of(desk.post(code))
    assert nothing_signed(world)


def test_former_code_lapses_when_another_is_asked(desk, world):
    first, second = desk.ask(), desk.ask()
    if first != second:
        assert "Ce code n’est pas le bon" in text_of(desk.post(first))
    assert desk.post(second).status_code == 302


def test_code_is_used_once(desk, world):
    code = desk.ask()
    asked = world.request_of(world.president)
    codes.check(asked, shown_sha256=asked.document.sha256, typed=code)
    assert "Ce code a déjà servi" in text_of(desk.post(code))
    assert nothing_signed(world)


def test_code_of_another_text_is_refused(desk, world, mailoutbox):
    code = desk.ask()
    refrozen(world)
    other = Desk(world, mailoutbox)
    assert "Demandez d’abord un code" in text_of(other.post(code))
    assert nothing_signed(world)


def test_code_is_bound_to_the_hash_shown(desk, world):
    code = desk.ask()
    with pytest.raises(CodeOver, match="pour une autre version du texte"):
        codes.check(world.request_of(world.president), shown_sha256="0" * 64, typed=code)


def test_code_of_another_person_is_refused(keys, mailoutbox):
    first = worlds.frozen()
    here = Desk(first, mailoutbox)
    code = here.ask()
    second = worlds.frozen()
    there = Desk(second, mailoutbox)
    own = there.ask()
    if own != code:
        assert "Ce code n’est pas le bon" in text_of(there.post(code))
    assert not SignatureAct.objects.filter(document__act=second.act).exists()


def test_code_not_asked_yet_is_refused_with_what_to_do(desk, world):
    assert "Demandez d’abord un code" in text_of(desk.post("123456"))
    assert nothing_signed(world)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６７", "123456" * 30])
def test_what_is_no_code_is_told_without_costing_a_try(desk, world, typed):
    desk.ask()
    assert desk.post(typed).status_code == 200
    assert (SignatureCode.objects.get().tries, nothing_signed(world)) == (0, True)


def test_code_asked_ten_times_is_never_refused_and_the_last_one_works(desk, world, mailoutbox):
    pages = [desk.client.post(desk.url, desk.entry | {"_code": "1"}) for _ in range(10)]
    assert {page.status_code for page in pages} == {200}
    assert ["Le code est parti" in text_of(page) for page in pages] == [True] * 3 + [False] * 7
    assert ["Le code part dans 1 minute" in text_of(page) for page in pages] == [False] * 3 + [True] * 7
    assert all('name="code"' in text_of(page) for page in pages)
    assert list(SignatureCode.objects.order_by("pk").values_list("digits", flat=True)) == [6, 6, 6, 8]
    with time_machine.travel(timezone.now() + minutes(1.1)):
        for pk in delivery.due():
            delivery.deliver(pk)
        assert desk.post(code_in(mailoutbox[-1])).status_code == 302


def test_asking_for_a_code_keeps_what_was_typed(desk, world):
    entry = entry_of(world.request_of(world.president), typed_name="Wabealo Léa")
    page = text_of(desk.client.post(desk.url, entry | {"_code": "1"}))
    assert ('value="Wabealo Léa"' in page, "checked" in page, "Le code est parti" in page) == (
        True,
        True,
        True,
    )


def test_code_does_not_leave_before_the_name_and_the_consent(desk, world, mailoutbox):
    sent = len(mailoutbox)
    entry = entry_of(world.request_of(world.president), typed_name="Léa W")
    page = text_of(desk.client.post(desk.url, entry | {"_code": "1"}))
    assert ('value="Léa W"' in page, "À corriger" in page, len(mailoutbox)) == (True, True, sent)


def test_code_sent_with_a_clock_set_forward_lapses_and_another_works(desk, world):
    with time_machine.travel(timezone.now() - minutes(60), tick=False):
        early = desk.ask()
    assert "Ce code a expiré" in text_of(desk.post(early))
    assert desk.post(desk.ask()).status_code == 302


def test_code_whose_mail_leaves_late_begins_its_life_then(world, mailoutbox):
    """The server was away: what leaves at last can still be typed."""
    asked = world.request_of(world.president)
    code = codes.ask(asked, shown_sha256=asked.document.sha256)
    with time_machine.travel(timezone.now() + minutes(11), tick=False):
        digits = codes.mint(code.pk)
        codes.check(asked, shown_sha256=asked.document.sha256, typed=digits)
    with pytest.raises(CodeOver):
        codes.check(asked, shown_sha256=asked.document.sha256, typed=digits)


def test_signature_keeps_what_was_agreed_to(world, mailoutbox):
    signs_with_code(world, mailoutbox, typed_name="  wabealo   LEA ")
    row = SignatureAct.objects.get()
    number = world.refreshed().reference
    assert (row.method, row.typed_name, row.document_sha256) == (
        "code",
        "wabealo LEA",
        world.act.frozen_document.sha256,
    )
    assert row.consent.replace("\u00a0", " ").replace("\u202f", " ") == (
        f"J’ai lu la convention n° {number}, « Atelier du lagon (fictif) », et je la signe pour "
        "« Association Niaouli (fictif) », en qualité de présidente."
    )
