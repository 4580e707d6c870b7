"""Every clause the site starts with renders, for every kind of act, of convention and way of signing."""

import pytest

from conventions.domain.documents import merge_fields, promises
from conventions.domain.documents.context import ClauseContext
from conventions.domain.documents.rendering import agreement_html
from conventions.enums import ActKind, SigningPath
from conventions.reference.clauses import CLAUSES, propose
from conventions.reference.lists import KINDS
from conventions.tests.pdf import samples

ACTS = {
    ActKind.INITIAL: samples.agreement,
    ActKind.AMENDMENT: samples.amendment,
    ActKind.TERMINATION: samples.termination,
}
PATHS = (SigningPath.INK, SigningPath.ONLINE)


@pytest.mark.parametrize("text", CLAUSES, ids=lambda text: f"{text.act_kind}-{text.code}-{text.variant}")
def test_builtin_clause_is_well_formed(text):
    assert merge_fields.check_template(text.body) == []


@pytest.mark.parametrize("text", CLAUSES, ids=lambda text: f"{text.act_kind}-{text.code}-{text.variant}")
@pytest.mark.parametrize("path", PATHS)
def test_builtin_clause_renders_without_a_field_left(text, path):
    ctx = ACTS[ActKind(text.act_kind)](path=path)
    body = merge_fields.FIELD.sub(lambda found: _value(found, ctx), text.body)
    html = agreement_html(
        samples.bare_agreement(
            act_kind=text.act_kind,
            path=path,
            clauses=(ClauseContext(code=text.code, heading=text.heading, body=body),),
        )
    )
    assert "{{" not in html
    assert "[à compléter" not in html


def _value(found, ctx) -> str:
    """A table stays for rendering; a field without value in this sample reads as its example."""
    field = merge_fields.REGISTRY[found[1]]
    return found[0] if field.type == merge_fields.BLOCK else field.value(ctx) or field.example


@pytest.mark.parametrize("act_kind", ACTS)
@pytest.mark.parametrize("kind", sorted(row[0] for row in KINDS))
@pytest.mark.parametrize("path", PATHS)
def test_every_kind_of_act_gets_its_closing_formula_last(act_kind, kind, path):
    ctx = ACTS[act_kind](path=path)
    codes = [text.code for text in propose(kind, act_kind, promises.facts(ctx))]
    assert codes.count("cloture") == 1
    assert codes[-1] == "cloture"
