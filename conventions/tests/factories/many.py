"""A large base: past conventions made one by one, then copied in bulk by the database itself, on either engine.

    many = Many()
    many.grow(2_000)     # so many past conventions in all
    many.grow(100_000)   # more of them

What a copy has of its own: its rows, their links to one another, its chain of journal (each hash is computed from the
line before), its number, its addresses, its lines of terms, its partners' names. What copies share: the stored bytes of
their documents, staff, reference lists, the moments of the journal. A partner has ten conventions. Copies are past on
purpose: paid, reported, published, so that what waits for somebody does not grow with what ever was. The locks are
lifted while the rows are inserted, and stand again when `grow` returns.
"""

import datetime

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from conventions.domain import journal
from conventions.domain.documents.context import to_snapshot
from conventions.domain.foundation import triggers
from conventions.domain.publication import draft_press_release, publish_press_release
from conventions.domain.publication.sheet_context import sheet_context
from conventions.enums import ActState
from conventions.models import Convention, JournalEntry, Partner
from conventions.tests.factories.acts import ActFactory, ConventionFactory
from conventions.tests.factories.facts import HandoverFactory, PaymentFactory, ReportReceivedFactory
from conventions.tests.factories.people import PartnerFactory, RepresentativeFactory, UserFactory
from conventions.tests.factories.publication import (
    PublicSheetFactory,
    PublicSheetFundingFactory,
    PublicSheetPartnerFactory,
)
from conventions.tests.factories.reference import KindFactory

YEARS = range(2016, 2026)
SAMPLES = 2 * len(YEARS)  # conventions that are copied
# What copies say with the number of the copy after it, besides what must be unique; what they leave empty.
NUMBERED = {
    "convention": ("title", "search_key"),
    "partner": ("name", "name_key", "search_key"),
    "publicsheet": ("title", "slug", "search_key"),
    "publicsheetpartner": ("name", "slug", "search_key"),
}
EMPTIED = {"partner": {"ridet": "''", "ridet_normalised": "NULL"}, "representative": {"user_id": "NULL"}}


class Many:
    """Past conventions, as many as asked. One at a time in a base: it knows the rows that it copies."""

    def __init__(self) -> None:
        self.samples = past_conventions()
        self._rows = _rows_of(self.samples)
        self.stride = 10 ** len(str(max(_last_key(model) for model in self._rows)))
        self._copies = 0

    @property
    def count(self) -> int:
        return SAMPLES * (1 + self._copies)

    def grow(self, count: int) -> None:
        """So many past conventions in all, up to a multiple of SAMPLES; nothing is taken away."""
        copies = max(-(-count // SAMPLES) - 1, self._copies)
        if copies == self._copies:
            return
        self._first, self._last = self._copies + 1, copies
        with transaction.atomic():
            connection.check_constraints()  # PostgreSQL takes no lock away while a key waits to be checked
            triggers.remove()
            for model, keys in self._rows.items():
                if model is JournalEntry:
                    self._copy_chains(keys)
                else:
                    self._copy(model, keys)
            connection.check_constraints()
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                    cursor.execute(sql)
                triggers.install()
        if connection.vendor == "postgresql":  # where it is done by itself; nothing does it on SQLite
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        self._copies = copies

    def _copy(
        self, model: type[models.Model], keys: list[int], own: dict[str, str] | None = None, rows=""
    ) -> None:
        table, names, values = model._meta.db_table, [], []
        for field in model._meta.concrete_fields:
            names.append(f'"{field.column}"')
            values.append((own or {}).get(field.column) or self._value(model, field))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)})"
                f" WITH RECURSIVE copy(k) AS (SELECT {self._first} UNION ALL"
                f" SELECT k + 1 FROM copy WHERE k < {self._last})"
                f" SELECT {', '.join(values)} FROM {table} t CROSS JOIN copy"
                f" WHERE t.{model._meta.pk.column} IN ({', '.join(map(str, keys))}) {rows}"
            )

    def _copy_chains(self, keys: list[int]) -> None:
        """Line after line of all chains: each holds the hash of the one before."""
        link = self._link(JournalEntry._meta.get_field("convention"))
        chain = f"('convention:' || CAST({link} AS varchar(20)))"
        before = (
            f"COALESCE((SELECT b.hash FROM conventions_journalentry b WHERE b.chain = {chain}"
            " AND b.sequence = t.sequence - 1), '')"
        )
        parts = [before, chain, "CAST(t.sequence AS varchar(9))", "t.payload"]
        text = " || '\n' || ".join(parts)
        own = {"chain": chain, "previous_hash": before, "hash": _sha256(text)}
        entries = JournalEntry.objects.filter(pk__in=keys)
        for sequence in sorted(set(entries.values_list("sequence", flat=True))):
            self._copy(JournalEntry, keys, own, rows=f"AND t.sequence = {sequence}")

    def _value(self, model: type[models.Model], field: models.Field) -> str:
        """SQL of a column of a copy, from `t` (the row copied) and `copy.k`."""
        name, column = model._meta.model_name or "", f't."{field.column}"'
        if field.column in EMPTIED.get(name, {}):
            return EMPTIED[name][field.column]
        if field.primary_key:
            return f"{column} + copy.k * {self.stride}"
        if field.is_relation:
            return self._link(field)
        if isinstance(field, models.UUIDField):
            return _uuid(column)
        if field.name == "code" and name == "document":
            return f"CASE WHEN {column} = '' THEN '' ELSE substr(MD5({column} || copy.k), 1, 16) END"
        if field.name in NUMBERED.get(name, ()) or _is_unique(model, field):
            mark = "'-'" if isinstance(field, models.SlugField) else "' '"
            return f"CASE WHEN {column} = '' THEN {column} ELSE {column} || {mark} || copy.k END"
        if model is Convention and field.name == "created_at":
            return _earlier(column)
        return column

    def _link(self, field: models.Field) -> str:
        column = f't."{field.column}"'
        keys = self._rows.get(field.related_model)  # type: ignore[arg-type]
        if not keys:
            return column
        copied = ", ".join(map(str, keys))
        return f"(CASE WHEN {column} IN ({copied}) THEN {column} + copy.k * {self.stride} ELSE {column} END)"


def _sha256(text: str) -> str:
    if connection.vendor == "postgresql":
        return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"
    return f"SHA256({text})"


def _uuid(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE CAST(MD5(CAST({column} AS text) || copy.k) AS uuid) END"
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE MD5({column} || copy.k) END"


def _earlier(column: str) -> str:
    """A copy is a few minutes older than the one before."""
    if connection.vendor == "postgresql":
        return f"{column} - copy.k * interval '37 minutes'"
    return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '-' || (copy.k * 37) || ' minutes')"


def _is_unique(model: type[models.Model], field: models.Field) -> bool:
    """A text that no two rows share."""
    if field.unique or not isinstance(field, models.CharField):
        return field.unique
    alone = [rule for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    return any(rule.fields == (field.name,) for rule in alone)


def _last_key(model: type[models.Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _rows_of(conventions: list[Convention]) -> dict[type[models.Model], list[int]]:
    """All that hangs on these conventions and on their partners: {model: keys}, what is pointed at first."""
    partners = Partner.objects.filter(conventions__in=conventions, is_opt=False).distinct()
    found: dict[type[models.Model], list[int]] = {
        Partner: sorted(partners.values_list("pk", flat=True)),
        Convention: sorted(row.pk for row in conventions),
    }
    before = -1
    ours = list(apps.get_app_config("conventions").get_models(include_auto_created=True))
    while before != sum(map(len, found.values())):
        before = sum(map(len, found.values()))
        for model in ours:
            if model in (Partner, Convention):
                continue
            links = models.Q()
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in found and field.related_model is not model:
                    links |= models.Q(**{f"{field.name}__in": found[field.related_model]})
            keys = model._default_manager.filter(links).values_list("pk", flat=True) if links else ()
            if keys:
                found[model] = sorted(set(keys))
    return found


def past_conventions() -> list[Convention]:
    """SAMPLES conventions over ten years: ended and closed, ended and not closed, amended, terminated, abandoned."""
    officer, lawyer = UserFactory(role="gestionnaire"), UserFactory(role="juriste")
    kind, found = KindFactory(), []
    partners = [PartnerFactory(presentation="") for _ in range(SAMPLES // 10)]
    for partner in partners:
        RepresentativeFactory(partner=partner)
    for rank, year in enumerate([*YEARS, *YEARS]):
        partner = partners[rank % len(partners)]
        values = {"partner": partner, "kind": kind, "officer": officer}
        if rank == SAMPLES - 1:
            convention = ConventionFactory(**values, act=ActState.ABANDONED, act__prepared_by=officer)
        else:
            convention = _ended(year, rank, values, officer, lawyer)
        _tell(convention, officer, lawyer)
        found.append(convention)
    return found


def _ended(year: int, rank: int, values: dict, officer, lawyer) -> Convention:
    begins, ends = datetime.date(year, 2, 1), datetime.date(year, 12, 20)
    convention = ConventionFactory(
        **values,
        act=ActState.SIGNED,
        act__number=f"{year}-{rank:05d}",
        act__signed_on=begins,
        act__starts_on=begins,
        act__ends_on=ends,
        act__prepared_by=officer,
        act__approved_by=lawyer,
        act__fundings=[{"amount": 100_000 + rank, "budget_year": year}],
        act__instalments=[{"due_on": begins}],
        act__obligations=[{"due_on": ends}],
        act__equipment=[{}] if rank % 4 == 0 else [],
    )
    act = convention.acts.get()
    funding = act.funding_set.get()
    PaymentFactory(
        convention=convention,
        funding=funding,
        instalment=act.instalmentterm_set.get(),
        paid_on=begins + datetime.timedelta(days=20),
        reference=f"MANDAT {rank} (fictif)",
        sent_on=begins,
        recorded_by=officer,
    )
    for obligation in act.obligation_set.all():
        accepted = {"accepted_on": ends, "received_on": ends, "recorded_by": officer}
        ReportReceivedFactory(obligation=obligation, **accepted)
    if rank % 4 == 0:
        HandoverFactory(act=act, recorded_by=officer)
    if rank % 5 == 1:
        changed = {"replaces": funding, "line": funding.line, "amount": 90_000, "budget_year": year}
        ActFactory(
            convention=convention,
            amendment=True,
            state=ActState.SIGNED,
            number=f"{year}-{rank:05d}-A1",
            prepared_by=officer,
            approved_by=lawyer,
            fundings=[changed],
        )
    if rank % 10 == 3:
        ActFactory(
            convention=convention,
            termination=True,
            state=ActState.SIGNED,
            number=f"{year}-{rank:05d}-R",
            prepared_by=officer,
            approved_by=lawyer,
            effective_on=ends - datetime.timedelta(days=30),
        )
    if rank % 2 == 0:
        Convention.objects.filter(pk=convention.pk).update(closed_on=ends + datetime.timedelta(days=60))
    _publish(convention, act, year, rank)
    return convention


def _publish(convention: Convention, act, year: int, rank: int) -> None:
    data = to_snapshot(sheet_context(convention))["data"]
    sheet = PublicSheetFactory(convention=convention, signed_on=act.signed_on, year=year, data=data)
    PublicSheetPartnerFactory(sheet=sheet, partner=convention.parties.get(partner__is_opt=False).partner)
    PublicSheetFundingFactory(sheet=sheet, budget_year=year)
    if rank % 5 == 0:
        by = UserFactory(role="communication")
        publish_press_release(draft_press_release(convention=convention, by=by), by=by)


def _tell(convention: Convention, officer, lawyer) -> None:
    """The lines that a file leaves in the journal."""
    act = convention.acts.order_by("rank").first()
    told = [("convention_creee", officer), ("convention_modifiee", officer), ("acte_soumis", officer)]
    told += [("acte_valide", lawyer), ("acte_fige", officer), ("acte_signe", officer)]
    with transaction.atomic():
        for event, by in told:
            journal.record(
                event, by=by, convention=convention, details={"acte": act.pk} if act else None,
                personal={"nom": "Alix SIGNATAIRE (fictif)"} if event == "acte_signe" else None,
            )  # fmt: skip
