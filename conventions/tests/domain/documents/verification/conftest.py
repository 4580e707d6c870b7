"""An act signed online by everyone, and the files that tell of it."""

import pytest

from conventions.domain.acts.signing.attestation import attest
from conventions.domain.documents import sealing, storage
from conventions.enums import ActState, DocumentKind
from conventions.models import Act
from conventions.tests import online
from conventions.tests.domain.documents.verification.cases import Papers
from conventions.tests.factories import DocumentFactory
from conventions.tests.factories.documents import small_pdf


@pytest.fixture
def act(db):
    """Signed by all, sealed, and settled as the last event of the ceremony leaves it."""
    online.give_keys()
    act = online.signed_act()
    signed = sealing.signed_document(act.frozen_document)
    Act.objects.filter(pk=act.pk).update(
        state=ActState.SIGNED, signed_document=signed, signed_on=act.frozen_at.date()
    )
    act.refresh_from_db()
    return act


@pytest.fixture
def papers(act, tmp_path):
    scan = DocumentFactory(act=act, kind=DocumentKind.SCAN, pdf=small_pdf("Exemplaire signé"))
    return Papers(
        *online.contents(act),
        attestation=storage.read_bytes(attest(act.pk)),
        scan=storage.read_bytes(scan),
        foreign=small_pdf("Une facture"),
        folder=tmp_path,
    )
