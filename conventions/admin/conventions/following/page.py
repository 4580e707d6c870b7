"""The page as the template shows it: the rows read, and the forms that this user may use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from conventions import permissions
from conventions.admin.conventions.following.fact import Fact
from conventions.admin.conventions.following.facts import FACTS
from conventions.admin.conventions.following.payments import PAYMENT_FACTS
from conventions.domain.acts import handover_papers, refusing
from conventions.domain.equipment import choosing
from conventions.domain.following import FollowUp, no_account
from conventions.domain.following.overview import Devices, Promise, is_lent_out
from conventions.forms.following import FactForm
from conventions.models import Attachment, EquipmentItem, Partner, User
from conventions.models.equipment import READY

# Facts without a row whose form has no use while its choices are empty.
NEEDS = {
    "appareils": "term",
    "effacement": "items",
    "remise": "items",
    "compte-rendu": "obligation",
    "pret": "in_kind",
}

# What tells that a row is settled: its form is no longer shown.
DONE = {
    "accepte": ("accepted_on", "refused_on"),
    "redemande": ("accepted_on", "refused_on"),
    "manque": (),
    "piece": (),
}


@dataclass
class Panel:
    """One form of the page: folded, unless it was asked for or is wrong."""

    fact: Fact
    form: FactForm
    url: str
    is_open: bool
    kept: Attachment | None = None

    @property
    def anchor(self) -> str:
        return f"form-{self.fact.code}"


class Page:
    """`posted` is (code, row key, form) of the form that failed."""

    def __init__(
        self,
        sheet: FollowUp,
        user: User,
        asked: Mapping[str, Any],
        *,
        posted: tuple | None = None,
        kept: Attachment | None = None,
    ) -> None:
        self.sheet, self.user, self.asked = sheet, user, asked
        self.posted, self.kept = posted, kept

    def panel(self, code: str) -> Panel | None:
        """The form of a fact, when this user may record it and there is something to choose."""
        fact = FACTS[code]
        if not fact.may(self.user) or (code == "cloture" and self.sheet.convention.closed_on):
            return None
        if code in NEEDS and not fact.lists(self.sheet)[NEEDS[code]]:
            return None
        return self._panel(fact)

    def row_panels(self, code: str, rows: list) -> list[tuple[Any, Panel | None]]:
        """(row, its own form or None); the form that failed is shown, even on a row settled meanwhile."""
        fact = FACTS[code]
        open_ = fact.may(self.user)
        return [(row, self._panel(fact, row) if open_ and self._is_open(code, row) else None) for row in rows]

    def _is_open(self, code: str, row: Any) -> bool:
        named = DONE.get(code, ())
        is_settled = any(getattr(row, name) is not None for name in named) or not FACTS[code].takes(
            row, self.user
        )
        return not is_settled or bool(self.posted and self.posted[:2] == (code, row.pk))

    def _panel(self, fact: Fact, row: Any = None) -> Panel:
        key = row.pk if row is not None else None
        if self.posted and self.posted[:2] == (fact.code, key):
            return Panel(fact, self.posted[2], self._url(fact, key), True, self.kept)
        chosen = self._chosen(fact)
        form = make_form(fact, self.sheet, self.user, row, chosen=chosen)
        is_open = fact.code in self.asked and (row is None or self.asked[fact.code] == str(key))
        return Panel(fact, form, self._url(fact, key), is_open)

    def _chosen(self, fact: Fact) -> Any:
        """The row that ?code=key asks to begin with."""
        rows = fact.lists(self.sheet).get(fact.prefill, []) if fact.prefill else []
        return next((row for row in rows if str(row.pk) == self.asked.get(fact.code)), None)

    def _url(self, fact: Fact, key: int | None) -> str:
        own = {"row": key} if key is not None else {}
        name = f"admin:conventions_convention_follow_{fact.code}"
        return reverse(name, kwargs={"pk": self.sheet.convention.pk, **own})

    def context(self) -> dict:
        reports = [(line, self._report_panels(line.facts)) for line in self.sheet.reports]
        single = {
            code.replace("-", "_"): self.panel(code) for code, fact in FACTS.items() if fact.rows is None
        }
        return {
            "sheet": self.sheet,
            "panels": single,
            "payments": self._payment_panels(),
            "account_missing": self._account_missing(),
            "reports": reports,
            "devices": [
                (line, _alike(_device(line, item) for item in line.items)) for line in self.sheet.devices
            ],
            "beyond": self._beyond(),
            "gestures": self._gestures(),
            "handovers": self._handovers(),
            "parts": self._parts(),
        }

    def _handovers(self) -> list[tuple]:
        """(remise, its devices, what was refused, its papers, form that settles what is missing, form that files)."""
        rows = self.sheet.handovers
        papers, refused = handover_papers.of(self.sheet.convention, rows), refusing.of(rows)
        pairs = zip(self.row_panels("manque", rows), self.row_panels("piece", rows), strict=True)
        return [
            (row, list(row.items.all()), refused.get(row.pk, ""), papers.get(row.pk, []), settle, file)
            for (row, settle), (_row, file) in pairs
        ]

    def _beyond(self) -> list[tuple[Devices, str]]:
        """(line that has more devices than an amendment left promised, page that releases those not handed over)."""
        may, pk = permissions.can_edit_equipment(self.user), self.sheet.convention.pk
        return [
            (line, _together("liberer", line.to_release, pk) if may and line.to_release else "")
            for line in self.sheet.devices
            if line.beyond
        ]

    def _gestures(self) -> list[tuple[str, str]]:
        """(what to do to all those that wait for it, its page): one send whatever their number."""
        if not permissions.can_edit_equipment(self.user):
            return []
        sheet, free = self.sheet, [item for item in self.sheet.to_hand_over if not item.released_at]
        out = [item for item in sheet.items if is_lent_out(item)]
        found = (
            ("Noter l’effacement", "effacer", sheet.to_erase), ("Noter l’état", "controler", free),
            ("Libérer", "liberer", free), ("Noter le retour", "rendre", out),
        )  # fmt: skip
        return [
            (f"{words} ({len(items)})", _together(code, items, sheet.convention.pk))
            for words, code, items in found
            if items
        ]

    def _payment_panels(self) -> list[tuple]:
        """(payment, what changed of its account, form that pays it or None, the forms of its other steps)."""
        rows, codes = self.sheet.payments, [fact.code for fact in PAYMENT_FACTS if fact.rows]
        forms = {code: dict(self.row_panels(code, rows)) for code in codes}
        found = []
        for row in rows:
            # Before a first sending, no account is noted: nothing changed of it.
            noted = row.sent_on or row.bank_account
            change = self.sheet.account_change(row) if noted else None
            own = {code: panel for code in codes if (panel := forms[code][row])}
            if change is None and not (self.posted and self.posted[:2] == ("compte-confirme", row.pk)):
                own.pop("compte-confirme", None)
            found.append((row, change, own.pop("paye", None), list(own.values())))
        return found

    def _account_missing(self) -> tuple[str, list[Partner]] | None:
        """Why nothing can be sent today, told before the form is filled, and whose file mends it."""
        sheet = self.sheet
        if any(row.is_valid_on(sheet.today) for row in sheet.accounts):
            return None
        partners = Partner.objects.others().filter(parties__convention=sheet.convention)
        return no_account(sheet.convention, sheet.today), list(partners.order_by("name"))

    def _report_panels(self, rows: list) -> list[tuple]:
        """(report, form that accepts it, form that asks for another), None once it is settled."""
        pairs = zip(self.row_panels("accepte", rows), self.row_panels("redemande", rows), strict=True)
        return [(row, accept, again) for (row, accept), (_row, again) in pairs]

    def _parts(self) -> list[tuple[str, str, int]]:
        """(anchor, title, things still open) of the sections shown."""
        sheet = self.sheet
        found = [
            (
                "versements",
                "Versements",
                _open(sheet.instalments),
                sheet.fundings or sheet.instalments or sheet.payments,
            ),
            ("materiel", "Matériel", len(sheet.to_hand_over), sheet.devices or sheet.handovers),
            ("comptes-rendus", "Comptes rendus", _open(sheet.reports), sheet.reports),
            ("prets", "Prêts", _open(sheet.loans), sheet.loans),
        ]
        shown = [(anchor, title, count) for anchor, title, count, rows in found if rows]
        return [*shown, ("cloture", "Bilan et clôture", 0)]


def _open(lines: list[Promise]) -> int:
    return sum(line.is_open for line in lines)


def _device(line: Devices, item: EquipmentItem) -> tuple:
    """(device, the proofs of its erasure, whether it may leave, its remise or None), from what is loaded."""
    proofs = line.proofs.get(item.device_id, [])
    return item, proofs, item.media_state in READY, next(iter(item.handovers.all()), None)


def _together(code: str, items: list[EquipmentItem], convention: int) -> str:
    keys = choosing.written(item.device_id for item in items)
    address = reverse("admin:conventions_device_together", args=[code])
    return f"{address}?appareils={keys}&suivi={convention}"


def _alike(rows: Iterable[tuple]) -> list[list[tuple]]:
    """Devices of a line that stand alike, together: one row that opens."""
    found: dict[tuple, list[tuple]] = {}
    for row in rows:
        item, proofs, ready, given = row
        told = tuple((proof.done_on, proof.technique, proof.agent) for proof in proofs)
        same = (item.note, item.holds_data, told, ready, given, item.released_at is None)
        found.setdefault(same, []).append(row)
    return list(found.values())


def make_form(
    fact: Fact,
    sheet: FollowUp,
    user: User,
    row: Any = None,
    *,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile] | None = None,
    chosen: Any = None,
) -> FactForm:
    """The form of a fact, or of a fact about `row`, with its choices; ids differ from one form to the next."""
    initial = fact.initial(sheet, user, chosen)
    if chosen is not None:
        initial[fact.prefill] = chosen
    return fact.form(
        data,
        files,
        initial=initial,
        lists=fact.lists_for(sheet, user),
        without=fact.without(sheet, user),
        auto_id=f"{fact.code}-{row.pk}-%s" if row is not None else f"{fact.code}-%s",
        **(fact.of_row(sheet, row) if row is not None else {}),
    )
