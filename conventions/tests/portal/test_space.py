"""The space: own conventions only, in words for a president, the text as it was frozen."""

import datetime
import gzip
import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from conventions.domain import space
from conventions.domain.context import to_snapshot
from conventions.enums import ActState, DocumentKind
from conventions.models import Act, Document
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today
from conventions.tests.pdf import samples

BUDGET = 12


def text(response) -> str:
    """What a page says, without its tags nor its special spaces."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def main(response) -> str:
    return (
        text(response).partition("Se déconnecter")[2].partition("Les conventions par lesquelles")[0].strip()
    )


def rich(partner, **values):
    """A convention in force with everything in it."""
    officer = values.pop("officer", None) or f.UserFactory(
        role="gestionnaire", first_name="Maëlle", last_name="KARÉ", phone="268217"
    )
    convention = f.ConventionFactory(
        partner=partner,
        officer=officer,
        act="signe",
        act__fundings=[
            {"budget_year": 2026, "amount": 1_500_000, "label": "l’atelier"},
            {"budget_year": 2027, "unknown": True},
        ],
        act__instalments=[{"label": "solde", "amount": None, "percent": 30}],
        act__in_kind=[{"loan": True, "return_on": days_from_today(200)}],
        act__equipment=[{"lot": True}, {"nature": "clavier", "quantity": None}],
        act__obligations=[{"due_on": days_from_today(20)}],
        **values,
    )
    act = convention.acts.get()
    f.PaymentFactory(convention=convention, amount=400_000, paid_on=datetime.date(2026, 3, 1))
    f.PaymentFactory(convention=convention, amount=70_000, sent_on=datetime.date(2026, 4, 1), paid_on=None)
    f.HandoverFactory(act=act, handed_on=datetime.date(2026, 5, 1), received_by="Léa WABEALO")
    return convention


PAGES = ("convention", "support", "agreement")


def urls(convention) -> list[str]:
    names = [reverse(f"portal:{name}", args=[convention.slug]) for name in PAGES]
    documents = Document.objects.filter(act__convention=convention)
    return names + [reverse("portal:document", args=[row.pk]) for row in documents]


# --- Who reads what ---------------------------------------------------------------------------------------


def test_pages_of_another_association_do_not_exist(db, as_role):
    convention = rich(f.PartnerFactory())
    client = as_role("president")
    assert [client.get(url).status_code for url in urls(convention)] == [404] * 5


def test_pages_want_a_signed_in_reader(db):
    convention = rich(f.PartnerFactory())
    answers = [Client().get(url) for url in urls(convention)]
    assert [(answer.status_code, answer["Location"].split("?")[0]) for answer in answers] == [
        (302, "/espace/connexion/")
    ] * 5


def test_staff_are_sent_to_the_admin(db, as_role):
    convention = rich(f.PartnerFactory())
    client = as_role("gestionnaire")
    assert [client.get(url).status_code for url in urls(convention)] == [404] * 5
    assert "Aller à la gestion" in text(client.get("/espace/"))


@pytest.mark.parametrize("state", ["brouillon", "en_relecture", "a_corriger", "valide", "abandonne"])
def test_text_in_preparation_is_not_shown(db, as_role, state):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act=state)
    client = as_role(f.PresidentFactory(partner=partner))
    assert client.get(urls(convention)[0]).status_code == 404
    assert "Rien à lire pour l’instant" in text(client.get("/espace/"))


def test_amendment_in_preparation_is_not_shown(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    f.ActFactory(convention=convention, amendment=True, state="valide")
    client = as_role(f.PresidentFactory(partner=partner))
    assert client.get(reverse("portal:agreement_of", args=[convention.slug, 1])).status_code == 404
    assert "venant" not in main(client.get(urls(convention)[0]))


@pytest.fixture
def former(db):
    """(client, convention signed in the mandate, amendment signed after it)."""
    partner = f.PartnerFactory(name="Association du Banian (fictif)")
    user = f.PresidentFactory(partner=partner, former=True)
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, signatories=None)
    f.FundingFactory(act=act, amount=300_000)
    f.ObligationFactory(act=act, due_on=days_from_today(10))
    f.SignatoryFactory(act=act, representative=user.mandates.get(), first_name="Jean", last_name="ANCIEN")
    f.settle(act, ActState.SIGNED)
    f.DocumentFactory(act=act, kind=DocumentKind.HANDOVER)
    f.PaymentFactory(convention=convention, amount=123_000, paid_on=days_from_today(-2))
    later = f.ActFactory(convention=convention, amendment=True, state="signe", fundings=[{"amount": 999_000}])
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, convention, later


def test_former_president_reads_what_was_signed(former):
    client, convention, _later = former
    home = text(client.get("/espace/"))
    page = main(client.get(urls(convention)[0]))
    assert "Association du Banian (fictif) Mandat terminé : vous relisez ce que vous avez signé." in home
    assert "votre mandat est terminé" in page
    assert "Jean ANCIEN" in page
    assert "300 000 F CFP" in main(client.get(urls(convention)[1]))


def test_former_president_reads_nothing_of_what_came_after(former):
    client, convention, later = former
    pages = [client.get(url) for url in urls(convention)[:2]]
    assert all("venant" not in main(page) and "999 000" not in main(page) for page in pages)
    assert "123 000" not in main(pages[1])
    assert "Bientôt" not in main(pages[0])
    assert client.get(reverse("portal:agreement_of", args=[convention.slug, 1])).status_code == 404
    allowed = {
        row.kind: client.get(reverse("portal:document", args=[row.pk])).status_code
        for row in Document.objects.filter(act__convention=convention, act__rank=0)
    }
    assert allowed == {"fige": 200, "scan": 200, "pv_remise": 404}
    refused = [reverse("portal:document", args=[row.pk]) for row in later.documents.all()]
    assert [client.get(url).status_code for url in refused] == [404, 404]


def test_former_signatory_of_a_text_never_signed_reads_nothing(db, as_role):
    partner = f.PartnerFactory()
    user = f.PresidentFactory(partner=partner, former=True)
    convention = f.ConventionFactory(partner=partner, act=None)
    act = f.ActFactory(convention=convention, signatories=None)
    f.SignatoryFactory(act=act, representative=user.mandates.get())
    f.settle(act, ActState.TO_SIGN)
    assert as_role(user).get(urls(convention)[0]).status_code == 404


def test_home_groups_conventions_by_partner(db, as_role):
    one, two = f.PartnerFactory(name="Association A"), f.PartnerFactory(name="Association B")
    user = f.PresidentFactory(partner=one)
    f.RepresentativeFactory(user=user, partner=two)
    for partner, state in ((two, "signe"), (one, "signe"), (one, "a_signer")):
        f.ConventionFactory(partner=partner, act=state)
    f.ConventionFactory(act="signe")
    groups = space.home(user)
    assert [(group.partner, [card.situation.label for card in group.cards]) for group in groups] == [
        ("Association A", ["À signer", "En cours"]),
        ("Association B", ["En cours"]),
    ]


# --- What the pages say -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "label", "now", "after"),
    [
        ("a_signer", "À signer", "Le texte définitif de la convention est prêt", "sur papier, à l’encre"),
        ("partiellement_signe", "En cours de signature", "Il manque la signature de", "sur papier"),
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
    told = page.partition("Le texte ")[2].partition("Vos documents")[0]
    assert told.startswith(label)
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
    (group,) = space.home(f.PresidentFactory(partner=partner))
    assert [card.situation.label for card in group.cards] == [label]


def test_terminated_convention_says_so(db):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="signe")
    f.ActFactory(convention=convention, termination=True, state="signe")
    (group,) = space.home(f.PresidentFactory(partner=partner))
    assert [card.situation.label for card in group.cards] == ["Résiliée"]


def test_next_due_date_is_what_comes_next(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    file = space.file_for(f.PresidentFactory(partner=partner), convention.slug)
    overview = space.overview(file)
    (duty,) = overview.our_duties
    assert (duty.label, duty.tone) == ("Bientôt", "warn")
    assert overview.situation.next == (
        f"Votre prochaine échéance, {duty.due}\u00a0: Remettre le compte rendu d’emploi."
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
    file = space.file_for(f.PresidentFactory(partner=partner), convention.slug)
    assert [duty.label for duty in space.overview(file).our_duties] == [label]


def test_support_page_says_what_it_could_not_count(db, as_role):
    partner = f.PartnerFactory()
    convention = rich(partner)
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[1]))
    for words in (
        "2026 l’atelier 1 500 000 F CFP",
        "2027 l’ensemble du projet montant non communiqué",
        "Total : 1 500 000 F CFP, sans compter 1 ligne sans montant fixé.",
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
    file = space.file_for(f.PresidentFactory(partner=partner), convention.slug)
    assert space.support(file).granted_total == "257\u00a0F\u00a0CFP"


def test_support_to_be_signed_is_announced_as_such(db, as_role):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="a_signer", act__fundings=[{"amount": 800_000}])
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[1]))
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
    for url in ["/espace/", *urls(convention)[:3]]:
        body = client.get(url).content.decode()
        assert "<b>gras" not in body
        assert "<i>titre" not in body
        assert "&lt;i&gt;titre&lt;/i&gt; &amp; suite" in body


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
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[2]))
    assert "Entre les soussignés : Office des postes et télécommunications de Nouvelle-Calédonie" in page
    assert page.count("Article ") >= len(context.clauses) - 1
    assert "BROUILLON" not in page.upper().replace("BROUILLONS", "")


def test_text_of_a_snapshot_that_does_not_read_is_said(db, as_role, caplog):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(partner=partner, act="a_signer")
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[2]))
    assert "Le texte de ce document ne peut pas être affiché à l’écran." in page


def test_reprise_shows_facts_and_no_text(db, as_role):
    partner = f.PartnerFactory()
    convention = f.ConventionFactory(
        partner=partner, reprise=True, act__signed_on_wording="printemps 2020", act__old_reference="CV/2020/7"
    )
    page = main(as_role(f.PresidentFactory(partner=partner)).get(urls(convention)[2]))
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
        with query_budget(BUDGET) as captured:
            client.get(reverse(f"portal:{name}", args=[convention.slug]))
        counts.append(len(captured))
    assert counts[0] == counts[1]
