"""What the domain refuses has one root, with its sentences field by field."""

import importlib
import inspect

import pytest
from django.core.exceptions import ValidationError

from conventions.domain.foundation.refusals import Refused, refusal_of
from conventions.tests.imports import modules

# Nobody asked for what they stop: stored bytes or keys that are lost, a seal, a mail, a mistake of our own.
# `ProofNeeded` refuses nothing: it says what comes first.
APART = {
    "UnreadableAddress",
    "_Lost",
    "DamagedDocument",
    "OutsideTransaction",
    "PerhapsTaken",
    "Pointless",
    "ProofLost",
    "ProofNeeded",
    "ProofUnavailable",
    "RefusedUrl",
    "SealRefused",
    "SealUnavailable",
    "SealingError",
    "SnapshotError",
    "Stopped",
    "TimestampFailed",
    "Undeliverable",
    "UnknownJob",
    "UnknownTemplate",
    "UnreadableAccount",
    "UnreadableSecret",
    "UnresolvedField",
}


def test_every_refusal_of_the_domain_derives_from_the_root():
    found = set()
    for name in modules():
        if name.startswith("conventions.domain") and not name.endswith("_child"):
            members = inspect.getmembers(importlib.import_module(name), inspect.isclass)
            found |= {cls for _name, cls in members if cls.__module__ == name and issubclass(cls, Exception)}
    assert {cls.__name__ for cls in found if not issubclass(cls, Refused)} == APART


def test_refusal_says_every_sentence():
    assert (str(Refused("Rien n’est attendu.")), Refused("Non.").faults) == (
        "Rien n’est attendu.",
        {"": "Non."},
    )
    by_field = Refused({"number": "Écrivez le numéro.", "": "Relisez."})
    assert (str(by_field), by_field.faults) == (
        "Écrivez le numéro. Relisez.",
        {"number": "Écrivez le numéro.", "": "Relisez."},
    )


@pytest.mark.parametrize(
    ("error", "faults"),
    [
        (ValidationError("Trop lourd."), {"file": "Trop lourd."}),
        (ValidationError(["Un.", "Deux."]), {"file": "Un. Deux."}),
        (ValidationError({"amount": ["Positif."], "__all__": ["L’un ou l’autre."]}),
         {"amount": "Positif.", "": "L’un ou l’autre."}),
    ],
)  # fmt: skip
def test_what_a_model_refuses_becomes_a_refusal(error, faults):
    assert refusal_of(error, field="file").faults == faults
