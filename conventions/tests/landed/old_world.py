"""Run by `make` with the code of an old commit: fill an empty database through that code's own verbs, tell its rows.

Everything is invented and says « (fictif) », save one case that the demonstration publishes. The names below are those
of the old code, which is why each function imports what it needs.
"""

import datetime
import json
import sys
from pathlib import Path

import django
from rows import encoded  # beside this file

# One of each thing to verify: any other would only add weight.
KEPT = {
    "pieces-de-village",  # amended twice, then terminated
    "un-clic-pour-tous",  # signed on paper; its handover, its public page, its press release
    "maison-lalolagi",  # signed online by three people, sealed, attested
    "ondes-des-tribus",  # online, one has signed
    "cuisines-de-la-vallee",  # on paper, awaiting its scan
    "mairie-accompagnee",  # approved
    "tour-de-l-atoll",  # in review
    "paniers-et-devoirs",  # a draft
}


def main(folder: Path) -> None:
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    load(timezone.localdate())
    (folder / "rows.jsonl").write_text("\n".join(lines()) + "\n")
    (folder / "locks.json").write_text(json.dumps(locks(), ensure_ascii=False, indent=0))


def load(today: datetime.date) -> None:
    """A part of the demonstration, and what it lacks."""
    from django.utils import timezone

    from conventions.domain import demonstration, digests
    from conventions.domain.demonstration import accounts, partners, reprises, space
    from conventions.reference.demo import cases, fictive

    plan = fictive.plan(today)
    accounts.load_staff()
    team = demonstration.Team()
    partners.load_partners(plan, team)
    accounts.give_second_factors()
    reprises.load_case(cases.CASES[0], team)
    demonstration._decisions_and_ceremonies(plan)
    latest = {row.programme: row for row in demonstration._kept(plan.conventions, 1)}
    for row in latest.values():
        if row.programme in KEPT:
            demonstration._load_one(row, plan, team)
    draft_an_amendment(team)
    attest_a_reprise(team)
    send_a_payment(team, today)
    space.play(team, today)
    digests.seal_day(at=timezone.now() + datetime.timedelta(days=1))


def draft_an_amendment(team) -> None:
    from conventions.domain import amending
    from conventions.models import Funding

    convention = _showcase()
    act = amending.start_amendment(convention, by=team.officers[0], reason="Un atelier de plus (fictif).")
    row = amending.lines_in_force(convention)[Funding][0]
    amending.replace_line(act, row, by=team.officers[0], amount=row.amount + 100_000)


def _showcase():
    from conventions.models import Convention

    return Convention.objects.get(title__startswith="Un clic pour tous")


def attest_a_reprise(team) -> None:
    """An act of before the application, with its scan, attested."""
    from conventions.domain import drafting, reprises, transitions
    from conventions.domain.demonstration import papers
    from conventions.enums import ActOrigin, Event
    from conventions.models import Act, Convention, InKind, Kind, Partner, Source

    convention = drafting.create_convention(
        by=team.officers[0],
        partner=Partner.objects.filter(is_demo=True).first(),
        kind=Kind.objects.get(slug="mecenat"),
        title="Prêt d’une salle – 2019 (fictif)",
        starts_on=None,
        ends_on=None,
        officer=team.officers[0],
        origin=ActOrigin.REPRISE,
    )
    Convention.objects.filter(pk=convention.pk).update(purpose="prêter une salle (fictif)")
    act, day = convention.acts.get(), datetime.date(2019, 5, 6)
    InKind.objects.create(act=act, kind="local", description="salle de réunion (fictif)")
    Source.objects.create(
        convention=convention, title="Registre (fictif)", fact="signature", wording="6 mai 2019"
    )
    Act.objects.filter(pk=act.pk).update(signed_on=day)
    act = transitions.apply(Act.objects.get(pk=act.pk), Event.RECORD_REPRISE, by=team.officers[0])
    scan = papers.sheet("Exemplaire signé", "Cette pièce accompagne une reprise de démonstration.")
    reprises.file_scan(act, by=team.officers[0], scan=scan, signed_on=day)
    transitions.apply(Act.objects.get(pk=act.pk), Event.ATTEST_REPRISE, by=team.lawyer)


def send_a_payment(team, today: datetime.date) -> None:
    """One that waits for the accountant; those of the demonstration are paid."""
    from conventions.domain import following

    convention = _showcase()
    partner = convention.parties.get(position=1).partner
    following.record_payment(
        convention,
        amount=1_000,
        sent_on=today,
        bank_account=partner.bank_accounts.filter(active=True).first(),
        by=team.officers[0],
    )


def lines():
    """Each row of each table of ours as a line of JSON, roles included; sessions and queued tasks are left out."""
    from django.apps import apps

    ours = apps.get_app_config("conventions").get_models(include_auto_created=True)
    for model in [apps.get_model("auth", "Group"), *ours]:
        for row in model._base_manager.order_by("pk"):
            yield json.dumps([model._meta.label_lower, encoded(row)], ensure_ascii=False)


def locks() -> dict[str, list[str]]:
    """The statements that made the triggers of that time, on each engine; nothing is asked of PostgreSQL here."""
    from django.db import connections

    from conventions.domain import immutability

    found = {}
    for engine, build in (("sqlite3", immutability._sqlite), ("postgresql", immutability._postgres)):
        connections.databases[engine] = connections.databases["default"] | {
            "ENGINE": f"django.db.backends.{engine}"
        }
        rules = immutability.triggers(using=engine).items()
        found[connections[engine].vendor] = [line for name, rule in rules for line in build(name, rule)]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
