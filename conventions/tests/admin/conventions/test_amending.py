"""The page of an amendment: lines in force, each changed, removed, added or left as it is."""

import datetime

import pytest
from django.urls import reverse

from conventions.admin.conventions.amending.lines import MODELS, SPECS
from conventions.domain.acts import amending
from conventions.domain.acts.content import changes
from conventions.enums import ActState
from conventions.models import Clause, Convention, Document, Funding
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.factories import ConventionFactory, UserFactory
from conventions.tests.factories.acts import settle
from conventions.tests.harness import captured_queries
from conventions.tests.pdf.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention():
    return ConventionFactory(
        act=ActState.SIGNED,
        act__starts_on=datetime.date(2026, 1, 1),
        act__ends_on=datetime.date(2026, 12, 31),
        act__fundings=[
            {"amount": 2_000_000, "budget_year": 2026, "position": 1},
            {"amount": 7, "position": 2},
        ],
        act__instalments=[{}],
        act__in_kind=[{}],
        act__equipment=[{}],
        act__obligations=[{}],
        act__clauses=[{"heading": "Objet", "body": "Le premier texte."}],
    )


@pytest.fixture
def amendment(convention, officer):
    return amending.start_amendment(convention, by=officer, reason="Le projet s’étend.")


def address(act, name, table="funding", **arguments):
    url = reverse(
        f"admin:conventions_convention_{name}", kwargs={"pk": act.convention_id, "table": table, **arguments}
    )
    return f"{url}?acte={act.rank}"


def first_row(act, model=Funding):
    return model.objects.current().filter(act__convention=act.convention_id).order_by("position").first()


def states(client, act, key="funding"):
    url = reverse("admin:conventions_convention_change", args=[act.convention_id])
    page = client.get(f"{url}?acte={act.rank}")
    return [line.state for line in page.context["sheet"].tables[key].lines]


@pytest.mark.parametrize(
    "key", ["funding", "instalmentterm", "inkind", "equipmentterm", "obligation", "clause"]
)
def test_untouched_form_of_a_line_changes_nothing(as_role, officer, amendment, key):
    client = as_role(officer)
    line = amending.tables_of(amendment)[key].lines[0]
    url = address(amendment, "line", key, row=line.row.pk)
    response = client.post(url, form_data(client.get(url), "ligne"))
    assert response.status_code == 302
    assert states(client, amendment, key)[0] == "kept"


def test_changed_line_replaces_the_signed_one_in_the_draft_only(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    url = address(amendment, "line", row=row.pk)
    data = form_data(client.get(url), "ligne") | {"amount": "2 500 000"}
    assert client.post(url, data).status_code == 302
    own = amendment.funding_set.get()
    assert (own.amount, own.budget_year, own.replaces_id, own.line) == (2_500_000, 2026, row.pk, row.line)
    assert states(client, amendment) == ["changed", "kept"]


def test_changed_line_opens_with_what_the_amendment_says(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    own = amending.replace_line(amendment, row, by=officer, amount=2_500_000)
    url = address(amendment, "line", row=own.pk)
    data = form_data(client.get(url), "ligne") | {"amount": "2 600 000"}
    client.post(url, data)
    assert [one.amount for one in amendment.funding_set.all()] == [2_600_000]


def test_wrong_line_keeps_what_was_typed(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    url = address(amendment, "line", row=row.pk)
    page = client.post(url, form_data(client.get(url), "ligne") | {"amount": "abc"})
    assert list(page.context["form"].errors) == ["amount"]
    assert page.context["form"]["amount"].value() == "abc"
    assert not amendment.funding_set.exists()


def test_removal_asks_then_marks_the_line(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    url = address(amendment, "line_removal", row=row.pk)
    assert client.get(url).status_code == 200
    assert not amendment.funding_set.exists()
    client.post(url)
    assert states(client, amendment) == ["removed", "kept"]


def test_undone_change_leaves_the_line_as_signed(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    own = amending.remove_line(amendment, row, by=officer)
    client.post(address(amendment, "line_undo", row=own.pk))
    assert states(client, amendment) == ["kept", "kept"]


def test_article_added_to_the_convention_is_none_of_the_amendment(as_role, officer, amendment):
    client = as_role(officer)
    url = address(amendment, "line_add", "clause")
    data = form_data(client.get(url), "ligne") | {"heading": "Assurance", "body": "Le partenaire s’assure."}
    assert client.post(url, data).status_code == 302
    added = Clause.objects.get(act=amendment, heading="Assurance")
    assert not added.is_own
    assert states(client, amendment, "clause") == ["kept", "added"]


ADDED = {
    "funding": {"amount": "500 000", "budget_year": "2027"},
    "instalmentterm": {"label": "troisième versement", "condition_kind": "signature"},
    "inkind": {"kind": "pret", "description": "une salle (fictif)"},
    "equipmentterm": {"nature": "écran", "model": "E24", "transfer": "pret"},
    "obligation": {"text": "Rendre l’écran (fictif)"},
    "budgetline": {"heading": "transport", "amount": "10 000"},
    "indicator": {"name": "élèves reçus"},
    "clause": {"heading": "Assurance", "body": "Le partenaire s’assure."},
}


@pytest.mark.parametrize("table", SPECS)
def test_line_of_each_table_is_added_then_changed_from_its_pages(as_role, officer, amendment, table):
    client, model = as_role(officer), MODELS[table]
    party = amendment.convention.parties.exclude(role="opt").first()
    owed = {"party": party.pk} if table == "obligation" else {}
    known = set(model.objects.filter(act=amendment).values_list("pk", flat=True))
    url = address(amendment, "line_add", table)
    assert client.post(url, form_data(client.get(url), "ligne") | ADDED[table] | owed).status_code == 302
    added = model.objects.filter(act=amendment).exclude(pk__in=known).earliest("pk")
    url = address(amendment, "line", table, row=added.pk)
    told = form_data(client.get(url), "ligne")
    assert {name: told[name] for name in ADDED[table]} == {
        name: [value.replace(" ", "\u202f")] if name == "amount" else [value]
        for name, value in ADDED[table].items()
    }
    assert client.post(url, told).status_code == 302
    assert changes.describe(model.objects.get(pk=added.pk)) == changes.describe(added)


def test_line_of_another_convention_does_not_exist(as_role, officer, amendment):
    other = ConventionFactory(act=ActState.SIGNED, act__fundings=[{}]).acts.get().funding_set.get()
    client = as_role(officer)
    assert client.get(address(amendment, "line", row=other.pk)).status_code == 404
    assert client.post(address(amendment, "line_removal", row=other.pk)).status_code == 404


def test_second_editor_is_told_and_keeps_what_was_typed(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    url = address(amendment, "line", row=row.pk)
    data = form_data(client.get(url), "ligne") | {"amount": "2 500 000"}
    colleague = UserFactory(role="gestionnaire", first_name="Ana", last_name="COLLÈGUE (fictif)")
    amending.add_line(amendment, Funding, by=colleague, amount=1, budget_year=2027)
    page = client.post(url, data)
    assert (page.status_code, page.context["authors"]) == (409, str(colleague))
    again = form_data(page, "ligne")
    assert again["amount"] == ["2 500 000"]
    assert client.post(url, again).status_code == 302


def test_saving_the_page_of_an_amendment_leaves_its_lines(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    amending.replace_line(amendment, row, by=officer, amount=2_500_000)
    amending.remove_line(amendment, first_row(amendment, Clause), by=officer)
    url = reverse("admin:conventions_convention_change", args=[amendment.convention_id]) + "?acte=1"
    data = form_data(client.get(url)) | {"reason": ["Autre motif."]}
    page = client.post(url, data)
    assert page.status_code == 302
    amendment.refresh_from_db()
    assert amendment.reason == "Autre motif."
    assert states(client, amendment) == ["changed", "kept"]
    assert states(client, amendment, "clause") == ["removed"]


def test_title_of_a_signed_convention_is_not_changed_by_an_amendment(as_role, officer, amendment):
    client = as_role(officer)
    url = reverse("admin:conventions_convention_change", args=[amendment.convention_id]) + "?acte=1"
    data = form_data(client.get(url))
    assert "title" not in data
    client.post(url, data | {"title": ["Un autre titre"]})
    assert Convention.objects.get(pk=amendment.convention_id).title == amendment.convention.title


def test_page_of_an_amendment_costs_the_same_for_one_and_a_hundred_lines(as_role, officer):
    counts = []
    for many in (1, 100):
        convention = ConventionFactory(
            act=ActState.SIGNED,
            act__fundings=[{"position": rank} for rank in range(many)],
            act__equipment=[{}] * many,
            act__clauses=[{"body": "{{ Le_beneficiaire }} en parle."}] * many,
        )
        act = amending.start_amendment(convention, by=officer, reason="x")
        for row in Funding.objects.current().filter(act__convention=convention)[: many // 2 or 1]:
            amending.replace_line(act, row, by=officer, amount=1)
        amending.replace_line(
            act, first_row(act, Clause), by=officer, body="{{ Le_beneficiaire }} en fait état."
        )
        url = reverse("admin:conventions_convention_change", args=[convention.pk]) + "?acte=1"
        client = as_role(officer)
        client.get(url)
        with captured_queries() as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 106


def test_articles_in_force_are_read_with_their_fields_filled_in(as_role, officer):
    convention = ConventionFactory(
        act=ActState.SIGNED, title="Un titre", act__clauses=[{"body": "Projet : {{ titre }}."}]
    )
    act = amending.start_amendment(convention, by=officer, reason="x")
    row = first_row(act, Clause)
    amending.replace_line(act, row, by=officer, body="Titre : {{ titre }}.")
    client = as_role(officer)
    page = client.get(reverse("admin:conventions_convention_change", args=[convention.pk]) + "?acte=1")
    (line,) = page.context["sheet"].tables["clause"].lines
    assert (line.before, line.after) == ("Projet : Un titre.", "Titre : Un titre.")
    assert b"Projet : Un titre." in client.get(address(act, "line", "clause", row=row.pk)).content


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (amending.start_amendment, "L’avenant est signé. Ses termes ne changent plus."),
        (amending.start_termination, "La résiliation est signée. Ses termes ne changent plus."),
    ],
)
def test_signed_act_is_named_with_its_gender_and_read_first(as_role, officer, convention, start, sentence):
    day = {"effective_on": datetime.date(2026, 12, 1)} if start is amending.start_termination else {}
    act = start(convention, by=officer, reason="x", **day)
    settle(act, ActState.SIGNED)
    client = as_role(officer)
    page = client.get(reverse("admin:conventions_convention_change", args=[convention.pk]) + "?acte=1")
    assert page.context["next_sentence"] == sentence
    assert page.context["state_label"] == ("Signée" if day else "Signé")
    assert [title for title, _sections in page.context["sheet"].groups] == [
        "Le dossier, à lire",
        "Ce que vous pouvez encore compléter",
    ]


def test_buttons_of_the_first_act_are_about_it_when_an_amendment_is_signed(as_role, officer, amendment):
    settle(amendment, ActState.SIGNED)
    client = as_role(officer)
    page = client.get(
        reverse("admin:conventions_convention_change", args=[amendment.convention_id]) + "?acte=0"
    )
    address = reverse(
        "admin:conventions_convention_event",
        kwargs={"pk": amendment.convention_id, "event": "preparer_avenant"},
    )
    assert f'value="{address}?acte=0"' in page.content.decode()
    client.post(f"{address}?acte=0", {"reason": "Une seconde fois.", "_confirmer": "1"})
    assert list(amendment.convention.acts.values_list("rank", flat=True).order_by("rank")) == [0, 1, 2]


def test_signed_amendment_shows_what_it_changed_and_no_button(as_role, officer, amendment):
    client, row = as_role(officer), first_row(amendment)
    amending.replace_line(amendment, row, by=officer, amount=2_500_000)
    settle(amendment, ActState.SIGNED)
    assert states(client, amendment) == ["changed"]
    assert client.get(address(amendment, "line", row=row.pk)).status_code == 403


def test_page_of_a_termination_tells_what_stops(as_role, officer, convention):
    act = amending.start_termination(
        convention, by=officer, reason="Dissolution.", effective_on=datetime.date(2026, 9, 1)
    )
    url = reverse("admin:conventions_convention_change", args=[convention.pk]) + f"?acte={act.rank}"
    page = as_role(officer).get(url)
    sheet = page.context["sheet"]
    assert "ends_on" not in sheet.act_form.fields
    (block,) = [block for section in sheet.sections for block in section.blocks if block.kind == "ending"]
    assert len(block.ending.remains) == 2


def test_overtaken_change_is_told_on_the_page_and_redone_by_its_button(
    as_role, officer, convention, amendment
):
    row = first_row(amendment)
    mine = amending.replace_line(amendment, row, by=officer, amount=3_000_000)
    other = amending.start_amendment(convention, by=officer, reason="Autre.")
    amending.replace_line(other, row, by=officer, budget_year=2027)
    settle(other, ActState.SIGNED, number="2026-014-A2")
    client = as_role(officer)
    url = reverse("admin:conventions_convention_change", args=[convention.pk]) + "?acte=1"
    page = client.get(url)
    told = [line.conflict.told for line in page.context["sheet"].tables["funding"].lines if line.conflict]
    assert told == ["L’avenant 2026-014-A2, signé depuis, a changé cette ligne."]
    assert f"repris-funding-{mine.pk}" in [item.code for item in page.context["checklist"]]
    client.post(address(amendment, "line_redo", row=mine.pk))
    own = amendment.funding_set.get()
    assert (own.amount, own.budget_year) == (3_000_000, 2027)
    assert states(client, amendment) == ["changed", "kept"]


def signed_amendment(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="Le projet s’étend.")
    amending.replace_line(act, first_row(act), by=officer, amount=2_500_000)
    amending.replace_line(act, first_row(act, Clause), by=officer, body="Le nouveau texte.")
    return settle(act, ActState.SIGNED, number="2026-014-A1")


def test_acts_of_a_convention_are_told_in_order(as_role, officer, convention):
    act = signed_amendment(convention, officer)
    amending.start_amendment(convention, by=officer, reason="Encore.")
    page = as_role(officer).get(reverse("admin:conventions_convention_change", args=[convention.pk]))
    card = page.context["acts"]
    assert [(one.act.rank, one.told, one.is_here) for one in card] == [
        (0, "Le texte d’origine.", False),
        (1, "Modifie 2\u00a0lignes (financement, article « Objet »).", False),
        (2, "Ne change aucune ligne.", True),
    ]
    assert [document.pk for document in card[1].documents] == [act.frozen_document_id, act.signed_document_id]


def test_convention_of_one_act_has_no_card(as_role, officer, convention):
    page = as_role(officer).get(reverse("admin:conventions_convention_change", args=[convention.pk]))
    assert page.context["acts"] == []


def test_text_in_force_says_where_each_article_comes_from(as_role, officer, convention):
    signed_amendment(convention, officer)
    page = as_role(officer).get(reverse("admin:conventions_convention_text", args=[convention.pk]))
    text = page.content.decode()
    assert "Le nouveau texte." in text
    assert "Le premier texte." not in text
    assert "Article issu de l’avenant n° 2026-014-A1" in text.replace("\u00a0", " ")
    assert "seuls les actes signés font foi" in text


def test_text_in_force_as_a_pdf_is_marked_and_not_stored(as_role, officer, convention):
    signed_amendment(convention, officer)
    before = Document.objects.count()
    response = as_role(officer).get(reverse("admin:conventions_convention_text_pdf", args=[convention.pk]))
    said = " ".join(text_of(response.content).replace("\u00a0", " ").split())
    assert "document d’information" in said
    assert "Le nouveau texte." in said
    assert Document.objects.count() == before


def test_text_in_force_of_a_reprise_invents_no_article(as_role, officer):
    convention = ConventionFactory(reprise=True, act__ends_on=datetime.date(2026, 12, 31))
    address = reverse("admin:conventions_convention_text", args=[convention.pk])
    page = reverse("admin:conventions_convention_change", args=[convention.pk])
    client = as_role(officer)
    assert address not in client.get(page).text
    act = amending.start_amendment(convention, by=officer, reason="x", ends_on=datetime.date(2027, 12, 31))
    settle(act, ActState.SIGNED, number="2026-014-A1")
    assert address in client.get(page).text
    text = " ".join(client.get(address).text.replace("\u00a0", " ").split())
    assert "ses articles ne sont pas reproduits ici" in text
    assert "31 décembre 2027" in text
    assert 'class="article"' not in text


def test_draft_has_no_text_in_force(as_role, officer, draft):
    assert (
        as_role(officer).get(reverse("admin:conventions_convention_text", args=[draft.pk])).status_code == 404
    )
