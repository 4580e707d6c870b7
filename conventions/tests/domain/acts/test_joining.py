"""A party that an amendment brings: named, asked to sign, and none of the acts before."""

from dataclasses import replace

import pytest
from django.utils.html import strip_tags

from conventions.admin.conventions.page import Page
from conventions.domain.acts import amending, drafting, lifecycle
from conventions.domain.acts.content import assembling
from conventions.domain.documents.context import ClauseContext
from conventions.domain.documents.rendering import agreement_html
from conventions.enums import ActState, Event
from conventions.forms.parties import PartyForm
from conventions.models import Party
from conventions.tests.factories import ConventionFactory, PartnerFactory, UserFactory
from conventions.tests.factories.acts import settle
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db
CHANGES = ClauseContext(code="modifications", heading="Modifications", body="{{ tableau_modifications }}")


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def convention():
    return ConventionFactory(act=ActState.SIGNED, act__number="2026-014", act__clauses=[{}])


def joins(convention, act, officer, partner):
    """Add a party on the page of an act."""
    convention.refresh_from_db()
    rows = [drafting.RowEdit(key="party", added=[Party(partner=partner, role="cofinanceur")])]
    drafting.save(
        drafting.Edit(convention=convention, act=act, rows=rows), by=officer, version=convention.version
    )
    return convention.parties.get(partner=partner)


def test_party_that_an_amendment_brings_is_named_signs_and_is_none_of_the_acts_before(convention, officer):
    partner = PartnerFactory(name="Fondation Horizon (fictif)", nature="fondation")
    act, other = (amending.start_amendment(convention, by=officer, reason="x") for _ in range(2))
    party = joins(convention, act, officer, partner)
    assert party.joined_by == act
    assert f"signataire-{party.pk}" in {one.code for one in lifecycle.missing_actions(act, Event.SUBMIT)}
    assert f"signataire-{party.pk}" not in {
        one.code for one in lifecycle.missing_actions(other, Event.SUBMIT)
    }
    context = assembling.agreement_context(act)
    assert [one.name for one in context.parties][-1] == partner.name
    assert context.object == "modifier les parties."
    (told,) = context.changes
    page = plain(strip_tags(agreement_html(replace(context, clauses=(CHANGES,)))))
    assert (
        "1° Fondation Horizon (fictif), que le texte désigne par « la Fondation », devient partie à la convention, en "
        "qualité de co-financeur. Cette partie accepte toutes les stipulations de la convention" in page
    )
    assert told.term == "adhesion"
    first = convention.acts.get(rank=0)
    for row in (first, other):
        assert partner.name not in {one.name for one in assembling.agreement_context(row).parties}
    assert partner.name not in {one.name for one in amending.consolidated(convention).agreement.parties}
    assert party not in Party.objects.standing()
    settle(act, ActState.SIGNED, number="2026-014-A1")
    assert partner.name not in {one.name for one in assembling.agreement_context(first).parties}
    assert partner.name in {one.name for one in assembling.agreement_context(other).parties}
    assert partner.name in {one.name for one in amending.consolidated(convention).agreement.parties}
    assert party in Party.objects.standing()


def test_party_of_an_amendment_without_effect_may_join_by_another(convention, officer):
    partner = PartnerFactory()
    act = amending.start_amendment(convention, by=officer, reason="x")
    party = joins(convention, act, officer, partner)
    settle(act, ActState.ABANDONED)
    later = amending.start_amendment(convention, by=officer, reason="x")
    page = Page(convention, later, officer)
    assert [form.instance.partner for form in page.formsets["party"].initial_forms] == [
        one.partner for one in convention.parties.filter(joined_by=None).order_by("position", "pk")
    ]
    form = PartyForm({"partner": partner.pk, "role": "organisateur"}, instance=Party(convention=convention))
    form.fields["partner"].load([partner])
    assert form.is_valid(), form.errors
    assert form.save(commit=False).pk == party.pk
