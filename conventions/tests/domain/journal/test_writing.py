"""The journal: chained, append-only, its personal details erasable."""

import pytest
from django.db import connection, transaction

from conventions.domain import journal
from conventions.domain.foundation import triggers
from conventions.domain.journal import erasure
from conventions.models import JournalEntry, JournalPersonal
from conventions.tests.factories import ConventionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention():
    convention = ConventionFactory()
    with transaction.atomic():
        for rank in range(3):
            journal.record(
                "essai", by=None, convention=convention, details={"rang": rank}, personal={"nom": "X"}
            )
    return convention


def chain(convention) -> str:
    return f"convention:{convention.pk}"


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(journal.OutsideTransaction):
        journal.record("essai", by=None)


def test_chain_holds(convention):
    assert journal.broken_links(chain(convention)) == []
    assert list(convention.journal.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "UPDATE conventions_journalentry SET payload = '{}' WHERE sequence = 2",
            "ligne 2 : son contenu est illisible.",
        ),
        (
            "UPDATE conventions_journalentry SET payload = REPLACE(payload, '\"rang\":1', '\"rang\":7')"
            " WHERE sequence = 2",
            "ligne 2 : son contenu a été modifié.",
        ),
        ("DELETE FROM conventions_journalentry WHERE sequence = 2", "ligne 3 : la ligne 2 manque."),
        (
            "UPDATE conventions_journalentry SET event = 'autre' WHERE sequence = 3",
            "ligne 3 : l’auteur ou l’événement affiché diffère du contenu.",
        ),
    ],
)
def test_tampering_past_the_triggers_is_found(convention, sql, problem):
    triggers.remove()
    JournalPersonal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert f"Journal {chain(convention)}, {problem}" in journal.broken_links(chain(convention))
    triggers.install()


def test_personal_details_changed_are_found(convention):
    triggers.remove()
    JournalPersonal.objects.filter(entry__sequence=1).update(data={"nom": "Y"})
    problems = journal.broken_links(chain(convention))
    triggers.install()
    assert problems == [f"Journal {chain(convention)}, ligne 1 : ses détails personnels ont été modifiés."]


def test_erasing_personal_details_keeps_the_chain(convention):
    line = convention.journal.get(sequence=1)
    erasure.erase([line.pk], reason="Demande", by=UserFactory(superuser=True))
    assert journal.broken_links(chain(convention)) == []
    assert JournalPersonal.objects.count() == 2
    assert JournalEntry.objects.get(convention=convention, sequence=4).event == "details_personnels_effaces"


def test_difference_keeps_only_what_changed():
    assert journal.difference({"a": 1, "b": 2}, {"b": 3, "c": 4, "a": 1}) == {"b": [2, 3], "c": [None, 4]}
