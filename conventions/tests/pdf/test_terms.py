"""The terms for programs: embedded in the act, as their published schema says, whatever the act."""

import copy
import hashlib
import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfReader

from conventions.domain.documents.context import AgreementContext, AnnexContext
from conventions.domain.documents.rendering import render_agreement, terms
from conventions.tests.factories import small_pdf
from conventions.tests.pdf import samples
from conventions.tests.pdf.schema import faults

KEPT = [
    path.stem
    for path in sorted(samples.FOLDER.glob("*.json"))
    if json.loads(path.read_text())["type"] == "AgreementContext"
]
ANNEX = AnnexContext(number=1, title="Plan", page_count=1, size=10, sha256="a" * 64)


@pytest.fixture(scope="module")
def schema():
    return json.loads(terms.published())


def test_the_published_schema_is_that_of_the_content(schema):
    """Before the version is out: `python -m conventions.tests.pdf.schema`; after, raise terms.VERSION first."""
    assert schema == terms.schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", KEPT)
def test_every_kept_act_follows_the_schema(schema, name):
    ctx = samples.kept(name)
    assert isinstance(ctx, AgreementContext)
    told = json.loads(terms.terms_json(ctx))
    assert faults(told, schema) == []
    assert "{{" not in json.dumps(told)
    assert not terms.LEFT_OUT & names_in(told)


def names_in(value):
    if isinstance(value, dict):
        return set(value) | {name for item in value.values() for name in names_in(item)}
    return {name for item in value for name in names_in(item)} if isinstance(value, list) else set()


def test_annexes_are_told_with_their_hash(schema):
    told = json.loads(terms.terms_json(replace(samples.kept("convention"), files=(ANNEX,))))
    assert faults(told, schema) == []
    assert [one["sha256"] for one in told["act"]["files"]] == ["a" * 64]
    assert (told["currency"], told["act"]["articles"][0]["number"]) == ("XPF", 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda act: act.update(inconnu=1), ".act.inconnu: unknown"),
        (lambda act: act.pop("title"), ".act.title: missing"),
        (lambda act: act.update(title=None), ".act.title: None is no string"),
        (lambda act: act["fundings"][0].update(amount="12"), ".act.fundings[0].amount: '12' is no integer"),
        (lambda act: act["fundings"][0].update(status="peut-être"), ".act.fundings[0].status: 'peut-être'"),
    ],
)
def test_the_check_refuses_what_the_schema_does_not_say(schema, change, fault):
    told = copy.deepcopy(json.loads(terms.terms_json(samples.kept("convention"))))
    change(told["act"])
    assert faults(told, schema) == [fault]


@pytest.mark.pdf
def test_the_act_embeds_its_terms():
    annex = small_pdf("plan")
    file = replace(ANNEX, size=len(annex), sha256=hashlib.sha256(annex).hexdigest())
    ctx = samples.agreement(files=(file,))
    (data,) = PdfReader(io.BytesIO(render_agreement(ctx, annexes=[annex]).content)).attachments[
        "convention.json"
    ]
    assert data == terms.terms_json(ctx)


@pytest.mark.django_db
def test_the_schema_has_a_stable_public_address(client):
    answer = client.get("/schemas/acte-1.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    assert answer.content == terms.published()
    assert client.get("/schemas/acte-9.json").status_code == 404
