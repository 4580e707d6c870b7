"""What is missing before an event. The same list is the checklist on the page, the disabled button's reason
and the guard of the transition."""

import datetime
from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from conventions.domain.acts import amending
from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.drafting.template_differences import missing_articles
from conventions.domain.acts.lifecycle.annexed import annexes_to_mend
from conventions.domain.acts.lifecycle.impossible import impossible_in
from conventions.domain.acts.lifecycle.table import TABLE, Missing
from conventions.domain.documents.merge_fields import ENDING_PARTY, fields_of
from conventions.domain.people import delegations
from conventions.enums import (
    NOTICES,
    ActKind,
    ActOrigin,
    DelegationKind,
    Event,
    PageSection,
    PartyRole,
    SigningPath,
    TerminationGround,
    TermKind,
)
from conventions.formats import act_words, elide, later_day, long_date
from conventions.models import Act, Delegation, Signatory

DECISION_FIELD, PURPOSE_FIELD = "deliberation", "objet"
SECTION_ANCHORS = {str(section.label): section.value for section in PageSection}


def missing_actions(act: Act, event: Event, *, row: Act | None = None) -> list[Missing]:
    """What people still have to fill in before this event; empty when nothing is.

    `row` is the act already read by `loading.loaded`, for whoever asks about several events.
    """
    if not TABLE[event].checks_content:
        return []
    row = row or loading.loaded(act)
    if row.origin == ActOrigin.REPRISE:
        return list(_of_reprise(row))
    found = [*_of_file(row), *_of_signatories(row), *_of_clauses(row, event), *_taken_over(row)]
    found += assembling.once(row, impossible_in)
    found += assembling.once(row, annexes_to_mend)
    if event == Event.FREEZE:
        found += _before_freezing(row)
    return found


def _of_reprise(act: Act) -> Iterator[Missing]:
    if len(act.convention.parties.all()) < 2:
        yield Missing(code="parties", label="Ajouter l’autre partie à la convention.", anchor="parties")
    if act.signed_on is None and not act.signed_on_wording:
        label = "Donner la date de signature, ou les mots de la source si elle est inconnue."
        yield Missing(code="signature", label=label, anchor="signature")
    if not act.convention.sources.all():
        label = "Citer au moins une source : une reprise ne contient que des faits établis."
        yield Missing(code="sources", label=label, anchor="sources")


def _of_file(act: Act) -> Iterator[Missing]:
    convention = act.convention
    if act.kind == ActKind.INITIAL and not convention.purpose.strip():
        yield Missing(
            code="objet", label="Écrire l’objet de la convention (256 caractères au plus).", anchor="identite"
        )
    if len(convention.parties.all()) < 2:
        yield Missing(code="parties", label="Ajouter l’autre partie à la convention.", anchor="parties")
    if act.kind == ActKind.INITIAL and not _has_support(act):
        label = "Indiquer le soutien : financement, soutien en nature ou matériel."
        yield Missing(code="soutien", label=label, anchor="soutien")
    if act.board_decision_id is None:
        label = f"Indiquer la délibération qui autorise {act_words(act.kind).the}."
        yield Missing(code="deliberation", label=label, anchor="deliberation")
    yield from _of_term(act)


def _has_support(act: Act) -> bool:
    return any(
        assembling.kept(rows.all()) for rows in (act.funding_set, act.inkind_set, act.equipmentterm_set)
    )


def _of_term(act: Act) -> Iterator[Missing]:
    if act.kind == ActKind.TERMINATION:
        if act.effective_on is None:
            yield Missing(code="effet", label="Donner la date d’effet de la résiliation.", anchor="duree")
        if act.is_unilateral:
            yield from _of_one_party(act)
        return
    if act.kind == ActKind.AMENDMENT and not act.term_kind:
        return
    if act.term_kind == TermKind.DATES and (act.starts_on is None or act.ends_on is None):
        yield Missing(code="duree", label="Donner les dates de prise d’effet et de fin.", anchor="duree")
    if act.term_kind == TermKind.WORDING and not act.term_wording.strip():
        yield Missing(code="duree", label="Écrire la durée en toutes lettres.", anchor="duree")
    if act.term_kind in ("", TermKind.UNKNOWN):
        yield Missing(code="duree", label="Choisir la durée de la convention.", anchor="duree")


def _of_one_party(act: Act) -> Iterator[Missing]:
    """A termination that one party decides: who, after which letter, at the earliest when, by a text that says so."""
    if act.ended_by is None:
        yield Missing(code="auteur", label="Choisir la partie qui résilie.", anchor="duree")
    elif act.ground == TerminationGround.GENERAL_INTEREST and act.ended_by.role != PartyRole.OPT:
        label = "Choisir l’OPT-NC comme partie qui résilie : elle seule peut invoquer l’intérêt général."
        yield Missing(code="auteur", label=label, anchor="duree")
    notice = NOTICES.get(TerminationGround(act.ground))
    if notice and act.notice_on is None:
        label = (
            "Donner le jour où l’autre partie a reçu la mise en demeure ou le préavis. « Courrier avant résiliation » "
            "prépare celui de l’OPT-NC et retient ce jour."
        )
        yield Missing(code="preavis", label=label, anchor="duree")
    elif notice and act.notice_on and act.effective_on:
        first = later_day(act.notice_on, *notice)
        if act.effective_on < first:
            label = (
                f"Repousser la date d’effet au {long_date(first)} au moins : la lettre a été reçue le "
                f"{long_date(act.notice_on)}, et le délai court de ce jour."
            )
            yield Missing(code="preavis", label=label, anchor="duree")
    if not any(ENDING_PARTY in fields_of(row.body) for row in assembling.own_articles(act)):
        label = (
            "« Reproposer les articles » : ceux de l’acte disent une résiliation d’un commun accord. S’ils restent, le "
            "juridique met d’abord en vigueur la version 2 des textes."
        )
        yield Missing(code="articles-accord", label=label, anchor="articles")


def _of_signatories(act: Act) -> Iterator[Missing]:
    people = list(act.signatories.all())
    signed_for = {person.party_id for person in people}
    for person in people if act.is_unilateral and act.ended_by_id else ():
        if person.party_id != act.ended_by_id:
            label = f"Retirer le signataire {person} : la partie qui résilie signe seule."
            yield Missing(code=f"signataire-de-trop-{person.pk}", label=label, anchor="parties")
    for party in act.convention.parties.all():
        if act.is_unilateral and party.pk != act.ended_by_id:
            continue
        if party.pk not in signed_for:
            label = f"Ajouter un signataire pour {party.partner.short_name}."
            yield Missing(code=f"signataire-{party.pk}", label=label, anchor="parties")
    for person in people:
        if not (person.first_name.strip() and person.last_name.strip()):
            label = f"Donner le prénom et le nom {elide('de', str(person))} : l’acte les imprime."
            yield Missing(code=f"nom-{person.pk}", label=label, anchor="parties")
        if not person.title.strip():
            label = f"Indiquer le titre {elide('de', str(person))}, tel qu’il doit être imprimé."
            yield Missing(code=f"titre-{person.pk}", label=label, anchor="parties")


def _of_clauses(act: Act, event: Event) -> Iterator[Missing]:
    if not assembling.own_articles(act):
        yield Missing(
            code="articles", label=f"Choisir les articles {act_words(act.kind).of}.", anchor="articles"
        )
    elif act.path or event == Event.FREEZE:  # the closing formula follows the way of signing
        for name in missing_articles(act, facts=partial(assembling.act_facts, act, row=act)):
            yield Missing(
                code=f"article-{name}", label=f"Article obligatoire absent : « {name} ».", anchor="articles"
            )
    for gap in assembling.clause_gaps(act):
        if gap.field == DECISION_FIELD or (gap.field == PURPOSE_FIELD and act.kind == ActKind.INITIAL):
            continue  # each has its own sentence in the list
        label = f"Renseigner « {gap.label} », utilisé dans un article (rubrique {gap.where})."
        yield Missing(
            code=f"champ-{gap.field}", label=label, anchor=SECTION_ANCHORS.get(gap.where, "articles")
        )


def _taken_over(act: Act) -> Iterator[Missing]:
    """Lines that an act signed meanwhile took over: the amendment would change what is no longer in force."""
    if act.kind != ActKind.AMENDMENT:
        return
    for conflict in assembling.once(act, amending.conflicts_of):
        yield Missing(code=f"repris-{conflict.key}-{conflict.row.pk}", label=conflict.to_do, anchor="soutien")


def _before_freezing(act: Act) -> Iterator[Missing]:
    if not act.path:
        label = "Choisir le mode de signature."
        yield Missing(code="mode", label=label, anchor="signature")
    if act.path == SigningPath.ONLINE:
        yield from _of_invitations(act)
    today = timezone.localdate()
    for person in act.signatories.all():
        mandate = person.representative
        if mandate is not None and mandate.mandate_end is not None and mandate.mandate_end < today:
            ended = f"Le mandat {elide('de', str(person))} a pris fin le {mandate.mandate_end:%d/%m/%Y}"
            label = f"{ended} : choisir un autre signataire."
            yield Missing(code=f"mandat-{person.pk}", label=label, anchor="parties")
    for person, delegation in delegations.lapsed_titles(act.signatories.all(), on=today):
        label = _lapsed_label(person, delegation, today)
        yield Missing(code=f"delegation-{person.pk}", label=label, anchor="parties")


def _of_invitations(act: Act) -> Iterator[Missing]:
    """Online, a partner's signatory is reached by mail, and OPT-NC's by the account of his or her mandate."""
    for person in act.signatories.all():
        mandate = person.representative
        account = mandate.user if mandate else None
        if person.party.role == PartyRole.OPT:
            if account is None or not account.is_staff:
                label = f"{person} n’a pas de compte : relier son mandat à un compte, ou choisir le papier."
                yield Missing(code=f"compte-{person.pk}", label=label, anchor="parties")
        elif not (person.email or (account and account.email) or (mandate and mandate.email)):
            label = f"Donner l’adresse de courriel {elide('de', str(person))}, ou choisir la signature sur papier."
            yield Missing(code=f"courriel-{person.pk}", label=label, anchor="parties")


def _lapsed_label(person: Signatory, delegation: Delegation, today: datetime.date) -> str:
    if delegation.starts_on > today:
        when = f"ne commence que le {delegation.starts_on:%d/%m/%Y}"
    else:
        when = f"a pris fin le {delegation.ends_on:%d/%m/%Y}"
    name = "l’intérim" if delegation.kind == DelegationKind.INTERIM else "la délégation"
    return (
        f"{person} signe comme « {person.title} », mais {name} {when} : "
        "corriger le titre ou choisir un autre signataire."
    )
