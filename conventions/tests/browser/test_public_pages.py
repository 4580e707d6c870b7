"""The public site and the associations' space in a browser: accessible, narrow, quick, without script."""

import pytest

from conventions.tests.browser.pages import axe_violations, opened, overflow, tab_stops, unseen
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
def test_page_is_accessible_silent_light_and_narrow(site, name, who):
    """One opening: no error in the console (policy, missing file), no foreign address, its weight, no violation and
    nothing beyond the edge at 1280 and 320 px, the focus seen at each stop of the Tab key."""
    with opened(site, name, who, reduced_motion="reduce") as watched:
        page = watched.page
        page.wait_for_load_state("networkidle")
        assert (watched.errors, watched.foreign_addresses(site.url)) == ([], [])
        assert watched.compressed_bytes() <= MAX_BYTES
        stops = tab_stops(page)
        page.evaluate("() => document.activeElement.blur()")
        wide = axe_violations(page)
        page.set_viewport_size({"width": 320, "height": 800})
        narrow = axe_violations(page)
        found = {"1280": wide, "320": narrow, "overflow": overflow(page), "focus": unseen(stops)}
        assert found == {"1280": [], "320": [], "overflow": [], "focus": []}
        assert stops[0]["text"] == "Aller au contenu"


@each_page
def test_page_reads_without_script(site, name, who):
    with opened(site, name, who, java_script_enabled=False) as watched:
        assert watched.page.locator("h1").count() == 1
        assert watched.page.locator("main").inner_text().strip() != ""
        assert watched.errors == []
