import dataclasses
import json
import typing
from collections import Counter
from datetime import date

import pytest

from conventions.domain.documents.context import (
    FundingContext,
    ObligationContext,
    PartialDate,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    SnapshotError,
    canonical_json,
    context_hash,
    from_snapshot,
    snapshot,
    to_snapshot,
)
from conventions.tests.pdf import samples

EVERY_SAMPLE = [
    samples.agreement,
    samples.amendment,
    samples.termination,
    samples.handover,
    samples.attestation,
    samples.press_release,
    samples.ceremony_release,
    samples.kimonos,
    samples.public_sheet,
]


@pytest.mark.parametrize("sample", EVERY_SAMPLE)
def test_snapshot_through_json_gives_the_same_context(sample):
    ctx = sample()
    stored = json.loads(json.dumps(to_snapshot(ctx)))
    assert from_snapshot(stored) == ctx


@pytest.mark.parametrize("sample", EVERY_SAMPLE)
def test_hash_of_a_restored_context_is_unchanged(sample):
    ctx = sample()
    assert context_hash(from_snapshot(json.loads(canonical_json(ctx)))) == context_hash(ctx)


def test_types_of_a_snapshot_are_resolved_once_a_class(monkeypatch):
    resolved = []
    resolve = typing.get_type_hints
    monkeypatch.setattr(typing, "get_type_hints", lambda cls: resolved.append(cls) or resolve(cls))
    snapshot._types_of.cache_clear()
    contexts = [sample() for sample in EVERY_SAMPLE] * 3
    assert [from_snapshot(to_snapshot(ctx)) for ctx in contexts] == contexts
    assert {*map(type, contexts)} < {*resolved}
    assert Counter(resolved).most_common(1)[0][1] == 1


def test_hash_changes_with_any_value():
    assert context_hash(samples.kimonos(place="Le Mont-Dore")) != context_hash(samples.kimonos())


def test_value_added_later_leaves_earlier_hashes_alone():
    ctx = samples.bare_agreement()
    assert "code" not in to_snapshot(ctx)["data"]
    coded = samples.bare_agreement(code="7K3M9QTRV2X4B")
    assert from_snapshot(to_snapshot(coded)) == coded
    assert context_hash(coded) != context_hash(ctx)


def test_obligation_frozen_before_its_due_words_keeps_its_hash():
    ctx = samples.bare_agreement(obligations=(ObligationContext(party="l’Association", label="un bilan"),))
    assert "due_wording" not in to_snapshot(ctx)["data"]["obligations"][0]


def test_unknown_amount_stays_unknown_in_a_snapshot():
    ctx = samples.bare_agreement(fundings=(FundingContext(amount=None, status="inconnu"),))
    assert to_snapshot(ctx)["data"]["fundings"][0]["amount"] is None
    assert from_snapshot(to_snapshot(ctx)).fundings[0].amount is None


@pytest.mark.parametrize(
    "damage",
    [
        {"type": "Account"},
        {"version": 99},
        {"data": {"title": "sans parties"}},
        {"data": {"title": 3, "kind_label": "x", "parties": []}},
        {"data": None},
    ],
)
def test_foreign_snapshot_is_refused(damage):
    with pytest.raises(SnapshotError):
        from_snapshot(to_snapshot(samples.kimonos()) | damage)


def test_contexts_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        samples.kimonos().title = "autre"


def test_partial_date_keeps_its_precision():
    ctx = samples.kimonos(
        signed_on=PartialDate(value=date(2020, 1, 1), precision="annee", wording="courant 2020")
    )
    assert from_snapshot(to_snapshot(ctx)).signed_on == ctx.signed_on


def test_public_types_have_no_field_for_private_facts():
    names = {
        field.name
        for cls in (PublicSheetContext, PublicPartyContext, PublicFundingContext)
        for field in dataclasses.fields(cls)
    }
    private = {
        "address",
        "identifiers",
        "iban",
        "rib",
        "bank_account",
        "publishable",
        "status",
        "clauses",
        "dpo_contact",
    }
    assert names & private == set()
