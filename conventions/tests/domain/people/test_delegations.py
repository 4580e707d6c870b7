"""Who signs for OPT-NC when the usual signatory is away."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from conventions.domain.acts import drafting, lifecycle
from conventions.domain.acts.drafting import signatories
from conventions.domain.foundation.refusals import Refused
from conventions.enums import Event, PartyRole
from conventions.models import Delegation
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


def day(offset):
    return timezone.localdate() + datetime.timedelta(days=offset)


def draft_signed_by(person, state="brouillon", **values):
    """An act whose signatory for OPT-NC is this representative."""
    convention = f.ConventionFactory(act=None, **values)
    act = f.ActFactory(convention=convention, signatories=None)
    opt, partner = convention.parties.order_by("position")
    f.SignatoryFactory(
        act=act, party=opt, representative=person, title=person.title, last_name=person.last_name
    )
    f.SignatoryFactory(act=act, party=partner, order=2)
    return f.settle(act, state)


def opt_signatory(act):
    return act.signatories.get(party__role=PartyRole.OPT)


@pytest.mark.parametrize(
    ("starts", "ends", "kept"),
    [(-5, 10, "overlap"), (10, 20, "overlap"), (11, 20, "apart"), (-9, -6, "apart"), (5, None, "overlap")],
)
def test_absence_overlap_is_refused(starts, ends, kept):
    first = f.DelegationFactory()
    other = f.DelegationFactory.build(
        absent=first.absent, deputy=None, printed_title="", starts_on=day(starts), ends_on=ends and day(ends)
    )
    if kept == "apart":
        other.full_clean()
    else:
        with pytest.raises(ValidationError, match="a déjà une absence sur ces dates"):
            other.full_clean()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ends_on": datetime.date(2000, 1, 1)}, "La fin de l’absence précède son début"),
        ({"printed_title": ""}, "Écrivez le titre"),
        ({"deputy": None}, "Un titre sans personne"),
    ],
)
def test_absence_that_makes_no_sense_is_refused(values, message):
    row = f.DelegationFactory.build(
        absent=f.RepresentativeFactory(partner=f.opt_partner()),
        deputy=f.RepresentativeFactory(partner=f.opt_partner()),
    )
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError, match=message):
        row.full_clean()


def test_nobody_replaces_oneself():
    row = f.DelegationFactory()
    row.deputy = row.absent
    with pytest.raises(ValidationError, match="On ne se remplace pas soi-même"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_two_absences_without_end_are_refused_by_the_database():
    first = f.DelegationFactory(ends_on=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        f.DelegationFactory(absent=first.absent, ends_on=None, starts_on=day(90))


def test_signatory_of_a_partner_is_no_deputy():
    row = f.DelegationFactory()
    row.deputy = f.RepresentativeFactory()
    with pytest.raises(ValidationError, match="Choisissez un représentant de l’OPT-NC"):
        row.full_clean()


@pytest.mark.parametrize(
    ("offset", "title"),
    [(-6, "directeur général"), (-5, "directeur général par intérim"), (11, "directeur général")],
)
def test_proposed_signatory_is_the_deputy_of_the_day(offset, title):
    row = f.DelegationFactory()
    row.deputy.usual_signatory = False
    row.deputy.save()
    act = f.ActFactory(signatories=None)
    made = signatories.propose_signatories(
        act, list(act.convention.parties.filter(role="opt")), on=day(offset)
    )
    expected = row.deputy if title.endswith("intérim") else row.absent
    assert [(one.representative, one.title) for one in made] == [(expected, title)]


def test_absence_without_deputy_changes_no_proposal():
    row = f.DelegationFactory(alone=True)
    act = f.ActFactory(signatories=None)
    made = signatories.propose_signatories(act, list(act.convention.parties.filter(role="opt")))
    assert [one.representative for one in made] == [row.absent]


def test_absent_signatory_is_replaced_in_one_gesture():
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent)
    officer = f.UserFactory(role="gestionnaire")
    person = drafting.replace_by_deputy(act, opt_signatory(act).pk, by=officer)
    person.refresh_from_db()
    assert (person.representative, person.last_name, person.title) == (
        row.deputy,
        row.deputy.last_name,
        "directeur général par intérim",
    )
    assert act.convention.journal.last().event == "signataire_remplace"
    act.convention.refresh_from_db()
    assert act.convention.version == 2


def test_who_replaced_a_signatory_has_prepared_the_file():
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent)
    both = f.UserFactory(roles=["gestionnaire", "juriste"])
    drafting.replace_by_deputy(act, opt_signatory(act).pk, by=both)
    act = f.settle(act, "en_relecture")
    choice = next(c for c in lifecycle.available_events(act, user=both) if c.event == Event.APPROVE)
    assert choice.reason == "Vous avez préparé ce dossier : une autre personne doit le valider."


@pytest.mark.parametrize("state", ["en_relecture", "valide", "a_signer", "signe"])
def test_signatory_of_an_act_that_no_longer_changes_stays(state):
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent, state)
    with pytest.raises(drafting.Locked):
        drafting.replace_by_deputy(act, opt_signatory(act).pk, by=f.UserFactory(role="gestionnaire"))
    assert opt_signatory(act).representative == row.absent


def test_signatory_who_is_not_away_is_not_replaced():
    person = f.RepresentativeFactory(partner=f.opt_partner())
    act = draft_signed_by(person)
    with pytest.raises(Refused, match="n’est pas absent, ou personne n’est désigné"):
        drafting.replace_by_deputy(act, opt_signatory(act).pk, by=f.UserFactory(role="gestionnaire"))


def test_signatory_of_the_partner_is_never_replaced():
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent)
    partner = act.signatories.exclude(party__role=PartyRole.OPT).get()
    with pytest.raises(Refused, match="n’est plus sur l’acte"):
        drafting.replace_by_deputy(act, partner.pk, by=f.UserFactory(role="gestionnaire"))


def test_deputy_who_signs_already_is_not_put_twice():
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent)
    f.SignatoryFactory(act=act, party=opt_signatory(act).party, representative=row.deputy, order=3)
    with pytest.raises(Refused, match="signe déjà cet acte"):
        drafting.replace_by_deputy(
            act, act.signatories.get(representative=row.absent).pk, by=f.UserFactory(role="gestionnaire")
        )


def absence_advice(act):
    return [item for item in lifecycle.advice_on(act) if item.code.startswith("absence")]


def test_advice_names_the_deputy_and_offers_the_gesture():
    row = f.DelegationFactory()
    act = draft_signed_by(row.absent)
    (advice,) = absence_advice(act)
    assert (advice.signatory, advice.deputy) == (opt_signatory(act).pk, str(row.deputy))
    assert f"À sa place : {row.deputy}, directeur général par intérim." in advice.label


def test_advice_says_that_nobody_is_designated():
    row = f.DelegationFactory(alone=True)
    (advice,) = absence_advice(draft_signed_by(row.absent))
    assert (advice.signatory, advice.label.endswith("complétez la délégation de signature.")) == (None, True)


def test_advice_on_a_frozen_act_says_to_take_it_back():
    row = f.DelegationFactory()
    (advice,) = absence_advice(draft_signed_by(row.absent, "a_signer"))
    assert advice.signatory is None
    assert advice.label.endswith("Pour changer de signataire, faites revenir l’acte au brouillon.")


def test_no_advice_without_absence_or_once_signed():
    row = f.DelegationFactory(starts_on=day(3))
    assert absence_advice(draft_signed_by(row.absent)) == []
    Delegation.objects.update(starts_on=day(-3))
    assert absence_advice(draft_signed_by(row.absent, "signe")) == []


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        (-20, -1, "mais l’intérim a pris fin le"),
        (2, 9, "mais l’intérim ne commence que le"),
        (-20, 1, None),
    ],
)
def test_title_of_an_interim_that_does_not_run_blocks_the_freeze(starts, ends, told):
    row = f.DelegationFactory(starts_on=day(starts), ends_on=day(ends))
    act = draft_signed_by(row.deputy, "valide")
    act.signatories.filter(representative=row.deputy).update(title=row.printed_title)
    missing = [item for item in lifecycle.missing_actions(act, Event.FREEZE) if "delegation" in item.code]
    assert [told in item.label for item in missing] == ([True] if told else [])
