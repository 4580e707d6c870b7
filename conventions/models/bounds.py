"""What lists ask of a convention before they read its acts: when it begins and ends, what is still awaited of it.

One row a convention, kept by triggers on both engines (`domain/foundation/triggers.py`), in the transaction of what
changes it, whatever the route. The status itself is not kept, since it depends on the day. `verifier_archives`
counts it again.
"""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import ENDED_STATES, ActKind, ActOrigin, ActState, ObligationKind
from conventions.money_enums import STANDING

# What a follow-up receives and accepts.
REPORTS: Final = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW, ObligationKind.RECEIPT)

TABLE: Final = "conventions_bounds"
_ACT = "(SELECT a.convention_id FROM conventions_act a WHERE a.id = {row}.act_id)"
# A draft promises nothing yet: what it holds is read when it is signed.
_SIGNED_ACT = _ACT.removesuffix(")") + f" AND a.state = '{ActState.SIGNED.value}')"
_THROUGH = (
    "(SELECT a.convention_id FROM conventions_act a JOIN {term} t ON t.act_id = a.id"
    " WHERE t.id = {{row}}.{link})"
)
_TERM = ("act_id", "line", "replaces_id", "removed")


@dataclass(frozen=True)
class Read:
    """A table that bounds are read from: the columns that count, and the SQL of the convention of its {row}."""

    columns: tuple[str, ...]
    convention: str


READ: Final[dict[str, Read]] = {
    "conventions_act": Read(
        (
            "convention_id", "state", "kind", "origin", "rank", "term_kind", "starts_on", "ends_on", "effective_on",
            "seal_error", "attested_at",
        ),
        "{row}.convention_id",
    ),
    "conventions_publicsheet": Read(("convention_id",), "{row}.convention_id"),
    "conventions_obligation": Read((*_TERM, "kind", "due_on"), _SIGNED_ACT),
    "conventions_instalmentterm": Read((*_TERM, "due_on"), _SIGNED_ACT),
    "conventions_inkind": Read((*_TERM, "return_on"), _SIGNED_ACT),
    "conventions_equipmentterm": Read(_TERM, _SIGNED_ACT),
    # A payment never changes: what settles its instalment is where it stands.
    "conventions_paymentposition": Read(
        ("payment_id", "state"),
        "(SELECT p.convention_id FROM conventions_payment p WHERE p.id = {row}.payment_id)",
    ),
    "conventions_handover": Read(("act_id",), _ACT),
    "conventions_reportreceived": Read(
        ("obligation_id", "refused_on"), _THROUGH.format(term="conventions_obligation", link="obligation_id")
    ),
    "conventions_return": Read(
        ("in_kind_id",), _THROUGH.format(term="conventions_inkind", link="in_kind_id")
    ),
}  # fmt: skip


class BoundsQuerySet(models.QuerySet):
    """Conventions by their keys: a query that begins there reads nothing of the others."""

    def conventions(self) -> models.QuerySet:
        return self.values("convention")


class Bounds(models.Model):
    """Of the signed acts of a convention and of the facts recorded since; plain dates in Nouméa."""

    convention = models.OneToOneField(
        "conventions.Convention", on_delete=models.CASCADE, primary_key=True, related_name="bounds"
    )
    is_alive = models.BooleanField(_("un acte vit encore"), default=False)
    is_open = models.BooleanField(_("un acte attend une étape"), default=False)
    is_signed = models.BooleanField(_("un acte est signé"), default=False)
    first_start = models.DateField(_("première prise d’effet"), null=True)
    last_start = models.DateField(_("dernière prise d’effet"), null=True)
    last_end = models.DateField(_("dernière fin"), null=True)
    last_term_kind = models.CharField(_("dernière durée"), max_length=14, default="", blank=True)
    terminated_on = models.DateField(_("résiliée le"), null=True)
    is_over = models.BooleanField(
        _("résiliée, jour inconnu"),
        default=False,
        help_text=_("Un acte de papier qui ne dit pas depuis quand."),
    )
    to_publish = models.BooleanField(_("signée, jamais publiée"), default=False)
    owed_on = models.DateField(
        _("première échéance en attente"), null=True, help_text=_("Versement, compte rendu ou prêt.")
    )
    to_hand_over = models.BooleanField(_("matériel jamais remis"), default=False)

    objects = BoundsQuerySet.as_manager()

    class Meta:
        verbose_name = _("bornes d’une convention")
        verbose_name_plural = _("bornes des conventions")
        indexes = [
            models.Index(fields=["last_end"], name="bounds_by_end"),
            models.Index(fields=["convention"], condition=Q(is_open=True), name="bounds_open"),
            models.Index(fields=["owed_on"], name="bounds_by_debt"),
            models.Index(
                fields=["terminated_on"], condition=Q(terminated_on__isnull=False), name="bounds_terminated"
            ),
            models.Index(fields=["convention"], condition=Q(is_over=True), name="bounds_over"),
            models.Index(fields=["convention"], condition=Q(to_publish=True), name="bounds_to_publish"),
            models.Index(fields=["convention"], condition=Q(to_hand_over=True), name="bounds_to_hand_over"),
        ]

    def __str__(self) -> str:
        return str(self.convention_id)


_ENDED = ", ".join(f"'{state.value}'" for state in ENDED_STATES)
_ACTS = "FROM conventions_act a WHERE a.convention_id = c.id"
_IS_SIGNED = f"'{ActState.SIGNED.value}'"
_SIGNED = f"{_ACTS} AND a.state = {_IS_SIGNED}"
_TERMS = f"{_SIGNED} AND a.kind <> '{ActKind.TERMINATION.value}' AND a.term_kind <> ''"


def _current(table: str) -> str:
    """FROM of the rows of terms in force (`TermQuerySet.current`)."""
    return (
        f"FROM {table} t JOIN conventions_act a ON a.id = t.act_id WHERE a.convention_id = c.id"
        f" AND a.state = {_IS_SIGNED} AND NOT t.removed AND NOT EXISTS (SELECT 1 FROM {table} n"
        f" JOIN conventions_act b ON b.id = n.act_id WHERE n.replaces_id = t.id AND b.state = {_IS_SIGNED})"
    )


def _undone(table: str, day: str, facts: str, *conditions: str) -> str:
    """The days of the lines in force of which no fact was recorded, under this act or an earlier one."""
    held = "".join(f" AND {condition}" for condition in conditions)
    # What an act of paper wanted before it was recorded here waits for nobody.
    told = f"SUBSTR(CAST(t.{day} AS varchar(10)), 1, 10) < SUBSTR(CAST(a.created_at AS varchar(30)), 1, 10)"
    return (
        f"SELECT t.{day} AS owed {_current(table)} AND NOT (a.origin = '{ActOrigin.REPRISE.value}' AND {told})"
        " AND NOT EXISTS"
        f" (SELECT 1 FROM {facts} f, {table} o WHERE o.line = t.line{held})"
    )


_STANDING = ", ".join(f"'{state.value}'" for state in STANDING)
_REPORTS = ", ".join(f"'{kind.value}'" for kind in REPORTS)
_OWED = " UNION ALL ".join(
    (
        _undone(
            "conventions_obligation",
            "due_on",
            "conventions_reportreceived",
            "o.id = f.obligation_id",
            "f.refused_on IS NULL",
        )
        + f" AND t.kind IN ({_REPORTS})",
        _undone(
            "conventions_instalmentterm",
            "due_on",
            "conventions_payment",
            "o.id = f.instalment_id",
            "EXISTS (SELECT 1 FROM conventions_paymentposition k WHERE k.payment_id = f.id"
            f" AND k.state IN ({_STANDING}))",
        ),
        _undone("conventions_inkind", "return_on", "conventions_return", "o.id = f.in_kind_id"),
    )
)
_PROMISED = f"{_current('conventions_equipmentterm')} AND a.origin <> '{ActOrigin.REPRISE.value}'"
# Before its signature, at it, or signed and still to seal or to attest.
_WAITS = (
    f"a.state NOT IN ({_ENDED}, {_IS_SIGNED}) OR a.seal_error <> ''"
    f" OR a.origin = '{ActOrigin.REPRISE.value}' AND a.attested_at IS NULL AND a.state = {_IS_SIGNED}"
)
_COLUMNS = {
    "is_alive": f"EXISTS (SELECT 1 {_ACTS} AND a.state NOT IN ({_ENDED}))",
    "is_open": f"EXISTS (SELECT 1 {_ACTS} AND ({_WAITS}))",
    "is_signed": f"EXISTS (SELECT 1 {_SIGNED})",
    "first_start": f"(SELECT a.starts_on {_TERMS} ORDER BY a.rank LIMIT 1)",
    "last_start": f"(SELECT a.starts_on {_TERMS} ORDER BY a.rank DESC LIMIT 1)",
    "last_end": f"(SELECT a.ends_on {_TERMS} ORDER BY a.rank DESC LIMIT 1)",
    "last_term_kind": f"COALESCE((SELECT a.term_kind {_TERMS} ORDER BY a.rank DESC LIMIT 1), '')",
    "terminated_on": f"(SELECT MIN(a.effective_on) {_SIGNED} AND a.kind = '{ActKind.TERMINATION.value}')",
    "is_over": f"EXISTS (SELECT 1 {_SIGNED} AND a.kind = '{ActKind.TERMINATION.value}' AND a.effective_on IS NULL"
    f" AND a.origin = '{ActOrigin.REPRISE.value}')",
    "to_publish": f"EXISTS (SELECT 1 {_SIGNED} AND a.rank = 0)"
    " AND NOT EXISTS (SELECT 1 FROM conventions_publicsheet p WHERE p.convention_id = c.id)",
    "owed_on": f"(SELECT MIN(owed) FROM ({_OWED}) d)",
    "to_hand_over": f"EXISTS (SELECT 1 {_PROMISED})"
    " AND NOT EXISTS (SELECT 1 FROM conventions_handover h JOIN conventions_act a ON a.id = h.act_id"
    " WHERE a.convention_id = c.id)",
}


def kept(convention: str = "", *, known: bool = False) -> str:
    """SQL that writes the bounds of one convention (an expression for its key), or of all; `known`: if it has some."""
    values = ", ".join(f"({value})" for value in _COLUMNS.values())
    again = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
    which = f"c.id = {convention}" if convention else "c.id IS NOT NULL"
    if known:
        which += f" AND EXISTS (SELECT 1 FROM {TABLE} k WHERE k.convention_id = c.id)"
    return (
        f"INSERT INTO {TABLE} (convention_id, {', '.join(_COLUMNS)})"
        f" SELECT c.id, {values} FROM conventions_convention c WHERE {which}"
        f" ON CONFLICT (convention_id) DO UPDATE SET {again}"
    )


def differing(distinct: str) -> str:
    """SQL of the conventions whose bounds are not what their acts say; `distinct`: the engine's unequal, nulls too."""
    wrong = " OR ".join(f"k.{name} {distinct} ({value})" for name, value in _COLUMNS.items())
    missing = f"k.convention_id IS NULL AND EXISTS (SELECT 1 {_ACTS})"
    return (
        f"SELECT c.id, c.title FROM conventions_convention c LEFT JOIN {TABLE} k ON k.convention_id = c.id"
        f" WHERE {missing} OR k.convention_id IS NOT NULL AND ({wrong}) ORDER BY c.id"
    )
