"""The harness catches what it claims to catch."""

import datetime
import socket
import urllib.request

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.test import Client
from django.urls import path
from django.utils import timezone

from conventions.domain.foundation import triggers
from conventions.models import Document, Kind
from conventions.tests import factories
from conventions.tests.conftest import NetworkBlocked
from conventions.tests.harness import PageFault, UndefinedTemplateVariable, page_faults

FAULTY = '<form method="post"><p onclick="go()">Bonjour</p></form>'
urlpatterns = [path("faulty/", lambda request: HttpResponse(FAULTY))]


def test_network_is_blocked():
    with pytest.raises(NetworkBlocked):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_network_is_blocked_for_a_browser_like_request():
    with pytest.raises(NetworkBlocked):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)


def test_loopback_answers():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as mine,
    ):
        assert mine.getpeername() == server.getsockname()


@pytest.mark.parametrize(
    ("html", "faults"),
    [
        ("<p>Bonjour</p>", []),
        ('<form method="get"></form>', []),
        ('<form method="post"><input name="csrfmiddlewaretoken" value="abc"></form>', []),
        ("<textarea>{{ montant }}</textarea>", []),
        ('<script src="/static/js/copy.js"></script>', []),
        ('<script type="application/json">{"a": 1}</script>', []),
        (
            '<form method="POST" action="/espace/"></form>',
            ["formulaire sans jeton CSRF vers /espace/"],
        ),
        ('<p onclick="go()">x</p>', ["<p onclick> : script en ligne"]),
        ('<p style="color: red">x</p>', ["<p style='color: red'> : style en ligne"]),
        ("<script>go()</script>", ["<script> sans src : script en ligne"]),
        ("<style>p {}</style>", ["<style> : style en ligne"]),
        ('<a href="javascript:go()">x</a>', ["<a href='javascript:go()'> : script en ligne"]),
        ("<p>{{ titre }}</p>", ["gabarit non rendu dans le texte : '{{ titre }}'"]),
        ("<p>{% if %}</p>", ["gabarit non rendu dans le texte : '{% if %}'"]),
        ('<p title="{{ x }}">y</p>', ["gabarit non rendu dans l’attribut title de <p> : '{{ x }}'"]),
    ],
)
def test_page_faults(html, faults):
    assert page_faults(html) == faults


@pytest.mark.urls("conventions.tests.test_harness")
def test_client_refuses_a_faulty_page():
    with pytest.raises(PageFault, match="script en ligne"):
        Client().get("/faulty/")


def test_undefined_variable_in_our_template_fails():
    with pytest.raises(UndefinedTemplateVariable):
        engines["django"].from_string("{{ nobody.name }}").render({})


def test_undefined_variable_with_a_filter_fails():
    with pytest.raises(UndefinedTemplateVariable):
        Template("{{ nobody|upper }}").render(Context())


def test_undefined_variable_in_a_condition_is_a_question():
    assert Template("{% if nobody %}oui{% else %}non{% endif %}").render(Context()) == "non"


@pytest.mark.django_db
def test_query_budget_shows_the_queries(query_budget):
    with query_budget(1):
        Kind.objects.count()
    with pytest.raises(AssertionError, match="2 requêtes pour un budget de 1"), query_budget(1):
        _ = Kind.objects.count(), Kind.objects.exists()


@pytest.mark.parametrize("run", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_commits_are_undone_past_the_locks(run):
    assert Document.objects.count() == 0
    assert Kind.objects.count() > 3
    assert len(triggers.installed()) > 20
    factories.ActFactory(state="signe")
    assert Document.objects.count() == 2


def test_clock_stops_in_noumea(at):
    with at(2026, 3, 2, 0, 30):
        assert timezone.localdate() == datetime.date(2026, 3, 2)
        assert timezone.now() == datetime.datetime(2026, 3, 1, 13, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize("name", ["default", "private"])
def test_files_stay_in_the_folder_of_the_test(name, settings):
    stored = storages[name].save("essai.txt", ContentFile(b"essai"))
    assert storages[name].path(stored) == str(
        settings.DATA_DIR / ("media" if name == "default" else name) / "essai.txt"
    )
    assert not storages[name].path(stored).startswith(str(settings.BASE_DIR))


@pytest.mark.parametrize("who", ["gestionnaire", "superuser", "president"])
def test_as_role_signs_in(as_role, who):
    client = as_role(who)
    assert client.session["_auth_user_id"] == str(client.user.pk)


def test_anonymous_is_nobody(as_role):
    client = as_role("anonymous")
    assert client.user is None
    assert "_auth_user_id" not in client.session


def test_what_touches_the_database_runs_on_each_engine(request, as_role):
    assert request.node.get_closest_marker("engine")


@pytest.mark.django_db
def test_what_says_so_by_a_mark_does_too(request):
    assert request.node.get_closest_marker("engine")


def test_what_does_not_touch_the_database_runs_once(request):
    assert request.node.get_closest_marker("engine") is None
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Kind.objects.exists()
