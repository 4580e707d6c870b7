"""The admin in a browser: lists, forms and the page of a convention."""

import pytest
from django.utils import timezone

from conventions.enums import JobState
from conventions.models import Job
from conventions.tests.browser.pages import axe_violations, opened, overflow, tab_stops, unseen
from conventions.tests.matrix.table import LINES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
# One template serves the history of every row, one its deletion: they are looked at once.
SAME_ELSEWHERE = ("_history", "_delete")
LOOKED_AT = {"admin:conventions_partner_history", "admin:conventions_kind_delete"}
PAGES = [
    (name, "superuser" if line.answers["superuser"] == 200 else "anonymous")
    for name, line in sorted(LINES.items())
    if line.page
    and name.startswith(("admin:", "jobs:"))
    and (name in LOOKED_AT or not name.endswith(SAME_ELSEWHERE))
    and 200 in (line.answers["superuser"], line.answers["anonymous"])
]


@pytest.mark.parametrize(("name", "who"), PAGES, ids=[name for name, _ in PAGES])
def test_admin_page_is_accessible_and_silent(site, name, who):
    """No error in the console, no violation at 1280 and 320 px, nothing beyond the edge at 768 px."""
    with opened(site, name, who) as watched:
        assert (watched.errors, watched.foreign_addresses(site.url)) == ([], [])
        found = {"1280": axe_violations(watched.page)}
        watched.page.set_viewport_size({"width": 768, "height": 900})
        found["overflow at 768"] = overflow(watched.page)
        watched.page.set_viewport_size({"width": 320, "height": 800})
        found["320"] = axe_violations(watched.page)
        assert found == {"1280": [], "overflow at 768": [], "320": []}


@pytest.mark.parametrize(
    "name",
    [
        "admin:index",
        "admin:login",
        "admin:conventions_convention_change",  # annexes are filed there
        "admin:conventions_convention_letters",
        "admin:conventions_convention_text",
    ],
)
def test_keyboard_focus_is_seen_at_each_stop(site, name):
    with opened(
        site, name, "anonymous" if name == "admin:login" else "superuser", reduced_motion="reduce"
    ) as watched:
        stops = tab_stops(watched.page)
    assert stops != []
    assert unseen(stops) == []


def test_progress_of_a_job_is_seen_from_its_start_to_its_end(site):
    """The page opened before the worker began shows the bar, then the result, without a key pressed."""
    job = Job.objects.filter(pk=site.world.row("job").pk)
    before = job.values("state", "done", "total", "result", "finished_at").get()
    job.update(state=JobState.RUNNING, beat_at=timezone.now(), done=0, total=0, finished_at=None)
    try:
        with opened(site, "jobs:detail", "superuser", width=320) as watched:
            assert watched.page.locator("progress").count() == 0
            job.update(total=20)
            watched.page.get_by_text("0 sur 20").first.wait_for()
            job.update(done=7)
            watched.page.get_by_text("7 sur 20").first.wait_for()
            assert watched.page.locator("progress").evaluate("bar => bar.value") == 7
            result = {"text": "20 sur 20 : c’est fait."}
            job.update(state=JobState.DONE, done=20, finished_at=timezone.now(), result=result)
            watched.page.get_by_role("status").get_by_text("20 sur 20 : c’est fait.").wait_for()
            assert watched.errors == []
    finally:
        job.update(**before)
