"""Migration 0032 over files that wait: a scan does for the form that files it, any other for the page."""

import pytest

from conventions.domain.documents import kept_files
from conventions.models import Attachment
from conventions.tests import factories as f
from conventions.tests import migrating

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def files():
    """A scan and a budget that wait, a scan that is filed."""
    officer, convention = f.UserFactory(role="gestionnaire"), f.ConventionFactory()
    waiting = {"convention": convention, "uploaded_by": officer, "pending": True}
    scan, budget = (f.AttachmentFactory(kind=kind, **waiting) for kind in ("scan", "budget"))
    filed = f.AttachmentFactory(kind="scan", convention=convention)
    return {"by": officer, "convention": convention}, scan, budget, filed


TRIED = migrating.Tried(before="0031_last_shape_of_terms", today=files)


def test_files_that_wait_go_on_waiting_for_their_form(before):
    asked, scan, budget, filed = before
    assert kept_files.kept_of(str(scan.pk), form="classer_scan", **asked) == scan
    assert list(kept_files.kept(**asked)) == [budget]
    assert Attachment.objects.get(pk=filed.pk).kept_for == ""
