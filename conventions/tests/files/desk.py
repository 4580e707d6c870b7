"""A file made as people make it: every value typed on the screens of staff, every event by its button.

desk = Desk()
act = desk.frozen(file)                    a `VariedFile` of the demonstration: created, completed, frozen
act = desk.draft(file); desk.save(act, {"title": "…"}, [("funding", {…})])
"""

import copy
import datetime
from typing import Any

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.demonstration.plan.fictive import varied
from conventions.demonstration.plan.fictive.varied import Line, VariedFile
from conventions.demonstration.plan.shapes import DemoPartner
from conventions.domain.acts import lifecycle
from conventions.domain.documents import attachments
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.enums import Event, PartyRole
from conventions.formats import show_date
from conventions.models import Act, Area, Partner, Party
from conventions.reference.lists import KINDS
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.conftest import sign_in
from conventions.tests.factories import small_pdf

ADD = "admin:conventions_convention_add"
REPRISE = "admin:conventions_convention_reprise"


class Desk:
    """An officer and a lawyer at work, and the partners of the demonstration."""

    def __init__(self) -> None:
        self.officer, self.lawyer = sign_in("gestionnaire"), sign_in("juriste")
        for order, title in enumerate(("présidente du conseil d’administration", "directeur général"), 1):
            f.RepresentativeFactory(partner=f.opt_partner(), title=title, position=order)
        self.decision = f.BoardDecisionFactory()
        self.known = {row.slug: row for row in varied.partners()}
        self._reprise: dict[str, list[str]] = {}
        self.start = timezone.localdate().replace(day=1) + datetime.timedelta(days=62)

    def partner(self, slug: str) -> Partner:
        return Partner.objects.filter(slug=slug).first() or self._record(self.known[slug])

    def _record(self, row: DemoPartner) -> Partner:
        names = (
            "slug",
            "name",
            "nature",
            "gender",
            "designation",
            "country",
            "address",
            "ridet",
            "rna",
            "presentation",
        )
        area = Area.objects.filter(slug=row.commune).first()
        values = {name: getattr(row, name) for name in names}
        partner = f.PartnerFactory(**values, commune=area, postal_code=area.postal_code if area else "")
        for person in row.people:
            told = {name: getattr(person, name) for name in ("civility", "first_name", "last_name", "title")}
            f.RepresentativeFactory(partner=partner, usual_signatory=person.usual, **told)
        return partner

    def draft(self, file: VariedFile, **changes: Any) -> Act:
        """Created in five fields, then its page completed with the lines of the file; `changes`: other fields."""
        start, end = varied.days(file, self.start)
        created = {
            "partner": self.partner(file.partner).name,
            "kind": f.KindFactory(slug=file.kind).pk,
            "title": f"{file.title} (fictif)",
            "starts_on": start.isoformat(),
            "ends_on": end.isoformat(),
            "officer": self.officer.user.pk,
        }
        assert self.officer.post(reverse(ADD), created).status_code == 302
        act = Act.objects.select_related("convention").latest("pk")
        parties = [("party", {"partner": self.partner(slug).pk, "role": role}) for slug, role in file.others]
        fields = {
            "purpose": file.purpose,
            "path": "papier",
            "board_decision": self.decision.pk,
            "preamble": varied.PREAMBLE,
        }
        fields |= {"term_kind": file.term_kind, "term_wording": file.term_wording}
        if file.term_kind != "dates":
            fields["ends_on"] = ""
        lines = [*map(self._signatory, dict(file.others)), *file.lines(start, end)]
        lines += [self._annex(act, title) for title in file.annexes]
        if parties:
            self.save(act, {}, parties)
        self.save(act, fields | changes, lines)
        return Act.objects.select_related("convention").get(pk=act.pk)

    def _annex(self, act: Act, title: str) -> Line:
        """A paper filed with the file, to be chosen on the page."""
        upload = SimpleUploadedFile("annexe.pdf", small_pdf(title))
        paper = attachments.file_upload(upload, by=self.officer.user, convention=act.convention, title=title)
        return "annex", {"attachment": paper.pk, "title": title}

    def _signatory(self, slug: str) -> Line:
        person = self.known[slug].people[0]
        names = ("civility", "first_name", "last_name", "title")
        return "signatory", {"party": slug} | {name: getattr(person, name) for name in names}

    def save(self, act: Act, fields: dict[str, Any], lines: list[Line] | tuple[Line, ...] = ()) -> None:
        """Type on the page of the convention, then press « Enregistrer »; what the page refuses fails, and is told."""
        url = page_of(act, "change")
        data = self._like_the_first(act) or form_data(self.officer.get(url))
        if act.is_reprise and not self._reprise:
            self._reprise = copy.deepcopy(data)
        for name, value in fields.items():
            ticked = isinstance(value, list)  # boxes of which none is ticked are not in the data of a page
            assert ticked or name in data, f"{name} is not on the page"
            data[name] = [*map(str, value)] if ticked else [str(value)]
        lists = [line for line in lines if is_pasted(*line)]
        if lists:
            data["equipment_paste"] = [pasted(lists)]
        for table, values in [line for line in lines if line not in lists]:
            typed = {name: value for name, value in values.items() if value is not False}
            add_line(data, table, **{name: self._typed(act, name, value) for name, value in typed.items()})
        answer = self.officer.post(url, data)
        assert answer.status_code == 302, faults(answer)

    def _like_the_first(self, act: Act) -> dict[str, list[str]]:
        """The page of a reprise just created, as that of the first one shows it, with its own rows: one read less."""
        if not (act.is_reprise and self._reprise):
            return {}
        data = copy.deepcopy(self._reprise)
        data |= {"title": [act.convention.title], "kind": [str(act.convention.kind_id)]}
        for rank, party in enumerate(act.convention.parties.order_by("position", "pk")):
            data |= {f"party-{rank}-id": [str(party.pk)], f"party-{rank}-partner": [str(party.partner_id)]}
        for name in data:
            if name.endswith("-convention"):
                data[name] = [str(act.convention_id)]
            elif name.endswith("-act"):
                data[name] = [str(act.pk)]
        return data

    def _typed(self, act: Act, name: str, value: Any) -> Any:
        if name == "party":
            known = Party.objects.filter(convention=act.convention_id)
            return (known.get(role=PartyRole.OPT) if value == "opt" else known.get(partner__slug=value)).pk
        if name == "obligation":
            return act.obligation_set.filter(kind=value).order_by("position", "pk").first().pk
        return "on" if value is True else "" if value is None else value

    def advance(self, act: Act, event: Event, **details: Any) -> Act:
        """Press the button of an event, as who may; its refusal fails, and is told."""
        client = self.lawyer if event == Event.APPROVE else self.officer
        url = page_of(act, "event", event.value)
        answer = client.post(url, details)
        found = Act.objects.select_related("convention", "frozen_document").get(pk=act.pk)
        assert found.state != act.state, [str(message) for message in get_messages(answer.wsgi_request)]
        return found

    def frozen(self, file: VariedFile, **changes: Any) -> Act:
        act = self.draft(file, **changes)
        for event in (Event.SUBMIT, Event.APPROVE, Event.FREEZE):
            act = self.advance(act, event)
        return act

    def signed(self, act: Act) -> Act:
        """The paper came back signed, its scan filed."""
        paper = act.frozen_document
        scan = InspectedPdf(small_pdf("signé"), page_count=paper.page_count)
        details = {"scan": scan, "signed_on": timezone.localdate()}
        return lifecycle.apply(act, Event.FILE_SCAN, by=self.officer.user, **details)

    def reprise(self, rank: int, **fields: Any) -> Act:
        """A convention signed before the application: its form, then its page, then « Enregistrer la reprise ».

        `fields`: of the page; `lines` among them.
        """
        source = ("source", {"title": "Communiqué (fictif)", "publishable": True})
        lines = [*fields.pop("lines"), source]
        partner, title = "recycl-ile" if rank % 2 else "handi-lagon", f"Reprise n° {rank} (fictif)"
        return self.recorded(partner, KINDS[rank % len(KINDS)][0], title, "2023-03-14", fields, lines)

    def recorded(
        self, partner: str, kind: str, title: str, day: str, fields: dict[str, Any], lines: list[Line]
    ) -> Act:
        """A reprise signed that day; `partner` and `kind`: slugs, the rest as `save` takes it."""
        created = {
            "partner": self.partner(partner).name,
            "kind": f.KindFactory(slug=kind).pk,
            "title": title,
            "signed_on": day,
            "officer": self.officer.user.pk,
        }
        assert self.officer.post(reverse(REPRISE), created).status_code == 302
        act = Act.objects.select_related("convention").latest("pk")
        self.save(act, _dated({"signed_on": day} | fields), lines)
        return self.advance(act, Event.RECORD_REPRISE)


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """A month or a year is typed as such, in the place of its date: « avril 2023 »."""
    typed = {name: value for name, value in fields.items() if not name.endswith("_precision")}
    for name, value in typed.items():
        if value and (precision := fields.get(f"{name}_precision")):
            typed[name] = show_date(datetime.date.fromisoformat(value), precision)
    return typed


def is_pasted(table: str, values: dict[str, Any]) -> bool:
    """A line that says when a device was bought to the month or the year: only a spreadsheet says so."""
    return table == "equipmentterm" and "purchased_on_precision" in values and "pickup_by" not in values


def pasted(lines: list[Line]) -> str:
    """Lines of equipment as a spreadsheet gives them."""
    dates = {"mois": "%m/%Y", "annee": "%Y"}
    rows = ["Nature\tMarque\tDate d’achat"]
    for _, values in lines:
        bought = values["purchased_on"].strftime(dates[values["purchased_on_precision"]])
        rows.append(f"{values['nature']}\t{values['brand']}\t{bought}")
    return "\r\n".join(rows)


def page_of(act: Act, name: str, *more: str) -> str:
    """The address of a page of this act; the first one is the convention's."""
    url = reverse(f"admin:conventions_convention_{name}", args=[act.convention_id, *more])
    return f"{url}?acte={act.rank}" if act.rank else url


def faults(page: Any) -> list[Any]:
    """What a page that was not saved says is wrong."""
    sheet = page.context["sheet"]
    forms = [sheet.convention_form, *(form for rows in sheet.formsets.values() for form in rows)]
    whole = [rows.non_form_errors() for rows in sheet.formsets.values() if rows.non_form_errors()]
    return [dict(form.errors) for form in forms if form.errors] + whole
