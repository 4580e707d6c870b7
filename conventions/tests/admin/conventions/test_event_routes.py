"""Each event by each route: the button of the page, its own address, several at once; by who may, and who may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import batch, lifecycle
from conventions.domain.acts.lifecycle import wording
from conventions.domain.foundation import jobs
from conventions.enums import Event, Role
from conventions.models import Act, Job, JournalEntry
from conventions.tests.domain.acts.lifecycle.samples import an_act
from conventions.tests.factories import UserFactory, small_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
# Those that staff do: nobody signs, nor seals, from the act's page.
EVENTS = [event for event, rule in lifecycle.TABLE.items() if rule.roles]
SIGNING = [event for event in Event if event not in EVENTS]
FOUR_EYES = [event for event in EVENTS if lifecycle.TABLE[event].four_eyes]
REFUSED_EVERYWHERE = "lecture"


def url_of(act: Act, event: Event) -> str:
    return reverse("admin:conventions_convention_event", args=[act.convention_id, event.value])


def posted(event: Event) -> dict:
    today = f"{timezone.localdate()}"
    known = {
        "reason": "Une date est fausse.",
        "scan": SimpleUploadedFile("acte.pdf", small_pdf("signé"), "application/pdf"),
        "signed_on": today,
        "effective_on": today,
        "closed_on": today,
        "confirmed": "on",
    }
    rule = lifecycle.TABLE[event]
    asked = {name: known[name] for name in (*rule.needs, *rule.accepts) if name in known}
    return asked | ({"_confirmer": "1"} if rule.needs or rule.destructive else {})


def trace(act: Act) -> list[str]:
    """The events told in the journal, apart from what they produced."""
    lines = JournalEntry.objects.filter(convention=act.convention_id).order_by("sequence")
    produced = ("numero_attribue", "document_produit")
    return [line.event for line in lines if line.event not in produced]


TOLD = {
    Event.START_AMENDMENT: "avenant_commence",
    Event.START_TERMINATION: "resiliation_commencee",
    Event.CLOSE: "convention_close",
}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.value)
def test_event_is_done_from_its_page_by_who_may(as_role, event):
    act, role = an_act(event), sorted(lifecycle.TABLE[event].roles)[0]
    answer = as_role(role).post(url_of(act, event), posted(event))
    assert (answer.status_code, trace(act)) == (302, [TOLD.get(event, event.value)])
    assert Act.objects.get(pk=act.pk).state == (lifecycle.TABLE[event].target or act.state)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.value)
def test_event_is_refused_by_its_address_to_a_reader_and_told(as_role, event):
    act = an_act(event)
    answer = as_role(REFUSED_EVERYWHERE).post(url_of(act, event), posted(event))
    assert (answer.status_code, trace(act)) == (302, ["action_refusee"])
    assert Act.objects.get(pk=act.pk).state == act.state


@pytest.mark.parametrize("event", FOUR_EYES, ids=lambda event: event.value)
def test_event_is_refused_to_who_prepared_even_an_administrator(as_role, event):
    both = UserFactory(superuser=True)
    act = an_act(event, act__prepared_by=both)
    answer = as_role(both).post(url_of(act, event), posted(event), follow=True)
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["Vous avez préparé ce dossier : une autre personne doit le valider."]
    assert (Act.objects.get(pk=act.pk).state, trace(act)) == (act.state, ["action_refusee"])


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.value)
def test_event_asked_by_its_address_writes_nothing(as_role, event):
    act = an_act(event)
    page = as_role("superuser").get(url_of(act, event))
    assert (page.status_code, page.context["title"], trace(act)) == (200, wording.name(event, act), [])


@pytest.mark.parametrize("event", SIGNING, ids=lambda event: event.value)
@pytest.mark.parametrize("role", ["superuser", "direction"])
def test_nobody_signs_nor_seals_from_the_page_of_the_act(as_role, event, role):
    act = an_act(event)
    state, before = act.state, trace(act)
    answer = as_role(role).post(url_of(act, event), {"_confirmer": "1"})
    assert (answer.status_code, Act.objects.get(pk=act.pk).state) == (302, state)
    assert trace(act)[len(before) :] in ([], ["action_refusee"])


# -- several at once --------------------------------------------------------------------------------------
def advance(client, acts, event, **more):
    chosen = {"action": "advance_action", "_selected_action": [act.convention_id for act in acts]}
    return client.post(
        reverse("admin:conventions_convention_changelist"), chosen | {"event": event.value} | more
    )


@pytest.mark.parametrize("event", batch.EVENTS, ids=lambda event: event.value)
def test_several_are_foreseen_then_done_with_a_report_for_each(as_role, event):
    able = an_act(event)
    other = an_act(Event.CANCEL)
    client = as_role(sorted(lifecycle.TABLE[event].roles)[0])
    rows = [row for row, _url in advance(client, [able, other], event).context["rows"]]
    assert {row.act.pk: row.allowed for row in rows} == {able.pk: True, other.pk: False}
    assert trace(able) == []
    advance(client, [able, other], event, _confirmer="1")
    job = jobs.run_job(Job.objects.get().pk)
    assert [row["done"] for row in job.result["rows"]] == [True]
    assert (trace(able), trace(other)) == ([event.value], [])
    report = client.get(reverse("jobs:detail", args=[job.pk]))
    assert report.context["result"]["text"] == "1 sur 1 : c’est fait."


@pytest.mark.parametrize("event", FOUR_EYES, ids=lambda event: event.value)
def test_several_leave_out_what_one_prepared(as_role, event):
    both = UserFactory(superuser=True)
    act = an_act(event, act__prepared_by=both)
    page = advance(as_role(both), [act], event, _confirmer="1")
    assert ([row.allowed for row, _url in page.context["rows"]], Job.objects.count()) == ([False], 0)


def test_several_leave_out_what_must_be_read_again(as_role):
    act, lawyer = an_act(Event.APPROVE), UserFactory(role="juriste")
    lifecycle.apply(act, Event.REQUEST_CORRECTION, by=lawyer, reason="Une date est fausse.")
    lifecycle.apply(act, Event.SUBMIT, by=UserFactory(role="gestionnaire"))
    page = advance(as_role(lawyer), [act], Event.APPROVE, _confirmer="1")
    told = [(row.allowed, row.reason) for row, _url in page.context["rows"]]
    assert (told, Job.objects.count()) == ([(False, batch.READ_FIRST)], 0)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"gestionnaire", "juriste", "direction"}))
def test_several_at_once_is_not_offered_to_other_roles(as_role, role):
    act = an_act(Event.SUBMIT)
    advance(as_role(role), [act], Event.SUBMIT, _confirmer="1")
    assert (Job.objects.count(), trace(act)) == (0, [])


def test_a_job_begun_again_passes_over_what_was_done(as_role):
    act, officer = an_act(Event.SUBMIT), UserFactory(role="gestionnaire")
    advance(as_role(officer), [act], Event.SUBMIT, _confirmer="1")
    job = Job.objects.get()
    lifecycle.apply(act, Event.SUBMIT, by=officer)
    report = batch.advance(job, job.arguments, lambda done, total: None)
    assert (report["rows"][0]["done"], trace(act)) == (True, ["soumettre"])
