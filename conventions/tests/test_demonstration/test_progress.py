"""How far the load is, as the page of accounts tells it: before, during, after, and when it stopped."""

import datetime

import pytest

from conventions.demonstration import progress
from conventions.enums import JobState
from conventions.models import Job
from conventions.tests.portal.reading import text

STARTS, STOPPED, REFRESHED = "commence dans quelques secondes", "Chargement interrompu", "js/progress.js"


@pytest.fixture
def page(db, client, settings, tmp_path):
    """Read the page of accounts."""
    settings.ROOT_URLCONF = "conventions.tests.demo_urls"
    settings.DEMO = True
    settings.DATA_DIR = tmp_path
    return lambda: client.get("/demo/")


def said(page) -> list[str]:
    answer = page()
    whole = text(answer) + answer.content.decode()
    return [words for words in (STARTS, STOPPED, REFRESHED, "<progress", "23 sur 67") if words in whole]


def load_until(stop):
    with progress.told() as tell:
        tell(23, 67)
        raise stop


def test_page_says_nothing_before_it_is_asked_for(page):
    assert said(page) == []
    assert not progress.is_wanted()


def test_page_follows_the_load_to_its_end(page):
    progress.begin()
    assert said(page) == [STARTS, REFRESHED]
    with progress.told() as tell:
        tell(23, 67)
        assert said(page) == [REFRESHED, "<progress", "23 sur 67"]
        assert progress.is_wanted()
    assert said(page) == []
    assert not progress.is_wanted()
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.parametrize(
    ("stop", "state"), [(ValueError, JobState.FAILED), (KeyboardInterrupt, JobState.RUNNING)]
)
def test_page_says_that_the_load_stopped_until_it_goes_on(page, stop, state):
    progress.begin()
    with pytest.raises(stop):
        load_until(stop)
    assert Job.objects.get().state == state
    assert said(page) == [STOPPED]
    assert progress.is_wanted()
    progress.begin()
    assert said(page) == [REFRESHED, "<progress", "23 sur 67"]


def test_the_bar_has_its_label(page):
    progress.begin()
    with progress.told() as tell:
        tell(23, 67)
        content = page().content.decode()
    assert '<progress aria-labelledby="progression" max="67" value="23">' in content
    assert 'id="progression"><span>Conventions fictives chargées</span>' in content


def test_a_second_start_leaves_alone_a_load_that_goes_on(page):
    progress.begin()
    with progress.told():
        progress.begin()
        assert Job.objects.get().state == JobState.RUNNING


def test_a_load_that_ended_is_not_asked_for_again(page):
    progress.begin()
    with progress.told():
        pass
    progress.begin()
    assert not progress.is_wanted()


def test_the_day_of_the_plan_is_that_of_the_first_start(page, at):
    with at(2026, 3, 2, 9):
        first = progress.begin()
    with at(2026, 3, 5, 9):
        assert progress.begin() == first == datetime.date(2026, 3, 2)
