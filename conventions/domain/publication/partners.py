"""Partners as published sheets name them: the partner pages read these rows, never the partners' files."""

from __future__ import annotations

from dataclasses import dataclass, field

from conventions.enums import PartyRole
from conventions.formats import Tally, search_key, search_words
from conventions.models import PublicSheet, PublicSheetFunding, PublicSheetPartner


@dataclass(slots=True, kw_only=True)
class PublishedPartner:
    """One partner, under the name of the sheet published last."""

    slug: str
    name: str
    acronym: str
    nature_label: str
    commune: str
    conventions: int = 0
    presentation: str = ""
    is_demo: bool = False
    granted: Tally = field(default_factory=Tally)
    sheets: list[PublicSheet] = field(default_factory=list)


_COLUMNS = (
    "partner_id",
    "slug",
    "name",
    "acronym",
    "nature_label",
    "commune",
    "search_key",
    "sheet__is_demo",
)


def published_partners(text: str = "") -> list[PublishedPartner]:
    """Partners in the order of their names, those whose name holds every word of the text; one query."""
    rows = (
        PublicSheetPartner.objects.filter(sheet__in=PublicSheet.objects.published())
        .exclude(role=PartyRole.OPT)
        .order_by("sheet__published_at", "sheet")
        .values(*_COLUMNS)
    )
    words = search_words(text)
    found: dict[int, PublishedPartner] = {}
    counts: dict[int, int] = {}
    keys: dict[int, str] = {}
    for row in rows:
        pk = row["partner_id"]
        counts[pk] = counts.get(pk, 0) + 1
        keys[pk] = row["search_key"]
        found[pk] = PublishedPartner(
            slug=row["slug"],
            name=row["name"],
            acronym=row["acronym"],
            nature_label=row["nature_label"],
            commune=row["commune"],
            conventions=counts[pk],
            is_demo=row["sheet__is_demo"],
        )
    kept = [partner for pk, partner in found.items() if all(word in keys[pk] for word in words)]
    return sorted(kept, key=lambda partner: search_key(partner.name))


def published_partner(slug: str) -> PublishedPartner | None:
    """A partner with its published conventions, the latest first, and what was granted in them; None if not named.

    Amounts are those of the conventions whose beneficiary it is, or whose source gives no part to it.
    """
    published = PublicSheet.objects.published()
    # A partner renamed since keeps its former address as long as a published sheet gives it.
    named = PublicSheetPartner.objects.filter(slug=slug, sheet__in=published)
    mentions = list(
        PublicSheetPartner.objects.filter(sheet__in=published, partner__in=named.values("partner"))
        .exclude(role=PartyRole.OPT)
        .select_related("sheet")
    )
    if not mentions:
        return None
    latest = max(mentions, key=lambda row: (row.sheet.published_at, row.sheet_id))
    mine = [row.sheet_id for row in mentions if row.role in (PartyRole.BENEFICIARY, PartyRole.PARTY)]
    amounts = list(PublicSheetFunding.objects.filter(sheet__in=mine).values_list("amount", flat=True))
    known = [amount for amount in amounts if amount is not None]
    sheets = [row.sheet for row in mentions]
    return PublishedPartner(
        slug=latest.slug,
        name=latest.name,
        acronym=latest.acronym,
        nature_label=latest.nature_label,
        commune=latest.commune,
        presentation=latest.presentation,
        conventions=len(mentions),
        is_demo=all(sheet.is_demo for sheet in sheets),
        granted=Tally(
            total=sum(known) if known else None, counted=len(known), others=len(amounts) - len(known)
        ),
        sheets=sorted(sheets, key=lambda sheet: (sheet.year or 0, str(sheet.signed_on)), reverse=True),
    )
