"""The timeline of a convention, a partner, the site: filters, one page of lines, grouped by day.

    timeline(of_chain(convention=convention), Filters(subject="vie"), with_personal=True, page=1)

Only the entries of the page are parsed; the number of queries does not depend on how many there are.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from conventions.domain.journal.story.lines import APPLICATION, Line, Worded, read_lines
from conventions.domain.journal.story.vocabulary import SENTENCES, Subject, events_of, sentence_of
from conventions.formats import counted, search_key, show_number, weekday_date
from conventions.models import Act, Convention, JournalEntry, Partner, User
from conventions.models.search import values_of

PAGE_SIZE = 50
MOST_COUNTED = 5_000  # lines: beyond, a page says that there are more, and a date leads to them
SITE = "site"
NOBODY = "application"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to keep; empty: everything. `actor` is a key or NOBODY; `subject` a group; `act` the key of an act."""

    actor: str = ""
    subject: str = ""
    event: str = ""
    act: int | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    text: str = ""

    @property
    def is_active(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Day:
    """Lines of one day of Nouméa, newest first."""

    date: datetime.date
    lines: list[Line]

    @property
    def label(self) -> str:
        return weekday_date(self.date)


@dataclass(frozen=True)
class Timeline:
    """One page of the journal. `page` is Django's, its items are the entries."""

    page: Page
    days: list[Day] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Lines that the filters keep."""
        return self.page.paginator.count

    @property
    def counted(self) -> str:
        """« 312 lignes », « plus de 5 000 lignes »."""
        if self.count > MOST_COUNTED:
            return f"plus de {show_number(MOST_COUNTED)} lignes"
        return counted(self.count, "ligne")

    @property
    def lines(self) -> list[Line]:
        return [line for day in self.days for line in day.lines]


def of_chain(
    *, convention: Convention | None = None, partner: Partner | None = None
) -> QuerySet[JournalEntry]:
    """Entries of one convention, of one partner; of everything when neither is given. Newest first."""
    rows = JournalEntry.objects.all()
    if convention is not None:
        rows = rows.filter(convention=convention).order_by("-sequence")
    elif partner is not None:
        rows = rows.filter(partner=partner).order_by("-sequence")
    return rows


def about(row: models.Model) -> QuerySet[JournalEntry]:
    """Entries of the site's chain about one row of a list (a theme, an account)."""
    rows = JournalEntry.objects.filter(chain=SITE, payload__contains=f'"id":{row.pk},')
    return rows.filter(payload__contains=f'"objet":"{row._meta.model_name}"').order_by("-sequence")


def timeline(
    rows: QuerySet[JournalEntry],
    filters: Filters,
    *,
    known: "Choices",
    with_personal: bool,
    page: str | int = 1,
    worded: Worded = str,
) -> Timeline:
    """One page of these entries, in words, by day. A page number out of range gives the nearest page.

    `known`: the `choices` of the same rows, whose people and acts are not read again.
    """
    kept = filtered(rows, filters, with_personal=with_personal)
    pages = Paginator(kept, PAGE_SIZE)
    pages.count = _count(kept) if filters.is_active or known.total is None else known.total
    found = pages.get_page(page)
    entries = list(found.object_list)
    for entry in entries:
        entry.actor = known.users.get(entry.actor_id or 0)
    lines = read_lines(entries, with_personal=with_personal, acts=known.acts, with_files=True, worded=worded)
    days = [Day(date, list(group)) for date, group in groupby(lines, key=lambda line: line.at.date())]
    return Timeline(found, days)


def every_line(
    rows: QuerySet[JournalEntry], filters: Filters, *, with_personal: bool, worded: Worded = str
) -> Iterator[Line]:
    """All lines that the filters keep, oldest first, read by batches: for exports."""
    kept = (
        filtered(rows, filters, with_personal=with_personal)
        .order_by("pk")
        .select_related("actor", "personal", "convention", "partner")
    )
    batch: list[JournalEntry] = []
    for entry in kept.iterator(chunk_size=500):
        batch.append(entry)
        if len(batch) == 500:
            yield from read_lines(batch, with_personal=with_personal, worded=worded)
            batch = []
    yield from read_lines(batch, with_personal=with_personal, worded=worded)


def filtered(
    rows: QuerySet[JournalEntry], filters: Filters, *, with_personal: bool
) -> QuerySet[JournalEntry]:
    """The entries that the filters keep, with what a line needs loaded."""
    rows = rows.select_related("personal", "convention", "partner")
    if filters.actor:
        rows = rows.filter(actor=None) if filters.actor == NOBODY else rows.filter(actor__pk=filters.actor)
    if filters.event:
        rows = rows.filter(event=filters.event)
    elif filters.subject:
        rows = rows.filter(event__in=events_of(filters.subject))
    if filters.act:
        rows = rows.filter(_holds(f'"acte":{filters.act}'))
    if filters.since:
        rows = rows.filter(at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(at__lt=_midnight(filters.until + datetime.timedelta(days=1)))
    for word in filters.text.split():
        rows = _with_word(rows, word, with_personal=with_personal)
    return rows


def _holds(start: str) -> Q:
    """A number of the canonical text ends with « , » or « } »."""
    return Q(payload__contains=f"{start},") | Q(payload__contains=f"{start}}}")


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _with_word(rows: QuerySet[JournalEntry], word: str, *, with_personal: bool) -> QuerySet[JournalEntry]:
    """In the titles of events, in what is written, in the names of people for who may read them."""
    wanted = search_key(word)
    titles = [
        event for event, sentence in SENTENCES.items() if wanted and wanted in search_key(sentence.title)
    ]
    found = Q(payload__icontains=word) | Q(event__in=titles)
    found |= Q(convention__in=Convention.objects.search(word).values("pk"))
    found |= Q(partner__in=Partner.objects.search(word).values("pk"))
    if with_personal:
        rows = rows.annotate(side_text=Cast("personal__data", TextField()))
        # SQLite keeps JSON with escaped accents, PostgreSQL without.
        found |= Q(side_text__icontains=word) | Q(side_text__icontains=json.dumps(word)[1:-1])
    return rows.filter(found)


@dataclass(frozen=True)
class Choices:
    """Who and what stands in these entries, how many there are, if that was counted; `acts`: of one convention's."""

    users: dict[int, User]
    acts: dict[int, Act] | None
    total: int | None
    events: list[tuple[str, list[tuple[str, str]]]]

    @property
    def actors(self) -> list[tuple[str, str]]:
        return [(str(user.pk), str(user)) for user in self.users.values()] + [(NOBODY, APPLICATION)]

    @property
    def act_names(self) -> list[tuple[str, str]]:
        return [(str(act.pk), str(act)) for act in (self.acts or {}).values()]


def choices(
    rows: QuerySet[JournalEntry], *, convention: Convention | None = None, everything: bool = False
) -> Choices:
    """Three queries, four for a convention. Of `everything`, accounts and events that a line names: none is read."""
    if everything:
        authors = User.objects.filter(Exists(JournalEntry.objects.filter(actor=OuterRef("pk"))))
        known = {user.pk: user for user in authors.prefetch_related("groups")}
        events = _grouped(set(values_of(JournalEntry, "event")))
        return Choices(users=known, acts=None, total=None, events=events)
    counts = list(rows.order_by().values_list("actor", "event").annotate(lines=Count("pk")))
    people = User.objects.filter(pk__in={actor for actor, _event, _lines in counts} - {None})
    acts = {act.pk: act for act in convention.acts.order_by("rank")} if convention is not None else None
    return Choices(
        users={user.pk: user for user in people.prefetch_related("groups")},
        acts=acts,
        total=sum(lines for _actor, _event, lines in counts),
        events=_grouped({event for _actor, event, _lines in counts}),
    )


def _count(rows: QuerySet[JournalEntry]) -> int:
    """How many, one more than MOST_COUNTED at most."""
    return rows[: MOST_COUNTED + 1].count()


def _grouped(events: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for subject in Subject:
        inside = {
            event: sentence_of(event).title for event in events if sentence_of(event).subject == subject
        }
        if not inside:
            continue
        titles = sorted(
            ((event, title) for event, title in inside.items()), key=lambda pair: search_key(pair[1])
        )
        every = [(f"{subject.value}:", f"{subject.label} : tout")] if len(titles) > 1 else []
        found.append((str(subject.label), every + titles))
    return found
