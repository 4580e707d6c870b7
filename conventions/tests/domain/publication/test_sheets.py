"""Publishing sheets and press releases: versions, refusals, what is told apart, who sees when."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from conventions.domain import publication
from conventions.domain.documents import storage
from conventions.domain.documents.context import from_snapshot
from conventions.domain.publication import PublicationError, key_figures, sheets, wording
from conventions.enums import ActState, AmountStatus, DocumentKind
from conventions.formats import Tally, show_amount
from conventions.models import Convention, JournalEntry, PublicSheet
from conventions.tests import factories
from conventions.tests.pdf.reading import plain, text_of
from conventions.tests.public.kimonos import SECRETS, kimonos


@pytest.fixture
def communication(db):
    return factories.UserFactory(role="communication")


def signed(**values):
    return factories.ConventionFactory(act=ActState.SIGNED, **values)


def test_publish_of_an_unsigned_convention_is_refused(communication):
    convention = factories.ConventionFactory(act=ActState.TO_SIGN)
    with pytest.raises(PublicationError) as refusal:
        publication.publish(convention, by=communication)
    assert refusal.value.code == "not_signed"
    assert PublicSheet.objects.count() == 0


def test_publish_stores_the_sheet_its_rows_and_its_pdf(communication):
    convention = signed(act__fundings=[{"budget_year": 2026, "amount": 500_000}])
    sheet = publication.publish(convention, by=communication)
    assert (sheet.version, sheet.is_current, sheet.slug) == (1, True, convention.slug)
    assert publication.stored_context(sheet) == publication.sheet_context(convention, on=timezone.localdate())
    assert [row.role for row in sheet.partners.order_by("position")] == ["opt", "beneficiaire"]
    assert list(sheet.fundings.values_list("budget_year", "amount")) == [(2026, 500_000)]
    assert sheet.document.kind == DocumentKind.PUBLIC
    assert from_snapshot(sheet.document.snapshot) == publication.stored_context(sheet)
    assert JournalEntry.objects.filter(convention=convention, event="publication").count() == 1


def test_publish_of_a_reprise_stores_the_marked_reconstitution(communication):
    sheet = publication.publish(kimonos(), by=communication)
    text = text_of(storage.read_bytes(sheet.document))
    assert text.count("Reconstitution d’après les informations publiées, document non signé") == 1


def test_publish_again_makes_the_next_version_the_current_one(communication):
    convention = signed()
    first = publication.publish(convention, by=communication)
    second = publication.publish(convention, by=communication)
    first.refresh_from_db()
    assert [(first.version, first.is_current), (second.version, second.is_current)] == [(1, False), (2, True)]
    assert list(PublicSheet.objects.published()) == [second]


def test_publish_is_refused_when_the_convention_changes_during_the_render(communication, monkeypatch):
    convention = signed()
    render = sheets._render

    def change_then_render(ctx):
        Convention.objects.filter(pk=convention.pk).update(title="Un autre titre (fictif)")
        return render(ctx)

    monkeypatch.setattr(sheets, "_render", change_then_render)
    with pytest.raises(PublicationError) as refusal:
        publication.publish(convention, by=communication)
    assert refusal.value.code == "changed"
    assert PublicSheet.objects.count() == 0


def test_publish_is_refused_when_another_page_has_the_address(communication):
    first = signed(slug="dojo")
    publication.publish(first, by=communication)
    Convention.objects.filter(pk=first.pk).update(slug="dojo-ancien")
    second = signed(slug="dojo")
    with pytest.raises(PublicationError) as refusal:
        publication.publish(second, by=communication)
    assert refusal.value.code == "address_taken"


@pytest.mark.django_db(transaction=True)
def test_publish_by_two_at_once_leaves_one_current_version():
    convention, by = signed(), factories.UserFactory(role="communication")
    barrier, failures = threading.Barrier(2), []

    def publish():
        try:
            barrier.wait()
            publication.publish(convention, by=by)
        except Exception as error:  # noqa: BLE001 — reported by the assertion below
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    versions = PublicSheet.objects.order_by("version").values_list("version", "is_current")
    assert list(versions) == [(1, False), (2, True)]


def test_withdraw_takes_the_page_off_until_it_is_published_again(communication):
    convention = signed()
    publication.publish(convention, by=communication)
    publication.withdraw(convention, by=communication)
    assert publication.publication_state(convention).code == "retiree"
    assert PublicSheet.objects.published().count() == 0
    with pytest.raises(PublicationError):
        publication.withdraw(convention, by=communication)
    again = publication.publish(convention, by=communication)
    assert list(PublicSheet.objects.published()) == [again]


def test_publishable_changes_name_what_differs(communication):
    convention = signed()
    assert publication.publication_state(convention).code == "non_publiee"
    publication.publish(convention, by=communication)
    assert publication.publication_state(convention).changes == ()
    convention.title = "Un titre corrigé (fictif)"
    convention.public_story = "Un récit nouveau."
    convention.save()
    assert publication.publication_state(convention).changes == ("le titre", "le récit")
    assert publication.publication_state(convention).code == "a_republier"
    publication.publish(convention, by=communication)
    assert publication.publication_state(convention).code == "publiee"


def test_publishable_changes_see_a_signed_amendment(communication):
    convention = signed()
    publication.publish(convention, by=communication)
    factories.ActFactory(convention=convention, amendment=True, state="signe", fundings=[{"amount": 100_000}])
    assert publication.publication_state(convention).changes == (
        "les montants",
        "les avenants et résiliations",
    )


def test_embargo_holds_the_page_back_until_its_hour(communication):
    convention = signed()
    hour = timezone.now() + datetime.timedelta(hours=2)
    publication.publish(convention, by=communication, embargo_until=hour)
    assert publication.publication_state(convention).code == "sous_embargo"
    assert PublicSheet.objects.published().count() == 0
    assert PublicSheet.objects.published(at=hour).count() == 1


def test_publish_again_keeps_an_embargo_that_runs_unless_it_is_lifted(communication):
    convention = signed()
    hour = timezone.now() + datetime.timedelta(hours=2)
    publication.publish(convention, by=communication, embargo_until=hour)
    assert publication.publish(convention, by=communication).embargo_until == hour
    assert publication.publish(convention, by=communication, embargo_until=None).embargo_until is None


def test_sheet_context_takes_the_term_and_the_money_of_a_signed_amendment(communication):
    convention = signed(
        act__starts_on=datetime.date(2026, 1, 1),
        act__ends_on=datetime.date(2026, 12, 31),
        act__fundings=[{"amount": 300_000}],
    )
    factories.ActFactory(
        convention=convention,
        kind="avenant",
        rank=1,
        state="signe",
        starts_on=datetime.date(2026, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        fundings=[{"budget_year": 2027, "amount": 200_000}],
    )
    ctx = publication.sheet_context(convention)
    assert (ctx.term.start.value, ctx.term.end.value) == (
        datetime.date(2026, 1, 1),
        datetime.date(2027, 12, 31),
    )
    assert [line.amount for line in ctx.fundings] == [300_000, 200_000]
    assert [act.label for act in ctx.acts] == ["Signature de la convention", "Avenant n° 1"]


def test_sheet_context_costs_the_same_for_one_line_and_thirty(communication, django_assert_num_queries):
    small = signed(act__equipment=[{}])
    large = signed(act__equipment=[{"nature": f"appareil {n}"} for n in range(30)])
    with django_assert_num_queries(13):
        publication.sheet_context(small)
    with django_assert_num_queries(13):
        publication.sheet_context(large)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ({"amount": 500_000}, "500 000 F CFP"),
        ({"amount": 500_000, "publishable": False}, "montant non communiqué"),
        ({"amount": None, "status": AmountStatus.UNKNOWN}, "montant non communiqué"),
        ({"amount": None, "status": AmountStatus.TO_BE_SET}, "montant à déterminer"),
        (
            {"amount": None, "status": AmountStatus.TO_BE_SET, "publishable": False},
            "montant non communiqué",
        ),
        ({"amount": 500_000, "status": AmountStatus.CAPPED}, "jusqu’à 500 000 F CFP"),
        ({"amount": 500_000, "status": AmountStatus.CAPPED, "publishable": False}, "montant non communiqué"),
        ({"amount": 90_000, "status": AmountStatus.OUTCOME}, "90 000 F CFP, selon résultat"),
    ],
)
def test_amount_is_shown_as_its_status_and_publicity_allow(communication, line, shown):
    (published,) = publication.sheet_context(signed(act__fundings=[line])).fundings
    assert plain(show_amount(*published.stated)) == shown


def test_funding_without_object_is_left_out(communication):
    convention = signed(act__fundings=[{"amount": None, "status": AmountStatus.NOT_APPLICABLE}])
    assert publication.sheet_context(convention).fundings == ()


def test_equipment_of_one_nature_is_added_and_serials_are_left_out(communication):
    lines = [{"nature": "ordinateur de bureautique", "serial": f"S-{n}"} for n in range(3)]
    convention = signed(act__equipment=[*lines, {"nature": "Matériel informatique", "quantity": None}])
    labels = [plain(line.label) for line in publication.sheet_context(convention).supports]
    assert labels == [
        "3 ordinateurs de bureautique",
        "Matériel informatique (quantité non communiquée)",
    ]


def test_secrets_are_nowhere_in_what_publication_stores(communication):
    convention = kimonos(with_secrets=True)
    sheet = publication.publish(convention, by=communication)
    release = publication.draft_press_release(by=communication, convention=convention)
    release = publication.publish_press_release(release, by=communication)
    rows = [*sheet.partners.values(), *sheet.fundings.values(), PublicSheet.objects.values().get()]
    stored = " ".join(
        [
            plain(str(rows)),
            plain(str(sheet.document.snapshot)),
            plain(str(release.document.snapshot)),
            plain(f"{release.title} {release.standfirst} {release.body}"),
            text_of(storage.read_bytes(sheet.document)),
            text_of(storage.read_bytes(release.document)),
        ]
    )
    forms = [str(SECRETS["amount"]), "7 654 321"]
    found = [secret for secret in [*map(str, SECRETS.values()), *forms] if secret in stored]
    assert found == []


def test_key_figures_say_what_they_could_not_count(communication):
    lines = [
        {"budget_year": 2026, "amount": 500_000},
        {"budget_year": 2026, "amount": 900_000, "publishable": False},
        {"budget_year": 2026, "amount": 100_000, "status": AmountStatus.CAPPED},
        {"budget_year": 2026, "amount": 70_000, "figure": "collecte"},
    ]
    equipment = [{"quantity": 4}, {"nature": "écran", "quantity": None}]
    publication.publish(signed(act__fundings=lines, act__equipment=equipment), by=communication)
    key = key_figures.key_figures()
    assert key.granted == Tally(total=500_000, counted=1, others=2)
    assert key.equipment == key_figures.Equipment(total=4, uncounted=1)
    assert (key.conventions, key.partners, key.fictitious) == (1, 1, 0)
    (year,) = key_figures.granted_by_budget_year()
    assert (year.label, year.granted) == ("2026", key.granted)
    (raised,) = key_figures.other_money()
    assert raised.granted == Tally(total=70_000, counted=1)


def test_key_figures_of_nothing_are_not_zero_money(db):
    key = key_figures.key_figures()
    assert (key.conventions, key.granted.total, key.equipment.total) == (0, None, None)


def test_province_figures_count_poya_in_both_provinces(communication):
    convention = signed()
    convention.areas.set([factories.AreaFactory(slug="poya")])
    publication.publish(convention, by=communication)
    publication.publish(signed(), by=communication)
    found = [(row.label, row.conventions) for row in key_figures.by_province()]
    assert found == [("Province Nord", 1), ("Province Sud", 1), ("Territoire non précisé", 1)]


def test_published_sheets_of_unknown_date_come_last(communication):
    undated = factories.ConventionFactory(reprise=True, act__signed_on_wording="date non communiquée")
    dated = signed(act__signed_on=datetime.date(2020, 1, 1))
    sheets_made = [publication.publish(convention, by=communication) for convention in (undated, dated)]
    assert list(publication.published_sheets()) == sheets_made[::-1]


def test_what_is_lent_is_told_apart_and_the_budget_is_never_published(communication):
    convention = signed(
        act__equipment=[{"nature": "écran"}, {"nature": "écran", "transfer": "pret", "custody": "SECRET"}],
        act__budget=[{"heading": "SECRET"}],
        act__indicators=[{"name": "SECRET"}],
    )
    sheet = publication.sheet_context(convention)
    assert [plain(line.label) for line in sheet.supports] == ["1 écran", "1 écran (prêt)"]
    assert [line.equipment for line in sheet.supports] == [
        True,
        False,
    ]  # « matériel donné », « appareils donnés »
    told = plain(wording.in_kind_phrase(sheet.supports))
    assert told == "le don de 1 écran et un soutien en nature : 1 écran (prêt)"
    assert "SECRET" not in str(sheet)
