"""Each button of the convention's page saves what is typed, then acts; or says what stops it, with nothing lost."""

import datetime
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import lifecycle
from conventions.domain.people import kept_texts
from conventions.enums import ActState, Event
from conventions.models import Act, Convention, JournalEntry, KeptText
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.admin.conventions.test_events import complete
from conventions.tests.factories import ConventionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def url_of(act) -> str:
    return reverse("admin:conventions_convention_change", args=[act.convention_id]) + f"?acte={act.rank}"


def event_url(act, event: Event) -> str:
    return reverse("admin:conventions_convention_event", args=[act.convention_id, event.value])


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def ready(draft, the_act):
    """A draft that only waits to be submitted."""
    complete(draft, the_act)
    return the_act


@pytest.fixture
def reprise(officer):
    """A reprise that only waits to be recorded."""
    convention = ConventionFactory(
        officer=officer, act__origin="reprise", act__signed_on="2019-03-01", act__fundings=[{}]
    )
    SourceFactory(convention=convention)
    return convention.acts.get()


def test_button_saves_then_acts(as_role, officer, ready):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready))) | {"notes": ["Écrit, puis soumis (fictif)"]}
    answer = client.post(url_of(ready), data | {"_puis": [event_url(ready, Event.SUBMIT)]}, follow=True)
    ready.refresh_from_db()
    assert Convention.objects.get().notes == "Écrit, puis soumis (fictif)"
    assert ready.state == ActState.IN_REVIEW
    assert told(answer)[0] == "Le dossier est enregistré."
    assert KeptText.objects.count() == 0


def test_recording_a_reprise_keeps_what_was_typed(as_role, officer, reprise):
    client = as_role(officer)
    data = form_data(client.get(url_of(reprise))) | {"title": ["Titre corrigé (fictif)"]}
    answer = client.post(
        url_of(reprise), data | {"_puis": [event_url(reprise, Event.RECORD_REPRISE)]}, follow=True
    )
    reprise.refresh_from_db()
    assert reprise.convention.title == "Titre corrigé (fictif)"
    assert told(answer) == ["Le dossier est enregistré.", "Il manque un élément."]
    assert KeptText.objects.count() == 0


def test_invalid_page_stops_the_button_and_loses_nothing(as_role, officer, ready):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready))) | {"title": [""], "notes": ["Gardé (fictif)"]}
    answer = client.post(url_of(ready), data | {"_puis": [event_url(ready, Event.SUBMIT)]})
    assert answer.status_code == 200
    assert "« Soumettre au juridique » attend" in answer.content.decode()
    assert form_data(answer)["notes"] == ["Gardé (fictif)"]
    ready.refresh_from_db()
    assert (ready.state, Convention.objects.get().notes) == (ActState.DRAFT, "")
    assert kept_texts.content(KeptText.objects.get())


def test_page_left_as_it_was_opens_what_is_asked_and_writes_nothing(as_role, officer, ready):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready)))
    lines = JournalEntry.objects.count()
    target = reverse("admin:conventions_convention_preview", args=[ready.convention_id])
    answer = client.post(url_of(ready), data | {"_aller": [target]})
    assert (answer.status_code, answer["Location"]) == (302, target)
    assert JournalEntry.objects.count() == lines


@pytest.mark.parametrize(
    "elsewhere", ["https://exemple.nc/", "//exemple.nc/", "/admin/rien/du/tout/", "/espace/"]
)
def test_button_goes_nowhere_else(as_role, officer, ready, elsewhere):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready)))
    answer = client.post(url_of(ready), data | {"_aller": [elsewhere]})
    assert answer["Location"].startswith("/admin/conventions/convention/")
    other = reverse("admin:conventions_convention_renew", args=[ConventionFactory().pk])
    client.post(url_of(ready), data | {"_puis": [other]})
    assert Convention.objects.count() == 2


def test_unsaved_text_stops_validation_and_is_still_there(as_role, officer):
    convention = ConventionFactory(officer=officer, act="en_relecture")
    act, lawyer = convention.acts.get(), UserFactory(role="juriste")
    client = as_role(lawyer)
    data = form_data(client.get(url_of(act)))
    assert "clause-TOTAL_FORMS" in data
    rank = int(data["clause-TOTAL_FORMS"][0])
    line = {"heading": "Nouvel article (fictif)", "body": "Texte du juriste (fictif).", "source": "ajout"}
    data |= {f"clause-{rank}-{name}": [value] for name, value in line.items()}
    data["clause-TOTAL_FORMS"] = [str(rank + 1)]
    before = JournalEntry.objects.count()
    answer = client.post(url_of(act), data | {"_puis": [event_url(act, Event.APPROVE)]})
    page = answer.content.decode()
    assert "« Valider » attend" in page
    assert "Texte du juriste (fictif)." in page
    act.refresh_from_db()
    assert (act.state, JournalEntry.objects.count()) == (ActState.IN_REVIEW, before)
    # In another page too, and from the button's own address: until it is saved or closed.
    client.post(event_url(act, Event.APPROVE), {"_confirmer": "1"})
    act.refresh_from_db()
    assert act.state == ActState.IN_REVIEW
    answer = client.get(url_of(act))
    assert any("« Valider » attend : un texte" in text for text in told(answer))
    row = KeptText.objects.get()
    client.post(url_of(act), {"_onglet": seal(answer), "_oublier": str(row.pk)})
    assert KeptText.objects.count() == 0


@pytest.mark.parametrize("name", [Event.ATTEST_REPRISE, Event.SIGN, Event.SIGN_LAST])
def test_unsaved_text_stops_who_attests_or_signs(as_role, officer, name):
    """From the button's own address: on another page too, and whether it asks for more or not."""
    attests = name == Event.ATTEST_REPRISE
    kind = {"reprise": True} if attests else {"act": "a_signer"}
    act = ConventionFactory(officer=officer, **kind).acts.get()
    client = as_role("superuser")
    desk = kept_texts.open_desk(client.user, form=url_of(act), page=url_of(act))
    kept_texts.keep(desk, [("notes", ["pas encore enregistré (fictif)"])])
    state, lines = act.state, JournalEntry.objects.count()
    answer = client.post(event_url(act, name), {"_confirmer": "1"}, follow=True)
    assert any(f"« {name.label} » attend" in text for text in told(answer))
    act.refresh_from_db()
    assert (act.state, act.attested_at, JournalEntry.objects.count()) == (state, None, lines)
    assert KeptText.objects.count() == 1


@pytest.mark.parametrize("name", [Event.ATTEST_REPRISE, Event.SIGN])
def test_button_of_the_page_that_attests_or_signs_saves_nothing(as_role, officer, name):
    attests = name == Event.ATTEST_REPRISE
    kind = {"reprise": True} if attests else {"act": "a_signer"}
    act = ConventionFactory(officer=officer, **kind).acts.get()
    client = as_role("superuser")
    data = form_data(client.get(url_of(act))) | {"notes": ["Pas enregistré (fictif)"]}
    lines = JournalEntry.objects.count()
    answer = client.post(url_of(act), data | {"_puis": [event_url(act, name)]})
    assert f"« {name.label} » attend" in answer.content.decode()
    assert form_data(answer)["notes"] == ["Pas enregistré (fictif)"]
    assert (Convention.objects.get().notes, JournalEntry.objects.count()) == ("", lines)
    assert kept_texts.content(KeptText.objects.get())


def test_text_of_another_person_stops_nobody(as_role, officer):
    convention = ConventionFactory(officer=officer, act="en_relecture")
    act = convention.acts.get()
    desk = kept_texts.open_desk(officer, form=url_of(act), page=url_of(act))
    kept_texts.keep(desk, [("notes", ["d’une autre (fictif)"])])
    client = as_role("juriste")
    answer = client.post(event_url(act, Event.APPROVE), {"_confirmer": "1"}, follow=True)
    assert not any("n’est pas enregistré" in text for text in told(answer))
    assert "d’une autre" not in client.get(url_of(act)).content.decode()


def seal(response) -> str:
    return re.search(r'name="_onglet" value="([^"]+)" data-keep', response.content.decode()).group(1)


def test_file_alone_is_told_as_a_file(as_role, officer, ready):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready)))
    upload = SimpleUploadedFile("devis.csv", b"a;b\n1;2\n", content_type="text/csv")
    answer = client.post(url_of(ready), data | {"uploads": [upload]}, follow=True)
    assert told(answer) == ["1\u00a0fichier est rattaché au dossier. Rien d’autre n’avait changé."]
    answer = client.post(url_of(ready), form_data(client.get(url_of(ready))), follow=True)
    assert told(answer) == ["Rien n’avait changé."]


def test_part_frozen_meanwhile_is_shown_to_be_copied(as_role, officer, ready):
    client = as_role(officer)
    data = form_data(client.get(url_of(ready)))
    data |= {"title": ["Titre trop tard (fictif)"], "notes": ["Encore ouvert (fictif)"]}
    Act.objects.filter(pk=ready.pk).update(state=ActState.IN_REVIEW)
    answer = client.post(url_of(ready), data)
    page = answer.content.decode()
    assert answer.context["left_out"] == ["Titre trop tard (fictif)"]
    assert "copiez ce qui vous sert" in page
    assert form_data(answer)["notes"] == ["Encore ouvert (fictif)"]
    assert Convention.objects.get().notes == ""
    assert client.post(url_of(ready), form_data(answer)).status_code == 302
    assert Convention.objects.get().notes == "Encore ouvert (fictif)"


def test_page_closed_for_good_meanwhile_keeps_the_text_for_its_author_alone(as_role, officer, ready):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        author = as_role("logistique")
        data = form_data(author.get(url_of(ready))) | {"equipment_paste": ["Trop tard (fictif)"]}
        lifecycle.apply(ready, Event.ABANDON, by=officer, reason="Projet retiré (fictif).")
        assert as_role("juriste").post(url_of(ready), data).status_code == 403
        clock.shift(datetime.timedelta(days=10))
        answer = as_role(author.user).post(url_of(ready), data, follow=True)
    assert "Ce que vous avez écrit est gardé ici" in told(answer)[0]
    assert "Trop tard (fictif)" in answer.content.decode()
    assert dict(kept_texts.content(KeptText.objects.get()))["equipment_paste"] == ["Trop tard (fictif)"]


def test_every_untouched_page_has_no_change(as_role, officer, ready, reprise):
    """Else « Valider » would be stopped by nothing."""
    client = as_role("superuser")
    for act in (ready, reprise, *ConventionFactory(act="en_relecture", act__equipment=[{}]).acts.all()):
        data = form_data(client.get(url_of(act)))
        target = reverse("admin:conventions_convention_letters", args=[act.convention_id])
        assert client.post(url_of(act), data | {"_aller": [target]})["Location"] == target


def test_enter_in_a_field_saves_and_does_nothing_else(as_role, officer, ready):
    """The first button of the form, in the order of the page, is « Enregistrer »."""
    page = as_role(officer).get(url_of(ready)).content.decode()
    buttons = re.findall(r'<(?:button|input)[^>]*type="submit"[^>]*form="dossier"[^>]*>', page)
    assert 'name="_enregistrer"' in buttons[0]
    first = page.index('form="dossier"')
    assert page.index('id="dossier"') > first
