"""Pages of the demonstration: its mails as text, its accounts; nothing of them anywhere else."""

import os
import re

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend
from django.urls import get_resolver

from conventions.demonstration import mail_folder
from conventions.domain.people.security import second_factor
from conventions.tests.factories import PresidentFactory, SecondFactorFactory, UserFactory


@pytest.fixture
def demo(settings):
    settings.ROOT_URLCONF = "conventions.tests.demo_urls"
    settings.DEMO = True
    return settings


def put(folder, subject="Essai", body="Bonjour", html="<p>Bonjour</p>", to="une@exemple.invalid"):
    mail = EmailMultiAlternatives(subject, body, "de@exemple.invalid", [to])
    mail.attach_alternative(html, "text/html")
    backend = EmailBackend(file_path=str(folder))
    backend.send_messages([mail])
    return backend


def test_addresses_exist_in_the_demonstration_alone():
    assert django_settings.DEMO is False
    assert "demo" not in get_resolver().namespace_dict


@pytest.mark.parametrize("url", ["/demo/", "/demo/courriels/"])
def test_pages_answer_404_outside_the_demonstration(db, client, demo, url):
    assert client.get(url).status_code == 200
    demo.DEMO = False
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", ["/demo/", "/demo/courriels/"])
@pytest.mark.parametrize("address", ["192.0.2.1", "", "10.0.0.1"])
def test_pages_answer_404_away_from_this_machine(db, client, demo, url, address):
    assert client.get(url, REMOTE_ADDR=address).status_code == 404


def test_empty_folder_says_what_to_do(db, client, demo):
    assert "Aucun courriel pour l’instant" in client.get("/demo/courriels/").content.decode()


def test_mails_are_listed_newest_first(db, client, demo):
    backends = []  # kept alive: Django names a file after the second and the backend's address in memory
    for rank in range(3):
        known = set(demo.MAIL_FOLDER.glob("*.log"))
        backends.append(put(demo.MAIL_FOLDER, subject=f"Message {rank} : é"))
        (written,) = set(demo.MAIL_FOLDER.glob("*.log")) - known
        os.utime(
            written, (rank, rank)
        )  # the clock of a file system is too coarse to tell three quick writes apart
    page = client.get("/demo/courriels/").content.decode()
    assert [page.index(f">Message {rank} : é</span>") for rank in (2, 1, 0)] == sorted(
        page.index(f">Message {rank} : é</span>") for rank in range(3)
    )


def test_mails_are_found_by_address_or_subject(db, client, demo):
    put(demo.MAIL_FOLDER, subject="À signer : convention", to="presidence@niaouli.invalid")
    put(demo.MAIL_FOLDER, subject="Votre code", to="autre@exemple.invalid")
    for wanted, shown, hidden in (
        ("niaouli", "À signer", "Votre code"),
        ("CODE", "Votre code", "À signer"),
        ("signer", "À signer", "Votre code"),
    ):
        page = client.get("/demo/courriels/", {"q": wanted}).content.decode()
        assert f'value="{wanted}"' in page
        assert (f">{shown}" in page, f">{hidden}" in page) == (True, False)
    assert "Aucun courriel ne correspond" in client.get("/demo/courriels/?q=rien").content.decode()


def test_mails_are_shown_as_text(db, client, demo):
    put(
        demo.MAIL_FOLDER,
        subject="<b>Objet</b>",
        body="123 456\n<script>alert(1)</script>",
        html="<p>HTML caché</p>",
    )
    page = client.get("/demo/courriels/").content.decode()
    assert "&lt;b&gt;Objet&lt;/b&gt;" in page
    assert "123 456\n&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "HTML caché" not in page


def test_mails_of_one_file_are_all_read(tmp_path):
    backend = EmailBackend(file_path=str(tmp_path))
    backend.open()
    for rank in range(2):
        backend.send_messages(
            [EmailMultiAlternatives(f"N {rank}", "Texte", "de@exemple.invalid", ["a@b.invalid"])]
        )
    backend.close()
    (path_,) = mail_folder.files(tmp_path)
    found = mail_folder.read(path_)
    assert [(mail.subject, mail.to, mail.text.strip()) for mail in found] == [
        ("N 1", "a@b.invalid", "Texte"),
        ("N 0", "a@b.invalid", "Texte"),
    ]
    assert found[0].sent_at.utcoffset().total_seconds() == 0


def test_accounts_of_the_demonstration_alone_are_listed(db, client, demo):
    UserFactory(role="juriste", username="droit-demo", is_demo=True)
    UserFactory(superuser=True, username="admin-demo", is_demo=True)
    UserFactory(role="juriste", username="vraie-juriste")
    PresidentFactory(email="presidence@niaouli.invalid", is_demo=True)
    PresidentFactory(email="vraie@niaouli.invalid")
    page = client.get("/demo/").content.decode()
    assert "<code>droit-demo</code>" in page
    assert "Administration" in page
    assert "<code>presidence@niaouli.invalid</code>" in page
    assert "vraie" not in page


def test_accounts_cost_the_same_for_few_and_many(db, client, demo, query_budget):
    counts = []
    for more in (1, 10):
        for _rank in range(more):
            UserFactory(role="juriste", is_demo=True)
            PresidentFactory(is_demo=True)
        with query_budget(6) as captured:
            client.get("/demo/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_accounts_show_the_code_of_invented_people_alone(db, client, demo, at):
    with at(2026, 3, 2, 9):
        invented = SecondFactorFactory(user__is_demo=True)
        SecondFactorFactory()
        page = client.get("/demo/").content.decode()
        shown = second_factor.demonstration_code(invented)
    assert re.findall(r"<code>(\d{3} \d{3})</code>", page) == [shown]
