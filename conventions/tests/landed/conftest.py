"""The old world, opened once for the tests of this folder, in a database of its own."""

import datetime
import shutil

import pytest
import time_machine
from django.conf import settings as site

from conventions.tests import landed, migrating
from conventions.tests.landed import opening


@pytest.fixture(scope="package")
def opened(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the test database, filled with the rows of that time and migrated."""
    with django_db_blocker.unblock(), migrating.copied("landed"):
        yield opening.opened(tmp_path_factory.mktemp("landed"))


@pytest.fixture
def world(opened, db, settings):
    """The site as it was an hour after that world was made, with its files and its keys."""
    settings.SECRET_KEY, settings.FIELD_ENCRYPTION_KEYS = landed.SECRET_KEY, [landed.FIELD_KEY]
    shutil.copytree(opened.folder, site.DATA_DIR, dirs_exist_ok=True)
    with time_machine.travel(opened.made_at + datetime.timedelta(hours=1)):
        yield opened
