"""The page of a long task: its owner and administrators alone, with its progress and its end."""

import datetime

import pytest
from django.utils import timezone

from conventions.enums import JobState
from conventions.tests.factories import JobFactory, UserFactory


def page(client, job):
    return client.get(f"/admin/travaux/{job.pk}/")


def test_page_is_its_owner_s_alone(db, as_role):
    owner = UserFactory(role="communication")
    job = JobFactory(owner=owner)
    assert page(as_role(owner), job).status_code == 200
    assert page(as_role("superuser"), job).status_code == 200
    assert page(as_role("communication"), job).status_code == 404
    for who in ("president", "anonymous"):
        answer = page(as_role(who), job)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Le travail commence dans quelques secondes."),
        ({"state": JobState.RUNNING, "beat_at": timezone.now()}, "Le travail a commencé."),
        ({"state": JobState.RUNNING, "beat_at": timezone.now(), "done": 3, "total": 12}, "3 sur 12"),
        (
            {"state": JobState.RUNNING, "beat_at": timezone.now() - datetime.timedelta(minutes=9)},
            "Il sera repris tout seul",
        ),
        ({"finished": True, "result": {"text": "12 PDF", "url": "/x/", "label": "Ouvrir"}}, ">Ouvrir</a>"),
        ({"finished": True}, "C’est terminé."),
        (
            {
                "finished": True,
                "state": JobState.FAILED,
                "error": "Choisissez <b>au moins</b> une convention.",
            },
            "Choisissez &lt;b&gt;au moins&lt;/b&gt; une convention.",
        ),
    ],
)
def test_page_says_where_the_job_is(db, as_role, values, words):
    owner = UserFactory(role="communication")
    body = page(as_role(owner), JobFactory(owner=owner, **values)).content.decode()
    assert words in body
    assert ("Actualiser" in body) == ("finished" not in values)
