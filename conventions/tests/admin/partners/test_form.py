"""The partner's form: duplicates told before saving, doubts that never block, two editors at once."""

import datetime
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from conventions.enums import Role
from conventions.models import JournalEntry, Partner, Representative, User
from conventions.tests.factories import PartnerFactory, RepresentativeFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/conventions/partner/add/"
LINE = (
    "civility",
    "first_name",
    "last_name",
    "title",
    "email",
    "phone",
    "mandate_start",
    "mandate_end",
    "position",
)


def posted(people=(), **values):
    """What the browser sends: the partner's fields and its representatives'."""
    saved = sum("id" in person for person in people)
    data = {
        "name": "Association Tamanou",
        "nature": "association",
        "gender": "f",
        "representatives-TOTAL_FORMS": len(people),
        "representatives-INITIAL_FORMS": saved,
        **values,
    }
    for rank, person in enumerate(people):
        row = {"position": 0, **person}
        data |= {f"representatives-{rank}-{name}": value for name, value in row.items()}
    return data


def change(partner):
    return reverse("admin:conventions_partner_change", args=[partner.pk])


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def officer(as_role):
    return as_role(Role.OFFICER)


def test_new_partner_gets_its_address_and_a_journal_line(officer):
    response = officer.post(
        ADD, posted(name="L’Œuvre des Îles", ridet="733089", email="contact@exemple.invalid")
    )
    assert response.status_code == 302
    partner = Partner.objects.get(slug="l-oeuvre-des-iles")
    entry = JournalEntry.objects.get(partner=partner)
    assert (entry.event, entry.actor) == ("partenaire_cree", officer.user)
    assert "contact@exemple.invalid" not in entry.payload
    assert entry.personal.data["email"] == [None, "contact@exemple.invalid"]


def test_doubtful_ridet_and_phone_are_told_and_saved(officer):
    response = officer.post(ADD, posted(ridet="33089", phone="82.77"))
    assert response.status_code == 302
    assert Partner.objects.get(name="Association Tamanou").ridet == "33089"
    assert told(response)[:2] == [
        "Ce RIDET a moins de 7 chiffres. Il est comparé comme 0033089. Vérifiez-le.",
        "Numéro court (8277). Vérifiez qu’il est complet.",
    ]


def test_ridet_too_long_is_refused_beside_its_field_and_kept(officer):
    response = officer.post(ADD, posted(ridet="12345678901234"))
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == ["ridet"]
    assert 'value="12345678901234"' in response.content.decode()


def test_lookalike_stops_the_first_save_with_a_link(officer):
    known = PartnerFactory(name="Les Kimonos du Cœur", acronym="LKDC")
    response = officer.post(ADD, posted(name="LES KIMONOS DU COEUR"))
    html = unescape(response.content.decode())
    assert response.status_code == 200
    assert f'href="{change(known)}"' in html
    assert "même nom" in html
    assert 'name="create_anyway"' in html
    assert 'value="LES KIMONOS DU COEUR"' in html
    assert Partner.objects.filter(name__iexact="les kimonos du coeur").count() == 0


def test_lookalike_passes_when_it_is_confirmed(officer):
    PartnerFactory(name="Les Kimonos du Cœur")
    response = officer.post(ADD, posted(name="LES KIMONOS DU COEUR", create_anyway="on"))
    assert response.status_code == 302
    assert Partner.objects.get(name="LES KIMONOS DU COEUR").slug == "les-kimonos-du-coeur"


def test_unchanged_name_is_not_compared_again(officer):
    one, _other = PartnerFactory(name="Association Kaori"), PartnerFactory(name="Association Kaori")
    response = officer.post(change(one), posted(name=one.name, ridet=one.ridet, phone="82.77.67", version=1))
    assert response.status_code == 302


def test_same_ridet_twice_is_refused_in_plain_words(officer):
    PartnerFactory(ridet="1234567.001")
    response = officer.post(ADD, posted(ridet="1234567001", create_anyway="on"))
    assert "Un autre partenaire porte déjà ce RIDET" in response.content.decode()


def test_mandate_out_of_order_is_told_once_beside_its_field(officer):
    person = {"first_name": "Ève", "last_name": "MARTIN", "title": "présidente"}
    dates = {"mandate_start": "2026-05-01", "mandate_end": "2026-04-01"}
    response = officer.post(ADD, posted([person | dates]))
    assert response.status_code == 200
    html = unescape(response.content.decode())
    assert html.count("La fin du mandat précède son début. Corrigez l’une des deux dates.") == 1
    assert 'value="MARTIN"' in html


def test_representative_is_saved_journalled_apart_and_given_access(officer):
    person = {
        "first_name": "Ève",
        "last_name": "MARTIN",
        "title": "présidente",
        "email": "eve@exemple.invalid",
    }
    response = officer.post(ADD, posted([person | {"open_access": "on"}]))
    assert response.status_code == 302
    row = Representative.objects.get()
    assert (row.user.username, row.user.has_usable_password(), row.user.is_staff) == (
        "eve-martin",
        False,
        False,
    )
    entry = JournalEntry.objects.get(event="partenaire_cree")
    assert "MARTIN" not in entry.payload
    assert list(entry.personal.data) == ["Représentant : Ève MARTIN"]


def test_access_needs_an_address(officer):
    person = {"first_name": "Ève", "last_name": "MARTIN", "title": "présidente", "open_access": "on"}
    response = officer.post(ADD, posted([person]))
    assert response.status_code == 200
    assert "Indiquez le courriel de cette personne" in response.content.decode()
    assert User.objects.filter(is_staff=False).count() == 0


def test_person_of_two_partners_keeps_one_account(officer):
    person = {
        "first_name": "Ève",
        "last_name": "MARTIN",
        "title": "présidente",
        "email": "eve@exemple.invalid",
    }
    for name in ("Association Un", "Association Deux"):
        officer.post(ADD, posted([person | {"open_access": "on"}], name=name))
    assert Representative.objects.count() == 2
    assert User.objects.filter(is_staff=False).count() == 1


def test_page_says_who_is_in_office(officer, at):
    with at(2026, 6, 1):
        partner = PartnerFactory()
        RepresentativeFactory(partner=partner, mandate_end=datetime.date(2026, 5, 31))
        assert "hors mandat" in officer.get(change(partner)).content.decode()
    with at(2026, 5, 31):
        html = officer.get(change(partner)).content.decode()
    assert "en fonction" in html
    assert "hors mandat" not in html


def test_signatory_cannot_be_deleted_with_the_form(officer):
    from conventions.tests.factories import SignatoryFactory

    person = RepresentativeFactory()
    SignatoryFactory(representative=person)
    line = {"id": person.pk, "partner": person.partner_id, "first_name": "X", "last_name": "Y", "title": "Z"}
    response = officer.post(
        change(person.partner), posted([line | {"DELETE": "on"}], name=person.partner.name, version=1)
    )
    assert response.status_code == 200
    assert Representative.objects.filter(pk=person.pk).exists()


def test_second_editor_sees_what_the_first_saved_and_loses_nothing(as_role):
    partner = PartnerFactory(name="Association Kaori", phone="", website="", notes="")
    first, second = as_role(Role.OFFICER), as_role(Role.OFFICER)
    base = {"name": partner.name, "ridet": partner.ridet, "email": partner.email, "address": partner.address}
    base |= {"postal_code": partner.postal_code, "presentation": partner.presentation, "version": 1}
    saved = first.post(change(partner), posted(**base, phone="82.77.67", notes="De la première"))
    assert saved.status_code == 302

    response = second.post(change(partner), posted(**base, phone="", notes="De la seconde"))
    html = unescape(response.content.decode())
    assert response.status_code == 200
    assert f"{first.user} a enregistré cette page pendant votre saisie" in html
    meanwhile = {
        line.label: (line.stored, line.typed, line.adopted)
        for line in response.context["adminform"].form.meanwhile
    }
    assert meanwhile == {
        "Téléphone": ("82.77.67", "", True),
        "Notes internes": ("De la première", "De la seconde", False),
    }
    assert 'value="82.77.67"' in html

    again = second.post(
        change(partner), posted(**base | {"version": 2}, phone="82.77.67", notes="De la seconde")
    )
    assert again.status_code == 302
    partner.refresh_from_db()
    assert (partner.phone, partner.notes, partner.version) == ("82.77.67", "De la seconde", 3)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.OFFICER}))
def test_other_roles_cannot_post(as_role, role):
    partner = PartnerFactory()
    client = as_role(role)
    assert client.post(ADD, posted()).status_code == 403
    assert client.post(change(partner), posted()).status_code == 403


@pytest.mark.parametrize(
    ("day", "month", "field"),
    [
        ("31", "", "year_end_month"),
        ("", "12", "year_end_day"),
        ("31", "6", "year_end_day"),
        ("29", "2", "year_end_day"),
        ("0", "6", "year_end_day"),
        ("32", "1", "year_end_day"),
    ],
)
def test_end_of_the_accounting_year_is_a_day_of_each_year(officer, day, month, field):
    page = officer.post(ADD, posted(year_end_day=day, year_end_month=month))
    assert list(page.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize(
    ("day", "month", "told"), [("31", "12", "31 décembre"), ("1", "7", "1er juillet"), ("", "", "")]
)
def test_end_of_the_accounting_year_is_kept_or_unknown(officer, day, month, told):
    officer.post(ADD, posted(year_end_day=day, year_end_month=month))
    assert Partner.objects.get(name="Association Tamanou").year_end == told
