"""Verbs on partners: recognising one already recorded, merging two files of the same one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import proofs
from conventions.formats import (
    FormatError,
    acronym_key,
    counted,
    initials_key,
    join_list,
    normalise_ridet,
    search_key,
    slugify_fr,
)
from conventions.models import (
    BankAccount,
    Convention,
    Partner,
    Party,
    Project,
    PublicSheetPartner,
    Representative,
    User,
)
from conventions.models.partners import PartnerQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Papers(TypedDict):
        accounts: int
        files: int
        asked: int

    FiledPartner = WithAnnotations[Partner, Papers]

MINIMUM_ACRONYM = 3
# What a merged file brings to the kept one, where the kept one says nothing.
COMPLETED_FIELDS = [
    "acronym",
    "designation",
    "legal_form",
    "founding_texts",
    "logo",
    "ridet",
    "year_end_day",
    "year_end_month",
    "rna",
    "siret",
    "receipt_number",
    "receipt_date",
    "jonc_number",
    "address",
    "postal_code",
    "commune",
    "country",
    "email",
    "phone",
    "website",
    "presentation",
    "purpose",
]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A recorded partner that may be the same one, and why (French)."""

    partner: Partner
    reason: str


def with_office(people: QuerySet[Representative]) -> QuerySet[Representative]:
    """Annotate `is_in_office`, today."""
    return people.annotate(is_in_office=Exists(Representative.objects.in_office().filter(pk=OuterRef("pk"))))


def with_papers(rows: QuerySet[Partner]) -> "QuerySet[FiledPartner]":
    """Annotate how many `accounts` and `files` the file of a partner holds, how many things it `asked`."""
    return rows.annotate(
        accounts=Count("bank_accounts", distinct=True),
        files=Count("attachments", distinct=True),
        asked=Count("bankproposals", distinct=True) + Count("mandateproposals", distinct=True),
    )


class MergeRefused(Refused):
    """Two files that cannot be merged; the message says why, in French."""


def free_address(model: type[models.Model], name: str, *, limit: int = 110) -> str:
    """An address (slug) made of a name, that no row of the model has."""
    base = slugify_fr(name, max_length=limit) or str(model._meta.model_name)
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if rank == 1 else f"{base}-{rank}" for rank in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def lookalikes(
    name: str, *, acronym: str = "", ridet: str = "", excluding: Partner | None = None
) -> list[Lookalike]:
    """Recorded partners that may be this one: same name, acronym, initials or RID. At most four queries.

    Accents, case, œ, hyphens and punctuation do not count.
    """
    found: dict[int, Lookalike] = {}
    for partner in Partner.objects.lookalikes(name, acronym, excluding=excluding).order_by("name")[:5]:
        same_name = partner.name_key == search_key(name)
        reason = "même nom" if same_name else "même sigle"
        found.setdefault(partner.pk, Lookalike(partner, reason))
    for partner in _active(excluding).filter(_initials(name, acronym)):
        if _is_acronym_of(partner, name, acronym):
            found.setdefault(partner.pk, Lookalike(partner, "sigle et nom qui se correspondent"))
    for partner in _same_rid(ridet, excluding):
        found.setdefault(partner.pk, Lookalike(partner, "même RID (les 7 premiers chiffres du RIDET)"))
    return list(found.values())


def _active(excluding: Partner | None) -> PartnerQuerySet:
    rows = Partner.objects.active().order_by("name")
    return rows.exclude(pk=excluding.pk) if excluding is not None and excluding.pk else rows


def _initials(name: str, acronym: str) -> Q:
    """A first sieve in SQL: acronym written apart (« B.A.N.C. »), or names beginning with the acronym's letter."""
    wanted = Q(pk__in=())
    initials = initials_key(name)
    if len(initials) >= MINIMUM_ACRONYM:
        spelled = " ".join(initials)
        wanted |= Q(acronym_key__in=[initials, spelled])
    key = acronym_key(acronym)
    if len(key) >= MINIMUM_ACRONYM:
        wanted |= Q(acronym_key__in=[key, " ".join(key)]) | Q(acronym_key="", name_key__startswith=key[0])
    return wanted


def _is_acronym_of(partner: Partner, name: str, acronym: str) -> bool:
    theirs, ours = acronym_key(partner.acronym), acronym_key(acronym)
    if theirs:
        return theirs in (ours, initials_key(name))
    return bool(ours) and initials_key(partner.name) == ours


def _same_rid(ridet: str, excluding: Partner | None) -> Iterable[Partner]:
    if not ridet.strip():
        return []
    try:
        rid = normalise_ridet(ridet).rid
    except FormatError:
        return []
    return _active(excluding).filter(ridet_normalised__startswith=rid)[:5]


def merge_obstacles(source: Partner, target: Partner) -> list[str]:
    """Why `source` cannot be merged into `target`, in French sentences; empty when it can."""
    reasons = []
    if source.pk == target.pk:
        reasons.append("Un partenaire ne fusionne pas avec lui-même. Choisissez-en un autre.")
    if source.is_opt or target.is_opt:
        reasons.append("La fiche de l’OPT-NC ne se fusionne pas.")
    if source.merged_into_id is not None:
        reasons.append(f"« {source} » a déjà été fusionné.")
    if target.merged_into_id is not None:
        reasons.append(f"« {target} » a lui-même été fusionné. Choisissez la fiche qui reste.")
    shared = Convention.objects.filter(parties__partner=source).filter(parties__partner=target)
    titles = [f"« {title} »" for title in shared.order_by("title").values_list("title", flat=True)]
    if titles and source.pk != target.pk:
        reasons.append(
            f"Les deux sont parties à {join_list(titles)}. Retirez l’une des deux de la convention, "
            "ou gardez les deux fiches."
        )
    return reasons


def merge_summary(source: Partner) -> list[str]:
    """What would move, in French: « 3 conventions », « 1 représentant »… Only what there is."""
    amounts = [
        (source.parties.count(), "convention", "conventions"),
        (source.representatives.count(), "représentant", "représentants"),
        (source.bank_accounts.count(), "compte bancaire", "comptes bancaires"),
        (source.projects.count(), "projet", "projets"),
        (source.attachments.count(), "pièce jointe", "pièces jointes"),
    ]
    return [counted(count, one, many) for count, one, many in amounts if count]


def merge(source: Partner, target: Partner, *, by: User) -> Partner:
    """Move everything of `source` to `target`, which stays; `source` keeps its row, marked as merged.

    Order: lock both, check, mark (its RIDET becomes free), move, complete the blanks of `target`, one journal
    line per file. Signed documents do not change: they keep the name that was printed. Returns `target`.
    Mandates and bank accounts go too: raises ProofNeeded. Raises MergeRefused.
    """
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
    with transaction.atomic():
        pair = {
            row.pk: row for row in Partner.objects.select_for_update().filter(pk__in=[source.pk, target.pk])
        }
        source, target = pair[source.pk], pair[target.pk]
        reasons = merge_obstacles(source, target)
        if reasons:
            raise MergeRefused(" ".join(reasons))
        moved = merge_summary(source)
        source.merged_into = target
        source.version += 1
        source.save()
        conventions = list(Convention.objects.filter(parties__partner=source))
        _move(source, target)
        completed = _complete(target, source)
        for convention in conventions:
            convention.save(update_fields=["search_key"])
        details = {"conserve": target.pk, "fusionne": source.pk, "nom": source.name, "deplace": moved}
        journal.record("partenaire_fusionne", by=by, partner=source, details=details)
        journal.record("partenaire_fusionne", by=by, partner=target, changes=completed, details=details)
    return target


def _move(source: Partner, target: Partner) -> None:
    Party.objects.filter(partner=source).update(partner=target)
    source.representatives.update(partner=target)
    source.attachments.update(partner=target)
    source.bankproposals.update(partner=target)
    source.mandateproposals.update(partner=target)
    source.threads.update(partner=target)
    Project.objects.filter(holder=source).update(holder=target)
    for project in Project.objects.filter(cofunders=source):
        project.cofunders.remove(source)
        project.cofunders.add(target)
    for convention in Convention.objects.filter(final_beneficiaries=source):
        convention.final_beneficiaries.remove(source)
        convention.final_beneficiaries.add(target)
    known = target.bank_accounts.values_list("iban_fingerprint", flat=True)
    BankAccount.objects.filter(partner=source).exclude(iban_fingerprint__in=list(known)).update(
        partner=target
    )
    BankAccount.objects.filter(partner=source, active=True).update(
        active=False, retired_on=timezone.localdate()
    )
    PublicSheetPartner.objects.filter(partner=source).exclude(sheet__partners__partner=target).update(
        partner=target, slug=target.slug
    )


def _complete(target: Partner, source: Partner) -> dict[str, list[Any]]:
    before = journal.field_values(target, COMPLETED_FIELDS)
    for name in COMPLETED_FIELDS:
        if not getattr(target, name) and getattr(source, name):
            setattr(target, name, getattr(source, name))
    target.version += 1
    target.save()
    return journal.difference(before, journal.field_values(target, COMPLETED_FIELDS))
