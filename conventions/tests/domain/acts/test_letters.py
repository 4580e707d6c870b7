"""Formal letters: from a text in force to bytes kept, with a number, a code, one departure; and what is refused."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import letters
from conventions.domain.acts.letters import LetterRefused, Order
from conventions.domain.acts.templates import letters as texts
from conventions.domain.acts.templates.letters import LetterIncomplete
from conventions.domain.acts.templates.versions import TemplateRefused
from conventions.domain.documents import storage, verification
from conventions.domain.documents.context import from_snapshot
from conventions.enums import DocumentKind, LetterKind, LetterRoute, TemplateState
from conventions.formats import show_code
from conventions.models import FormalLetter, LetterTemplate, OutgoingMail
from conventions.tests import factories as f
from conventions.tests.pdf.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lawyer():
    return f.UserFactory(role="juriste")


@pytest.fixture
def in_force(lawyer):
    for template in LetterTemplate.objects.all():
        texts.put_in_force(template, by=lawyer)


@pytest.fixture
def act():
    partner = f.PartnerFactory(name="Association Niaouli (fictif)")
    f.PresidentFactory(partner=partner, first_name="Léa", last_name="WABEALO", email="lea@exemple.invalid")
    return f.ConventionFactory(partner=partner, act="signe", title="Atelier du lagon (fictif)").acts.get()


def party(act):
    return letters.others(act)[0]


def officer():
    return f.UserFactory(role="gestionnaire")


def notice(act, **changes):
    values = {"kind": LetterKind.NOTICE, "party": party(act), "reason": "Le bilan de 2026 n’a pas été remis."}
    return Order(**values | changes)


def words(letter) -> str:
    return text_of(storage.read_bytes(letter.document))


def test_shipped_texts_wait_for_a_lawyer_and_are_without_fault(act):
    assert set(LetterTemplate.objects.values_list("code", "state")) == {
        (kind.value, TemplateState.DRAFT.value) for kind in LetterKind
    }
    shipped = LetterTemplate.objects.all()
    assert [texts.check(row.heading + "\n" + row.body) for row in shipped] == [[]] * len(LetterKind)
    with pytest.raises(LetterRefused, match="Aucun texte n’est en vigueur"):
        letters.prepare(act, notice(act), by=officer())


def test_notification_names_the_act_and_its_code(act, in_force):
    made = letters.prepare(act, Order(kind=LetterKind.NOTIFICATION, party=party(act)), by=officer())
    text = words(made)
    assert f"Notification de la convention n° {act.reference}" in text
    assert "À l’attention de Mme Léa WABEALO" in text.replace("\xa0", " ")
    assert show_code(made.document.code) in text
    assert (made.number, made.document.kind) == (f"{act.reference}-C1", DocumentKind.LETTER)
    assert from_snapshot(made.document.snapshot).code == made.document.code
    known = storage.verification_codes([act]).get(act.pk)
    assert ("Le document porte le code" in text) == bool(known)


def test_notice_says_the_reason_and_the_delay(act, in_force):
    text = words(letters.prepare(act, notice(act, days=45), by=officer()))
    assert "Le bilan de 2026 n’a pas été remis." in text
    assert "dans un délai de 45 jours à compter de la réception" in text


@pytest.mark.parametrize("change", [{"reason": ""}, {"reason": "   "}, {"days": 0}])
def test_notice_without_its_reason_or_its_delay_is_refused(act, in_force, change):
    with pytest.raises(LetterIncomplete, match="Il manque à ce courrier"):
        letters.prepare(act, notice(act, **change), by=officer())
    assert not FormalLetter.objects.exists()


def test_braces_typed_in_a_reason_are_words(act, in_force):
    text = words(letters.prepare(act, notice(act, reason="Voir {{ titre }} et {% x %}."), by=officer()))
    assert "Voir {{ titre }} et {% x %}." in text


def test_receipt_is_the_association_s_and_leaves_the_unknown_to_fill(act, in_force):
    made = letters.prepare(act, Order(kind=LetterKind.RECEIPT, party=party(act)), by=officer())
    text = words(made)
    assert "Modèle à compléter par le bénéficiaire" in text
    assert letters.DOTS[:8] in text
    assert "Fait à ……" in text
    assert "F CFP" not in text.partition("en argent")[2].partition("en nature")[0]


def test_receipt_says_what_is_recorded_as_paid(act, in_force):
    f.PaymentFactory(convention=act.convention, amount=400_000, paid_on=datetime.date(2026, 3, 1))
    f.PaymentFactory(
        convention=act.convention, amount=100_000, paid_on=None, sent_on=datetime.date(2026, 4, 1)
    )
    text = words(letters.prepare(act, Order(kind=LetterKind.RECEIPT, party=party(act)), by=officer()))
    assert "400 000 F CFP, versés le 1er mars 2026" in text.replace("\xa0", " ").replace("\u202f", " ")


def test_letters_of_an_act_are_numbered_and_told_to_the_journal(act, in_force):
    by = officer()
    made = [letters.prepare(act, notice(act), by=by) for _ in range(3)]
    assert [letter.number for letter in made] == [f"{act.reference}-C{rank}" for rank in (1, 2, 3)]
    events = list(act.convention.journal.order_by("sequence").values_list("event", flat=True))
    assert events.count("courrier_prepare") == 3
    assert journal.broken_links(f"convention:{act.convention_id}") == []


def test_letter_leaves_once_by_mail_or_on_paper(act, in_force):
    by, today = officer(), timezone.localdate()
    made = letters.send(letters.prepare(act, notice(act), by=by), by=by)
    assert (made.route, made.sent_on) == (LetterRoute.MAIL, today)
    assert OutgoingMail.objects.filter(template="courrier_officiel", params__courrier=made.pk).count() == 1
    for again in (lambda: letters.send(made, by=by), lambda: letters.note_handed(made, today, by=by)):
        with pytest.raises(LetterRefused, match="déjà remis"):
            again()
    other = letters.note_handed(letters.prepare(act, notice(act), by=by), today, by=by)
    assert other.route == LetterRoute.PAPER


@pytest.mark.parametrize("days", [-400, 1, 30])
def test_letter_is_not_handed_over_before_it_is_made_nor_tomorrow(act, in_force, days):
    by = officer()
    made = letters.prepare(act, notice(act), by=by)
    with pytest.raises(LetterRefused, match="Corrigez-la"):
        letters.note_handed(made, timezone.localdate() + datetime.timedelta(days=days), by=by)


def test_letter_to_nobody_with_an_address_stays(act, in_force):
    by = officer()
    made = letters.prepare(act, notice(act), by=by)
    party(act).partner.representatives.update(email="", user=None)
    with pytest.raises(LetterRefused, match="Ajoutez-la à sa fiche"):
        letters.send(made, by=by)
    made.refresh_from_db()
    assert made.sent_on is None


@pytest.mark.parametrize("state", ["brouillon", "a_signer", "annule"])
def test_no_letter_before_the_signature(state, in_force):
    act = f.ConventionFactory(act=state).acts.get()
    with pytest.raises(LetterRefused, match="attendez sa signature"):
        letters.prepare(act, notice(act), by=officer())


def test_party_of_another_convention_is_refused(act, in_force):
    stranger = letters.others(f.ConventionFactory(act="signe").acts.get())[0]
    with pytest.raises(LetterRefused, match="n’est pas de cet acte"):
        letters.prepare(act, notice(act, party=stranger), by=officer())


@pytest.mark.parametrize("role", ["comptable", "logistique", "direction", "communication", "lecture"])
def test_other_roles_write_no_letter(act, in_force, role):
    by = f.UserFactory(role=role)
    for verb in (letters.prepare, letters.preview):
        with pytest.raises(PermissionDenied):
            verb(act, notice(act), by=by)


def test_preview_is_a_draft_and_keeps_nothing(act, in_force):
    pdf = letters.preview(act, notice(act), by=officer())
    assert pdf.content.startswith(b"%PDF")
    assert not FormalLetter.objects.exists()


def test_made_letter_changes_by_no_route(act, in_force):
    made = letters.prepare(act, notice(act), by=officer())
    for sql in (
        "UPDATE conventions_formalletter SET number = 'x' WHERE id = %s",
        "DELETE FROM conventions_formalletter WHERE id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [made.pk])
    letters.note_handed(made, timezone.localdate(), by=officer())
    with pytest.raises(IntegrityError), transaction.atomic():
        FormalLetter.objects.filter(pk=made.pk).update(route="courriel")


def test_code_of_a_letter_names_it_and_its_act(act, in_force):
    made = letters.prepare(act, notice(act), by=officer())
    facts = verification.of_code(made.document.code)
    assert facts.document == "Courrier"
    assert act.reference in facts.about


def test_text_with_an_unknown_field_does_not_come_into_force(lawyer):
    row = LetterTemplate.objects.first()
    row.body = "Bonjour {{ montan }} {{ partie }}"
    row.save()
    with pytest.raises(TemplateRefused, match="champs inconnus"):
        texts.put_in_force(row, by=lawyer)
    assert texts.check("{{ parti }}")[0].suggestion == "partie"
    assert texts.check("{{ partie }} }}")[0].message.startswith("Accolades mal formées")


def test_new_version_leaves_the_one_in_force_until_it_replaces_it(lawyer, in_force, act):
    row = LetterTemplate.objects.in_force().get(code=LetterKind.NOTICE)
    draft = texts.new_version(row, by=lawyer)
    assert texts.new_version(row, by=lawyer).pk == draft.pk
    draft.body = "Texte nouveau : {{ motif }}"
    draft.save()
    assert "Texte nouveau" not in words(letters.prepare(act, notice(act), by=officer()))
    texts.put_in_force(draft, by=lawyer)
    assert "Texte nouveau" in words(letters.prepare(act, notice(act), by=officer()))
    assert LetterTemplate.objects.get(pk=row.pk).state == TemplateState.RETIRED
