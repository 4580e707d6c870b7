"""An archivist's pages in a browser: facts beside the scan, the form of a later act, figures with a declared year."""

import datetime
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.domain.acts import lifecycle
from conventions.domain.acts.scans import reprises
from conventions.enums import Event
from conventions.models import DeclaredYear
from conventions.tests import factories as f
from conventions.tests.browser.pages import Watched, axe_violations, overflow
from conventions.tests.domain.acts.scans.scanner import drawn

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTHS = (1280, 768, 320)


@pytest.fixture
def recorded(site):
    """A paper of 2015 with its scan, recorded, not attested."""
    by = f.UserFactory(role="gestionnaire")
    convention = f.ConventionFactory(act=None, title="Pirogues du lagon (fictif)")
    act = f.ActFactory(
        convention=convention,
        origin="reprise",
        starts_on=None,
        ends_on=None,
        fundings=[{"amount": 1_500_000, "budget_year": 2015, "label": "aide au transport (fictif)"}],
        equipment=[{}],
    )
    act.signed_on, act.signed_on_wording = datetime.date(2015, 3, 9), "jeudi 9 mars 2015"
    act.save()
    f.SourceFactory(convention=convention)
    act.refresh_from_db()
    lifecycle.apply(act, Event.RECORD_REPRISE, by=by)
    scan = SimpleUploadedFile("acte.pdf", drawn(["Convention (fictif)", "Signatures"]), "application/pdf")
    url = reverse("admin:conventions_convention_reprise_scan", args=[convention.pk])
    answer = site.world.clients["gestionnaire"].post(
        url, {"scan": scan, "signed_on": "2015-03-09"}, headers={"host": "127.0.0.1"}
    )
    assert answer.status_code == 302
    return convention


def _seen(site, who: str, url: str, name: str) -> dict[str, list[str]]:
    """What is wrong with a page at each width."""
    context, found = site.context(who), {}
    try:
        page = Watched(context.new_page()).page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(site.url + url, wait_until="load")
            for picture in page.locator(".attested-scan img").all():
                picture.scroll_into_view_if_needed()
                picture.evaluate("img => img.decode()")
            found[f"{width}"] = axe_violations(page) + overflow(page)
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    finally:
        context.close()
    return {width: faults for width, faults in found.items() if faults}


def test_pages_of_the_archive_hold_at_each_width(site, recorded):
    year = DeclaredYear.objects.create(
        year=2015,
        partnerships=47,
        amount=67_200_000,
        source="Rapport d’activité 2015 (fictif)",
        publishable=True,
    )
    pages = {
        "attester": reverse("admin:conventions_convention_event", args=[recorded.pk, "attester_reprise"]),
        "acte": reverse("admin:conventions_convention_past_act", args=[recorded.pk]),
        "reprise": reverse("admin:conventions_convention_reprise"),
        "declaree": reverse("admin:conventions_declaredyear_change", args=[year.pk]),
        "chiffres": reverse("admin:figures") + "?annee=2015",
        "public": reverse("public:figures"),
    }
    assert len(reprises.page_picture(recorded.acts.get().signed_document, 2)) > 1000
    found = {name: _seen(site, "superuser", url, name) for name, url in pages.items()}
    year.delete()
    assert {name: faults for name, faults in found.items() if faults} == {}
