"""A renewal: the file of the period that follows, its title, dates and amounts proposed; what came before."""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.acts.content import changes
from conventions.domain.acts.drafting import clauses, signatories
from conventions.domain.acts.drafting.creation import create_convention
from conventions.domain.following.granted import granted_tally, with_granted
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActKind, ActState
from conventions.models import Act, Convention, Funding, Party, User

HISTORY = 3  # renewed conventions in view
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_EDITION = re.compile(r"\b(\d{1,3}) ?(?:re|er|e|ème|ère)\b")
# Columns of an amount that are proposed for the next period.
_AMOUNT = ("figure", "status", "amount", "quantity", "unit", "unit_price", "publishable", "label", "position")


@dataclass(frozen=True, slots=True)
class Former:
    """A convention that was renewed: its period and what it granted, in words."""

    convention: Convention
    period: str
    granted: str


def is_renewable(acts: list[Act]) -> bool:
    """Whether the page offers to renew a convention of these acts, in order: signed, and not terminated."""
    ended = any(act.kind == ActKind.TERMINATION and act.state == ActState.SIGNED for act in acts)
    return acts[0].state == ActState.SIGNED and not ended


def renew(convention: Convention, *, by: User) -> Convention:
    """A new file for the period that follows, linked to this one and prefilled from it.

    Its title and OPT-NC's amounts are proposed for the new period, and said to be; equipment, duties and payments are
    decided anew; signatories are those in office today. Raises Refused when the convention is not signed or was
    terminated, when a renewal is already being prepared or the other party is unknown.
    """
    permissions.require(permissions.can_edit_conventions, by)
    if not convention.acts.signed().filter(rank=0).exists():
        raise Refused("Cette convention n’est pas encore signée : modifiez-la plutôt que de la renouveler.")
    if convention.acts.signed_terminations().exists():
        raise Refused(
            "Cette convention est résiliée : elle ne se renouvelle pas. Créez une nouvelle convention."
        )
    existing = convention.renewals.first()
    if existing is not None:
        raise Refused(f"Cette convention a déjà un renouvellement : « {existing} ».")
    parties = list(convention.parties.select_related("partner").order_by("position", "pk"))
    other = next((party for party in parties if not party.partner.is_opt), None)
    if other is None:
        raise Refused("Cette convention n’a pas d’autre partie que l’OPT-NC : ajoutez-la d’abord.")
    first, ends = _last_term(convention)
    starts_on, ends_on = _following_term(first, ends)
    with transaction.atomic():
        made = create_convention(
            by=by,
            partner=other.partner,
            kind=convention.kind,
            title=next_title(convention.title, first, starts_on),
            starts_on=starts_on,
            ends_on=ends_on,
            officer=convention.officer or by,
            renews=convention,
        )
        _propose_amounts(convention, first, made.acts.get())
        _carry_over(convention, made, [party for party in parties if party.partner_id != other.partner_id])
    return made


def next_title(title: str, before: datetime.date | None, after: datetime.date) -> str:
    """The title for the next period: the years that it names go on with it. « Rentrée 2025 » gives « Rentrée 2026 »."""
    if before is None:
        return title
    years = after.year - before.year
    return _YEAR.sub(lambda found: str(int(found[0]) + years), title)


def next_edition(edition: str) -> str:
    """« 12e édition » gives « 13e édition »; other words are left for people to write."""
    found = _EDITION.search(edition)
    if found is None:
        return ""
    return f"{edition[: found.start()]}{int(found[1]) + 1}e{edition[found.end() :]}"


def _propose_amounts(old: Convention, first: datetime.date | None, act: Act) -> None:
    """OPT-NC's amounts of the period that began on `first`, for the new one; the articles follow."""
    start, end = act.starts_on, act.ends_on
    if first is None or start is None or end is None:
        return
    rows = Funding.objects.current().granted().stated().filter(act__convention=old)
    proposed = []
    for row in rows.order_by("position", "pk"):
        year = row.budget_year and row.budget_year + start.year - first.year
        if year is None or start.year <= year <= end.year:
            values = {name: getattr(row, name) for name in _AMOUNT}
            proposed.append(Funding(act=act, budget_year=year, **values))
    Funding.objects.bulk_create(proposed)
    if proposed:
        clauses.align(act)


def history_before(convention: Convention) -> list[Former]:
    """The conventions that this one renews, the last first, three at most; a query each, none for a first one."""
    found: list[Former] = []
    key = convention.renews_id
    while key and len(found) < HISTORY:
        row = with_granted(Convention.objects.with_status()).get(pk=key)
        signed = [act for act in row.acts.order_by("rank") if act.state == ActState.SIGNED]
        words = granted_tally(row.granted_known, row.granted_unknown).words
        found.append(Former(row, changes.whole_term(signed), words or "sans financement"))
        key = row.renews_id
    return found


def _carry_over(old: Convention, new: Convention, others: list[Party]) -> None:
    """What describes the project rather than a promise: purpose, project, themes, further parties, preamble."""
    for name in ("purpose", "project", "press_contact", "public_summary", "is_demo"):
        setattr(new, name, getattr(old, name))
    new.save()
    for name in ("areas", "themes", "values", "final_beneficiaries"):
        getattr(new, name).set(getattr(old, name).all())
    further = [party for party in others if not party.partner.is_opt]
    added = Party.objects.bulk_create(
        Party(convention=new, partner=party.partner, role=party.role, position=rank)
        for rank, party in enumerate(further, start=2)
    )
    new.edition = next_edition(old.edition)
    act = new.acts.get()
    signatories.propose_signatories(act, added)
    act.preamble = old.acts.get(rank=0).preamble
    act.save(update_fields=["preamble", "updated_at"])
    new.save(update_fields=["edition", "search_key"])


def _last_term(convention: Convention) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and last day of the last period; an amendment that gives an end alone goes on with the one before."""
    rows = convention.acts.signed().exclude(kind=ActKind.TERMINATION).exclude(term_kind="")
    terms = list(rows.order_by("-rank").values_list("starts_on", "ends_on"))
    return next((start for start, _end in terms if start), None), terms[0][1] if terms else None


def _following_term(
    first: datetime.date | None, last: datetime.date | None
) -> tuple[datetime.date, datetime.date]:
    """The day after the last period and as long again; without a known term, the next calendar year.

    A period of whole months (a half-year, a quarter, a year from any day) is followed by as many months.
    """
    if first and last:
        start = last + datetime.timedelta(days=1)
        months = _whole_months(first, start)
        if months:
            return start, _after_months(start, months, anchor=start.day) - datetime.timedelta(days=1)
        return start, start + (last - first)
    year = timezone.localdate().year + 1
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _whole_months(first: datetime.date, following: datetime.date) -> int:
    """How many whole months run from a first day to the day that follows the last; 0 when they do not fall right."""
    most = 12 * (following.year - first.year) + following.month - first.month
    fitting = (
        months for months in (most, most - 1) if _after_months(first, months, anchor=first.day) == following
    )
    return next(fitting, 0)


def _after_months(day: datetime.date, months: int, *, anchor: int) -> datetime.date:
    """The same day some months later. A day that the month lacks (29 February, the 31st) is the first of the next."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    if anchor <= last:
        return datetime.date(year, month, anchor)
    return datetime.date(year, month, last) + datetime.timedelta(days=1)
