"""One walk for all these tests: back to the oldest migration that they try, forward again, each row of then on the way.

Each file says in `TRIED` what it puts in and when. Going back or forward costs ten seconds, whoever goes.
"""

import pytest

from conventions.tests import migrating
from conventions.tests.test_models.migrated import (
    test_kept_for,
    test_last_shape,
    test_payments_sent_back,
    test_photo_hash,
    test_scans_as_seen,
    test_stock,
)

FILES = (
    test_kept_for,
    test_last_shape,
    test_payments_sent_back,
    test_photo_hash,
    test_scans_as_seen,
    test_stock,
)


@pytest.fixture(scope="package")
def walked(django_db_setup, django_db_blocker):
    """{name of a file: what its tests compare with}."""
    with django_db_blocker.unblock(), migrating.copied("migrated"):
        yield migrating.walk({file.__name__: file.TRIED for file in FILES})


@pytest.fixture
def before(walked, db, request):
    return walked[request.module.__name__]
