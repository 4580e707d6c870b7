"""Time stamps from an authority: a token that holds, or no seal at all."""

import pytest

from conventions.domain.documents import sealing
from conventions.domain.foundation.refusals import Refused
from conventions.models import SealedRevision
from conventions.tests import online, tsa
from conventions.tests.pdf.reading import poppler

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def test_seal_with_an_authority_bears_its_time_stamp(settings, tmp_path):
    with tsa.running(tsa.stamped) as address:
        settings.TSA_URL = address
        act = online.signed_act()
    assert set(SealedRevision.objects.values_list("time_source", flat=True)) == {f"horodatage {address}"}
    content = online.contents(act)[-1]
    assert content.count(b"/ETSI.CAdES.detached") == 3
    assert poppler("pdfsig", content, tmp_path, "-nocert").count("Signature is Valid") == 3


@pytest.mark.parametrize(
    "behave", [tsa.of_another_file, tsa.refusing, tsa.broken, tsa.down, tsa.elsewhere, tsa.chatty]
)
def test_authority_that_fails_leaves_the_act_to_be_sealed(settings, behave):
    act = online.frozen_act()
    online.sign(act, act.signatories.first())
    with tsa.running(behave) as address:
        settings.TSA_URL = address
        with pytest.raises(sealing.TimestampFailed):
            sealing.apply_seals(act.frozen_document)
    assert sealing.documents_to_seal() == [act.frozen_document_id]
    assert act.frozen_document.revisions.count() == 1


def test_authority_that_comes_back_seals_once(settings):
    act = online.frozen_act()
    signature = online.sign(act, act.signatories.first())
    settings.TSA_URL = "http://127.0.0.1:9/"
    with pytest.raises(sealing.TimestampFailed, match="ne répond pas"):
        sealing.apply_seal(signature)
    with tsa.running(tsa.stamped) as address:
        settings.TSA_URL = address
        first = sealing.apply_seal(signature)
        assert sealing.apply_seal(signature) == first
    assert act.frozen_document.revisions.count() == 2


def test_online_act_is_not_frozen_while_the_authority_fails(settings):
    settings.TSA_URL = "http://127.0.0.1:9/"
    with pytest.raises(Refused, match="Le texte n’est pas figé, car son sceau n’a pas pu être posé"):
        online.frozen_act()
    assert SealedRevision.objects.count() == 0
