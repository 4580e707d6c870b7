"""The published cases of the demonstration, typed as reprises: the reference case, and the lines of a ceremony."""

from typing import Any

from conventions.demonstration.plan import cases
from conventions.demonstration.plan.fictive.varied import Line
from conventions.demonstration.plan.shapes import CasePlan
from conventions.domain import publication
from conventions.models import Area, Ceremony, Plan, Theme, Value
from conventions.tests import factories as f
from conventions.tests.files.desk import Desk
from conventions.tests.files.kept import at_work

MONEY = ("amount", "status", "figure", "budget_year", "publishable", "label")
SUPPORT = ("description", "quantity", "unit", "status", "amount", "publishable", "conditions")
DEVICE = {"status": "inconnu", "transfer": "don"}
PERSON = ("civility", "first_name", "last_name", "title")


def contexts(desk: Desk) -> dict[str, Any]:
    """The page and the release of the reference case, the release of a ceremony."""
    with at_work(desk, 2026, 4, 20):
        by = f.UserFactory(role="communication")
        desk.known |= {row.slug: row for row in cases.PARTNERS}
        contact = f.PressContactFactory(**cases.PRESS_CONTACT)
        day = cases.CEREMONY
        ceremony = f.CeremonyFactory(
            slug=day.key, title=day.title, held_on=day.held_on, place=day.place, public_summary=day.summary
        )
        dojo = _recorded(desk, cases.C01, press_contact=contact.pk)
        for case in cases.CASES:
            if case.ceremony == day.key:
                _recorded(desk, case, ceremony=ceremony.pk)
        return {
            "reconstitution": publication.stored_context(publication.publish(dojo.convention, by=by)),
            "communique": publication.press_context(
                publication.draft_press_release(by=by, convention=dojo.convention)
            ),
            "ceremonie": publication.press_context(
                publication.draft_press_release(by=by, ceremony=Ceremony.objects.get(pk=ceremony.pk))
            ),
        }


def _recorded(desk: Desk, case: CasePlan, **fields: Any) -> Any:
    """A case as its page takes it: what its sources say, nothing else."""
    partner = case.parties[1][0]
    fields |= {name: getattr(case, name) for name in ("purpose", "public_summary", "public_story")}
    fields |= {"term_kind": case.term_kind, "term_wording": case.term_wording}
    for name, model in (("values", Value), ("themes", Theme), ("areas", Area)):
        fields[name] = [row.pk for row in model.objects.filter(slug__in=getattr(case, name))]
    fields |= {"place": "", "plan": Plan.objects.get(slug=case.plan).pk if case.plan else ""}
    if case.project:
        area = Area.objects.get(slug=case.project_area)
        project = f.ProjectFactory(
            name=case.project,
            holder=desk.partner(partner),
            place=case.project_place,
            area=area,
            description=case.project_description,
        )
        fields["project"] = project.pk
    return desk.recorded(partner, case.kind, case.title, case.signed_on.isoformat(), fields, _lines(case))


def _lines(case: CasePlan) -> list[Line]:
    told = {"publishable": True}
    return [
        *(
            ("signatory", {"party": one.party, "order": rank} | _values(one.person, PERSON))
            for rank, one in enumerate(case.signers, start=1)
        ),
        *(("attendee", _values(person, PERSON)) for person in case.attendees),
        *(("funding", _values(row, MONEY)) for row in case.fundings),
        *(("inkind", {"kind": row.kind_id} | _values(row, SUPPORT)) for row in case.in_kind),
        *(
            (
                "equipmentterm",
                told
                | {"nature": row.nature, "quantity": row.quantity, "status": "inconnu", "transfer": "don"},
            )
            for row in case.equipment
        ),
        *(
            (
                "source",
                told | {"title": row.title, "publisher": row.publisher, "published_on": row.published_on},
            )
            for row in case.sources
        ),
    ]


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
