"""Twenty files of very different kinds, typed on the screens and frozen: the act says all that each promises."""

import io

import pytest
from django.core.management import call_command
from django.db import models

from conventions.demonstration.plan.fictive import varied
from conventions.domain.acts import coverage
from conventions.domain.acts.content import loading
from conventions.domain.acts.coverage.added import added, own_pieces
from conventions.domain.documents import storage
from conventions.domain.documents.reading import Words, page_texts
from conventions.enums import AmountStatus, Transfer
from conventions.models import Act, EquipmentTerm, Funding
from conventions.models.terms import Term
from conventions.tests.pdf.reading import faults_of, raw_faults_of

pytestmark = [pytest.mark.pdf, pytest.mark.slow]
KEYS = [file.key for file in varied.FILES]


def opened(made, key: str) -> tuple[coverage.Case, bytes]:
    row = loading.loaded(Act.objects.get(pk=made["acts"][key]))
    return coverage.case_of(row), storage.read_bytes(row.frozen_document)


@pytest.mark.parametrize("key", KEYS)
def test_the_stored_text_holds_every_promise(made, key):
    case, content = opened(made, key)
    words = Words.of_act(content, case.act.frozen_document.code)
    assert [str(promise) for promise in coverage.lost(case, words, fresh=True)] == []


@pytest.mark.parametrize("key", KEYS)
def test_the_stored_text_is_right_french(made, key):
    _, content = opened(made, key)
    pages = page_texts(content)
    assert faults_of(" ".join(pages)) == []
    assert raw_faults_of(pages) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_stored_text_holds_nothing_that_nothing_explains(made, key):
    """No word but those of a row, of an article, of the layout's own sentences."""
    case, content = opened(made, key)
    assert added(case, Words.of_act(content, case.act.frozen_document.code)) == []


def test_every_sentence_of_the_layout_is_printed_in_one_of_them(made):
    texts = [Words.of_act(opened(made, key)[1]) for key in KEYS]
    assert [piece for piece in own_pieces() if not any(text.holds(piece) for text in texts)] == []


def test_the_command_reads_them_all(made):
    said = io.StringIO()
    call_command("verifier_textes", stdout=said)
    assert said.getvalue().startswith(f"Tout se lit : {len(KEYS)}\u00a0actes figés, ")


def rows_of(made) -> dict[type[models.Model], list]:
    """Every row under the law, table by table."""
    acts = Act.objects.filter(pk__in=made["acts"].values())
    found: dict[type[models.Model], list] = {}
    for model in coverage.LAW:
        if issubclass(model, Term):
            found[model] = list(model._default_manager.filter(act__in=acts))
    return found


def test_every_printed_field_of_a_line_is_filled_in_one_of_them(made):
    empty = [
        f"{model.__name__}.{name}"
        for model, rows in rows_of(made).items()
        for name, declared in coverage.LAW[model].items()
        if isinstance(declared, coverage.Printed) and name not in OF_AMENDMENTS
        if not any(getattr(row, name) not in (None, "") for row in rows)
    ]
    assert empty == []


# What only a later act has: tried with amendments, in test_amendments.
OF_AMENDMENTS = ("replaces", "removed")
# What is refused before freezing; a transfer that no paper says is only of a reprise.
NEVER_FROZEN = {
    (Funding, "status", AmountStatus.UNKNOWN),
    (EquipmentTerm, "transfer", Transfer.UNSAID),
}


def test_every_value_of_every_list_is_in_one_of_them(made):
    missing = [
        f"{model.__name__}.{field.name} : {value}"
        for model, rows in rows_of(made).items()
        for field in coverage.fields_of(model)
        for value, _ in field.flatchoices
        if (model, field.name, value) not in NEVER_FROZEN
        if value not in {getattr(row, field.name) for row in rows}
    ]
    assert missing == []
