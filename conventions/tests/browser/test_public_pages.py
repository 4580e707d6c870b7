"""The public site and the associations' space in a browser: accessible, narrow, quick, without script."""

import pytest

from conventions.tests.browser.pages import axe_violations, opened, overflow, tab_stops
from conventions.tests.matrix.table import LINES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MAX_BYTES = 60_000
PUBLIC = sorted(name for name, line in LINES.items() if line.page and name.startswith("public:"))
PORTAL = sorted(name for name, line in LINES.items() if line.page and name.startswith("portal:"))
PAGES = [(name, "anonymous") for name in PUBLIC] + [
    (name, "president" if LINES[name].answers["president"] == 200 else "anonymous") for name in PORTAL
]
each_page = pytest.mark.parametrize(("name", "who"), PAGES, ids=[name for name, _ in PAGES])


@each_page
def test_page_is_accessible_and_silent(site, name, who):
    """No error in the console (policy, missing file), no foreign address, no violation at 1280 and 320 px."""
    with opened(site, name, who) as watched:
        assert (watched.errors, watched.foreign_addresses(site.url)) == ([], [])
        wide = axe_violations(watched.page)
        watched.page.set_viewport_size({"width": 320, "height": 800})
        narrow = axe_violations(watched.page)
        assert {"1280": wide, "320": narrow, "overflow": overflow(watched.page)} == {
            "1280": [],
            "320": [],
            "overflow": [],
        }


@each_page
def test_page_reads_without_script(site, name, who):
    with opened(site, name, who, java_script_enabled=False) as watched:
        assert watched.page.locator("h1").count() == 1
        assert watched.page.locator("main").inner_text().strip() != ""
        assert watched.errors == []


@each_page
def test_keyboard_focus_is_seen_at_each_stop(site, name, who):
    with opened(site, name, who, reduced_motion="reduce") as watched:
        first = watched.page.locator(
            "a, button, input:not([type=hidden]), select, textarea"
        ).first.inner_text()
        stops = tab_stops(watched.page)
    unseen = [stop["what"] for stop in stops if not (stop["inside"] and (stop["outline"] or stop["shadow"]))]
    assert unseen == []
    assert first == "Aller au contenu"
    assert stops != []


@each_page
def test_page_is_light(site, name, who):
    with opened(site, name, who) as watched:
        watched.page.wait_for_load_state("networkidle")
        size = watched.compressed_bytes()
    assert size <= MAX_BYTES
