"""The space: what its pages say, in words for a president; the text as it was frozen; what a page costs."""

import datetime
import gzip

import pytest
from django.urls import reverse

from conventions.domain import space
from conventions.domain.documents.context import to_snapshot
from conventions.enums import ActState, DocumentKind
from conventions.models import Act
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.pdf import samples
from conventions.tests.portal.reading import PAGES, main, rich, urls
from conventions.tests.public.kimonos import kimonos

BUDGET = 12
BUDGETS = {"convention": 17, "agreement": BUDGET}


def page_of(partner, convention):
    """The page of a convention as a president of this partner reads it."""
    president = f.PresidentFactory(partner=partner)
    return space.page(president, space.file_for(president, convention.slug))


# --- What the pages say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "label", "now", "after"),
    [
        ("a_signer", "À signer", "Le texte définitif de la convention est prêt", "sur papier, à l’encre"),
        ("partiellement_signe", "En cours de signature", "Il manque la signature d", "sur papier"),
        ("a_sceller", "Signée par tous", "Toutes les parties ont signé.", "Vous n’avez rien à faire"),
        ("signe", "En cours", "La convention est signée et s’applique jusqu’au", "Aucune échéance"),
        ("annule", "Sans suite", "L’OPT-NC a annulé ce texte avant sa signature.", "Une question"),
        ("refuse", "Sans suite", "Une des parties n’a pas souhaité signer.", "Une question"),
        ("expire", "Sans suite", "Le délai pour signer est passé.", "Une question"),
    ],
)
def test_situation_is_told_in_each_state(db, as_role, state, label, now, after):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act=state)
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[0]))
    told = page.partition("Messages ")[2].partition("Vos documents")[0]
    brief, found, told = told.partition(label)
    assert (brief.strip().startswith("En bref"), found) == (label != "Sans suite", label)
    assert now in told.partition("La suite")[0]
    assert after in told.partition("La suite")[2]


@pytest.mark.parametrize(
    ("dates", "label"),
    [
        ({"act__starts_on": days_from_today(10)}, "À venir"),
        ({"act__ends_on": days_from_today(30)}, "Se termine bientôt"),
        ({"act__ends_on": days_from_today(-1)}, "Terminée"),
        ({"act__ends_on": None, "act__term_kind": "inconnue"}, "Signée"),
        ({"act__ends_on": None, "act__term_kind": "indeterminee"}, "En cours"),
        ({"closed_on": days_from_today(-1)}, "Close"),
    ],
)
def test_situation_follows_the_dates(db, dates, label):
    partner = f.PartnerFactory()
    f.ConventionFactory(partner=partner, act="signe", **dates)
    (group,) = space.home(f.PresidentFactory(partner=partner)).groups
    assert [card.situation.label for card in group.cards] == [label]


def test_terminated_convention_says_so(db):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="signe")
    f.ActFactory(convention=convention, termination=True, state="signe")
    (group,) = space.home(f.PresidentFactory(partner=partner)).groups
    assert [card.situation.label for card in group.cards] == ["Résiliée"]


def test_next_due_date_is_what_comes_next(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    overview = page_of(partner, convention).overview
    (duty,) = overview.our_duties
    assert (duty.label, duty.tone) == ("Bientôt", "warn")
    assert overview.situation.next == (
        f"Votre prochaine échéance, {duty.due}\u00a0: remettre le compte rendu d’emploi."
    )


def test_paper_past_due_comes_first_in_what_comes_next(db):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(
        partner=partner,
        act="signe",
        act__starts_on=datetime.date(2025, 1, 1),
        act__ends_on=datetime.date(2025, 12, 31),
        act__obligations=[{"due_on": datetime.date(2026, 6, 30)}],
    )
    assert page_of(partner, convention).overview.situation.next.replace("\u00a0", " ") == (
        "Une échéance est passée (au plus tard le 30 juin 2026) : remettre le compte rendu d’emploi. "
        "Si c’est déjà fait, dites-le à votre interlocuteur. "
        "Vous pouvez toujours la relire et télécharger vos documents."
    )


@pytest.mark.parametrize(
    ("values", "report", "label"),
    [
        ({"due_on": days_from_today(-1)}, None, "Échéance passée"),
        ({"due_on": days_from_today(90)}, None, "À remettre"),
        (
            {"due_on": days_from_today(-1)},
            {"received_on": datetime.date(2026, 4, 1)},
            "Reçu le 1er\u00a0avril 2026",
        ),
        (
            {"due_on": None},
            {"received_on": datetime.date(2026, 4, 1), "accepted_on": datetime.date(2026, 4, 2)},
            "Reçu et accepté",
        ),
        ({"kind": "visibilite", "due_on": days_from_today(-1)}, None, ""),
    ],
)
def test_duty_says_where_it_stands(db, values, report, label):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="signe", act__obligations=[values])
    if report:
        f.ReportReceivedFactory(obligation=convention.acts.get().obligation_set.get(), **report)
    assert [duty.label for duty in page_of(partner, convention).overview.our_duties] == [label]


def test_support_page_says_what_it_could_not_count(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[0]))
    for words in (
        "2026 l’atelier 1 500 000 F CFP",
        "2027 l’ensemble du projet montant non communiqué",
        "Total : 1 500 000 F CFP, sans compter 1 montant non communiqué.",
        "1er mars 2026 non précisé versé 400 000 F CFP",
        "1er avril 2026 non précisé transmis à l’agent comptable, pas encore versé 70 000 F CFP",
        "Versé à ce jour : 400 000 F CFP.",
        "Total : 10 appareils, sans compter 1 ligne de quantité inconnue.",
        "Remis le 1er mai 2026",
    ):
        assert words in page


def test_support_of_an_amendment_replaces_what_it_replaces(db):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(
        partner=partner, act="signe", act__fundings=[{"amount": 100}, {"amount": 7}]
    )
    first = convention.acts.get().funding_set.get(amount=100)
    f.ActFactory(
        convention=convention,
        amendment=True,
        state="signe",
        fundings=[{"amount": 250, "line": first.line, "replaces": first}],
    )
    assert page_of(partner, convention).support.granted_total == "257\u00a0F\u00a0CFP"


def test_equipment_alike_makes_one_row_with_its_devices(db):
    partner = f.PartnerFactory()
    laptop = {"nature": "ordinateur", "brand": "Kaori", "model": "400"}
    convention = f.ConventionFactory(
        partner=partner,
        act="signe",
        act__equipment=[
            *({**laptop, "serial": f"SN-{n}"} for n in range(3)),
            {"nature": "écran", "quantity": 2},
        ],
    )
    act = convention.acts.get()
    for n in (0, 1):
        line = act.equipmentterm_set.get(serial=f"SN-{n}")
        item = f.EquipmentItemFactory(equipment=line, serial=f"SN-{n}", inventory_tag="")
        if n == 0:
            f.HandoverFactory(act=act, handed_on=datetime.date(2026, 5, 1)).items.add(item)
    laptops, screens = page_of(partner, convention).support.equipment
    assert (laptops.line.what, laptops.line.amount) == ("Ordinateur, Kaori 400", "3")
    assert (laptops.prepared, laptops.handed) == (2, 1)
    told = [
        (device.name.replace("\u00a0", " "), device.state.replace("\u00a0", " "))
        for device in laptops.devices
    ]
    assert told == [
        ("n° de série SN-0", "remis le 1er mai 2026"),
        ("n° de série SN-1", "préparé"),
        ("n° de série SN-2", "promis"),
    ]
    assert (screens.line.amount, screens.prepared, screens.devices) == ("2", 0, ())


def test_support_to_be_signed_is_announced_as_such(db, as_role):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="a_signer", act__fundings=[{"amount": 800_000}])
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[0]))
    assert "Rien n’est dû avant la signature." in page
    assert "800 000 F CFP" in page


def test_page_gives_the_officer_to_call(db, as_role):
    partner = f.PartnerFactory()
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(rich(partner))[0]))
    assert "Maëlle KARÉ" in page
    assert "26.82.17" in page


def test_values_are_escaped(db, as_role):
    partner = f.PartnerFactory(name="<b>gras</b>")
    convention = rich(partner, title="<i>titre</i> & suite")
    client = as_role(f.PresidentFactory(partner=partner))
    for url in ["/espace/", *urls(convention)[:2]]:
        body = client.get(url).content.decode()
        assert "<b>gras" not in body
        assert "<i>titre" not in body
        assert "&lt;i&gt;titre&lt;/i&gt; &amp; suite" in body


def test_first_page_says_when_nothing_waits(db, as_role):
    partner = f.PartnerFactory()
    client = as_role(f.PresidentFactory(partner=partner))
    quiet = "Rien ne vous attend pour l’instant."
    assert quiet not in main(client.get("/espace/"))
    f.ConventionFactory(partner=partner, act="signe")
    assert quiet in main(client.get("/espace/"))
    rich(partner)
    page = main(client.get("/espace/"))
    assert ("Ce qui vous attend" in page, quiet in page) == (True, False)


# --- The text ---------------------------------------------------------------------------------------------


def with_text(partner, context):
    """A convention to sign whose frozen document keeps this context."""
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention)
    document = f.DocumentFactory(act=act, kind=DocumentKind.FROZEN, snapshot=to_snapshot(context))
    Act.objects.filter(pk=act.pk).update(
        state=ActState.TO_SIGN,
        path="papier",
        number="2026-014",
        frozen_document=document,
        frozen_at=document.created_at,
    )
    return convention


def test_text_is_that_of_the_frozen_document_whatever_the_rows_say(db, as_role):
    partner = f.PartnerFactory()
    context = samples.agreement(is_draft=False, reference="2026-014")
    convention = with_text(partner, context)
    convention.acts.get().clause_set.all().delete()
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[1]))
    assert "Entre les soussignés : Office des postes et télécommunications de Nouvelle-Calédonie" in page
    assert page.count("Article ") >= len(context.clauses) - 1
    assert "BROUILLON" not in page.upper().replace("BROUILLONS", "")


def test_text_of_a_snapshot_that_does_not_read_is_said(db, as_role, caplog):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="a_signer")
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[1]))
    assert "Le texte de ce document ne peut pas être affiché à l’écran." in page


def test_reprise_shows_facts_and_no_text(db, as_role):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(
        partner=partner, reprise=True, act__signed_on_wording="printemps 2020", act__old_reference="CV/2020/7"
    )
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[1]))
    assert "Signée sur papier" in page
    assert "Signature printemps 2020" in page
    assert "Ancienne référence CV/2020/7" in page
    assert "Entre les soussignés" not in page


# --- Cost -------------------------------------------------------------------------------------------------


def test_home_costs_the_same_for_one_and_thirty(db, as_role, query_budget):
    partner = f.PartnerFactory()
    client = as_role(f.PresidentFactory(partner=partner))
    counts = []
    for more in (1, 29):
        for _rank in range(more):
            rich(partner)
        with query_budget(BUDGET) as captured:
            page = client.get("/espace/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert page.content.count(b"card-link") == 30
    assert len(gzip.compress(page.content)) < 20_000


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_for_one_row_and_many(db, as_role, query_budget, name):
    partner = f.PartnerFactory()
    client = as_role(f.PresidentFactory(partner=partner))
    few = rich(partner)
    many = f.ConventionFactory(
        partner=partner,
        officer=few.officer,
        act="signe",
        act__fundings=[{"budget_year": 2026 + n} for n in range(10)],
        act__instalments=[{} for _n in range(10)],
        act__in_kind=[{} for _n in range(10)],
        act__equipment=[{"serial": f"S{n}"} for n in range(30)],
        act__obligations=[{} for _n in range(10)],
    )
    act = many.acts.get()
    for _rank in range(5):
        f.PaymentFactory(
            convention=many, instalment=act.instalmentterm_set.first(), paid_on=days_from_today(-1)
        )
        f.HandoverFactory(act=act)
    for rank in (1, 2, 3):
        f.ActFactory(convention=many, amendment=True, rank=rank, state="signe")
    counts = []
    for convention in (few, many):
        with query_budget(BUDGETS[name]) as captured:
            client.get(reverse(f"portal:{name}", args=[convention.slug]))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_lent_equipment_says_when_it_comes_back_and_who_takes_care_of_it(db):
    partner = f.PartnerFactory()
    lent = {"nature": "écran", "transfer": "pret", "insurance": "souscrite par l’association."}
    back = datetime.date(2027, 5, 1)
    convention = f.ConventionFactory(
        partner=partner,
        act="signe",
        act__equipment=[{"nature": "écran"}, lent | {"return_on": back}],
        act__in_kind=[{"loan": True, "custody": "l’association"}],
        act__instalments=[{"condition_kind": "compte_rendu", "condition": "visé"}],
    )
    support = page_of(partner, convention).support
    told = [goods.line.detail.replace("\u00a0", " ") for goods in support.equipment]
    assert told == ["", "prêté · à rendre le 1er mai 2027 · assurance : souscrite par l’association"]
    assert "garde et entretien" in support.in_kind[0].detail
    assert support.instalments[0].detail == "Sur compte rendu accepté, visé"


def test_ten_computers_of_the_archive_read_with_their_number_and_without_their_serials(db, as_role):
    """Les Kimonos du Cœur: the same words in their space as on the follow-up; nothing is invented."""
    convention = kimonos()
    partner = convention.parties.exclude(partner__is_opt=True).get().partner
    (goods,) = page_of(partner, convention).support.equipment
    assert (goods.line.amount, goods.line.detail.replace("\u00a0", " "), goods.devices) == (
        "10",
        "séries non relevées",
        (),
    )
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[0]))
    assert "Séries non relevées" in page
