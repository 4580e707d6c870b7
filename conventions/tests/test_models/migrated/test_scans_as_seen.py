"""Migration 0026 over scans of before: what was filed has its files beside, what waits is looked at again."""

import pytest

from conventions.enums import DocumentKind, ScanState
from conventions.models import ReceivedFile, ScanPage
from conventions.tests import factories as f
from conventions.tests import migrating

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def scans():
    """A copy filed from two files, a page that waits."""
    filed = f.ScanPartFactory()
    filed.document = f.DocumentFactory(act=filed.act, kind=DocumentKind.SCAN)
    filed.save()
    files = [f.ScanFileFactory(batch=filed.batch) for _rank in range(2)]
    for position, (file, number) in enumerate([(files[1], 4), (files[0], 1), (files[1], 2)], start=1):
        f.ScanPageFactory(file=file, number=number, part=filed, position=position)
    return filed, files, f.ScanPageFactory(file__batch__state=ScanState.TO_FILE)


def stopped(apps, made):
    """What 0025 said of the page that waits."""
    pages = apps.get_model("conventions", "ScanPage").objects
    assert pages.filter(pk=made[2].pk).update(beside="annotation") == 1
    return made


TRIED = migrating.Tried(before="0025_scan_page_beside", today=scans, then=stopped)


def test_what_was_filed_has_the_files_it_came_from(before):
    filed, files, _waiting = before
    rows = ReceivedFile.objects.filter(document=filed.document)
    assert set(rows.values_list("original_name", "sha256", "size", "pages", "is_signed")) == {
        (files[0].original_name, files[0].sha256, files[0].size, "1", False),
        (files[1].original_name, files[1].sha256, files[1].size, "4 2", False),
    }
    assert ReceivedFile.objects.count() == 2


def test_what_stopped_a_page_that_waits_is_looked_at_again(before):
    assert ScanPage.objects.get(pk=before[2].pk).beside == ""
